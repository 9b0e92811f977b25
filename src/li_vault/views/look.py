"""How text looks on a terminal: colours and widths, as plain data."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_NARROWEST = 30


class Look(NamedTuple):
    """Where the text goes: whether it takes colours, and how many columns it has (0: no limit)."""

    colour: bool = False
    width: int = 0

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where colours are taken."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text

    def cut(self, text: str, used: int = 0) -> str:
        """The text cut to the columns that are left after `used`."""
        room = max(self.width, _NARROWEST) - used if self.width else 0
        return cut(text, room) if room > 0 else text


def columns(text: str) -> int:
    """How many columns a terminal takes for a text."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, room: int) -> str:
    """The text in at most `room` columns, with an ellipsis where it was cut."""
    if columns(text) <= room:
        return text
    kept, used = [], 1
    for char in text:
        used += _columns_of(char)
        if used > room:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def pad(text: str, room: int) -> str:
    """The text in exactly `room` columns."""
    text = cut(text, room)
    return text + " " * (room - columns(text))
