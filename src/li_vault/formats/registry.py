"""All formats: each is asked whether an export is its own, and exactly one may say so."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from li_vault.errors import BadExport
from li_vault.formats import (
    address_book,
    columns,
    foreign,
    google,
    linkedin,
    list_kinds,
    outlook,
    outlook_com,
    portability,
    vcf,
    yahoo,
)
from li_vault.formats.base import Export, Format, Reading

FORMATS: Sequence[Format] = (
    linkedin.Connections(),
    outlook.Contacts(),
    outlook_com.Contacts(),
    google.Contacts(),
    yahoo.Contacts(),
    address_book.ImportedContacts(),
    vcf.Cards(),
    portability.Pages(),
)

_LISTED = 8  # members named in a message
_AGAIN = (
    "Nothing changed. Ask LinkedIn for the archive that includes Connections: "
    "Settings & Privacy, Data privacy, Get a copy of your data."
)


def wanted(name: str) -> bool:
    """Whether a file of this base name is one that some format reads out of an archive."""
    return linkedin.wanted(name) or columns.is_linkedins_before_2016(name)


def wrote_times(kind: str) -> bool:
    """Whether lists of this kind wrote times of day, from which days can be off by one."""
    return linkedin.wrote_times(kind)


def nameless(kind: str, name: str, data: bytes, count: int) -> tuple[str, ...] | None:
    """The days of the rows without a name in a list that was recorded.

    Args:
        kind: Its format and era.
        name: The name of the file.
        data: Its bytes.
        count: The number of these rows.

    Returns:
        ISO days, as many as there are such rows; None where a list does not tell the days.
    """
    if list_kinds.has_days(kind):
        with suppress(BadExport):
            found = linkedin.nameless(data, count)
            if found is not None:
                return tuple(found)
    try:
        reading = read(Export(name, {name: data}, (name,), False, None, None, date.min))
    except BadExport:
        return None
    return reading.nameless if "connected_on" in reading.coverage.fields else None


def read(export: Export) -> Reading:
    """Read the export by the one format that claims it.

    Raises:
        BadExport: Nobody claims it, or several do, or its format can't read it.
    """
    claimants = [f for f in FORMATS if f.claims(export)]
    if not claimants:
        raise _unclaimed(export)
    if len(claimants) > 1:
        names = " and ".join(f.name for f in claimants)
        raise BadExport(
            f"{_shown(export)} can be read as {names}; it has to be one of them.",
            "Hand over the file as LinkedIn made it.",
        )
    try:
        return claimants[0].read(export)
    except BadExport as error:
        raise BadExport(f"{_shown(export)}: {error.message}", error.hint) from None


def _unclaimed(export: Export) -> BadExport:
    found = min(filter(_is_list, sorted(export.files)), key=columns.is_linkedins_before_2016,
                default=None)  # fmt: skip
    if export.packed and found is None:
        return _without_connections(export)
    data = export.files[found] if found else next(iter(export.files.values()), b"")
    where = f"{_shown(export)}: {found}" if export.packed else _shown(export)
    if not data.strip():
        return BadExport(f"{where} is empty.", _AGAIN)
    return BadExport(
        f"{where} is not LinkedIn's list of connections: this is {foreign.describe(data)}. "
        f"Expected a CSV file with the header {linkedin.EXPECTED}.",
        "Nothing changed. Hand over LinkedIn's export as it was downloaded: the zip, or its "
        "Connections.csv with the header in place. An address book can be read as a vCard file, or "
        "as Google's, Outlook's or Yahoo's CSV.",
    )


def _is_list(name: str) -> bool:
    """Whether a member is called as LinkedIn called its list of connections, today's or older."""
    return name.lower() == linkedin.ORIGINAL.lower() or columns.is_linkedins_before_2016(name)


def _without_connections(export: Export) -> BadExport:
    listing = export.listing
    if any(name.endswith("xl/workbook.xml") for name in listing):
        return BadExport(
            f"{_shown(export)} is an Excel workbook.",
            "Nothing changed. Hand over the CSV file that LinkedIn made, or save it as CSV UTF-8.",
        )
    if not listing:
        return BadExport(f"{_shown(export)} holds no files at all.", _AGAIN)
    names = ", ".join(repr(name[-60:]) for name in listing[:_LISTED])
    more = f" and {len(listing) - _LISTED} more" if len(listing) > _LISTED else ""
    return BadExport(
        f"{_shown(export)} holds no {linkedin.ORIGINAL}; it holds {names}{more}.",
        _AGAIN + _address_book_in(listing),
    )


def _address_book_in(listing: Sequence[str]) -> str:
    """What can be done with an archive's imported contacts, if it has any."""
    known = {name.lower() for name in address_book.MEMBERS}
    book = next((n for n in (m.rpartition("/")[2] for m in listing) if n.lower() in known), None)
    if book is None:
        return ""
    return (
        f" Its {book!r} lists imported contacts, not connections: unpack it and hand over that "
        "file itself, to add what it knows to the people in the vault."
    )


def _shown(export: Export) -> str:
    return "Standard input" if export.source == "-" else repr(export.source)
