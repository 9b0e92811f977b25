"""URLs of remotes: parsed, checked, redacted; folders of this machine."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes

from li_vault.errors import BadUsage

_SSH = {"ssh", "git+ssh", "ssh+git"}
_WEB = {"http", "https"}
_SCHEMES = {"git", "file", "ftp", "ftps"} | _WEB | _SSH
_OF_GCRYPT = {"rsync", "sftp", "rclone"}
_GCRYPT = "gcrypt::"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_WHOLE = re.compile(r"((?:gcrypt::)?([A-Za-z][A-Za-z0-9+.-]*)://)([^/]*)(.*)", re.DOTALL)
_SCP = re.compile(r"(?:([^:/\[\]]+)@)?([^:/@\[\]]+|\[[^\[\]/]+\]):(.*)", re.DOTALL)
_SCP_PASSWORD = re.compile(r"[^:/]+:[^/]*@(?=[^:/@]+:)")
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+(?:%[^\[\]]+)?\]|[^\s:@?#\[\]\\\"']+)(?::(\d*))?")
_BRACKETS = re.compile(r"\[(?:([^:]+)@)?([^:@]+)(?::(\d+))?\]")
_LAST_PORT = 65535
_DRIVES = os.name == "nt"
_HOLD_IT = "Take the address without it; let a credential helper of git hold the token."


class UrlParts(NamedTuple):
    """An address with a scheme, in parts that make it up again.

    Attributes:
        who: User name and password as they stand, with the `@` behind them; "" without any.
    """

    start: str
    scheme: str
    who: str
    place: str
    rest: str

    @property
    def is_web(self) -> bool:
        """Whether it is of the web, where a password may stand in it."""
        return self.scheme in _WEB


def parse_url(url: str) -> UrlParts | None:
    """An address in its parts; None for folders and `user@host:path`.

    Where someone forgot to write `/`, `?` or `#` in a password as `%2F`, `%3F` or `%23`, git would
    read another host: what stands before the last `@` then counts as a password all the same.
    """
    found = _WHOLE.fullmatch(url)
    if not found:
        return None
    start, scheme, whole, rest = found.groups()
    if scheme.lower() in _WEB:
        whole, rest = _cut(whole + rest, "[/?#]")
    is_cut = (":" in whole and whole[0] != "[") or rest[:1] in ("?", "#")
    who, at, place = whole.rpartition("@")
    if not at and is_cut and scheme.lower() != "file":
        behind, at, after = rest.rpartition("@")
        if at:
            who, (place, rest) = whole + behind, _cut(after, "[/?#]")
    return UrlParts(start, scheme.lower(), who + at, place, rest)


def _cut(text: str, ends: str) -> tuple[str, str]:
    found = re.search(ends, text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def redact_url(url: str) -> str:
    """A whole address as it may be shown: without user, password, and what hides tokens behind it.

    For text with addresses in it, see `credentials.redact_urls`.
    """
    found = parse_url(url)
    if found is None:
        return url if local_path(url) is not None else _SCP_PASSWORD.sub("", url)
    rest = _cut(found.rest, "[?#]")[0] if found.is_web else found.rest
    return found.start + found.place + rest


def trust_key(url: str) -> str:
    """The form in which the user's word for an address is kept.

    Who logs in counts by ssh, where a path may lie in his home, and not on the web.
    """
    found = parse_url(url)
    return url if found is not None and found.scheme in _SSH else redact_url(url)


def check_name(name: str) -> str:
    """The name of a remote, if git can have it.

    Raises:
        BadUsage: It begins with `-`, or holds more than letters, digits, `.`, `_` and `-`.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", ".lock")) or ".." in name:
        raise BadUsage(
            f"{redact_url(name)!r} can't be the name of a remote.",
            "Take letters and digits, such as origin: li-vault remote add origin URL",
        )
    return name


