"""`show`: one person, now or then."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from li_vault.core.best_known import BestKnown
from li_vault.core.model import Contact
from li_vault.vault import Vault, recalling


class Result(NamedTuple):
    """One person at a commit; `taken_on` is the day of the newest snapshot up to there.

    `best` is what the history knows best of this person, if that was asked.
    """

    contact: Contact
    commit: str | None
    taken_on: str | None
    best: BestKnown | None = None


def run(
    vault: Vault, words: str, at: str | None, today: date, *, best_known: bool = False
) -> Result:
    """Show the person that the words mean; with what the history knows best, if that is wanted.

    Raises:
        NotFound: Nobody is meant, who is was not there then, or there is no such day or revision.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    start = vault.commit_of(at, today) if at is not None else vault.tip()
    if at is None or start is None:
        contact = recalling.person(vault, words)
    else:
        contact = recalling.person_at(vault, words, start, at)
    snapshots = vault.snapshots(start)
    taken_on = snapshots[0].record.taken_on if snapshots else None
    if not best_known or start is None:
        return Result(contact, start, taken_on)
    from li_vault.vault import sightings

    return Result(contact, start, taken_on, sightings.best(vault, contact, start))
