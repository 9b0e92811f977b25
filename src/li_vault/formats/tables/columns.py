"""What the headers of tables mean, and how days are spelt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from li_vault.core import text
from li_vault.core.model import Coverage, Person, Row
from li_vault.formats.tables import csv_table
from li_vault.formats.tables.export import Export, Reading, SkippedRow

NOBODY = "it names nobody: no name, no e-mail address, no phone, no profile URL"

_EMAILS = re.compile(r"[,; ]+")
_SEVERAL = re.compile(r"[,;]| ::: ")
_WORDS = re.compile(r"[,;\s]+")
_DIGITS_OF_A_PHONE = 5
"""A shorter part of a cell is an extension, not a number of its own."""

Vocabulary = Mapping[str, tuple[str, ...]]
"""Field of `Person` -> the names its column goes by, as `bare` spells them, best first."""


class ColumnPlaces(NamedTuple):
    """Where a header has what.

    Attributes:
        fields: Field of `Person` -> its columns, best first.
        names: The columns of fields that have several -> the name of each, unlike all of `extra`.
    """

    fields: Mapping[str, tuple[int, ...]]
    extra: Mapping[str, int]
    names: Mapping[int, str]


class Sheet(NamedTuple):
    """How one kind of table is read.

    Attributes:
        names: What its columns are called. All columns of `emails` and `phones` are taken, of
            any other field the first; those of `url` only where they hold a LinkedIn profile.
        renamed: Column (as `bare` spells it) -> the name that it has in `Person.extra`.
        covers: The fields it can speak of; None: those that at least one row fills.
        full: Whether it lists everyone who is connected; else it is an address book.
        restore: What a cell was before it was made safe for spreadsheets.
    """

    kind: str
    original: str
    names: Vocabulary
    renamed: Mapping[str, str]
    covers: frozenset[str] | None = None
    full: bool = False
    empty: frozenset[str] = frozenset()
    restore: Callable[[str], str] | None = None


def bare_name(name: str) -> str:
    """A column's name without what renaming tools change: case, accents, spaces, hyphens."""
    return text.name_key(name).replace(" ", "")


def vocabulary(spellings: Mapping[str, str]) -> Vocabulary:
    """A vocabulary out of field -> names, apart by `|`, in any spelling."""
    return {field: tuple(map(bare_name, names.split("|"))) for field, names in spellings.items()}


