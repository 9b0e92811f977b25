"""What is known best of a contact, from all states of the card."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from li_vault.core import card, content_lines, search
from li_vault.core.model import Contact

SINGLE: Final = (
    "name", "first_name", "last_name", "profile_url", "company", "position", "connected_on",
)  # fmt: skip
"""Fields with one value at a time, as `--json` names them."""


class DatedValue(NamedTuple):
    """A value, and the ISO days on which it was seen last and first; empty if nobody can tell."""

    value: str
    last_seen: str
    first_seen: str = ""


class CardState(NamedTuple):
    """One state of a card.

    Attributes:
        before: What the card was before; None if it was not, or could not be read.
        day: ISO day on which it came to be so.
        until: Day of the last full list under which it stood so in `contacts/`; empty if there
            was none.
    """

    before: Contact | None
    after: Contact
    day: str
    until: str


class AllValues(NamedTuple):
    """Every value that a person ever had, the newest of each field first.

    Attributes:
        fields: By field: the `SINGLE` ones, `emails` and `phones`; only those that ever had any.
    """

    fields: Mapping[str, tuple[DatedValue, ...]]
    extra: Mapping[str, tuple[DatedValue, ...]]


class BestKnown(NamedTuple):
    """What is known best of one person.

    Attributes:
        fields: The newest value of each of the `SINGLE` fields that ever had one.
        emails: Every address that was ever seen, the last seen first.
        phones: Every number that was ever seen, the last seen first.
    """

    fields: Mapping[str, DatedValue]
    emails: tuple[DatedValue, ...]
    phones: tuple[DatedValue, ...]
    extra: Mapping[str, DatedValue]


def best_known_of(sights: Iterable[CardState], now: Contact) -> BestKnown:
    """What is known best of a person; see `everything`."""
    known = all_values(sights, now)
    return BestKnown(
        {name: known.fields[name][0] for name in SINGLE if name in known.fields},
        known.fields.get("emails", ()),
        known.fields.get("phones", ()),
        {column: several[0] for column, several in known.extra.items()},
    )


def all_values(sights: Iterable[CardState], now: Contact) -> AllValues:
    """What was ever known of a person, from the states of all cards that are theirs.

    A value was last seen on the last full list that left it in `contacts/`; one that never stood
    there, on the day it was written.

    Args:
        sights: The states, oldest first.
    """
    seen: dict[_Place, dict[str, DatedValue]] = {}
    for sight in sights:
        before = _values(sight.before) if sight.before else {}
        for place, values in _values(sight.after).items():
            found = seen.setdefault(place, {})
            for value in reversed(values):  # of one day, the first on a card comes first
                key = _key(place, value)
                old = found.pop(key, None)
                day = sight.until or (sight.day if value not in before.get(place, ()) else "")
                if old is None:
                    found[key] = DatedValue(value, day or sight.day, sight.day)
                else:
                    found[key] = DatedValue(value, max(day, old.last_seen), old.first_seen)
    newest = {place: _by_day(reversed(list(found.values()))) for place, found in seen.items()}
    for place, values in _values(now).items():
        found = seen.get(place, {})
        said = [found.get(_key(place, value), DatedValue(value, "")) for value in values]
        rest = [one for one in newest.get(place, ()) if one not in said]
        newest[place] = _by_day([*said, *rest]) if place[1] in _MANY else (*said, *rest)
    return AllValues(
        {name: newest["", name] for name in (*SINGLE, *_MANY) if ("", name) in newest},
        {name: newest[kind, name] for kind, name in sorted(newest) if kind == "extra"},
    )


def values_by_field(known: AllValues) -> dict[str, tuple[DatedValue, ...]]:
    """All values by the field names of `--json`, in their order; columns follow."""
    named = dict(known.fields)
    for column, several in known.extra.items():
        named[column if column not in named else f"{column} (column)"] = several
    return named


def fill_in(contact: Contact, known: BestKnown) -> Contact:
    """The contact with the best known value wherever its card says nothing.

    Every address and number stands on it: first those of the card, then the last seen. Those that
    the user added stay among the user's own lines, and what is no longer said comes after them.
    """
    shown = contact.shown

    def best(name: str, value: str) -> str:
        is_told = value or (name in search.TOLD and search.field_value(contact, name))
        return value if is_told or name not in known.fields else known.fields[name].value

    emails, more_emails = _ordered(
        known.emails, shown.emails, search.own_values(contact, "EMAIL"), card.EMAIL
    )
    phones, more_phones = _ordered(
        known.phones, shown.phones, search.own_values(contact, "TEL"), "TEL"
    )
    extra = {name: seen.value for name, seen in known.extra.items()} | dict(shown.extra)
    full_name = shown.full_name or ("" if shown.name else best("name", ""))
    return contact._replace(
        own=(*contact.own, *more_emails, *more_phones),
        shown=shown._replace(
            first_name=best("first_name", shown.first_name),
            last_name=best("last_name", shown.last_name),
            full_name=full_name,
            url=best("profile_url", shown.url),
            company=best("company", shown.company),
            position=best("position", shown.position),
            connected_on=best("connected_on", shown.connected_on),
            emails=emails,
            phones=phones,
            extra=tuple(sorted(extra.items())),
        ),
    )


def _ordered(
    known: Iterable[DatedValue], said: Collection[str], own: Collection[str], head: str
) -> tuple[tuple[str, ...], list[str]]:
    """The values among ours, and the lines that come behind the user's own, where there are any."""
    values = [one.value for one in known if one.value not in own]
    if not own:
        return tuple(values), []
    gone = [f"{head}:{content_lines.escape(value)}" for value in values if value not in said]
    return tuple(value for value in values if value in said), gone


_Place = tuple[str, str]
"""Where a value stands: `extra` and a column, or nothing and a field."""

_MANY = ("emails", "phones")


def _values(contact: Contact) -> dict[_Place, list[str]]:
    """All that a card says; nothing is empty."""
    shown = contact.shown
    fields = {
        "name": [shown.name],
        "first_name": [shown.first_name],
        "last_name": [shown.last_name],
        "connected_on": [shown.connected_on],
        "emails": search.all_emails(contact),
        "phones": search.all_phones(contact),
        **{name: [search.field_value(contact, name)] for name in search.TOLD},
    }
    found = {
        ("", name): kept for name, values in fields.items() if (kept := [*filter(None, values)])
    }
    return found | {("extra", column): [value] for column, value in shown.extra}


def _key(place: _Place, value: str) -> str:
    """Two spellings of one e-mail address are one address."""
    return value.casefold() if place == ("", "emails") else value


def _by_day(found: Iterable[DatedValue]) -> tuple[DatedValue, ...]:
    """The last seen first; of one day, in the order given."""
    return tuple(sorted(found, key=lambda one: one.last_seen, reverse=True))
