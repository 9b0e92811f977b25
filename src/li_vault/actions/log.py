"""`log`: the snapshots, or what happened to one person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from li_vault.core import diffs, layout, messages
from li_vault.core.diffs import Change
from li_vault.core.model import Contact, Person
from li_vault.core.timeline import Snapshot
from li_vault.store import history
from li_vault.vault import Vault

Kind = Literal["added", "changed", "gone", "returned", "edited"]


class Event(NamedTuple):
    """Something that happened to a person, seen at a commit."""

    taken_on: str
    commit: str
    kind: Kind
    changes: tuple[Change, ...]


class Life(NamedTuple):
    """What happened to one person, newest first."""

    contact: Contact
    events: tuple[Event, ...]


def snapshots(vault: Vault) -> tuple[Snapshot, ...]:
    """All snapshots, newest first."""
    vault.tidy()
    return tuple(vault.snapshots())


def person(vault: Vault, words: str) -> Life:
    """What happened to the person that the words mean.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    contact = vault.person(words, None)
    tip = vault.tip()
    touches = history.touching(vault.repo, tip, layout.twin(contact)) if tip else []
    return Life(contact, tuple(_events(vault, touches)))


def _events(vault: Vault, touches: list[history.Touch]) -> Iterator[Event]:
    for touch in touches:
        sides = [
            {c.path: ident for c in touch.changes if (ident := getattr(c, side)) is not None}
            for side in ("before", "after")
        ]
        before, after = (next(iter(vault.read_cards(side).values()), None) for side in sides)
        record = messages.read(touch.commit.message)
        day = record.taken_on if record else touch.commit.day.isoformat()
        event = _event(day, touch.commit.id, before, after, by_hand=record is None)
        if event is not None:
            yield event


def _event(
    day: str, commit: str, before: Contact | None, after: Contact | None, *, by_hand: bool
) -> Event | None:
    """What the step from one state of a contact to the next was; None if nothing that counts."""
    changes = diffs.changes(_shown(before), _shown(after))
    if before is None or after is None:
        kind: Kind = "edited" if by_hand else "added" if before is None else "gone"
        return Event(day, commit, kind, changes if before is not None else ())
    if before.folder != after.folder:
        return Event(day, commit, "gone" if after.is_former else "returned", changes)
    if by_hand:
        return Event(day, commit, "edited", changes)
    return Event(day, commit, "changed", changes) if changes else None


def _shown(contact: Contact | None) -> Person:
    return contact.shown if contact else Person()
