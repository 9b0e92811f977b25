"""`fetch`: everyone whom LinkedIn's own portability API lists, as an export to record."""

from __future__ import annotations

from typing import NamedTuple

from li_vault.host import member_api, tokens
from li_vault.vault.portal import COMMAND
from li_vault.vault.portal import fetched as run

__all__ = ["COMMAND", "Login", "login", "run"]


class Login(NamedTuple):
    """A token that LinkedIn took.

    Attributes:
        place: Where it is kept, in words.
        is_ready: Whether LinkedIn has connections ready for it.
    """

    place: str
    is_ready: bool


def login(base: str, text: str) -> Login:
    """Try a token, and keep it if LinkedIn takes it.

    Raises:
        BadUsage: It is none.
        BadExport: LinkedIn does not take it.
    """
    value = tokens.checked(text, "what was entered")
    is_ready = member_api.prove(base, value)
    return Login(tokens.keep(value), is_ready)
