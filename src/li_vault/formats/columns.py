"""What the columns of a table mean: a header's names -> the fields of a person, and the rest.

A format says in a `Sheet` how its columns are called; an era is such a table, not code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from li_vault.core import text
from li_vault.core.model import Coverage, Person, Row
from li_vault.formats import table, traces
from li_vault.formats.base import Export, Reading, Skip

NOBODY = "it names nobody: no name, no e-mail address, no phone, no profile URL"

_EMAILS = re.compile(r"[,; ]+")
_SEVERAL = re.compile(r"[,;]| ::: ")
_WORDS = re.compile(r"[,;\s]+")
_DIGITS_OF_A_PHONE = 5
"""A shorter part of a cell is an extension, not a number of its own."""

Vocabulary = Mapping[str, tuple[str, ...]]
"""Field of `Person` -> the names its column goes by, as `bare` spells them, best first."""


class Placed(NamedTuple):
    """Where a header has what.

    Attributes:
        fields: Field of `Person` -> its columns, best first.
        extra: The name of every other column -> its place.
        names: The columns of fields that have several -> the name of each, unlike all of `extra`.
    """

    fields: Mapping[str, tuple[int, ...]]
    extra: Mapping[str, int]
    names: Mapping[int, str]


class Sheet(NamedTuple):
    """How one kind of table is read.

    Attributes:
        kind: Format and era, as `Reading.kind` has it.
        original: Name under `exports/`.
        names: What its columns are called. All columns of `emails` and `phones` are taken, of
            any other field the first; those of `url` only where they hold a LinkedIn profile.
        renamed: Column (as `bare` spells it) -> the name that it has in `Person.extra`.
        covers: The fields it can speak of; None: those that at least one row fills.
        full: Whether it lists everyone who is connected; else it is an address book.
        empty: Values that stand for none.
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


def bare(name: str) -> str:
    """A column's name without what renaming tools change: case, accents, spaces, hyphens."""
    return text.key(name).replace(" ", "")


def vocabulary(spellings: Mapping[str, str]) -> Vocabulary:
    """A vocabulary out of field -> names, apart by `|`, in any spelling."""
    return {field: tuple(map(bare, names.split("|"))) for field, names in spellings.items()}


def place(
    header: Sequence[str],
    names: Vocabulary,
    several: Iterable[str] = (),
    renamed: Mapping[str, str] | None = None,
) -> Placed:
    """Where the header has which field, and each column that has no field, by its own name.

    Of several columns for one field the best named one is taken and the others are columns like
    any other, except for the fields in `several`. Two columns of one name are numbered.
    """
    spelt = list(map(bare, header))
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
    return Placed(fields, extra, {index: name for name, index in others.items()})


def keys(header: Sequence[str]) -> set[str]:
    """The names in a header, as `text.key` spells them, to tell one program's from another's."""
    return {text.key(name) for name in header}


def addresses(cell: str) -> tuple[str, ...]:
    """The e-mail addresses in a cell, each once; text that is none stays whole."""
    if cell.count("@") > 1:
        return tuple(dict.fromkeys(filter(None, _EMAILS.split(cell))))
    return (cell,) if cell else ()


def phones(cell: str) -> tuple[str, ...]:
    """The phone numbers in a cell (`+44 20 7946 0000, +1 555 0100`), each once."""
    parts = [part for part in map(text.clean, _SEVERAL.split(cell)) if part]
    if all(sum(map(str.isdecimal, part)) >= _DIGITS_OF_A_PHONE for part in parts):
        return tuple(dict.fromkeys(parts))
    return (cell,)


def profile(cell: str) -> str:
    """The first address of a LinkedIn profile in a cell, else ""."""
    if "linkedin" not in cell.lower():
        return ""
    return next((word for word in _WORDS.split(cell) if text.slug(word)), "")


