"""Addresses of remotes: which are safe to hand to git, and what may be shown of them."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from li_vault.errors import BadUsage

_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/'\"]*@")
_QUERY = re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*")
_SCHEMES = {"http", "https", "ssh", "git", "git+ssh", "ssh+git", "file", "ftp", "ftps"}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_SCP = re.compile(r"(?:([^@/\s]+)@)?([^:/\s\[\]]+|\[[^\]]+\]):(.*)", re.DOTALL)


def without_credentials(text: str) -> str:
    """A URL, or any text with URLs in it, without user names, passwords and query parts."""
    return _QUERY.sub(r"\1", _USER.sub(r"\1", text))


def check_name(name: str) -> str:
    """The name of a remote, if git can have it.

    Raises:
        BadUsage: It begins with `-`, or holds more than letters, digits, `.`, `_` and `-`.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", ".lock")) or ".." in name:
        raise BadUsage(
            f"{name!r} can't be the name of a remote.", "Take letters and digits, such as origin."
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
        scheme, _, rest = plain.partition("://")
        if scheme.lower() not in _SCHEMES:
            raise _bad(shown, f"git knows no {scheme}:// here")
        host = rest.partition("/")[0].rpartition("@")[2]
        if host.startswith("-") or rest.startswith("-"):
            raise _bad(shown, "its host begins with -, like an option")
        if scheme.lower() == "file" and host not in ("", "localhost"):
            raise _bad(shown, "a file:// address has no host: write file:///path")
    elif (ssh := scp_parts(plain)) and ssh[0].startswith("-"):
        raise _bad(shown, "its host begins with -, like an option")
    return url


def _bad(shown: str, why: str) -> BadUsage:
    return BadUsage(
        f"The address {shown} is not taken: {why}.",
        "Take https://…, ssh://…, user@host:path, or a folder's path.",
    )


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
