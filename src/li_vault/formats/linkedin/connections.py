"""LinkedIn's `Connections.csv` of every era, read and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat, starmap
from operator import itemgetter
from typing import Final, NamedTuple

from li_vault.core import text
from li_vault.core.model import Contact, Coverage, Person, Row
from li_vault.errors import BadExport
from li_vault.formats.tables import csv_table
from li_vault.formats.tables.columns import (
    Days,
    bare_name,
    is_cut_off,
    parse_days,
    place_columns,
    spell_day,
    split_addresses,
    vocabulary,
)
from li_vault.formats.tables.export import Export, Format, Reading, SkippedRow
from li_vault.formats.vcard import table_rows
from li_vault.formats.vcard.table_rows import WrittenFile

ORIGINAL = "Connections.csv"
PROFILE = "Profile.csv"
EXPECTED = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
"""Today's header."""

_SPELLINGS = {
    "first_name": "first name|vorname|prénom|nombre|nome",
    "last_name": "last name|surname|nachname|nom|nom de famille|apellidos|apellido|sobrenome",
    "url": "url|profile url|linkedin url|profil url|url du profil|url del perfil|url do perfil",
    "emails": "email address|email|emails|adresse email|email adresse|adresse électronique|"
    "correo electrónico|dirección de correo electrónico|endereço de email",
    "company": "company|current company|unternehmen|aktuelles unternehmen|entreprise|empresa|"
    "empresa actual|empresa atual",
    "position": "position|current position|job title|aktuelle position|poste|cargo|puesto|"
    "cargo actual|cargo atual|puesto actual",
    "connected_on": "connected on|verbunden am|date de connexion|connexion établie le|"
    "conectado el|fecha de conexión|conectado em|conectou-se em|data de conexão",
}
"""Field of `Person` -> the names its column goes by; LinkedIn's own one first."""

_NAMES = vocabulary(_SPELLINGS)
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_REQUIRED = frozenset({"first_name", "last_name", "connected_on"})


class _Era(NamedTuple):
    kind: str
    columns: frozenset[str]  # what its header has beside the names, as `bare` spells it
    timed: bool | None  # whether days come with a time; None: either


_TIMED_KIND = "linkedin-connections/2015"

_ERAS = (
    _Era("linkedin-connections/2023", frozenset({"url"}), None),
    _Era(f"{_TIMED_KIND}-address", frozenset({"address", "websites"}), None),
    _Era(_TIMED_KIND, frozenset(), timed=True),
    _Era("linkedin-connections/2018", frozenset(), timed=None),
)
"""The first that fits; sources: measured files of 2018 to 2026, LinkedIn's help of 2015."""


def wrote_times(kind: str) -> bool:
    """Whether lists of this kind wrote the time of day, from which a day can be off by one."""
    return kind.startswith(_TIMED_KIND)


def is_connections_member(name: str) -> bool:
    """Whether this base name is one that the format wants out of an archive."""
    return name.lower() in (ORIGINAL.lower(), PROFILE.lower())


def _list_of(export: Export) -> tuple[bytes, str] | None:
    """The file that lists the connections, by the columns of its header; and their owner."""
    files = export.files
    data = _member(files, ORIGINAL) if export.packed else next(iter(files.values()), None)
    if data is None or not csv_table.has_header(data, is_connections_header):
        return None
    return data, _owner(files)


def _member(files: Mapping[str, bytes], name: str) -> bytes | None:
    return next((data for found, data in files.items() if found.lower() == name.lower()), None)


def is_connections_header(cells: Sequence[str]) -> bool:
    """Whether these column names, cleaned, are those of LinkedIn's list of connections."""
    return len(cells) >= 3 and {_FIELD_OF.get(bare_name(cell)) for cell in cells} >= _REQUIRED


def _is_profile(cells: Sequence[str]) -> bool:
    return {_FIELD_OF.get(bare_name(cell)) for cell in cells} >= {"first_name", "last_name"}


