"""What people wrote must not command a terminal: signs that would are shown by their number.

Lists come without control characters, but a card that was edited by hand can hold any, and signs
that turn the direction of a line (Unicode UAX #9, "Trojan Source") come from lists as well. Marks
that only join or lean (LRM, RLM, joiners) are part of names and stay.
"""

from __future__ import annotations

import re

_COMMANDS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_ANY = re.compile(f"[{_COMMANDS}]")
_LINE = re.compile(f"(?P<ours>\x1b\\[\\d?\\d?m|\x1b]8;;[!-~]*\x1b\\\\)|[{_COMMANDS}]")
_BLANK = re.compile("[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")


def words(text: str) -> str:
    """A value that somebody wrote, on one line, with nothing in it that commands a terminal."""
    if text.isprintable():
        return text
    return _ANY.sub(_number, _BLANK.sub(" ", text).strip(" "))


def lines(text: str, *, styled: bool) -> str:
    """Lines as they may reach a terminal: of what commands one, our own styles and links alone.

    Args:
        text: Lines, with their ends.
        styled: Whether colours or links were asked for; else no sequence is ours.
    """
    if not styled:
        return _ANY.sub(_number, text) if _ANY.search(text) else text
    return _LINE.sub(lambda found: found[0] if found["ours"] else _number(found), text)


def json(text: str) -> str:
    """JSON that says the same, with such signs escaped as JSON does."""
    return _ANY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _number(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"
