"""A user name and password in a web address: handed to git so that nobody else sees them.

git hands the address to its transport as an argument, which every user of the machine can read in
the list of processes. So they are taken out, and given by a credential helper that has them from
the environment, which only its owner can read; it answers for that host alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from li_vault.errors import BadUsage
from li_vault.store import addresses

_PASSWORD = "LI_VAULT_GIT_PASSWORD"  # noqa: S105 - the name of a variable
_ANSWER = f'!f() {{ test "$1" != get || printf "password=%s\\n" "${_PASSWORD}"; }}; f'


class Source(NamedTuple):
    """An address, and what git needs besides it.

    Attributes:
        url: The address; of the web without user name and password.
        settings: Settings of git; they may hold the user's name.
        environment: Variables; they may hold the password.
        had_any: Whether a user name or password was taken out.
    """

    url: str
    settings: tuple[tuple[str, str], ...] = ()
    environment: Mapping[str, str] = {}
    had_any: bool = False


def taken_out(url: str) -> Source:
    """An address without what is secret in it.

    Raises:
        BadUsage: It has a query part, where tokens are hidden that git would show to others.
    """
    plain = addresses.without_login(url)
    scheme, _, rest = plain.partition("://")
    if scheme.lower() not in ("http", "https"):
        return Source(url)
    if set(rest) & set("?#"):
        raise BadUsage(
            f"The address {addresses.without_credentials(url)} is not taken: it has a part "
            "behind ? or #.",
            "Take the address without it; let a credential helper of git hold the token.",
        )
    login = addresses.login(url)
    if login is None:
        return Source(plain)
    base = f"credential.{scheme}://{rest.partition('/')[0]}"
    settings = [(f"{base}.username", login.user)]
    environment = {}
    if login.password is not None:
        settings += [(f"{base}.helper", ""), (f"{base}.helper", _ANSWER)]
        environment[_PASSWORD] = login.password
    return Source(plain, tuple(settings), environment, had_any=True)
