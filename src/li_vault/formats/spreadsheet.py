"""CSV that people open in a spreadsheet: columns -> bytes, with no cell that it would run.

A cell that begins with a sign of a formula gets an apostrophe in front, as spreadsheets themselves
mark text; one that has such apostrophes already gets one more, so that reading takes exactly one
away. A number with a sign, such as a telephone's, is no formula and stays as it is.
Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Final

from li_vault.formats import csv_columns

_END = "\r\n"
MARK: Final = "'"
_SIGNS = frozenset("=+-@＝＋－＠\t\r\n" + MARK)
"""What a cell begins with that may need an apostrophe."""
_RISKY = re.compile(rf"{MARK}*(?:[=@＝＠\t\r\n]|[+\-＋－](?![\d\s().\-/]*\Z))")


def safe(cells: Iterable[str]) -> Iterable[str]:
    """The cells of a column, harmless in a spreadsheet.

    A column that `itertools.repeat` fills with one text stays one.
    """
    if isinstance(cells, repeat):
        return repeat(_safe(next(cells)))
    return [_safe(cell) if cell[:1] in _SIGNS else cell for cell in cells]


def _safe(cell: str) -> str:
    return MARK + cell if _RISKY.match(cell) else cell


def restored(cell: str) -> str:
    """What a cell was before it was made safe."""
    return cell[1:] if cell[:1] == MARK and _RISKY.match(cell) else cell


def write(header: Sequence[str], columns: Sequence[Iterable[str]]) -> bytes:
    """A table as RFC 4180 has it: UTF-8, CRLF, quotes only where they are needed.

    Args:
        header: The names of the columns.
        columns: The cells of each column, made `safe`; `itertools.repeat` fills one.
    """
    return _END.join([*csv_columns.lines(header, columns), ""]).encode()
