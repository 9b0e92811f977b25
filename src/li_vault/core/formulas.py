"""Cells that a spreadsheet would run as a formula, and the mark that makes them text.

A cell that begins with a sign of a formula gets an apostrophe in front, as spreadsheets themselves
mark text; one that has such apostrophes already gets one more, so that reading takes exactly one
away.
Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import re
from typing import Final

MARK: Final = "'"
FIRST: Final = frozenset("=+-@＝＋－＠\t\r\n" + MARK)  # the wide ones count in Japan
"""What a cell begins with that may need a mark."""
_RISKY = re.compile(rf"{MARK}*[=+\-@＝＋－＠\t\r\n]")
_PHONE = re.compile(r"\+(?=(?:\D*\d){5})[\d ().\-/]*(?:(?:ext\.?|x|#) ?\d{1,6})?")


def marked(cell: str) -> str:
    """The cell, harmless in a spreadsheet."""
    return MARK + cell if cell[:1] in FIRST and _RISKY.match(cell) else cell


def marked_unless_phone(cell: str) -> str:
    """The cell of a column of phone numbers for an address book, where only others get a mark.

    Google and Outlook would take the apostrophe for a part of the number. A spreadsheet runs
    nothing there: of `+41 44 668 18 00` it makes text, of `+41446681800` a number without its
    sign, and `+41-44-668-1800` it computes.
    """
    return cell if cell[:1] == "+" and _PHONE.fullmatch(cell) else marked(cell)


def unmarked(cell: str) -> str:
    """What a cell was before it was marked."""
    return cell[1:] if cell[:1] == MARK and _RISKY.match(cell) else cell
