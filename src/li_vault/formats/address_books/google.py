"""Google Contacts' CSV, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final

from li_vault.core import card, content_lines, text
from li_vault.core.model import Contact, Person, Row
from li_vault.formats.tables import columns, csv_table
from li_vault.formats.tables.export import Export, Format, Reading, SkippedRow
from li_vault.formats.vcard import table_rows
from li_vault.formats.vcard.table_rows import WrittenFile

_FIXED = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,"
    "Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
    "Organization Title,Organization Department,Birthday,Notes,Photo,Labels"
)
FIXED: Final = _FIXED.split(",")
"""The columns that every file has, in their order."""

ORIGINAL = "google.csv"
_LINKEDIN = "LinkedIn"
LABELS: Final = f"* myContacts ::: {_LINKEDIN}"
"""What everyone is labelled with: Google's own mark of a contact, and where they are from."""

_JOINT = " ::: "
BROKEN_UP: Final = f"addresses and phones with {_JOINT.strip()} in them"
"""What Google's own sign between values would break up."""
_BETWEEN = "; "
"""Between several values in a column of ours."""
_CATEGORIES = "Categories"
_PROFILE = "Profile"
_NEEDED = columns.header_keys(("First Name", "Last Name", "Organization Name"))
_FIRST = text.name_key("E-mail 1 - Value")
_NUMBERED = re.compile(r"(.+) (\d+) - (.+)")
_FIELDS: Final = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Organization Name": "company",
    "Organization Title": "position",
    "File As": "full_name",
}
_COLUMNS: Final = {
    "Middle Name": "Middle Name",
    "Name Prefix": "Name Prefix",
    "Name Suffix": "Name Suffix",
    "Nickname": "Nickname",
    "Organization Department": card.DEPARTMENT,
    "Birthday": "Birthday",
    "Notes": "Note",
    "Labels": _CATEGORIES,
}
"""Google's column -> ours; every other fixed one is called as Google calls it."""

_NAMED = frozenset({"Event", "Relation", "Custom Field"})
"""Families whose labels say what the value is."""
_SPELLINGS = {text.name_key(n): n for n in (*FIXED, "E-mail", "Phone", "Website", *_NAMED)}
_WEBSITE = "Website"
_PHOTO = "Photo"  # the address of a picture at Google's
_PLACED = frozenset({_COLUMNS.get(name, name) for name in FIXED} | {_WEBSITE}) - {_PHOTO, *_FIELDS}
"""Our columns that have a place of their own; every other one becomes a custom field."""


def _data_of(export: Export) -> bytes | None:
    return columns.loose_table(export, _is_header, "organization name")


def _read(data: bytes) -> Reading:
    """A row without name, e-mail, phone and profile is skipped and counted."""
    content = csv_table.read_table(data, _is_header, pad=True)
    header = [_spelt(name) for name in content.header]
    people: list[Row] = []
    skipped: list[SkippedRow] = list(content.skipped)
    for number, row in zip(content.numbers, content.rows, strict=True):
        cells = [text.clean(csv_table.unmark_formula(cell)) for cell in row]
        person = _person(dict(zip(header, cells, strict=True)))
        if columns.identifies_someone(person):
            people.append(Row(number, person))
        else:
            skipped.append(SkippedRow(number, columns.NOBODY))
    return Reading(
        kind="google-csv",
        original=ORIGINAL,
        data=data,
        rows=len(content.rows) + len(content.skipped),
        people=tuple(people),
        nameless=(),
        skipped=tuple(sorted(skipped)),
        coverage=columns.list_coverage(people),
        full=False,
        enriches=True,
        damage=csv_table.count_broken_cells(content.text, content.rows),
        newest=max((row.person.connected_on for row in people), default=""),
    )


GOOGLE = Format("google-csv", _data_of, _read, "has none of Google's columns")
"""Google Contacts' CSV, a loose file under any name."""


def _is_header(cells: Sequence[str]) -> bool:
    keys = columns.header_keys(cells)
    return keys >= _NEEDED and _FIRST in keys


def _spelt(name: str) -> str:
    """A column's name as Google spells it, whatever some program made of its capitals."""
    found = _NUMBERED.fullmatch(name)
    if found is None:
        return _SPELLINGS.get(text.name_key(name), name)
    family, number, part = found.groups()
    family = _SPELLINGS.get(text.name_key(family), family)
    return f"{family} {number} - {part.capitalize() if part.isupper() or part.islower() else part}"


