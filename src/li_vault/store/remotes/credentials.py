"""Credentials in URLs: handed to git by its environment, redacted in all output."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, unquote

from li_vault.store.remotes.urls import parse_url

_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)(?:[^\s/]*|[^\s/@:]*:\S*)@")
_QUERY = re.compile(r"(https?://[^\s?#'\"]*)[?#][^\s'\"]*", re.IGNORECASE)
_SECRET_NAMES = re.compile(r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE_KEY|_PAT$")


class Login(NamedTuple):
    """Who a web address logs in as: decoded; the password is None if it has none."""

    user: str
    password: str | None

    @property
    def header(self) -> str:
        """The value of `Authorization` for it (RFC 7617)."""
        words = f"{self.user}:{self.password or ''}".encode()
        return f"Basic {base64.b64encode(words).decode('ascii')}"


class GitAuth(NamedTuple):
    """What git is called with, through its environment.

    Attributes:
        settings: Configuration; it may hold users' names, which may be tokens.
    """

    settings: tuple[tuple[str, str], ...]
    variables: Mapping[str, str]
    hidden: frozenset[str]


NO_AUTH = GitAuth((), {}, frozenset())


def login_of(url: str) -> Login | None:
    """The credentials in a web address (encrypted or not); None without any, and for all others."""
    found = parse_url(url)
    if found is None or not found.is_web or not found.who:
        return None
    user, colon, password = found.who[:-1].partition(":")
    return Login(unquote(user), unquote(password) if colon else None)


def strip_login(url: str) -> str:
    """A web address without user name and password; every other one as it is."""
    found = parse_url(url)
    if found is None or login_of(url) is None:
        return url
    return f"{found.start}{found.place}{found.rest}"


def git_auth(urls: Iterable[str]) -> GitAuth:
    """How git gets the credentials of these addresses, while it is called without them.

    They count for the whole host, since hosts lead from `…/vault` to `…/vault.git`; of several
    addresses at one host, each has its own.
    """
    every = list(urls)
    settings, variables = list[tuple[str, str]](), dict[str, str]()
    for number, url in enumerate(every):
        found, held = parse_url(url), login_of(url)
        if found is None or held is None:
            continue
        host = f"credential.{found.scheme}://{found.place}"
        for section in dict.fromkeys((host, f"{host}{found.rest.partition('#')[0]}")):
            settings.append((f"{section}.username", held.user))
            if held.password is None:
                continue
            user, password = f"LI_VAULT_USER_{number}", f"LI_VAULT_WORD_{number}"
            variables |= {user: held.user, password: held.password}
            say = f'printf "username=%s\\npassword=%s\\n" "${user}" "${password}"'
            helper = f'!f() {{ case "$1" in get) {say} ;; esac; }}; f'
            settings += [(f"{section}.helper", ""), (f"{section}.helper", helper)]
    return GitAuth(tuple(settings), variables, secrets_of(every))


def secrets_of(urls: Iterable[str]) -> frozenset[str]:
    """What addresses hold of passwords and tokens, in every form in which it may be said."""
    found: set[str] = set()
    for url in urls:
        held, parts = login_of(url), parse_url(url)
        if held is not None and parts is not None:
            user, _, password = parts.who[:-1].partition(":")
            word = held.password or held.user
            found |= {word, password or user, quote(word, safe=""), held.header.split()[1]}
        found |= set(re.findall(r"[?&][^=&\s]*=([^&\s]+)", url))
    return frozenset(found)


def secrets_of_header(header: str) -> frozenset[str]:
    """What a header that logs in holds of them (`Authorization: Basic …`)."""
    word = header.rpartition(" ")[2]
    found = {word}
    with suppress(ValueError):
        user, colon, password = base64.b64decode(word, validate=True).decode().partition(":")
        found |= {password or user} if colon else set()
    return frozenset(found)


def redact(text: str, hidden: Iterable[str] = ()) -> str:
    """What git or a host said, without credentials; all of it is shown like this.

    Addresses lose them; these secrets are blotted out wherever they stand, and so are the values of
    all variables of the environment whose names speak of a token, secret or password.
    """
    every = {v for name, v in os.environ.items() if _SECRET_NAMES.search(name.upper())}
    every |= secrets_of(v for name, v in os.environ.items() if name.upper().endswith("_PROXY"))
    for one in sorted({*hidden, *every}, key=len, reverse=True):
        if len(one) >= 4:
            text = text.replace(one, "***")
    return redact_urls(text)


def redact_urls(text: str) -> str:
    """Any text, with the addresses in it without user names, passwords and query parts."""
    return _QUERY.sub(r"\1", _USER.sub(r"\1", text))
