"""CSV: bytes to numbered rows, and back without formulas."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Final, NamedTuple

from li_vault.core import text
from li_vault.errors import BadExport
from li_vault.formats.tables.export import DamagedCells, SkippedRow

DELIMITERS = (",", ";", "\t")
_HEADER_WITHIN = 200  # lines; LinkedIn's own preamble has three
_HEAD = 256 * 1024  # bytes that hold the header's line, for a look without reading all

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_UTF8_CHARACTER = re.compile(
    rb"[\xc2-\xc5][\x80-\xbf]|(?:[\xc6-\xdf][\x80-\xbf]){2}"
    rb"|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf]"
)
"""A character that only UTF-8 has; not one of two bytes from U+0180 on that stands by itself, since
that is `NESTLÉ®` in cp1252, or a name in capitals before a no-break space."""

IsHeader = Callable[[Sequence[str]], bool]
"""Whether these cells, cleaned and without empty ones at the end, are the header looked for."""


class CsvTable(NamedTuple):
    """A CSV file as rows.

    Attributes:
        header: The header's cells, cleaned, without empty ones at the end.
        rows: The readable rows, their cells as they came, as many as the header has.
        numbers: The number of each of `rows`, counted among all data rows from 1.
    """

    header: tuple[str, ...]
    rows: list[list[str]]
    numbers: Sequence[int]
    skipped: tuple[SkippedRow, ...]
    ended: bool
    text: str


class _Header(NamedTuple):
    cells: tuple[str, ...]
    delimiter: str
    line: int  # its number, from 1
    end: int  # where the next line begins, in characters


def has_header(data: bytes, is_header: IsHeader, word: str = "") -> bool:
    """Whether such a header is among the first lines, however damaged the rest may be.

    `word` is in lower case and part of every such header: a quick look where it is missing.
    """
    if word:
        lower = data[:_HEAD].lower()
        if word.encode() not in lower and b"\0".join(c.encode() for c in word) not in lower:
            return False  # neither in a superset of ASCII nor in UTF-16
    return _header_of(data, is_header) is not None


def _header_of(data: bytes, is_header: IsHeader) -> _Header | None:
    head = data[:_HEAD]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _header(head.decode("utf-16", "ignore"), is_header)
    lenient = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    return _header(lenient, is_header) or _header(head.decode("latin-1"), is_header)


def read_table(data: bytes, is_header: IsHeader, *, pad: bool = False) -> CsvTable:
    """The rows below the first line whose cells are the header looked for.

    With `pad`, rows may end before the header does: their last cells are empty.

    Raises:
        BadExport: Not text in one encoding, no such header, or rows that ran together.
    """
    content = decode_text(data)
    header = _header(content, is_header)
    if header is None:
        raise BadExport("There is no header that names the columns.", "Export the file again.")
    _refuse_rows_above(content, header)
    body = content[header.end :]
    width = len(header.cells)
    rows = _at_once(body, header.delimiter)
    # One row a line, each as wide as the header: nothing to look into.
    if rows is not None and set(map(len, rows)) <= {0, width} and width > 1:
        rows = [row for row in rows if row]
        numbers: Sequence[int] = range(1, len(rows) + 1)
        return CsvTable(header.cells, rows, numbers, (), _has_end(content), content)
    return _carefully(_lines(body), header, content, pad=pad)


def _at_once(body: str, delimiter: str) -> list[list[str]] | None:
    """The rows of a body in which every line is one; None where that is not so."""
    if "\r" in body and body.count("\r") != body.count("\r\n"):
        return None
    lines = body.split("\n")
    if not lines[-1]:
        lines.pop()
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _has_end(content: str) -> bool:
    return content.endswith(("\n", "\r"))


def decode_text(data: bytes) -> str:
    """The file as text: UTF-8, UTF-16 with its mark, or cp1252 throughout.

    Raises:
        BadExport: Empty, binary, or in more than one encoding; says in which line.
    """
    if not data.strip():
        raise BadExport("The file is empty.", "Download the export from LinkedIn again.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            content = data.decode("utf-16")
        except UnicodeDecodeError:
            raise BadExport("The file is cut off: it ends within a UTF-16 character.",
                            "Download the export from LinkedIn again.") from None  # fmt: skip
    else:
        content = _decode_bytes(data.removeprefix(codecs.BOM_UTF8))
    if "\0" in content:
        line = _line_of(content.encode("utf-8"), content.encode("utf-8").index(0))
        raise BadExport(
            f"Line {line} holds a NUL byte, so this is no text file (or UTF-16 without its mark).",
            "Hand over the file as LinkedIn made it, not what another program saved.",
        )
    return content


def _decode_bytes(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_of(data, error.start)
        cut = error.end == len(data) and error.reason == "unexpected end of data"
    if _UTF8_CHARACTER.search(data):
        if cut:
            raise BadExport(
                f"The file is cut off: line {line} ends within a character.",
                "Download the export from LinkedIn again.",
            )
        raise BadExport(
            f"Line {line} holds bytes that are not UTF-8, in a file that otherwise is.",
            "Some program mixed two encodings. Hand over the file as LinkedIn made it.",
        )
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadExport(
            f"Line {_line_of(data, error.start)} holds bytes that are neither UTF-8 nor cp1252.",
            "Hand over the file as LinkedIn made it, or save it as UTF-8.",
        ) from None


def _line_of(data: bytes, offset: int) -> int:
    before = data[:offset].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1


def _lines(content: str) -> list[str]:
    if content.count("\r") != content.count("\r\n"):
        return _LINE.findall(content)
    lines = [line + "\n" for line in content.split("\n")]
    if lines[-1] == "\n":
        lines.pop()
    return lines


def _cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of one line that stands by itself; None if its quotes do not match."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _unwrapped(cells: list[str], delimiter: str) -> list[str]:
    """The row inside, if the whole line was wrapped in quotes as if it were one cell."""
    if cells and delimiter in cells[0] and not any(cells[1:]):
        return _cells(cells[0], delimiter) or cells
    return cells


def _top(content: str) -> Iterator[tuple[int, re.Match[str]]]:
    return enumerate(islice(_LINE.finditer(content), _HEADER_WITHIN), 1)


def _header(content: str, is_header: IsHeader) -> _Header | None:
    for number, line in _top(content):
        for delimiter in DELIMITERS:
            cells = _unwrapped(_cells(line[0], delimiter) or [], delimiter)
            names = text.clean_all(cells)
            while names and not names[-1]:
                names.pop()
            if names and is_header(names):
                return _Header(tuple(names), delimiter, number, line.end())
    return None


def _refuse_rows_above(content: str, header: _Header) -> None:
    """A sorted spreadsheet can carry its header into the middle: rows above it would be lost."""
    for number, line in islice(_top(content), header.line - 1):
        cells = _unwrapped(_cells(line[0], header.delimiter) or [], header.delimiter)
        if len(cells) >= len(header.cells) and sum(map(bool, text.clean_all(cells))) > 2:
            raise BadExport(
                f"Line {number} looks like a row, but stands above the header in line "
                f"{header.line}.",
                "Some program sorted the header among the rows. Hand over the file as LinkedIn "
                "made it.",
            )


def _parsed(lines: list[str], header: _Header) -> Iterator[tuple[int, int, list[str] | None]]:
    """Each row's first line (from 1), its number of lines, and its cells if quotes match."""
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    while True:
        first = header.line + reader.line_num + 1
        cells: list[str] | None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = None
            if "end of data" in str(error):
                raise _unclosed(first) from None
        count = header.line + reader.line_num + 1 - first
        if cells is None and (count > 1 or lines[reader.line_num - 1].count('"') % 2):
            raise _unclosed(first)
        yield first, count, cells


