"""LinkedIn's own list of connections, `Connections.csv`, of every era.

What distinguishes the eras, and how a column may be called, stands in tables; the reader is one.
Known by its columns: first name, last name and the day of connecting, whatever the order and
whatever stands above the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from li_vault.core import text
from li_vault.core.model import Coverage, Person, Row
from li_vault.errors import BadExport
from li_vault.formats import columns, days, table, traces
from li_vault.formats.base import Export, Reading, Skip
from li_vault.formats.columns import bare

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

_NAMES = columns.vocabulary(_SPELLINGS)
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


class Connections:
    """LinkedIn's `Connections.csv`, loose or in an archive (a `formats.base.Format`)."""

    name = "linkedin-connections"

    def claims(self, export: Export) -> bool:
        """Whether it lists connections: by the columns of its header, under any file name."""
        data = _list_of(export)
        return data is not None and table.has_header(data, is_header)

    def read(self, export: Export) -> Reading:
        """Read it; rows of another width or with an impossible day are skipped and counted.

        Raises:
            BadExport: In several encodings, binary, cut off, or with an unclosed quote.
        """
        data = _list_of(export)
        if data is None:
            raise BadExport(f"{export.source} holds no {ORIGINAL}.", "Export it again.")
        return _read(data, _owner(export.files))


def nameless(data: bytes, count: int) -> list[str] | None:
    """The days of the rows of a list that hold no more than a date, without reading the others.

    Args:
        data: A list that was read before.
        count: How many such rows it has.

    Returns:
        Their ISO days, or None if they can't be told without the other rows.
    """
    content = table.read_sparse(data, is_header)
    found = listed(content.header, content.rows, content.numbers)
    # Which of two numbers is the month, only the whole column tells; words need nobody.
    sure = all(any(map(str.isalpha, spelling)) for spelling in found.spelt[0])
    return found.nameless if sure and len(found.nameless) == count else None


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


def is_header(cells: Sequence[str]) -> bool:
    """Whether these column names, cleaned, are those of LinkedIn's list of connections."""
    return len(cells) >= 3 and {_FIELD_OF.get(bare(cell)) for cell in cells} >= _REQUIRED


def _is_profile(cells: Sequence[str]) -> bool:
    return {_FIELD_OF.get(bare(cell)) for cell in cells} >= {"first_name", "last_name"}


def _owner(files: Mapping[str, bytes]) -> str:
    """The account owner's name; empty when `Profile.csv` is missing or broken."""
    data = _member(files, PROFILE)
    if data is None:
        return ""
    try:
        profile = table.read(data, _is_profile)
    except BadExport:
        return ""
    fields = columns.place(profile.header, _NAMES).fields
    if not profile.rows:
        return ""
    row = profile.rows[0]
    return text.clean(f"{row[fields['first_name'][0]]} {row[fields['last_name'][0]]}")


class Listed(NamedTuple):
    """What rows below a header of LinkedIn's say.

    Attributes:
        people: The rows that name a person.
        nameless: The ISO days of the rows that hold no more than a date ("" if not even that).
        skipped: The rows that name nobody, or whose day can't be read.
        coverage: The fields and columns of the header.
        newest: The newest day of any row, or empty.
        timed: Whether times of day were written.
        kind: The era, such as `linkedin-connections/2023`.
        spelt: The cleaned cells of the column of days, and what they mean.
    """

    people: list[Row]
    nameless: list[str]
    skipped: list[Skip]
    coverage: Coverage
    newest: str
    timed: bool
    kind: str
    spelt: tuple[list[str], days.Days]


def listed(header: Sequence[str], rows: list[list[str]], numbers: Sequence[int]) -> Listed:
    """The people of rows that are as wide as the header, whatever they were written in.

    `header` is cleaned and has first name, last name and day of connecting, under any of the
    names that LinkedIn or a renaming tool gives them; `numbers` are the rows' own numbers.
    """
    placed = columns.place(header, _NAMES)
    fields, extra = {f: indices[0] for f, indices in placed.fields.items()}, placed.extra
    cells_of = list(zip(*rows, strict=True)) or [()] * len(header)
    column = {field: text.clean_all(cells_of[index]) for field, index in fields.items()}
    spelt = column["connected_on"]
    read_days = days.read(spelt)
    iso = [read_days.iso[s] for s in spelt]
    others: Iterable[tuple[tuple[str, str], ...]] = repeat(())
    if extra:
        others = _extras({n: text.clean_all(cells_of[i]) for n, i in sorted(extra.items())})
    nothing = repeat("")
    cells = zip(
        column["first_name"],
        column["last_name"],
        column.get("url", nothing),
        map(columns.addresses, column["emails"]) if "emails" in column else repeat(()),
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
    skipped: list[Skip] = []
    # What namedtuples do, but for 30,000 of them at once.
    persons = map(tuple.__new__, repeat(Person), cells)
    for row in map(tuple.__new__, repeat(Row), zip(numbers, persons, strict=False)):
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
    return Listed(
        people,
        nameless,
        skipped,
        coverage=Coverage(frozenset(fields), frozenset(extra)),
        newest=max(filter(None, read_days.iso.values()), default=""),
        timed=read_days.timed,
        kind=_kind(header, timed=read_days.timed),
        spelt=(spelt, read_days),
    )


def _read(data: bytes, owner: str) -> Reading:
    content = table.read(data, is_header)
    found = listed(content.header, content.rows, content.numbers)
    _refuse_cut(content, *found.spelt)
    return Reading(
        kind=found.kind,
        original=ORIGINAL,
        data=data,
        rows=len(content.rows) + len(content.skipped),
        people=tuple(found.people),
        nameless=tuple(found.nameless),
        skipped=tuple(sorted([*content.skipped, *found.skipped])),
        coverage=found.coverage,
        full=True,
        damage=traces.count(content.text, content.rows),
        owner=owner,
        newest=found.newest,
        timed=found.timed,
    )


_NAMELESS = "nameless"


def _reason(person: Person) -> str:
    """Why a row without a name is no person; empty if a URL or an e-mail says who it is."""
    if text.slug(person.url) or person.emails:
        return ""
    if person.company or person.position or person.extra:
        return "it names nobody: no name, no profile URL, no e-mail address"
    return _NAMELESS


def _kind(header: Sequence[str], *, timed: bool) -> str:
    names = {bare(cell) for cell in header}
    names |= {"url"} if "url" in {_FIELD_OF.get(n) for n in names} else set()
    return next(
        era.kind
        for era in _ERAS
        if era.columns <= names and (era.timed is None or era.timed == timed)
    )


def _refuse_cut(content: table.Table, spelt: list[str], read_days: days.Days) -> None:
    """A last row that ends within its day is the end of what was downloaded, not of the list."""
    is_last = _FIELD_OF.get(bare(content.header[-1])) == "connected_on"
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


def _extras(cells: Mapping[str, list[str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    names = tuple(cells)
    for values in zip(*cells.values(), strict=True):
        yield tuple((n, v) for n, v in zip(names, values, strict=True) if v)
