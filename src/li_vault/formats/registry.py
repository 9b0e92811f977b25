"""Which format an export has; what a foreign file is."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from li_vault.core import text
from li_vault.errors import BadExport
from li_vault.formats.address_books import google, outlook, yahoo
from li_vault.formats.linkedin import api_pages, connections, imported_contacts
from li_vault.formats.tables.columns import is_linkedins_before_2016
from li_vault.formats.tables.export import Export, Format, Reading
from li_vault.formats.vcard import reader

FORMATS: Sequence[Format[Any]] = (
    connections.CONNECTIONS,
    outlook.OUTLOOK,
    outlook.OUTLOOK_COM,
    google.GOOGLE,
    yahoo.YAHOO,
    imported_contacts.IMPORTED_CONTACTS,
    reader.VCF,
    api_pages.API_PAGES,
)

_LISTED = 8  # members named in a message
_AGAIN = (
    "Nothing changed. Ask LinkedIn for the archive that includes Connections: "
    "Settings & Privacy, Data privacy, Get a copy of your data."
)


def is_wanted_member(name: str) -> bool:
    """Whether a file of this base name is one that some format reads out of an archive."""
    return connections.is_connections_member(name) or is_linkedins_before_2016(name)


def nameless_days(name: str, data: bytes) -> tuple[str, ...] | None:
    """The ISO days of the rows without a name in a list that was recorded under this file name.

    None where a list does not tell the days.
    """
    try:
        reading = read_export(Export(name, {name: data}, (name,), False, None, None, date.min))
    except BadExport:
        return None
    return reading.nameless if "connected_on" in reading.coverage.fields else None


def read_export(export: Export) -> Reading:
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
    found = min(filter(_is_list, sorted(export.files)), key=is_linkedins_before_2016,
                default=None)  # fmt: skip
    if export.packed and found is None:
        return _without_connections(export)
    data = export.files[found] if found else next(iter(export.files.values()), b"")
    where = f"{_shown(export)}: {found}" if export.packed else _shown(export)
    if not data.strip():
        return BadExport(f"{where} is empty.", _AGAIN)
    return BadExport(
        f"{where} is not LinkedIn's list of connections: this is {describe_foreign(data)}. "
        f"Expected a CSV file with the header {connections.EXPECTED}.",
        "Nothing changed. Hand over LinkedIn's export as it was downloaded: the zip, or its "
        "Connections.csv with the header in place. An address book can be read as a vCard file, or "
        "as Google's, Outlook's or Yahoo's CSV.",
    )


def _is_list(name: str) -> bool:
    """Whether a member is called as LinkedIn called its list of connections, today's or older."""
    return name.lower() == connections.ORIGINAL.lower() or is_linkedins_before_2016(name)


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
        f"{_shown(export)} holds no {connections.ORIGINAL}; it holds {names}{more}.",
        _AGAIN + _address_book_in(listing),
    )


def _address_book_in(listing: Sequence[str]) -> str:
    """What can be done with an archive's imported contacts, if it has any."""
    known = {name.lower() for name in imported_contacts.MEMBERS}
    book = next((n for n in (m.rpartition("/")[2] for m in listing) if n.lower() in known), None)
    if book is None:
        return ""
    return (
        f" Its {book!r} lists imported contacts, not connections: unpack it and hand over that "
        "file itself, to add what it knows to the people in the vault."
    )


def _shown(export: Export) -> str:
    return "Standard input" if export.source == "-" else repr(export.source)


_SHOWN = 12  # columns
_LINES = 40  # looked into for a header

_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"bplist", "an Apple property list"),
)

_BEGINNINGS = (
    ("<!doctype html", "a web page, maybe LinkedIn's log-in page under the export's name"),
    ("<html", "a web page, maybe LinkedIn's log-in page under the export's name"),
    ("<", "an XML or HTML file"),
    ("begin:vcard", "a vCard file"),
    ("{", "a JSON file"),
    ("[", "a JSON file"),
)