def _unclosed(line: int) -> BadExport:
    return BadExport(
        f"A quotation mark that opens in line {line} is not closed: rows may have run together, "
        "or the file was cut off.",
        "Hand over the file as LinkedIn made it, or download it again.",
    )


def _carefully(lines: list[str], header: _Header, content: str, *, pad: bool) -> CsvTable:
    """The same as the quick way, row by row, for a file in which something is unusual."""
    ended = _has_end(content)
    width = len(header.cells)
    rows: list[list[str]] = []
    numbers: list[int] = []
    skipped: list[SkippedRow] = []
    number = 0
    for line, count, parsed in _parsed(lines, header):
        if parsed is not None and len(parsed) <= 1 and not text.clean("".join(parsed)):
            continue  # an empty line
        number += 1
        if parsed is None:
            skipped.append(
                SkippedRow(number, f"line {line}: a quotation mark stands inside of a cell")
            )
            continue
        cells = _unwrapped(parsed, header.delimiter) if width > 1 else parsed
        while len(cells) > width and not text.clean(cells[-1]):
            cells.pop()  # padding by a spreadsheet
        if count > 1 and (len(cells) != width or _holds_rows(cells, header)):
            raise _unclosed(line)
        if len(cells) == width:
            rows.append(cells)
            numbers.append(number)
        elif len(cells) < width and not ended and line - header.line == len(lines):
            raise BadExport(
                f"The file is cut off: line {line}, the last one, has {len(cells)} of {width} "
                "cells and no end.",
                "Download the export from LinkedIn again.",
            )
        elif len(cells) < width and pad:
            rows.append([*cells, *[""] * (width - len(cells))])
            numbers.append(number)
        else:
            reason = f"line {line}: {len(cells)} cells where the header has {width}"
            skipped.append(SkippedRow(number, reason))
    return CsvTable(header.cells, rows, numbers, tuple(skipped), ended, content)


