"""The CSV of Outlook and of Outlook.com."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from li_vault.core.model import Contact, Person, Row
from li_vault.formats.tables import columns, csv_table
from li_vault.formats.tables.export import Export, Format, Reading
from li_vault.formats.vcard import table_rows
from li_vault.formats.vcard.table_rows import WrittenFile

_OUTLOOK_HEADER = (
    "Title,First Name,Middle Name,Last Name,Suffix,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Business Street,Business Street 2,Business Street 3,Business City,"
    "Business State,Business Postal Code,Business Country,Home Street,Home Street 2,"
    "Home Street 3,Home City,Home State,Home Postal Code,Home Country,Other Street,"
    "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country,"
    "Company,Department,Job Title,Assistant's Phone,Business Fax,Business Phone,"
    "Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
    "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,"
    "TTY/TDD Phone,Telex,Assistant's Name,Birthday,Manager's Name,Notes,"
    "Other Address PO Box,Spouse,Web Page,Personal Web Page"
)
_LINKEDINS = columns.header_keys(_OUTLOOK_HEADER.split(","))
"""All columns of LinkedIn's file; no program's own export has exactly these."""

_OUTLOOK_NEEDED = columns.header_keys(("First Name", "Last Name", "E-mail Address"))
_CLASSIC = columns.header_keys(
    ("E-mail 2 Address", "Business Phone", "Home Phone", "Mobile Phone", "Business Street")
)
"""One of them tells Outlook's table from any other with names and addresses."""
_STRANGE = columns.header_keys(("Given Yomi", "Surname Yomi", "Connected On"))
"""Outlook.com's own columns, and LinkedIn's of today."""

_RENAMED = {"title": "Name Prefix", "suffix": "Name Suffix"}
_FIVE = {
    "first_name": "first name",
    "last_name": "last name",
    "emails": "e-mail address|e-mail 2 address|e-mail 3 address",
    "company": "company",
    "position": "job title",
}
_OUTLOOK_PHONES = (
    "mobile phone|primary phone|business phone|business phone 2|home phone|home phone 2|"
    "other phone|car phone|company main phone|radio phone"
)

_LIST = columns.Sheet(
    kind="linkedin-outlook/2012",
    original="linkedin_connections_export_microsoft_outlook.csv",
    names=columns.vocabulary(_FIVE),
    renamed=_RENAMED,
    covers=frozenset(_FIVE),
    full=True,
)
_ADDRESS_BOOK = columns.Sheet(
    kind="outlook-csv",
    original="outlook.csv",
    names=columns.vocabulary(
        {**_FIVE, "phones": _OUTLOOK_PHONES, "url": "web page|personal web page|business web page"}
    ),
    renamed=_RENAMED,
    empty=frozenset({"0/0/00"}),  # how Outlook writes a birthday that is not known
)


def _found(export: Export) -> tuple[str, bytes] | None:
    return columns.archive_member(export, _is_outlook_header, "e-mail address")


def _read(found: tuple[str, bytes]) -> Reading:
    """As everyone if it has exactly LinkedIn's columns, else as an address book."""
    _, data = found
    is_list = csv_table.has_header(data, _is_linkedins)
    return columns.read_sheet(data, _LIST if is_list else _ADDRESS_BOOK, _is_outlook_header)


OUTLOOK = Format("outlook-csv", _found, _read, "has none of Outlook's columns")
"""Outlook's CSV; out of an archive only LinkedIn's own file."""


def _is_outlook_header(cells: Sequence[str]) -> bool:
    if len(cells) < len(_OUTLOOK_NEEDED):
        return False
    keys = columns.header_keys(cells)
    return keys >= _OUTLOOK_NEEDED and not keys.isdisjoint(_CLASSIC) and keys.isdisjoint(_STRANGE)


def _is_linkedins(cells: Sequence[str]) -> bool:
    return len(cells) == len(_LINKEDINS) and columns.header_keys(cells) == _LINKEDINS


_HEADER = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,"
    "E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,"
    "Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,"
    "Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,"
    "Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,"
    "Assistant's Phone,Company Yomi,Business Street,Business City,Business State,"
    "Business Postal Code,Business Country/Region,Home Street,Home City,Home State,"
    "Home Postal Code,Home Country/Region,Other Street,Other City,Other State,"
    "Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,"
    "Web Page,Birthday,Anniversary,Notes"
)
HEADER: Final = _HEADER.split(",")
"""The columns of every file, in their order."""

ORIGINAL = "outlook-com.csv"