def check_url(url: str) -> str:
    """The address of a remote, if it can do nothing but what an address does.

    `gcrypt::` stays possible, since it encrypts; every other helper can run commands.

    Raises:
        BadUsage: It is empty, begins with `-`, names a transport that runs commands, hides an
            option or a password where git does not look for one, leads to no host that can be
            told, or has a part behind `?` or `#`, where tokens are hidden.
    """
    plain = url.removeprefix(_GCRYPT)
    helper = re.match(r"([A-Za-z0-9][A-Za-z0-9+.-]*)::", plain)
    if not plain or not plain.isprintable():
        raise _bad(url, "it is empty or holds control characters")
    if helper:
        raise _bad(url, f"the transport {helper[1]}:: can run commands")
    if plain.startswith("-"):
        raise _bad(url, "it begins with -, like an option")
    found = parse_url(url)
    if found is not None:
        why = next(_faults(found, encrypted=is_encrypted(url)), "")
    else:
        why = "git knows no such scheme" if "://" in plain else _fault_of_short(plain)
    if why:
        raise _bad(url, why)
    if found is not None and found.is_web:
        behind = "?" if is_encrypted(url) else "?#"  # gcrypt takes the name of a branch there
        if set(behind) & set(found.rest):
            raise BadUsage(
                f"The address {redact_url(url)} is not taken: it has a part behind ? or #.",
                _HOLD_IT,
            )
    return url


def _faults(found: UrlParts, *, encrypted: bool) -> Iterator[str]:
    """What is wrong with an address that names its scheme."""
    who, scheme = found.who[:-1], found.scheme
    if scheme not in _SCHEMES | (_OF_GCRYPT if encrypted else set()):
        yield f"git knows no {scheme}:// here"
    if not found.start.endswith(f"{scheme}://"):
        yield f"git wants small letters: {scheme}://"
    if scheme == "file":
        if who or found.place not in ("", "localhost"):
            yield "a file:// address has no host: write file:///path"
        if not found.rest:
            yield "it names no folder"
        return
    if set(who) & set("/?#"):
        yield "write @ behind the host as %40; in a password, / as %2F, ? as %3F, # as %23"
    yield from _faults_of_host(found)


def _faults_of_host(found: UrlParts) -> Iterator[str]:
    who, place = found.who[:-1], found.place
    if not unquote(who).isprintable():
        yield "its user name or password holds control characters"
    if found.is_web and re.search(r'[\s"]', who):
        yield 'in a user name or password, write a space as %20 and " as %22'
    if not found.is_web:  # git decodes these before it looks for user and host
        who, _, place = unquote(found.who + place).rpartition("@")
        if ":" in who:
            yield f"{found.scheme}:// takes no password from an address: use a key"
    if any(unquote(one).startswith("-") for one in (place, found.place, who)):
        yield "its host begins with -, like an option"
    if found.scheme in _OF_GCRYPT:
        return
    read = _PLACE.fullmatch(place)
    if not read or int(read[2] or 0) > _LAST_PORT:
        yield "its host or port can't be read"
    if not found.is_web and not found.rest.strip("/"):
        yield "it names no path at its host"


def _fault_of_short(plain: str) -> str:
    """What is wrong with a folder or `user@host:path`; "" if nothing is."""
    if not _is_short(plain):
        return ""
    if _SCP_PASSWORD.match(plain):
        return "ssh takes no password from an address: use a key"
    found = parse_ssh(plain)
    if found is None or re.search(r"\s", found.host):
        return "git would read a host before the colon (a folder: write ./ before it)"
    if found.host.startswith("-"):
        return "its host begins with -, like an option"
    return "" if found.path else "it names no path at its host"


def _bad(url: str, why: str) -> BadUsage:
    return BadUsage(
        f"The address {redact_url(url)} is not taken: {why}.",
        "Take https://…, ssh://…, user@host:path, or a folder's path.",
    )


def is_encrypted(url: str) -> bool:
    """Whether git-remote-gcrypt encrypts all that goes there."""
    return url.startswith(_GCRYPT)


class SshUrl(NamedTuple):
    """Where ssh leads: user ("" if it is left to ssh), host, port (or None), and the path there.

    The path is as the shell there would have it: relative to the home, absolute, or `~/…`.
    """

    user: str
    host: str
    port: int | None
    path: str


