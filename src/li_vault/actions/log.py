"""`log`: the snapshots, or what happened to one person."""

from __future__ import annotations

from typing import NamedTuple

from li_vault.core import best_known
from li_vault.core.best_known import Known
from li_vault.core.model import Contact
from li_vault.core.timeline import Snapshot
from li_vault.vault import Vault, biography, events, recalling, sightings
from li_vault.vault.events import Event

__all__ = ["Entry", "Event", "Life", "person", "snapshots"]


class Entry(NamedTuple):
    """A snapshot, and how many people `contacts/` held after it."""

    snapshot: Snapshot
    people: int


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
    contact = recalling.person(vault, words)
    steps = biography.of(vault, contact)
    start = vault.tip() or ""
    sights = sightings.of_steps(steps, sightings.calendar(vault, start))
    return Life(contact, tuple(events.of(steps)), best_known.everything(sights, contact))
