"""CSV that people open in a spreadsheet: columns -> bytes, with no cell that it would run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat

from li_vault.core import formulas
from li_vault.formats import csv_columns

_END = "\r\n"


def safe(cells: Iterable[str], *, phones: bool = False) -> Iterable[str]:
    """The cells of a column, harmless in a spreadsheet.

    A column that `itertools.repeat` fills with one text stays one.

    Args:
        cells: The cells.
        phones: Whether it is a column of phone numbers, which stay as they are.
    """
    mark = formulas.marked_unless_phone if phones else formulas.marked
    if isinstance(cells, repeat):
        return repeat(mark(next(cells)))
    first = formulas.FIRST
    return [mark(cell) if cell[:1] in first else cell for cell in cells]


def write(header: Sequence[str], columns: Sequence[Iterable[str]]) -> bytes:
    """A table as RFC 4180 has it: UTF-8, CRLF, quotes only where they are needed.

    Args:
        header: The names of the columns.
        columns: The cells of each column, made `safe`; `itertools.repeat` fills one.
    """
    return _END.join([*csv_columns.lines(header, columns), ""]).encode()