_PROGRAMS = (
    ("Google Contacts' CSV", {"first name", "organization name"}),
    ("Google Contacts' CSV", {"first name", "e mail 1 value"}),
    ("Google Contacts' older CSV", {"given name", "family name"}),
    ("Outlook.com's CSV", {"first name", "given yomi"}),
    ("Outlook's CSV (LinkedIn wrote it too, before 2016)", {"first name", "business street"}),
    ("Outlook's CSV", {"first name", "e mail 2 address"}),
    ("Yahoo's CSV", {"first", "last", "yahoo id"}),
    ("Thunderbird's CSV", {"first name", "primary email"}),
    ("the list of imported contacts out of a LinkedIn export", {"source", "firstname", "profiles"}),
    ("the list of imported contacts out of a LinkedIn export", {"first name", "created at"}),
    ("the list of imported contacts out of a LinkedIn export", {"firstname", "createdat"}),
    ("the messages out of a LinkedIn export", {"conversation id", "from", "to"}),
    ("the invitations out of a LinkedIn export", {"from", "to", "sent at", "direction"}),
    ("the owner's profile out of a LinkedIn export", {"first name", "headline"}),
    ("the recommendations out of a LinkedIn export", {"first name", "text", "status"}),
    ("the endorsements out of a LinkedIn export", {"endorsement date", "skill name"}),
    ("the owner's addresses out of a LinkedIn export", {"email address", "confirmed"}),
)
"""Whose CSV it is, and columns (as `text.key` spells them) that give it away."""

_HEADER_WORDS = frozenset(
    word
    for line in (
        "address birthday city company confirmed connected country created date department email",
        "direction display mail family first firstname from full given group headline home id job",
        "label last lastname location middle mobile name nickname notes number on organization",
        "phone position postal primary profile profiles sent source state status street subject",
        "suffix tags telephone text time title to url value web website websites work yomi zip",
        "nachname vorname nom prenom unternehmen entreprise poste verbunden nombre apellidos",
        "empresa cargo puesto conectado correo nome sobrenome endereco telefono telefone telefon",
    )
    for word in line.split()
)


def describe_foreign(data: bytes) -> str:
    """What these bytes look to be, such as "a PDF document"; fits after "this is"."""
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return words
    content = _text(data)
    if content is None:
        return "a binary file"
    start = content[:1000].strip().lower()
    for beginning, words in _BEGINNINGS:
        if start.startswith(beginning):
            return words
    return _described_table(content) if start else "an empty file"


def _text(data: bytes) -> str | None:
    """The beginning of the file as text, leniently, since it is only looked at."""
    head = data[:65536]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    if b"\0" in head:
        return None
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore")


def _described_table(content: str) -> str:
    best: list[str] = []
    for line in re.split(r"[\r\n]+", content)[:_LINES]:
        for delimiter in (",", ";", "\t"):
            cells = _cells(line, delimiter)
            keys = {text.name_key(cell) for cell in cells}
            for program, columns in _PROGRAMS:
                if columns <= keys:
                    return program
            if len(cells) > 1 and _is_header_like(cells) and len(cells) > len(best):
                best = cells
    if not best and "linkedin.com/in/" in content:
        return "a list of people whose header is missing"
    if not best:
        return "text without a header that li-vault knows"
    shown = ", ".join(repr(c[:30] if _is_header_word(c) else "…") for c in best[:_SHOWN])
    more = f" and {len(best) - _SHOWN} more" if len(best) > _SHOWN else ""
    return f"a table with the columns {shown}{more}"


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [text.clean(c) for c in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _is_header_like(cells: list[str]) -> bool:
    return 2 * sum(map(_is_header_word, cells)) >= len([c for c in cells if c]) > 0


def _is_header_word(cell: str) -> bool:
    """Whether the cell is made of nothing but words that columns are called by."""
    words = text.name_key(cell).split()
    return bool(words) and all(w in _HEADER_WORDS or (w.isdigit() and len(w) < 3) for w in words)