def place_columns(
    header: Sequence[str],
    names: Vocabulary,
    several: Iterable[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> ColumnPlaces:
    """Where the header has which field, and each column that has no field, by its own name.

    Of several columns for one field the best named one is taken and the others are columns like
    any other, except for the fields in `several`. Two columns of one name are numbered.
    """
    spelt = list(map(bare_name, header))
    fields: dict[str, tuple[int, ...]] = {}
    for field, known in names.items():
        ranked = sorted((known.index(name), i) for i, name in enumerate(spelt) if name in known)
        if ranked:
            fields[field] = tuple(i for _, i in ranked)[: None if field in several else 1]
    taken = {index for indices in fields.values() for index in indices}
    extra: dict[str, int] = {}
    others: dict[str, int] = {}
    for index, cell in sorted(enumerate(header), key=lambda column: column[0] in taken):
        name = first = (renamed or {}).get(spelt[index]) or cell or f"Column {index + 1}"
        number = 1
        while name in extra or name in others:
            number += 1
            name = f"{first} ({number})"
        (others if index in taken else extra)[name] = index
    return ColumnPlaces(fields, extra, {index: name for name, index in others.items()})


def header_keys(header: Sequence[str]) -> set[str]:
    """The names in a header, as `text.key` spells them, to tell one program's from another's."""
    return {text.name_key(name) for name in header}


def split_addresses(cell: str) -> tuple[str, ...]:
    """The e-mail addresses in a cell, each once; text that is none stays whole."""
    if cell.count("@") > 1:
        return tuple(dict.fromkeys(filter(None, _EMAILS.split(cell))))
    return (cell,) if cell else ()


def split_phones(cell: str) -> tuple[str, ...]:
    """The phone numbers in a cell (`+44 20 7946 0000, +1 555 0100`), each once."""
    parts = [part for part in map(text.clean, _SEVERAL.split(cell)) if part]
    if all(sum(map(str.isdecimal, part)) >= _DIGITS_OF_A_PHONE for part in parts):
        return tuple(dict.fromkeys(parts))
    return (cell,)


def find_profile(cell: str) -> str:
    """The first address of a LinkedIn profile in a cell, else ""."""
    if "linkedin" not in cell.lower():
        return ""
    return next((word for word in _WORDS.split(cell) if text.profile_slug(word)), "")


def archive_tables(export: Export) -> Iterator[tuple[str, bytes]]:
    """The tables that LinkedIn's lists of before 2016 can be among, by name.

    A loose file is one under any name; out of an archive only LinkedIn's own names are taken,
    and none if the archive has today's `Connections.csv` beside them.
    """
    names = sorted(export.files)
    if export.packed:
        has_todays = any(name.lower() == "connections.csv" for name in names)
        names = [] if has_todays else [n for n in names if is_linkedins_before_2016(n)]
    yield from ((name, export.files[name]) for name in names)


def loose_table(export: Export, is_header: csv_table.IsHeader, word: str) -> bytes | None:
    """The bytes of a file that was handed over by itself, if it has this header."""
    if export.packed:
        return None
    data = next(iter(export.files.values()), b"")
    return data if csv_table.has_header(data, is_header, word) else None


def archive_member(
    export: Export, is_header: csv_table.IsHeader, word: str
) -> tuple[str, bytes] | None:
    """The name and bytes of the first of `archive_tables` with this header, which has this word."""
    found = (m for m in archive_tables(export) if csv_table.has_header(m[1], is_header, word))
    return next(found, None)


def is_linkedins_before_2016(name: str) -> bool:
    """Whether a file is called as LinkedIn called its list, Outlook's, Yahoo's or vCard."""
    return _BEFORE_2016.match(name) is not None


_BEFORE_2016 = re.compile(
    r"linkedin_connections_export.*\.(?:csv|vcf)(?: ?\(\d+\))?\Z", re.IGNORECASE | re.DOTALL
)


def read_sheet(data: bytes, sheet: Sheet, is_header: csv_table.IsHeader) -> Reading:
    """Read a table of a kind; a row that is shorter than the header lacks its last cells.

    Raises:
        BadExport: In several encodings, binary, cut off, or with an unclosed quote.
    """
    content = csv_table.read_table(data, is_header, pad=True)
    placed = place_columns(content.header, sheet.names, _SEVERAL_FIELDS, sheet.renamed)
    people: list[Row] = []
    skipped = list(content.skipped)
    for number, row in zip(content.numbers, content.rows, strict=True):
        person = _person([_value(cell, sheet) for cell in row], placed)
        if identifies_someone(person):
            people.append(Row(number, person))
        else:
            skipped.append(SkippedRow(number, NOBODY))
    return Reading(
        kind=sheet.kind,
        original=sheet.original,
        data=data,
        rows=len(content.rows) + len(content.skipped),
        people=tuple(people),
        nameless=(),
        skipped=tuple(sorted(skipped)),
        coverage=list_coverage(people, sheet.covers),
        full=sheet.full,
        enriches=not sheet.full,
        damage=csv_table.count_broken_cells(content.text, content.rows),
    )


_SEVERAL_FIELDS = ("emails", "phones", "url")


def list_coverage(people: Iterable[Row], covers: frozenset[str] | None = None) -> Coverage:
    """What a list can speak of: these fields, or else those that at least one row fills."""
    filled: set[str] = set()
    columns: set[str] = set()
    for _, person in people:
        columns.update(name for name, _ in person.extra)
        if covers is None:
            filled.update(f for f in _PLAIN_FIELDS if getattr(person, f))
    return Coverage(frozenset(filled) if covers is None else covers, frozenset(columns))


_PLAIN_FIELDS = tuple(field for field in Person._fields if field != "extra")


def _value(cell: str, sheet: Sheet) -> str:
    value = text.clean(sheet.restore(cell) if sheet.restore else cell)
    return "" if value in sheet.empty else value


def identifies_someone(person: Person) -> bool:
    """Whether anything says who it is, or how to reach them."""
    named = person.first_name or person.last_name or person.full_name
    return bool(named or person.emails or person.phones or person.url)


def _person(cells: Sequence[str], placed: ColumnPlaces) -> Person:
    fields = placed.fields

    def one(field: str) -> str:
        return cells[fields[field][0]] if field in fields else ""

    emails: dict[str, str] = {}
    rest: dict[int, str] = {}  # cells of a field that hold something else
    for index in fields.get("emails", ()):
        for address in split_addresses(cells[index]):
            if "@" in address:
                emails.setdefault(address.lower(), address)
            else:
                rest[index] = cells[index]  # Outlook's `/o=ExchangeLabs/…`
    url = ""
    for index in fields.get("url", ()):
        found = find_profile(cells[index])
        url = url or found
        if cells[index] not in ("", url):
            rest[index] = cells[index]
    numbers = (
        n for index in fields.get("phones", ()) if cells[index] for n in split_phones(cells[index])
    )
    person = Person(
        first_name=one("first_name"),
        last_name=one("last_name"),
        url=url,
        emails=tuple(emails.values()),
        phones=tuple(dict.fromkeys(numbers)),
        company=one("company"),
        position=one("position"),
    )
    full_name = one("full_name")
    if full_name != person.name and full_name.lower() not in emails:
        person = person._replace(full_name=full_name)
    return person._replace(extra=tuple(sorted(_extra(cells, placed, rest))))


def _extra(
    cells: Sequence[str], placed: ColumnPlaces, rest: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    for name, index in placed.extra.items():
        if cells[index]:
            yield name, cells[index]
    yield from ((placed.names[index], value) for index, value in rest.items())


FIRST_YEAR = 2003
"""LinkedIn opened on 5 May 2003: an earlier year is a misread one."""

_MONTHS = (
    "jan january januar janner janv janvier ene enero janeiro",
    "feb february februar fev fevr fevrier febrero fevereiro",
    "mar march marz maerz mrz mars marzo marco",
    "apr april avr avril abr abril",
    "may mai mayo maio",
    "jun june juni juin junio junho",
    "jul july juli juil juillet julio julho",
    "aug august aout ago agosto",
    "sep sept september septembre septiembre setiembre set setembro",
    "oct october okt oktober octobre octubre out outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember decembre dic diciembre dezembro",
)
"""English, German, French, Spanish and Portuguese, as `text.key` spells them."""
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_TIME = (
    r"(?:,?[ T]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC))?))?"
)
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|[.º°])? (?:de )?([^\W\d_]+)\.?,? (?:del? )?(\d{4})", re.IGNORECASE
)
_NAMED_SHORT = re.compile(r"(\d{1,2})[-/.]([^\W\d_]+)\.?[-/.](\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_BEGUN = re.compile(
    r"\d{1,2}(?:er|[.º°])?(?: (?:d|de|(?:de )?[^\W\d_]{1,10}\.?(?: (?:d|de|(?:de )?\d{0,3})?)?)?)?"
    r"|\d{3,4}(?:-(?:\d{1,2}-?)?)?"
)
_SERIAL = re.compile(r"\d{5}")
_SERIAL_FIRST, _SERIAL_LAST = 36526, 73050  # 2000-01-01 and 2099-12-31
_SERIAL_START = date(1899, 12, 30)
"""Day 0 of Excel, LibreOffice and Google Sheets, for days after February 1900."""


class Days(NamedTuple):
    """What the spellings in one column mean.

    Attributes:
        iso: Spelling -> ISO day; "" for the empty spelling, None for one that is no day.
        timed: Whether any spelling had a time of day beside a US day, as LinkedIn's had
            until 2018.
    """

    iso: Mapping[str, str | None]
    timed: bool


def parse_days(spellings: Iterable[str]) -> Days:
    """The days of one column, whose cells are cleaned (`text.clean`).

    Numbers are month first (`1/5/2017` is the fifth of January), unless the column has years of
    four digits without times, which LinkedIn never wrote, and among them a day that can only be
    day first and none that can only be month first: then a spreadsheet wrote them all day first.
    `16.09.2021` is always day first. If every cell is a number of five digits as spreadsheets
    count days (`45292`), that is what they are.
    """
    unique = set(spellings)
    if serials := _serials(unique):
        return Days(serials, timed=False)
    numbers = {s: m for s in unique if (m := _NUMBERS.fullmatch(s))}
    foreign = [m for m in numbers.values() if len(m[4]) == 4 and not m["time"] and m[2] != "."]
    day_first = any(int(m[1]) > 12 for m in foreign) and not any(int(m[3]) > 12 for m in foreign)
    iso: dict[str, str | None] = {}
    for spelling in unique:
        match = numbers.get(spelling)
        if match is None:
            iso[spelling] = _in_words(spelling) if spelling else ""
        else:
            swapped = match[2] == "." or (day_first and match in foreign)
            month, day = (match[3], match[1]) if swapped else (match[1], match[3])
            iso[spelling] = _day(match[4], int(month), day)
    return Days(iso, any(m["time"] and m[2] == "/" for m in numbers.values()))


def _serials(unique: set[str]) -> dict[str, str | None]:
    """The days of a column of a spreadsheet's day numbers; nothing if anything else is in it."""
    filled = unique - {""}
    if not all(map(_SERIAL.fullmatch, filled)):
        return {}
    iso: dict[str, str | None] = {"": ""} if "" in unique else {}
    for spelling in filled:
        number = int(spelling)
        if not _SERIAL_FIRST <= number <= _SERIAL_LAST:
            return {}
        day = _SERIAL_START + timedelta(number)
        iso[spelling] = day.isoformat() if day.year >= FIRST_YEAR else None
    return iso


_SPELT = {f"{number:02}": names.split()[0].capitalize() for number, names in enumerate(_MONTHS, 1)}


def spell_day(iso: str) -> str:
    """An ISO day as LinkedIn spells it today, `01 Jan 2024`; anything else stays as it is."""
    month = _SPELT.get(iso[5:7]) if len(iso) == len("2024-01-01") else None
    return f"{iso[8:]} {month} {iso[:4]}" if month else iso


def is_cut_off(spelling: str) -> bool:
    """Whether this is the beginning of a day as LinkedIn spells it, and not all of it."""
    return _BEGUN.fullmatch(spelling) is not None


def _in_words(spelling: str) -> str | None:
    if match := _NAMED.fullmatch(spelling) or _NAMED_SHORT.fullmatch(spelling):
        return _day(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.fullmatch(spelling):
        return _day(match[3], _month(match[1]), match[2])
    if match := _ISO.fullmatch(spelling):
        return _day(match[1], int(match[3]), match[4])
    return None


@cache
def _month(name: str) -> int:
    """The number of a month, 0 for what is none."""
    return _MONTH_OF.get(text.name_key(name), 0)


def _day(year: str, month: int, day: str) -> str | None:
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if full_year < FIRST_YEAR:
        return None
    try:
        return date(full_year, month, int(day)).isoformat()
    except ValueError:
        return None
