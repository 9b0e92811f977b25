"""Two states of a vault, person by person: who is new, gone, returned or changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from li_vault.core import diffs, finding, kinds
from li_vault.core.diffs import Change
from li_vault.core.model import Contact, Person


class Changed(NamedTuple):
    """A person of whom something else is known; `before` is what the card showed then."""

    contact: Contact
    before: Person
    changes: tuple[Change, ...]


class Comparison(NamedTuple):
    """What differs; people in the order of their file names.

    Attributes:
        added: Who was not known before.
        gone: Who is no longer there, as last known.
        returned: Who was gone before; their changes since they were last seen, if any.
        changed: Who is there (or gone) in both, and different.
        reasons: Why someone is gone, by UID: hidden, disconnected, or None if it can't be told.
    """

    added: tuple[Contact, ...] = ()
    gone: tuple[Contact, ...] = ()
    returned: tuple[Changed, ...] = ()
    changed: tuple[Changed, ...] = ()
    reasons: Mapping[str, str | None] = {}

    def only(self, words: frozenset[str]) -> Comparison:
        """The differences that these of `kinds.WORDS` ask for.

        Who returned with another job is someone with another job, too.
        """
        if words >= kinds.EVERYTHING:
            return self
        return Comparison(
            self.added if kinds.NEW in words else (),
            self.gone if kinds.GONE in words else (),
            self.returned if kinds.RETURNED in words else _changed_in(self.returned, words),
            _changed_in(self.changed, words),
            self.reasons if kinds.GONE in words else {},
        )


def _changed_in(people: Iterable[Changed], words: frozenset[str]) -> tuple[Changed, ...]:
    """Those of whom something changed that the words ask for, with that alone."""
    kept = (
        one._replace(changes=tuple(c for c in one.changes if kinds.word(c.field) in words))
        for one in people
    )
    return tuple(one for one in kept if one.changes)


def compare(old: Mapping[str, Contact], new: Mapping[str, Contact]) -> Comparison:
    """Compare contacts by file name; who is the same in both may be missing in both."""
    added: list[Contact] = []
    gone: list[Contact] = []
    returned: list[Changed] = []
    changed: list[Changed] = []
    for file in sorted(old.keys() | new.keys()):
        one, other = old.get(file), new.get(file)
        if other is None:
            if one is not None and not one.is_former:
                gone.append(one)
        elif one is None:
            if not other.is_former:
                added.append(other)
        elif other.is_former and not one.is_former:
            gone.append(other)
        else:
            before = finding.as_read(one)
            found = Changed(other, before, changes(before, finding.as_read(other)))
            if one.is_former and not other.is_former:
                returned.append(found)
            elif found.changes:
                changed.append(found)
    return Comparison(tuple(added), tuple(gone), tuple(returned), tuple(changed))


def changes(before: Person, after: Person) -> tuple[Change, ...]:
    """The changes of a person.

    That an era's clock put a day one off is none, nor is another spelling of the same addresses.
    """
    found = diffs.changes(before, after)
    if before.connected_on != after.connected_on and _is_a_day_apart(before, after):
        found = tuple(change for change in found if change.field != "connected_on")
    if before.emails != after.emails and _addresses(before) == _addresses(after):
        found = tuple(change for change in found if change.field != "emails")
    return found


def _addresses(person: Person) -> list[str]:
    return [email.lower() for email in person.emails]


def _is_a_day_apart(before: Person, after: Person) -> bool:
    try:
        days = [date.fromisoformat(person.connected_on) for person in (before, after)]
    except ValueError:  # the user's own word for it, or none
        return False
    return abs(days[0] - days[1]) <= timedelta(days=1)