def of_members(export: Export) -> Iterator[tuple[str, bytes]]:
    """The tables that LinkedIn's lists of before 2016 can be among, by name.

    A loose file is one under any name; out of an archive only LinkedIn's own names are taken,
    and none if the archive has today's `Connections.csv` beside them.
    """
    names = sorted(export.files)
    if export.packed:
        has_todays = any(name.lower() == "connections.csv" for name in names)
        names = [] if has_todays else [n for n in names if is_linkedins_before_2016(n)]
    yield from ((name, export.files[name]) for name in names)


def loose(export: Export, is_header: table.IsHeader, word: str) -> bytes | None:
    """The bytes of a file that was handed over by itself, if it has this header."""
    if export.packed:
        return None
    data = next(iter(export.files.values()), b"")
    return data if table.has_header(data, is_header, word) else None


def member(export: Export, is_header: table.IsHeader, word: str) -> tuple[str, bytes] | None:
    """The name and bytes of the first of `of_members` with this header, which has this word."""
    found = (m for m in of_members(export) if table.has_header(m[1], is_header, word))
    return next(found, None)


def is_linkedins_before_2016(name: str) -> bool:
    """Whether a file is called as LinkedIn called its list, Outlook's, Yahoo's or vCard."""
    return _BEFORE_2016.match(name) is not None


_BEFORE_2016 = re.compile(
    r"linkedin_connections_export.*\.(?:csv|vcf)(?: ?\(\d+\))?\Z", re.IGNORECASE | re.DOTALL
)


def read(data: bytes, sheet: Sheet, is_header: table.IsHeader) -> Reading:
    """Read a table of a kind; a row that is shorter than the header lacks its last cells.

    Raises:
        BadExport: In several encodings, binary, cut off, or with an unclosed quote.
    """
    content = table.read(data, is_header, pad=True)
    placed = place(content.header, sheet.names, _SEVERAL_FIELDS, sheet.renamed)
    people: list[Row] = []
    skipped = list(content.skipped)
    for number, row in zip(content.numbers, content.rows, strict=True):
        person = _person([_value(cell, sheet) for cell in row], placed)
        if is_somebody(person):
            people.append(Row(number, person))
        else:
            skipped.append(Skip(number, NOBODY))
    return Reading(
        kind=sheet.kind,
        original=sheet.original,
        data=data,
        rows=len(content.rows) + len(content.skipped),
        people=tuple(people),
        nameless=(),
        skipped=tuple(sorted(skipped)),
        coverage=coverage(people, sheet.covers),
        full=sheet.full,
        enriches=not sheet.full,
        damage=traces.count(content.text, content.rows),
    )


_SEVERAL_FIELDS = ("emails", "phones", "url")


def coverage(people: Iterable[Row], covers: frozenset[str] | None = None) -> Coverage:
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


def is_somebody(person: Person) -> bool:
    """Whether anything says who it is, or how to reach them."""
    named = person.first_name or person.last_name or person.full_name
    return bool(named or person.emails or person.phones or person.url)


def _person(cells: Sequence[str], placed: Placed) -> Person:
    fields = placed.fields

    def one(field: str) -> str:
        return cells[fields[field][0]] if field in fields else ""

    emails: dict[str, str] = {}
    rest: dict[int, str] = {}  # cells of a field that hold something else
    for index in fields.get("emails", ()):
        for address in addresses(cells[index]):
            if "@" in address:
                emails.setdefault(address.lower(), address)
            else:
                rest[index] = cells[index]  # Outlook's `/o=ExchangeLabs/…`
    url = ""
    for index in fields.get("url", ()):
        found = profile(cells[index])
        url = url or found
        if cells[index] not in ("", url):
            rest[index] = cells[index]
    numbers = (
        n for index in fields.get("phones", ()) if cells[index] for n in phones(cells[index])
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
    cells: Sequence[str], placed: Placed, rest: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    for name, index in placed.extra.items():
        if cells[index]:
            yield name, cells[index]
    yield from ((placed.names[index], value) for index, value in rest.items())
