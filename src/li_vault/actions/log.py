"""`log`: the snapshots, or what happened to one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from li_vault.core import best_known, diffs, messages
from li_vault.core.best_known import Known
from li_vault.core.diffs import Change
from li_vault.core.model import Contact, Person
from li_vault.core.timeline import Snapshot
from li_vault.vault import Vault, biography, sightings
from li_vault.vault.lives import Step

Kind = Literal["added", "changed", "gone", "returned", "edited"]


class Entry(NamedTuple):
    """A snapshot, and how many people `contacts/` held after it."""

    snapshot: Snapshot
    people: int


class Event(NamedTuple):
    """Something that happened to a person, seen at a commit; `mend` is `same`, `apart` or ""."""

    taken_on: str
    commit: str
    kind: Kind
    changes: tuple[Change, ...]
    mend: str = ""


class Life(NamedTuple):
    """What happened to one person, newest first, and all that was ever known of them."""

    contact: Contact
    events: tuple[Event, ...]
    known: Known


def snapshots(vault: Vault) -> tuple[Entry, ...]:
    """All snapshots, newest first."""
    vault.tidy()
    people, found = 0, []
    for number, one in enumerate(reversed(vault.snapshots())):
        record = one.record
        people += record.added + record.returned - record.gone
        if sightings.is_full(vault, one, is_first=not number):
            people = record.contacts
        found.append(Entry(one, people))
    return tuple(reversed(found))


def person(vault: Vault, words: str) -> Life:
    """What happened to the person that the words mean.

    Whoever `same` took in is the same person, so the history of that card belongs to it, too; and
    what happened to a card while it was taken for two belongs to the one whose facts it showed.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    contact = vault.person(words, None)
    steps = biography.of(vault, contact)
    start = vault.tip() or ""
    sights = sightings.of_steps(steps, sightings.calendar(vault, start))
    return Life(contact, tuple(_events(steps)), best_known.everything(sights, contact))


def _events(steps: Iterable[Step]) -> Iterator[Event]:
    for step in steps:
        record = messages.read(step.commit.message)
        day = record.taken_on if record else step.commit.day.isoformat()
        event = _event(day, step, by_hand=record is None)
        if event is not None:
            yield event


def _event(day: str, step: Step, *, by_hand: bool) -> Event | None:
    """What the step from one state of a contact to the next was; None if nothing that counts."""
    before, after, commit = step.before, step.after, step.commit.id
    mend = step.mend.kind if step.mend else ""
    if before is None or after is None:
        kind: Kind = "edited" if by_hand else "added" if before is None else "gone"
        is_told = before is not None and step.mend is None
        told = diffs.changes(_shown(before), _shown(after)) if is_told else ()
        return Event(day, commit, kind, told, mend)
    changes = diffs.changes(before.shown, after.shown)
    if before.folder != after.folder and step.mend is None:
        return Event(day, commit, "gone" if after.is_former else "returned", changes)
    if by_hand:
        return Event(day, commit, "edited", changes, mend)
    return Event(day, commit, "changed", changes) if changes else None


def _shown(contact: Contact | None) -> Person:
    return contact.shown if contact else Person()
