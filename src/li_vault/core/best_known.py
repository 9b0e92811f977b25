"""The best that was ever known of a person: of each field the newest value, and when it stood.

Lists withdraw addresses, empty companies and lose people; the history keeps what they said. It is
folded from the states of a person's cards. Hand edits count as seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from li_vault.core import finding
from li_vault.core.model import Contact

SINGLE: Final = (
    "name", "first_name", "last_name", "profile_url", "company", "position", "connected_on",
)  # fmt: skip
"""Fields with one value at a time, as `--json` names them."""


class Seen(NamedTuple):
    """A value, and the last ISO day on which it was seen; empty if the history lacks it."""

    value: str
    last_seen: str


class Sight(NamedTuple):
    """One state of a card.

    Attributes:
        before: What the card was before; None if it was not, or could not be read.
        after: What it was then.
        day: ISO day on which it came to be so.
        until: Day of the last full list under which it stood so in `contacts/`; empty if there
            was none.
    """

    before: Contact | None
    after: Contact
    day: str
    until: str


class BestKnown(NamedTuple):
    """What is known best of one person.

    Attributes:
        fields: The newest value of each of the `SINGLE` fields that ever had one.
        emails: Every address that was ever seen, the last seen first.
        phones: Every number that was ever seen, the last seen first.
        extra: The newest value of each column that ever had one.
    """

    fields: Mapping[str, Seen]
    emails: tuple[Seen, ...]
    phones: tuple[Seen, ...]
    extra: Mapping[str, Seen]


def fold(sights: Iterable[Sight], now: Contact) -> BestKnown:
    """What is known best of a person, from the states of all cards that are theirs.

    A value was last seen on the last full list that left it in `contacts/`; one that never stood
    there, on the day it was written.

    Args:
        sights: The states, oldest first.
        now: The contact as it is; what it says is the newest.
    """
    seen: dict[tuple[str, str], dict[str, Seen]] = {}
    for sight in sights:
        known = _values(sight.before) if sight.before else {}
        for place, values in _values(sight.after).items():
            found = seen.setdefault(place, {})
            for value in reversed(values):  # of one day, the first on a card comes first
                key = _key(place, value)
                old = found.pop(key, None)
                day = sight.until or (sight.day if value not in known.get(place, ()) else "")
                if old is None:
                    day = day or sight.day
                found[key] = Seen(value, max(day, old.last_seen if old else ""))
    newest = {place: _newest_first(found) for place, found in seen.items()}
    for place, values in _values(now).items():
        found = seen.get(place, {})
        said = [found.get(_key(place, value), Seen(value, "")) for value in values]
        rest = [one for one in newest.get(place, ()) if one not in said]
        newest[place] = [*said, *rest]
    return BestKnown(
        {name: newest["", name][0] for name in SINGLE if newest.get(("", name))},
        _by_day(newest.get(("emails", ""), ())),
        _by_day(newest.get(("phones", ""), ())),
        {name: newest[kind, name][0] for kind, name in sorted(newest) if kind == "extra"},
    )


def filled(contact: Contact, known: BestKnown) -> Contact:
    """The contact with the best known value wherever its card says nothing.

    Every address and number stands on it, the last seen first; those that the user added stay
    among the user's own lines.
    """
    shown = contact.shown

    def best(name: str, value: str) -> str:
        is_told = value or (name in finding.TOLD and finding.told(contact, name))
        return value if is_told or name not in known.fields else known.fields[name].value

    own = (set(finding.own_values(contact, "EMAIL")), set(finding.own_values(contact, "TEL")))
    extra = {name: seen.value for name, seen in known.extra.items()} | dict(shown.extra)
    full_name = shown.full_name or ("" if shown.name else best("name", ""))
    return contact._replace(
        shown=shown._replace(
            first_name=best("first_name", shown.first_name),
            last_name=best("last_name", shown.last_name),
            full_name=full_name,
            url=best("profile_url", shown.url),
            company=best("company", shown.company),
            position=best("position", shown.position),
            connected_on=best("connected_on", shown.connected_on),
            emails=tuple(one.value for one in known.emails if one.value not in own[0]),
            phones=tuple(one.value for one in known.phones if one.value not in own[1]),
            extra=tuple(sorted(extra.items())),
        )
    )


def _values(contact: Contact) -> dict[tuple[str, str], list[str]]:
    """All that a card says, by kind and name; nothing is empty."""
    shown = contact.shown
    found = {
        ("", "name"): [shown.name],
        ("", "first_name"): [shown.first_name],
        ("", "last_name"): [shown.last_name],
        ("", "connected_on"): [shown.connected_on],
        ("emails", ""): finding.emails(contact),
        ("phones", ""): finding.phones(contact),
    }
    found |= {("", name): [finding.told(contact, name)] for name in finding.TOLD}
    found |= {("extra", column): [value] for column, value in shown.extra}
    return {place: kept for place, values in found.items() if (kept := list(filter(None, values)))}


def _key(place: tuple[str, str], value: str) -> str:
    """Two spellings of one e-mail address are one address."""
    return value.casefold() if place[0] == "emails" else value


def _newest_first(found: Mapping[str, Seen]) -> list[Seen]:
    """The last seen first; of one day, what came to be seen last."""
    return list(_by_day(reversed(list(found.values()))))


def _by_day(found: Iterable[Seen]) -> tuple[Seen, ...]:
    return tuple(sorted(found, key=lambda one: one.last_seen, reverse=True))
