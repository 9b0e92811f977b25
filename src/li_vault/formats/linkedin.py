"""LinkedIn's own list of connections, `Connections.csv`, of every era.

What distinguishes the eras, and how a column may be called, stands in tables; the reader is one.
Known by its columns: first name, last name and the day of connecting, whatever the order and
whatever stands above the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from li_vault.core import text
from li_vault.core.model import Coverage, Person, Row
from li_vault.errors import BadExport
from li_vault.formats import days, table
from li_vault.formats.base import Damage, Export, Reading, Skip

ORIGINAL = "Connections.csv"
PROFILE = "Profile.csv"
EXPECTED = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
"""Today's header, for messages."""

_SPELLINGS = {
    "first_name": "first name|vorname|prénom",
    "last_name": "last name|surname|nachname|nom|nom de famille",
    "url": "url|profile url|linkedin url|profil url|url du profil",
    "emails": "email address|email|emails|adresse email|email adresse|adresse électronique",
    "company": "company|current company|unternehmen|aktuelles unternehmen|entreprise",
    "position": "position|current position|job title|aktuelle position|poste",
    "connected_on": "connected on|verbunden am|date de connexion|connexion établie le",
}
"""Field of `Person` -> the names its column goes by; LinkedIn's own one first."""

_REQUIRED = frozenset({"first_name", "last_name", "connected_on"})


def _bare(name: str) -> str:
    """A column's name without what renaming tools change: case, accents, spaces, hyphens."""
    return text.key(name).replace(" ", "")


_FIELD_OF = {_bare(n): field for field, names in _SPELLINGS.items() for n in names.split("|")}


class _Era(NamedTuple):
    kind: str
    columns: frozenset[str]  # what its header has beside the names, as `_bare` spells it
    timed: bool | None  # whether days come with a time; None: either


_TIMED_KIND = "linkedin-connections/2015"

_ERAS = (
    _Era("linkedin-connections/2023", frozenset({"url"}), None),
    _Era(f"{_TIMED_KIND}-address", frozenset({"address", "websites"}), None),
    _Era(_TIMED_KIND, frozenset(), timed=True),
    _Era("linkedin-connections/2018", frozenset(), timed=None),
)
"""The first that fits; sources: measured files of 2018 to 2026, LinkedIn's help of 2015."""

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


class Connections:
    """LinkedIn's `Connections.csv`, loose or in an archive (a `formats.base.Format`)."""

    name = "linkedin-connections"

    def claims(self, export: Export) -> bool:
        """Whether it lists connections: by the columns of its header, under any file name."""
        data = _list_of(export)
        return data is not None and table.has_header(data, _is_header)

    def read(self, export: Export) -> Reading:
        """Read it; rows of another width or with an impossible day are skipped and counted.

        Raises:
            BadExport: In several encodings, binary, cut off, or with an unclosed quote.
        """
        data = _list_of(export)
        if data is None:
            raise BadExport(f"{export.source} holds no {ORIGINAL}.", "Export it again.")
        return _read(data, _owner(export.files))


def wrote_times(kind: str) -> bool:
    """Whether lists of this kind wrote the time of day, from which a day can be off by one."""
    return kind.startswith(_TIMED_KIND)


def wanted(name: str) -> bool:
    """Whether this base name is one that the format wants out of an archive."""
    return name.lower() in (ORIGINAL.lower(), PROFILE.lower())


def _list_of(export: Export) -> bytes | None:
    """The file that would list the connections: by name in an archive, else the only one."""
    if not export.packed:
        return next(iter(export.files.values()), None)
    return _member(export.files, ORIGINAL)


def _member(files: Mapping[str, bytes], name: str) -> bytes | None:
    return next((data for found, data in files.items() if found.lower() == name.lower()), None)


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) >= 3 and {_FIELD_OF.get(_bare(cell)) for cell in cells} >= _REQUIRED


def _is_profile(cells: Sequence[str]) -> bool:
    return {_FIELD_OF.get(_bare(cell)) for cell in cells} >= {"first_name", "last_name"}


def _owner(files: Mapping[str, bytes]) -> str:
    """The account owner's name; empty when `Profile.csv` is missing or broken."""
    data = _member(files, PROFILE)
    if data is None:
        return ""
    try:
        profile = table.read(data, _is_profile)
    except BadExport:
        return ""
    fields, _ = _columns(profile.header)
    if not profile.rows:
        return ""
    row = profile.rows[0]
    return text.clean(f"{row[fields['first_name']]} {row[fields['last_name']]}")


