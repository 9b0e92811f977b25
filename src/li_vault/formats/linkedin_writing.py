"""Contacts -> LinkedIn's own list of connections, `Connections.csv`, as it is today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from li_vault.core import text
from li_vault.core.model import Contact, Person
from li_vault.formats import csv_columns, days, linkedin, outgoing
from li_vault.formats.outgoing import Written

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


def write(contacts: Iterable[Contact]) -> Written:
    """The contacts as today's `Connections.csv`, to the byte as LinkedIn writes it.

    Newest connection first (before them those without a day), those of one day as they are given;
    days as `01 Jan 2024`, quotes only where they are needed, LF, and no end of the last line.
    Several e-mail addresses, which LinkedIn never has, share the one cell. Whose row would name
    nobody is left out.
    """
    party = outgoing.party(contacts)
    people = [one for one in party.people if one[0] or _says_who(one)]
    fields = outgoing.fields(people)
    spelt = {day: days.spelt(day) for day in set(fields["connected_on"])}
    cells = {
        **fields,
        "first_name": outgoing.first_names(people),
        "emails": map(", ".join, fields["emails"]),
        "connected_on": map(spelt.__getitem__, fields["connected_on"]),
    }
    columns = [cells[field] for field in _FIELDS]
    header, *rows = csv_columns.lines(linkedin.EXPECTED.split(","), columns)
    # Without a day, which LinkedIn's rows never are, the last row would look cut off.
    ages = [day or _UNDATED for day in fields["connected_on"]]
    newest_first = sorted(range(len(rows)), key=ages.__getitem__, reverse=True)
    table = "\n".join([header, *map(rows.__getitem__, newest_first)])
    lost = {
        "phones": sum(map(bool, fields["phones"])),
        outgoing.FULL_NAME: outgoing.lost_names(people),
        NAMELESS: len(party.people) - len(people),
    }
    return outgoing.written(
        (NOTES + table).encode(), len(people), party.left, party.without(()), lost
    )


def _says_who(person: Person) -> bool:
    """Whether a row would be read back as this person, not as one that names nobody."""
    named = person.first_name or person.last_name or person.full_name
    return bool(named or person.emails or text.slug(person.url))
