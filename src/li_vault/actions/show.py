"""`show`: one person, now or then."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from li_vault.core.model import Contact
from li_vault.vault import Vault


class Result(NamedTuple):
    """One person at a commit; `taken_on` is the day of the newest snapshot up to there."""

    contact: Contact
    commit: str | None
    taken_on: str | None


def run(vault: Vault, words: str, at: str | None, today: date) -> Result:
    """Show the person that the words mean.

    Raises:
        NotFound: Nobody is meant, or there is no such day or revision.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    start = vault.commit_of(at, today) if at is not None else vault.tip()
    contact = vault.person(words, start)
    snapshots = vault.snapshots(start)
    return Result(contact, start, snapshots[0].record.taken_on if snapshots else None)