def _columns(header: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Where each field stands, and where each column that has no field, by its own name."""
    fields: dict[str, int] = {}
    for names in (n.split("|") for n in _SPELLINGS.values()):
        bare = [_bare(n) for n in names]
        # LinkedIn's own name goes before an alias, if both are there.
        ranked = [(bare.index(_bare(c)), i) for i, c in enumerate(header) if _bare(c) in bare]
        if ranked:
            index = min(ranked)[1]
            fields[_FIELD_OF[_bare(header[index])]] = index
    extra: dict[str, int] = {}
    for index, cell in enumerate(header):
        if index in fields.values():
            continue
        name = cell or f"Column {index + 1}"
        number = 1
        while name in extra:
            number += 1
            name = f"{cell or f'Column {index + 1}'} ({number})"
        extra[name] = index
    return fields, extra


def _read(data: bytes, owner: str) -> Reading:
    content = table.read(data, _is_header)
    fields, extra = _columns(content.header)
    width = len(content.header)
    columns = list(zip(*content.rows, strict=True)) or [()] * width
    column = {field: text.clean_all(columns[index]) for field, index in fields.items()}
    spelt = column["connected_on"]
    read_days = days.read(spelt)
    _refuse_cut(content, spelt, read_days, is_last=fields["connected_on"] == width - 1)
    iso = [read_days.iso[s] for s in spelt]
    others: Iterable[tuple[tuple[str, str], ...]] = repeat(())
    if extra:
        others = _extras({n: text.clean_all(columns[i]) for n, i in sorted(extra.items())})
    nothing = repeat("")
    cells = zip(
        column["first_name"],
        column["last_name"],
        column.get("url", nothing),
        _emails(column["emails"]) if "emails" in column else repeat(()),
        repeat(()),
        column.get("company", nothing),
        column.get("position", nothing),
        [day or "" for day in iso],
        nothing,
        others,
        strict=False,
    )
    undated = set()
    if None in read_days.iso.values():
        undated = {n for n, day in zip(content.numbers, iso, strict=False) if day is None}
    people: list[Row] = []
    nameless: list[str] = []
    skipped = list(content.skipped)
    # What namedtuples do, but for 30,000 of them at once.
    persons = map(tuple.__new__, repeat(Person), cells)
    for row in map(tuple.__new__, repeat(Row), zip(content.numbers, persons, strict=False)):
        person = row[1]
        reason = "" if person[0] or person[1] else _reason(person)
        if row[0] in undated:
            skipped.append(Skip(row[0], "the day of connecting can't be read, or lies before 2003"))
        elif not reason:
            people.append(row)
        elif reason == _NAMELESS:
            nameless.append(person[7])
        else:
            skipped.append(Skip(row[0], reason))
    return Reading(
        kind=_kind(content.header, timed=read_days.timed),
        original=ORIGINAL,
        data=data,
        rows=len(content.rows) + len(content.skipped),
        people=tuple(people),
        nameless=tuple(nameless),
        skipped=tuple(sorted(skipped)),
        coverage=Coverage(frozenset(fields), frozenset(extra)),
        full=True,
        damage=_damage(content),
        owner=owner,
        newest=max(filter(None, read_days.iso.values()), default=""),
        timed=read_days.timed,
    )


_NAMELESS = "nameless"


def _reason(person: Person) -> str:
    """Why a row without a name is no person; empty if a URL or an e-mail says who it is."""
    if person.url or person.emails:
        return ""
    if person.company or person.position or person.extra:
        return "it names nobody: no name, no profile URL, no e-mail address"
    return _NAMELESS


def _kind(header: Sequence[str], *, timed: bool) -> str:
    names = {_bare(cell) for cell in header}
    names |= {"url"} if "url" in {_FIELD_OF.get(n) for n in names} else set()
    return next(
        era.kind
        for era in _ERAS
        if era.columns <= names and (era.timed is None or era.timed == timed)
    )


def _refuse_cut(
    content: table.Table, spelt: list[str], read_days: days.Days, *, is_last: bool
) -> None:
    """A last row that ends within its day is the end of what was downloaded, not of the list."""
    if content.ended or not is_last or not spelt:
        return
    if content.skipped and content.skipped[-1].row > content.numbers[-1]:
        return
    is_cut = days.is_cut_off(spelt[-1]) and read_days.iso[spelt[-1]] is None
    if is_cut or (not spelt[-1] and len(spelt) > 1 and all(spelt[:-1])):
        raise BadExport(
            "The file is cut off: its last line ends before or within the day of connecting.",
            "Download the export from LinkedIn again.",
        )


def _emails(cells: list[str]) -> list[tuple[str, ...]]:
    return [_addresses(cell) if cell else () for cell in cells]


def _addresses(cell: str) -> tuple[str, ...]:
    if cell.count("@") > 1:
        return tuple(dict.fromkeys(filter(None, re.split(r"[,; ]+", cell))))
    return (cell,)


def _extras(columns: Mapping[str, list[str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    names = tuple(columns)
    for values in zip(*columns.values(), strict=True):
        yield tuple((n, v) for n, v in zip(names, values, strict=True) if v)


def _damage(content: table.Table) -> Damage:
    """Cells with traces of broken text; looked for one by one only where there are any."""
    replaced = doubled = 0
    if "\ufffd" in content.text:
        replaced = sum("\ufffd" in cell for row in content.rows for cell in row)
    if _SUSPECT.search(content.text):
        found = _DOUBLED.search
        doubled = sum(found(cell) is not None for row in content.rows for cell in row)
    return Damage(replaced, doubled)
