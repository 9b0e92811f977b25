"""How text looks on a terminal: colours and widths, as plain data."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_NARROWEST = 30
_IN_URLS = "%/:?#[]@!$&'()*+,;=~"
_LINKS = re.compile("\x1b]8;;[^\x1b]*\x1b\\\\")


class Look(NamedTuple):
    """Where the text goes: whether it takes colours, and how many columns it has (0: no limit).

    `links` tells whether it takes links that can be clicked (OSC 8).
    """

    colour: bool = False
    width: int = 0
    links: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where colours are taken."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, text: str, url: str) -> str:
        """The text as a link to a web address, where links are taken."""
        if not self.links or not text or not url.startswith(("https://", "http://")):
            return text
        return f"\x1b]8;;{quote(url, safe=_IN_URLS)}\x1b\\{text}\x1b]8;;\x1b\\"

    def cut(self, text: str, used: int = 0) -> str:
        """The text cut to the columns that are left after `used`."""
        room = max(self.width, _NARROWEST) - used if self.width else 0
        return cut(text, room) if room > 0 else text


def unlinked(text: str) -> str:
    """The text without the links in it; what they showed stays."""
    return _LINKS.sub("", text)


def columns(text: str) -> int:
    """How many columns a terminal takes for a text."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@cache
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


def wrap(text: str, width: int, indent: int = 0) -> list[str]:
    """The text in lines that fit into `width` columns behind an indent (0: all on one line).

    A word that does not fit stays whole: an address that was cut could not be copied.
    """
    room = max(width - indent, _NARROWEST // 2) if width else 0
    if not room or columns(text) <= room:
        return [text] if text else []
    out: list[str] = []
    for word in text.split(" "):
        if out and columns(out[-1]) + 1 + columns(word) <= room:
            out[-1] += f" {word}"
        else:
            out.append(word)
    return out
