"""Outlook.com's CSV, which the new Outlook writes and takes as well: read and written.

It has other columns than the CSV of Outlook for Windows (`formats.outlook`): the Yomi names tell
it. There is no column for the day of connecting or for our own id: both stand in a line of their
own at the end of the notes, which reading takes away again.
Source: the header of genuine exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from li_vault.core import formulas
from li_vault.core.model import Contact, Person, Row
from li_vault.errors import BadExport
from li_vault.formats import columns, outgoing, spreadsheet
from li_vault.formats.base import Export, Reading
from li_vault.formats.outgoing import Written

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

_NEEDED = columns.keys(("First Name", "Last Name", "Given Yomi", "Surname Yomi"))
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
    renamed={columns.bare(name): ours for name, ours in _COLUMNS.items()},
    restore=formulas.unmarked,
)
_LINE = re.compile(
    rf"(?:\A|\s)LinkedIn: (?:connected on (\d{{4}}-\d\d-\d\d), )?{outgoing.UID} [0-9a-f-]{{36}}\Z"
)


class Contacts:
    """Outlook.com's CSV (a `formats.base.Format`)."""

    name = "outlook-com-csv"

    def claims(self, export: Export) -> bool:
        """Whether this loose file has Outlook.com's columns, under any name."""
        return _data_of(export) is not None

    def read(self, export: Export) -> Reading:
        """Read it as an address book.

        Raises:
            BadExport: In several encodings, binary, cut off, or with an unclosed quote.
        """
        data = _data_of(export)
        if data is None:
            raise BadExport(f"{export.source} has none of Outlook's columns.", "Export it again.")
        reading = columns.read(data, _SHEET, _is_header)
        people = tuple(Row(row.number, _told(row.person)) for row in reading.people)
        return reading._replace(
            people=people,
            coverage=columns.coverage(people),
            newest=max((row.person.connected_on for row in people), default=""),
        )


def _data_of(export: Export) -> bytes | None:
    return columns.loose(export, _is_header, "yomi")


def _is_header(cells: Sequence[str]) -> bool:
    return columns.keys(cells) >= _NEEDED


def _told(person: Person) -> Person:
    """The person with what our own line in the notes tells, and without that line."""
    extra = dict(person.extra)
    found = _LINE.search(extra.get("Note", ""))
    if found is None:
        return person
    extra["Note"] = extra["Note"][: found.start()]
    kept = tuple(sorted((column, value) for column, value in extra.items() if value))
    return person._replace(connected_on=found[1] or "", extra=kept)


def write(contacts: Iterable[Contact]) -> Written:
    """The contacts as a file that Outlook.com and the new Outlook import."""
    party = outgoing.party(contacts)
    lost = party.without(_OWN)
    for field, places in (("emails", _EMAILS), ("phones", _PHONES)):
        lost[f"{field} beyond {len(places)}"] = sum(
            number > len(places) for number in map(len, party.fields[field])
        )
    lost[outgoing.FULL_NAME] = outgoing.lost_names(party.people)
    cells = [
        spreadsheet.safe(column, phones=name in _NUMBERS)
        for name, column in zip(HEADER, _cells(party), strict=True)
    ]
    data = spreadsheet.write(HEADER, cells)
    return outgoing.written(data, len(party.people), party.left, lost)


def _cells(party: outgoing.Party) -> Iterable[Iterable[str]]:
    """The cells of each column."""
    several: dict[str, Iterable[str]] = {}
    for field, places in (("emails", _EMAILS), ("phones", _PHONES)):
        several.update(zip(places, party.several(field, least=len(places)), strict=False))
    for name in HEADER:
        if name == "First Name":
            yield outgoing.first_names(party.people)
        elif name in _FIELDS:
            yield party.fields[_FIELDS[name]]
        elif name == "Notes":
            yield _notes(party)
        else:
            yield several.get(name) or party.column(_COLUMNS.get(name, name))


def _notes(party: outgoing.Party) -> list[str]:
    """The notes, with a line at their end that holds what has no column."""
    lines = [
        f"LinkedIn: connected on {day}, {outgoing.UID} {uid}"
        if day
        else f"LinkedIn: {outgoing.UID} {uid}"
        for uid, day in zip(party.uids, party.fields["connected_on"], strict=True)
    ]
    for number, note in party.extra.get("Note", {}).items():
        lines[number] = f"{note}\n{lines[number]}"
    return lines
