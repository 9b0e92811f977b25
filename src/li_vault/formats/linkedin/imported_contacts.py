"""LinkedIn's imported contacts of every era."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from li_vault.formats.tables import columns, csv_table
from li_vault.formats.tables.columns import bare_name
from li_vault.formats.tables.export import Export, Format, Reading

MEMBERS = ("Imported Contacts.csv", "Contacts.csv", "ImportedContacts.csv")
"""What the files are called in archives, oldest first."""


class _ImportEra(NamedTuple):
    year: int
    original: str
    columns: frozenset[str]  # what its header has beside names and dates, as `bare` spells it


_ERAS = (
    _ImportEra(2025, MEMBERS[2], frozenset({"namesuffix", "thirdpartyverified"})),
    _ImportEra(2022, MEMBERS[1], frozenset({"source", "fullname"})),
    _ImportEra(2018, MEMBERS[0], frozenset()),
)
"""The first that fits; 2018 and 2022 were measured, 2025 is reported."""

_NEEDED = frozenset({"firstname", "lastname", "createdat"})
_TELLING = frozenset({"phonenumbers", "profiles", "companies", "bookmarkedat"})
"""One of them tells a book from any other table with names and a date."""

_NAMES = columns.vocabulary(
    {
        "first_name": "first name",
        "last_name": "last name",
        "full_name": "full name",
        "emails": "emails|email address",
        "phones": "phone numbers",
        "company": "companies",
        "position": "title",
        "url": "profiles|sites",
    }
)
_RENAMED = {
    "middlename": "Middle Name",
    "nameprefix": "Name Prefix",
    "namesuffix": "Name Suffix",
}


def _data_of(export: Export) -> bytes | None:
    return columns.loose_table(export, _is_header, "created")


def _is_header(cells: Sequence[str]) -> bool:
    if len(cells) <= len(_NEEDED):
        return False
    names = set(map(bare_name, cells))
    return names >= _NEEDED and not names.isdisjoint(_TELLING) and "connectedon" not in names


def _header_of(era: _ImportEra) -> csv_table.IsHeader:
    return lambda cells: _is_header(cells) and set(map(bare_name, cells)) >= era.columns


def _read(data: bytes) -> Reading:
    era = next(era for era in _ERAS if csv_table.has_header(data, _header_of(era)))
    sheet = columns.Sheet(
        kind=f"linkedin-contacts/{era.year}",
        original=era.original,
        names=_NAMES,
        renamed=_RENAMED,
    )
    return columns.read_sheet(data, sheet, _is_header)


IMPORTED_CONTACTS = Format("linkedin-contacts", _data_of, _read, "holds no imported contacts")
"""LinkedIn's imported contacts of every era, a loose file under any name."""