class _PersonOfRow:
    """A person while the cells of a row are taken one by one."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.emails: dict[str, str] = {}
        self.phones: dict[str, None] = {}
        self.extra: dict[str, list[str]] = {}

    def add(self, column: str, value: str) -> None:
        if value and value not in self.extra.setdefault(column, []):
            self.extra[column].append(value)

    def take(self, family: str, label: str, value: str) -> None:
        """Take a value with its label."""
        several = [value] if family == "Custom Field" else value.split(_JOINT.strip())
        for one in filter(None, map(text.clean, several)):
            if family == "E-mail" and "@" in one:
                self.emails.setdefault(one.lower(), one)
            elif family == "Phone":
                self.phones.setdefault(one)
            elif family == "Website" and not self.fields.get("url") and text.profile_slug(one):
                self.fields["url"] = one
            elif family == "Event" and label == table_rows.CONNECTED_ON:
                day = columns.parse_days([one]).iso[one]
                self.fields["connected_on"] = day or ""
                self.add("" if day else label, "" if day else one)
            elif label != table_rows.UID:
                self.add(label if family in _NAMED and label else family, one)

    def person(self) -> Person:
        extra = {column: "; ".join(values) for column, values in self.extra.items() if values}
        found = Person(
            **self.fields,
            emails=tuple(self.emails.values()),
            phones=tuple(self.phones),
            extra=tuple(sorted(extra.items())),
        )
        return found._replace(full_name="") if found.full_name == _filed(found) else found


def _filed(person: Person) -> str:
    return person._replace(full_name="").name


def _person(cells: Mapping[str, str]) -> Person:
    draft = _PersonOfRow()
    for name, value in cells.items():
        if not value:
            continue
        numbered = _NUMBERED.fullmatch(name)
        if numbered is None:
            _take_fixed(draft, name, value)
        elif numbered[3] == "Value":
            label = cells.get(f"{numbered[1]} {numbered[2]} - Label", "")
            draft.take(numbered[1], label.removeprefix("* "), value)
        elif numbered[3] != "Label":  # an address has parts instead of a value
            draft.add(f"{numbered[1]} {numbered[3]}", value)
    return draft.person()


def _take_fixed(draft: _PersonOfRow, name: str, value: str) -> None:
    if name in _FIELDS:
        draft.fields[_FIELDS[name]] = value
    elif name == "Labels":
        for label in value.split(_JOINT):
            if not label.startswith("* ") and label != _LINKEDIN:
                draft.add(_COLUMNS[name], label)
    elif name != _PHOTO:
        draft.add(_COLUMNS.get(name, name), value)


def write_google(contacts: Iterable[Contact]) -> WrittenFile:
    """The contacts as a file that Google Contacts imports."""
    contacts = list(contacts)
    party = table_rows.rows_of_contacts(contacts)
    undivided = _undivided(contacts, party)
    safe = csv_table.safe_cells
    header = list(FIXED)
    cells: list[Iterable[str]] = [_fixed(party, name, undivided) for name in FIXED]

    def add(family: str, number: int, label: Iterable[str], values: Iterable[str]) -> None:
        header.extend((f"{family} {number} - Label", f"{family} {number} - Value"))
        cells.extend((label, values))

    for family, field in (("E-mail", "emails"), ("Phone", "phones")):
        for number, values in enumerate(party.several(field, least=1), 1):
            add(family, number, repeat(""), safe(values, phones=family == "Phone"))
    add("Website", 1, _if(_PROFILE, party.fields["url"]), safe(party.fields["url"]))
    if _WEBSITE in party.extra:
        apart = list(_divided(party, _WEBSITE, undivided))
        for number in range(max(map(len, apart))):
            more = [each[number] if len(each) > number else "" for each in apart]
            add("Website", number + 2, repeat(""), safe(more))
    connected = party.fields["connected_on"]
    add("Event", 1, _if(table_rows.CONNECTED_ON, connected), safe(connected))
    add("Custom Field", 1, repeat(table_rows.UID), party.uids)
    others = {name: party.extra[name] for name in party.extra.keys() - _PLACED - {table_rows.UID}}
    for number, (name, known) in enumerate(sorted({**others, **undivided}.items()), 2):
        values = [known.get(person, "") for person in range(len(party.people))]
        label = f"* {name}" if name.startswith("* ") else name  # reading takes one away
        add("Custom Field", number, _if(label, values), safe(values))
    lost = {
        table_rows.UID: len(party.extra.get(table_rows.UID, ())),
        BROKEN_UP: sum(map(_is_broken_up, party.people)),
    }
    return table_rows.written_file(
        csv_table.write_csv(header, cells), len(party.people), party.left, lost
    )


def _undivided(
    contacts: Sequence[Contact], party: table_rows.TableRows
) -> dict[str, dict[int, str]]:
    """Categories and websites that would not come out of their cells as they went in."""
    found: dict[str, dict[int, str]] = {}
    for name, (kind, fits) in _DIVIDED.items():
        for number, value in party.extra.get(name, {}).items():
            ambiguous = any(
                line.name == kind and _BETWEEN in text.clean(line.text)
                for line in filter(None, map(content_lines.parse_line, contacts[number].own))
            )
            if ambiguous or not all(map(fits, value.split(_BETWEEN))):
                found.setdefault(name, {})[number] = value
    return found


def _is_label(category: str) -> bool:
    ours = category == _LINKEDIN or category.startswith("* ")
    return not ours and _JOINT not in f" {category} "


def _is_single(value: str) -> bool:
    return _JOINT.strip() not in value


_DIVIDED: Final = {_CATEGORIES: ("CATEGORIES", _is_label), _WEBSITE: ("URL", _is_single)}
"""Column whose values go apart -> the property of own lines, and what fits into its cells."""


def _is_broken_up(person: Person) -> bool:
    return not all(map(_is_single, (person.url, *person.emails, *person.phones)))


def _divided(
    party: table_rows.TableRows, name: str, undivided: Mapping[str, Mapping[int, str]]
) -> Iterator[list[str]]:
    """The values of a column, one by one; none of those that go elsewhere undivided."""
    left_out = undivided.get(name, {})
    for number, value in enumerate(party.column(name)):
        yield value.split(_BETWEEN) if value and number not in left_out else []


def _fixed(
    party: table_rows.TableRows, name: str, undivided: Mapping[str, Mapping[int, str]]
) -> Iterable[str]:
    if name in _FIELDS:
        return csv_table.safe_cells(party.fields[_FIELDS[name]])
    if name == _PHOTO:
        return repeat("")
    if name == "Labels":
        if _CATEGORIES not in party.extra:
            return repeat(LABELS)
        own = _divided(party, _CATEGORIES, undivided)
        return [_JOINT.join([LABELS, *each]) for each in own]
    cells = party.column(_COLUMNS.get(name, name))
    return csv_table.safe_cells(cells)


def _if(label: str, values: Iterable[str]) -> list[str]:
    """The label wherever there is a value."""
    (harmless,) = csv_table.safe_cells((label,))
    return [harmless if value else "" for value in values]