def _owner(files: Mapping[str, bytes]) -> str:
    """The account owner's name; empty when `Profile.csv` is missing or broken."""
    data = _member(files, PROFILE)
    if data is None:
        return ""
    try:
        profile = csv_table.read_table(data, _is_profile)
    except BadExport:
        return ""
    fields = place_columns(profile.header, _NAMES).fields
    if not profile.rows:
        return ""
    row = profile.rows[0]
    return text.clean(f"{row[fields['first_name'][0]]} {row[fields['last_name'][0]]}")


class ListedRows(NamedTuple):
    """What rows below a header of LinkedIn's say.

    Attributes:
        nameless: The ISO days of the rows that hold no more than a date ("" if not even that).
        skipped: The rows that name nobody, or whose day can't be read.
        spelt: The cleaned cells of the column of days, and what they mean.
    """

    people: list[Row]
    nameless: list[str]
    skipped: list[SkippedRow]
    coverage: Coverage
    newest: str
    timed: bool
    kind: str
    spelt: tuple[list[str], Days]


def read_listed(header: Sequence[str], rows: list[list[str]], numbers: Sequence[int]) -> ListedRows:
    """The people of rows that are as wide as the header, whatever they were written in.

    `header` is cleaned and has first name, last name and day of connecting, under any of the
    names that LinkedIn or a renaming tool gives them; `numbers` are the rows' own numbers.
    """
    placed = place_columns(header, _NAMES)
    fields, extra = {f: indices[0] for f, indices in placed.fields.items()}, placed.extra
    cells_of = list(zip(*rows, strict=True)) or [()] * len(header)
    column = {field: text.clean_all(cells_of[index]) for field, index in fields.items()}
    spelt = column["connected_on"]
    read_days = parse_days(spelt)
    iso = [read_days.iso[s] for s in spelt]
    others: Iterable[tuple[tuple[str, str], ...]] = repeat(())
    if extra:
        others = _extras({n: text.clean_all(cells_of[i]) for n, i in sorted(extra.items())})
    nothing = repeat("")
    cells = zip(
        column["first_name"],
        column["last_name"],
        column.get("url", nothing),
        map(split_addresses, column["emails"]) if "emails" in column else repeat(()),
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
        undated = {n for n, day in zip(numbers, iso, strict=False) if day is None}
    people: list[Row] = []
    nameless: list[str] = []
    skipped: list[SkippedRow] = []
    for number, person in zip(numbers, starmap(Person, cells), strict=False):
        reason = "" if person.first_name or person.last_name else _reason(person)
        if number in undated:
            reason = "the day of connecting can't be read, or lies before 2003"
        if not reason:
            people.append(Row(number, person))
        elif reason == _NAMELESS:
            nameless.append(person.connected_on)
        else:
            skipped.append(SkippedRow(number, reason))
    return ListedRows(
        people,
        nameless,
        skipped,
        coverage=Coverage(frozenset(fields), frozenset(extra)),
        newest=max(filter(None, read_days.iso.values()), default=""),
        timed=read_days.timed,
        kind=_kind(header, timed=read_days.timed),
        spelt=(spelt, read_days),
    )


def _read(found: tuple[bytes, str]) -> Reading:
    data, owner = found
    content = csv_table.read_table(data, is_connections_header)
    listed = read_listed(content.header, content.rows, content.numbers)
    _refuse_cut(content, *listed.spelt)
    return Reading(
        kind=listed.kind,
        original=ORIGINAL,
        data=data,
        rows=len(content.rows) + len(content.skipped),
        people=tuple(listed.people),
        nameless=tuple(listed.nameless),
        skipped=tuple(sorted([*content.skipped, *listed.skipped])),
        coverage=listed.coverage,
        full=True,
        damage=csv_table.count_broken_cells(content.text, content.rows),
        owner=owner,
        newest=listed.newest,
        timed=listed.timed,
    )


CONNECTIONS = Format("linkedin-connections", _list_of, _read, f"holds no {ORIGINAL}")
"""LinkedIn's `Connections.csv`, loose under any name or in an archive."""


_NAMELESS = "nameless"


def _reason(person: Person) -> str:
    """Why a row without a name is no person; empty if a URL or an e-mail says who it is."""
    if text.profile_slug(person.url) or person.emails:
        return ""
    if person.company or person.position or person.extra:
        return "it names nobody: no name, no profile URL, no e-mail address"
    return _NAMELESS


def _kind(header: Sequence[str], *, timed: bool) -> str:
    names = {bare_name(cell) for cell in header}
    names |= {"url"} if "url" in {_FIELD_OF.get(n) for n in names} else set()
    return next(
        era.kind
        for era in _ERAS
        if era.columns <= names and (era.timed is None or era.timed == timed)
    )


def _refuse_cut(content: csv_table.CsvTable, spelt: list[str], read_days: Days) -> None:
    """A last row that ends within its day is the end of what was downloaded, not of the list."""
    is_last = _FIELD_OF.get(bare_name(content.header[-1])) == "connected_on"
    if content.ended or not is_last or not spelt:
        return
    if content.skipped and content.skipped[-1].row > content.numbers[-1]:
        return
    is_cut = is_cut_off(spelt[-1]) and read_days.iso[spelt[-1]] is None
    if is_cut or (not spelt[-1] and len(spelt) > 1 and all(spelt[:-1])):
        raise BadExport(
            "The file is cut off: its last line ends before or within the day of connecting.",
            "Download the export from LinkedIn again.",
        )


def _extras(cells: Mapping[str, list[str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    names = tuple(cells)
    for values in zip(*cells.values(), strict=True):
        yield tuple((n, v) for n, v in zip(names, values, strict=True) if v)


_FIELDS = ("first_name", "last_name", "url", "emails", "company", "position", "connected_on")
"""The fields of a person in the order of the columns."""

NAMELESS: Final = "people without name, profile and e-mail address"
"""Who can't be in a list of LinkedIn's: a row of theirs would name nobody."""

_UNDATED = "undated"
"""Sorts behind every day."""
NOTES: Final = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are '
    "missing. You will only see email addresses for connections who have allowed their "
    "connections to see or download their email address using this setting "
    "https://www.linkedin.com/psettings/privacy/email. You can learn more here "
    'https://www.linkedin.com/help/linkedin/answer/261"\n\n'
)
"""What stands above the header, in every file since 2020."""


def write_connections(contacts: Iterable[Contact]) -> WrittenFile:
    """The contacts as today's `Connections.csv`, to the byte as LinkedIn writes it.

    Newest connection first (before them those without a day), those of one day as they are given;
    days as `01 Jan 2024`, quotes only where they are needed, LF, and no end of the last line.
    Several e-mail addresses, which LinkedIn never has, share the one cell. Whose row would name
    nobody is left out.
    """
    party = table_rows.rows_of_contacts(contacts)
    people = [one for one in party.people if one[0] or _says_who(one)]
    fields = table_rows.field_columns(people)
    spelt = {day: spell_day(day) for day in set(fields["connected_on"])}
    cells = {
        **fields,
        "first_name": table_rows.first_names(people),
        "emails": map(", ".join, fields["emails"]),
        "connected_on": map(spelt.__getitem__, fields["connected_on"]),
    }
    rows = zip(*(cells[field] for field in _FIELDS), strict=True)
    # Without a day, which LinkedIn's rows never are, the last row would look cut off.
    ages = [day or _UNDATED for day in fields["connected_on"]]
    newest_first = sorted(zip(ages, rows, strict=True), key=itemgetter(0), reverse=True)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(EXPECTED.split(","))
    writer.writerows(row for _, row in newest_first)
    table = out.getvalue().removesuffix("\n")
    lost = {
        "phones": sum(map(bool, fields["phones"])),
        table_rows.FULL_NAME: table_rows.count_lost_names(people),
        NAMELESS: len(party.people) - len(people),
    }
    return table_rows.written_file(
        (NOTES + table).encode(), len(people), party.left, party.without(()), lost
    )


def _says_who(person: Person) -> bool:
    """Whether a row would be read back as this person, not as one that names nobody."""
    named = person.first_name or person.last_name or person.full_name
    return bool(named or person.emails or text.profile_slug(person.url))