_EMAILS = ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address")
_PHONES = (
    *("Mobile Phone", "Primary Phone", "Business Phone", "Business Phone 2", "Home Phone"),
    *("Home Phone 2", "Other Phone", "Car Phone", "Company Main Phone", "Radio Phone"),
)
_NUMBERS = frozenset(name for name in HEADER if re.search(r"Phone|Fax|Pager|Callback|Telex", name))
"""The columns of numbers to be called, those included that our phones have no use for."""
_COLUMNS: Final = {
    "Title": "Name Prefix",
    "Suffix": "Name Suffix",
    "Personal Web Page": "Website",
    "IMAddress": "Instant Messenger",
    "Notes": "Note",
}
"""Outlook's column -> ours; every other one is called as Outlook calls it."""
_FIELDS: Final = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Company": "company",
    "Job Title": "position",
    "Web Page": "url",
}
_OWN = frozenset({_COLUMNS.get(name, name) for name in HEADER} - {*_FIELDS, *_EMAILS, *_PHONES})
"""Our columns that have a place in the table."""

_NEEDED = columns.header_keys(("First Name", "Last Name", "Given Yomi", "Surname Yomi"))
_SHEET = columns.Sheet(
    kind="outlook-com-csv",
    original=ORIGINAL,
    names=columns.vocabulary(
        {
            **{field: name for name, field in _FIELDS.items()},
            "emails": "|".join(_EMAILS),
            "phones": "|".join(_PHONES),
            "url": "Web Page|Personal Web Page",
        }
    ),
    renamed={columns.bare_name(name): ours for name, ours in _COLUMNS.items()},
    restore=csv_table.unmark_formula,
)
_LINE = re.compile(
    rf"(?:\A|\s)LinkedIn: (?:connected on (\d{{4}}-\d\d-\d\d), )?{table_rows.UID} [0-9a-f-]{{36}}\Z"
)


def _data_of(export: Export) -> bytes | None:
    return columns.loose_table(export, _is_header, "yomi")


def _read_outlook_com(data: bytes) -> Reading:
    reading = columns.read_sheet(data, _SHEET, _is_header)
    people = tuple(Row(row.number, _told(row.person)) for row in reading.people)
    return reading._replace(
        people=people,
        coverage=columns.list_coverage(people),
        newest=max((row.person.connected_on for row in people), default=""),
    )


OUTLOOK_COM = Format(
    "outlook-com-csv", _data_of, _read_outlook_com, "has none of Outlook's columns"
)
"""Outlook.com's CSV, a loose file under any name."""


def _is_header(cells: Sequence[str]) -> bool:
    return columns.header_keys(cells) >= _NEEDED


def _told(person: Person) -> Person:
    """The person with what our own line in the notes tells, and without that line."""
    extra = dict(person.extra)
    found = _LINE.search(extra.get("Note", ""))
    if found is None:
        return person
    extra["Note"] = extra["Note"][: found.start()]
    kept = tuple(sorted((column, value) for column, value in extra.items() if value))
    return person._replace(connected_on=found[1] or "", extra=kept)


def write_outlook_com(contacts: Iterable[Contact]) -> WrittenFile:
    """The contacts as a file that Outlook.com and the new Outlook import."""
    party = table_rows.rows_of_contacts(contacts)
    lost = party.without(_OWN)
    for field, places in (("emails", _EMAILS), ("phones", _PHONES)):
        lost[f"{field} beyond {len(places)}"] = sum(
            number > len(places) for number in map(len, party.fields[field])
        )
    lost[table_rows.FULL_NAME] = table_rows.count_lost_names(party.people)
    cells = [
        csv_table.safe_cells(column, phones=name in _NUMBERS)
        for name, column in zip(HEADER, _cells(party), strict=True)
    ]
    data = csv_table.write_csv(HEADER, cells)
    return table_rows.written_file(data, len(party.people), party.left, lost)


def _cells(party: table_rows.TableRows) -> Iterable[Iterable[str]]:
    several: dict[str, Iterable[str]] = {}
    for field, places in (("emails", _EMAILS), ("phones", _PHONES)):
        several.update(zip(places, party.several(field, least=len(places)), strict=False))
    for name in HEADER:
        if name == "First Name":
            yield table_rows.first_names(party.people)
        elif name in _FIELDS:
            yield party.fields[_FIELDS[name]]
        elif name == "Notes":
            yield _notes(party)
        else:
            yield several.get(name) or party.column(_COLUMNS.get(name, name))


def _notes(party: table_rows.TableRows) -> list[str]:
    """The notes, with a line at their end that holds what has no column."""
    lines = [
        f"LinkedIn: connected on {day}, {table_rows.UID} {uid}"
        if day
        else f"LinkedIn: {table_rows.UID} {uid}"
        for uid, day in zip(party.uids, party.fields["connected_on"], strict=True)
    ]
    for number, note in party.extra.get("Note", {}).items():
        lines[number] = f"{note}\n{lines[number]}"
    return lines
