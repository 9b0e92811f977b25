"""Addresses of remotes: which are safe to hand to git, and what may be shown of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from li_vault.errors import BadUsage

_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/'\"]*@")
_QUERY = re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*")
_SSH = {"ssh", "git+ssh", "ssh+git"}
_SCHEMES = {"http", "https", "git", "file", "ftp", "ftps"} | _SSH
_OF_GCRYPT = {"rsync", "sftp", "rclone"}
_SECRET_NAMES = re.compile(r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE_KEY|_PAT$")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_SCP = re.compile(r"(?:([^@/\s]+)@)?([^:/\s\[\]]+|\[[^\]]+\]):(.*)", re.DOTALL)


def without_credentials(text: str) -> str:
    """A URL, or any text with URLs in it, without user names, passwords and query parts."""
    return _QUERY.sub(r"\1", _USER.sub(r"\1", text))


class Login(NamedTuple):
    """Who an http(s) address logs in as: decoded; the password is None if it has none."""

    user: str
    password: str | None

    @property
    def header(self) -> str:
        """The value of `Authorization` for it (RFC 7617)."""
        words = f"{self.user}:{self.password or ''}".encode()
        return f"Basic {base64.b64encode(words).decode('ascii')}"


def login(url: str) -> Login | None:
    """The credentials in an http(s) address; None without any, and for every other address."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        return None
    whole = re.split(r"[/?#]", rest, maxsplit=1)[0]
    who, at, _ = whole.rpartition("@")
    if not at:
        return None
    user, colon, password = who.partition(":")
    return Login(unquote(user), unquote(password) if colon else None)


def without_login(url: str) -> str:
    """An http(s) address without user name and password; every other one as it is."""
    if login(url) is None:
        return url
    scheme, _, rest = url.partition("://")
    whole = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return f"{scheme}://{whole.rpartition('@')[2]}{rest[len(whole) :]}"


def vouched(url: str) -> str:
    """The form in which the user's word for an address is kept.

    Who logs in counts by ssh, where a path may lie in his home, and not on the web.
    """
    if url.partition("://")[0].lower() in _SSH:
        return url
    return without_credentials(url)


def secrets(urls: Iterable[str], environment: Mapping[str, str]) -> frozenset[str]:
    """All that must not be told: what addresses and the environment hold of passwords and tokens.

    Of the environment those variables count whose names speak of a token, secret or password.
    """
    found: set[str] = set()
    for url in urls:
        held = login(url)
        if held is not None:
            raw = url.partition("://")[2].rpartition("@")[0].partition(":")
            found |= {held.password or held.user, raw[2] or raw[0], held.header.partition(" ")[2]}
        found |= set(re.findall(r"[?&][^=&\s]*=([^&\s]+)", url))
    found |= {v for name, v in environment.items() if _SECRET_NAMES.search(name.upper())}
    return frozenset(one for one in found if len(one) >= 4)


def scrubbed(text: str, hidden: Iterable[str]) -> str:
    """A text without credentials in URLs, and without these secrets wherever they stand."""
    for one in sorted(hidden, key=len, reverse=True):
        text = text.replace(one, "***")
    return without_credentials(text)


def check_name(name: str) -> str:
    """The name of a remote, if git can have it.

    Raises:
        BadUsage: It begins with `-`, or holds more than letters, digits, `.`, `_` and `-`.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", ".lock")) or ".." in name:
        raise BadUsage(
            f"{without_credentials(name)!r} can't be the name of a remote.",
            "Take letters and digits, such as origin: li-vault remote add origin URL",
        )
    return name


def check_url(url: str) -> str:
    """The address of a remote, if it can do nothing but what an address does.

    `gcrypt::` stays possible, since it encrypts; every other helper can run commands.

    Raises:
        BadUsage: It is empty, begins with `-`, names a transport that runs commands, hides an
            option in its host, or is a `file://` address with a host.
    """
    shown = without_credentials(url)
    plain = url.removeprefix("gcrypt::")
    if not plain or not plain.isprintable():
        raise _bad(shown, "it is empty or holds control characters")
    helper = re.match(r"([A-Za-z0-9][A-Za-z0-9+.-]*)::", plain)
    if helper:
        raise _bad(shown, f"the transport {helper[1]}:: can run commands")
    if plain.startswith("-"):
        raise _bad(shown, "it begins with -, like an option")
    if "://" in plain:
        why = _fault(plain, encrypted=is_encrypted(url))
        if why:
            raise _bad(shown, why)
    elif (ssh := scp_parts(plain)) and ssh[0].startswith("-"):
        raise _bad(shown, "its host begins with -, like an option")
    return url


def _fault(plain: str, *, encrypted: bool) -> str:
    """What is wrong with an address that names its scheme; "" if nothing is."""
    scheme, _, rest = plain.partition("://")
    scheme, whole = scheme.lower(), rest.partition("/")[0]
    who, _, host = whole.rpartition("@")
    held = login(plain)
    if scheme not in _SCHEMES | (_OF_GCRYPT if encrypted else set()):
        return f"git knows no {scheme}:// here"
    if held is not None and not (held.user + (held.password or "")).isprintable():
        return "its user name or password holds control characters"
    if scheme in _SSH and ":" in who:
        return "ssh takes no password from an address: use a key"
    if any(unquote(one).startswith("-") for one in (host, rest, who)):
        return "its host begins with -, like an option"
    if scheme == "file" and host not in ("", "localhost"):
        return "a file:// address has no host: write file:///path"
    return ""


def _bad(shown: str, why: str) -> BadUsage:
    return BadUsage(
        f"The address {shown} is not taken: {why}.",
        "Take https://…, ssh://…, user@host:path, or a folder's path.",
    )


def is_encrypted(url: str) -> bool:
    """Whether git-remote-gcrypt encrypts all that goes there."""
    return url.startswith("gcrypt::")


class Shell(NamedTuple):
    """Where ssh leads: user ("" if it is left to ssh), host, port (or None), and the path there.

    The path is as the shell there would have it: relative to the home, absolute, or `~/…`.
    """

    user: str
    host: str
    port: int | None
    path: str


def shell(url: str) -> Shell | None:
    """An ssh address in its parts, in either spelling; None for every other address."""
    short = _SCP.fullmatch(url) if scp_parts(url) else None
    if short:
        return Shell(short[1] or "", short[2].strip("[]"), None, short[3])
    parts = urlsplit(url)
    if parts.scheme.lower() not in _SSH:
        return None
    try:
        port = parts.port
    except ValueError:
        port = None
    path = unquote(parts.path)
    path = path[1:] if path.startswith("/~") else path
    return Shell(unquote(parts.username or ""), parts.hostname or "", port, path)


def scp_parts(url: str) -> tuple[str, str] | None:
    """Host and path of `user@host:path`, as ssh's short form is read by git; None if not one."""
    found = _SCP.fullmatch(url)
    if not found or "://" in url or (len(found[2]) == 1 and url[:1].isalpha() and "@" not in url):
        return None  # "C:\\vault" is a folder on Windows
    return found[2], found[3]


def local_path(url: str) -> str | None:
    """The path of an address on this machine, None for every other."""
    plain = url.removeprefix("gcrypt::")
    if plain.lower().startswith("file://"):
        return unquote(urlsplit(plain).path)
    if "://" in plain or scp_parts(plain):
        return None
    return plain
