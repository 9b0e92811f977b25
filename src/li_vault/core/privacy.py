"""What was seen of a remote -> may it have the vault?"""

from __future__ import annotations

from typing import Protocol


class Seen(Protocol):
    """What was seen of a remote, as `store.sight` tells it."""

    @property
    def visible(self) -> bool | None:
        """Whether strangers can read it; None if that could not be found out."""

    @property
    def how(self) -> str:
        """How that was found out, in words."""


def may_have(sight: Seen, *, trusted: bool) -> str:
    """Why a remote may not have the vault; empty if it may.

    Args:
        sight: What was seen of it.
        trusted: Whether the user vouched for exactly this address.
    """
    if trusted or sight.visible is False:
        return ""
    if sight.visible:
        return f"Strangers can read this remote: {sight.how}."
    return f"It is not known whether strangers can read this remote: {sight.how}."