def _holds_rows(cells: list[str], header: _Header) -> bool:
    """Whether a cell of several lines has swallowed a line that is a row of its own."""
    enough = len(header.cells) - 1
    return any(
        line.count(header.delimiter) >= enough
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in _lines(cell)
    )


# A byte from 0x80 to 0xBF as cp1252 (or, where that has none, Latin-1) shows it.
_TAIL = re.escape(bytes(range(0x80, 0xC0)).decode("latin-1")) + re.escape(
    "".join(bytes([b]).decode("cp1252", "ignore") for b in range(0x80, 0xA0))
)
_SEQUENCE = (
    f"(?:[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}})"
)
_SUSPECT = re.compile(f"[\u00c2-\u00f4][{_TAIL}]")  # quick, since it begins with a set
_DOUBLED = re.compile(
    # Western letters, punctuation (U+20xx, U+21xx) and emoji: one is enough.
    f"[\u00c2-\u00c5][{_TAIL}]|\u00e2[\u201a\u0192\u201e\u20ac][{_TAIL}]|\u00f0\u0178[{_TAIL}]{{2}}"
    # Other scripts: two in a row, since `NESTLÉ®` has one and is no damage.
    f"|{_SEQUENCE}{{2}}"
)


def count_broken_cells(content: str, cells: Iterable[Sequence[str]]) -> DamagedCells:
    """The cells with broken text; `content` is all of them in one, which is quick to look into.

    A cell counts as doubled if it looks like UTF-8 that was decoded as cp1252 (`Ã©` for `é`).
    """
    rows = list(cells)
    replaced = doubled = 0
    if "\ufffd" in content:
        replaced = sum("\ufffd" in cell for row in rows for cell in row)
    if _SUSPECT.search(content):
        found = _DOUBLED.search
        doubled = sum(found(cell) is not None for row in rows for cell in row)
    return DamagedCells(replaced, doubled)


_END = "\r\n"


def safe_cells(cells: Iterable[str], *, phones: bool = False) -> Iterable[str]:
    """The cells of a column, harmless in a spreadsheet.

    A column that `itertools.repeat` fills with one text stays one.
    """
    mark = mark_formula_unless_phone if phones else mark_formula
    if isinstance(cells, repeat):
        return repeat(mark(next(cells)))
    first = FIRST
    return [mark(cell) if cell[:1] in first else cell for cell in cells]


def write_csv(header: Sequence[str], columns: Sequence[Iterable[str]]) -> bytes:
    """A table as RFC 4180 has it: UTF-8, CRLF, quotes only where they are needed.

    `columns` are the cells of each column, made safe; `itertools.repeat` fills one, not all.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=_END)
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=False))
    return out.getvalue().encode()


MARK: Final = "'"
FIRST: Final = frozenset("=+-@＝＋－＠\t\r\n" + MARK)  # the wide ones count in Japan
"""What a cell begins with that may need a mark."""
_RISKY = re.compile(rf"{MARK}*[=+\-@＝＋－＠\t\r\n]")
_PHONE = re.compile(r"\+(?=(?:\D*\d){5})[\d ().\-/]*(?:(?:ext\.?|x|#) ?\d{1,6})?")


def mark_formula(cell: str) -> str:
    """The cell, harmless in a spreadsheet."""
    return MARK + cell if cell[:1] in FIRST and _RISKY.match(cell) else cell


def mark_formula_unless_phone(cell: str) -> str:
    """The cell of a column of phone numbers for an address book, where only others get a mark.

    Google and Outlook would take the apostrophe for a part of the number. A spreadsheet runs
    nothing there: of `+41 44 668 18 00` it makes text, of `+41446681800` a number without its
    sign, and `+41-44-668-1800` it computes.
    """
    return cell if cell[:1] == "+" and _PHONE.fullmatch(cell) else mark_formula(cell)


def unmark_formula(cell: str) -> str:
    """What a cell was before it was marked."""
    return cell[1:] if cell[:1] == MARK and _RISKY.match(cell) else cell