def parse_ssh(url: str) -> SshUrl | None:
    """An ssh address in its parts, in either spelling; None for every other address."""
    short = _SCP.fullmatch(url) if parse_scp(url) else None
    if short:
        return _shell(short[1] or "", short[2], short[3])
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in _SSH:
        return None
    whole, slash, path = _decoded(rest).partition("/")
    who, _, place = whole.rpartition("@")
    return _shell(who, place, path if path.startswith("~") else slash + path)


def _shell(user: str, place: str, path: str) -> SshUrl:
    bracketed = _BRACKETS.fullmatch(place)
    if bracketed:  # [user@host:port], which git takes as well as [::1]
        user, host, port = bracketed[1] or user, bracketed[2], bracketed[3]
    else:
        found = _PLACE.fullmatch(place)
        host, port = (found[1], found[2]) if found else (place, None)
    return SshUrl(user, host.strip("[]"), int(port) if port else None, path)


def _is_short(url: str) -> bool:
    """Whether git reads a host before the first colon: of two letters or more on Windows."""
    before, colon, _ = url.partition(":")
    is_drive = _DRIVES and len(before) == 1 and before.isalpha()
    return bool(colon) and "/" not in before and "://" not in url and not is_drive


def parse_scp(url: str) -> tuple[str, str] | None:
    """Host and path of `user@host:path`, as ssh's short form is read by git; None if not one."""
    found = _SCP.fullmatch(url)
    return (found[2], found[3]) if found and _is_short(url) else None


def local_path(url: str) -> str | None:
    """The path of an address on this machine, None for every other."""
    plain = url.removeprefix(_GCRYPT)
    if plain.lower().startswith("file://"):
        slash = plain.find("/", len("file://"))
        return _decoded(plain[slash:]) if slash >= 0 else ""
    return None if "://" in plain or _is_short(plain) else plain


def _decoded(text: str) -> str:
    """What git makes of %…: bytes, in whatever encoding."""
    return os.fsdecode(unquote_to_bytes(os.fsencode(text)))


_ENDINGS = ("/.git", "", ".git/.git", ".git")
_GITFILE = "gitdir: "


def local_folder(url: str, start: Path | None = None) -> Path | None:
    """The whole path of an address on this machine, None for every other.

    Raises:
        BadUsage: It is in the home of a user who is not there.
    """
    path = local_path(url)
    if path is None:
        return None
    try:
        return ((start or Path()) / Path(path).expanduser()).absolute()
    except RuntimeError as error:
        who = path.partition("/")[0]
        raise BadUsage(f"There is no user {who} on this machine.", "Write the path.") from error


def repository_folders(path: Path) -> tuple[Path, ...]:
    """The folders that git reads and writes if it is led to a path; none if there is no repository.

    `nas` may mean `nas/.git` or `nas.git`, `.git` may be a file that leads elsewhere, and a linked
    work tree has its objects in another repository (git's path.c, `enter_repo` and setup.c).
    """
    git_dir = _git_dir(path)
    if git_dir is None:
        return ()
    named = (path,) if _is(path, stat.S_ISDIR) else ()
    common = _common(git_dir)
    return tuple(dict.fromkeys((*named, git_dir, common, common / "objects")))


def _git_dir(path: Path) -> Path | None:
    whole = str(path).rstrip("/") or "/"
    for ending in _ENDINGS:
        found = Path(whole + ending)
        if _is(found, stat.S_ISREG):
            led = found.parent / _word(found, _GITFILE)
            return led if _is_repository(led) else None
        if _is_repository(found):
            return found
    return None


def _is_repository(git_dir: Path) -> bool:
    parts = (_common(git_dir) / "objects", _common(git_dir) / "refs")
    return os.path.lexists(git_dir / "HEAD") and all(_is(one, stat.S_ISDIR) for one in parts)


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    with suppress(OSError):
        return kind(path.stat().st_mode)
    return False


def _common(git_dir: Path) -> Path:
    return git_dir / _word(git_dir / "commondir")


def _word(file: Path, start: str = "") -> str:
    """The one line of a file of git's, behind its first word; "" without one."""
    with suppress(OSError):
        line = os.fsdecode(file.read_bytes()).rstrip("\r\n")
        return line.removeprefix(start) if line.startswith(start) else ""
    return ""
