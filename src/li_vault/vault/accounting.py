"""Whether what the snapshots counted is what lies in the folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from li_vault.core import layout, messages
from li_vault.core.model import CONTACTS
from li_vault.core.timeline import Snapshot
from li_vault.store import commit, history
from li_vault.store.history import Commit
from li_vault.vault.opened import Vault

_FULL = "linkedin-connections/"


class Miscount(NamedTuple):
    """A commit that does not say what is there: which, what is wrong, and the numbers."""

    commit: str
    what: str
    numbers: str


def miscounts(
    vault: Vault, commits: Sequence[Commit], past: Sequence[Snapshot]
) -> Iterator[Miscount]:
    """The commits that say what can't be: of what they are, of their day, of their rows.

    Args:
        vault: The vault.
        commits: Its commits, newest first.
        past: The snapshots among them, newest first.
    """
    yield from _unlike_ours(commits)
    for one in past:
        record = one.record
        told = record.contacts + record.nameless + record.duplicates + record.unmatched
        if record.rows != told + record.skipped:
            what = f"the snapshot {one.commit[:10]} of {record.taken_on} does not add up"
            numbers = f"{record.rows} rows, {told + record.skipped} accounted for"
            yield Miscount(one.commit, what, numbers)
    full = _last_full(commits, past)
    if full is not None:
        there = _listed(vault, full.commit)
        if there != full.record.contacts:
            what = f"the snapshot {full.commit[:10]} of {full.record.taken_on} is not as it says"
            numbers = f"it counted {full.record.contacts} contacts, and holds {there}"
            yield Miscount(full.commit, what, numbers)


def _unlike_ours(commits: Sequence[Commit]) -> Iterator[Miscount]:
    """The commits of impossible days, and those that only pretend to be li-vault's."""
    for one in commits:
        short = one.id[:10]
        if one.day == date.max:
            yield Miscount(one.id, f"the commit {short} has an impossible date", "it is no day")
        if one.author != commit.EMAIL:
            continue
        record = messages.read(one.message)
        if record is not None and record.taken_on != one.day.isoformat():
            what = f"the snapshot {short} of {record.taken_on} has another date"
            yield Miscount(one.id, what, f"the commit is of {one.day}")
        elif not messages.is_ours(one.message):
            what = f"the commit {short} is not li-vault's, though it says so"
            yield Miscount(one.id, what, "its message is none that li-vault writes")


def doubts(
    vault: Vault, commits: Sequence[Commit], past: Sequence[Snapshot], contacts: int
) -> Iterator[str]:
    """What is odd about a vault with so many contacts, but no damage; sentences."""
    if not past:
        yield "No snapshot is recorded in it: nobody can tell whether anyone is missing."
    full = _last_full(commits, past)
    if full is not None:
        there = _listed(vault, full.commit)
        if there == full.record.contacts != contacts:
            words = f"{CONTACTS}/ holds {contacts} cards, the last full list had {there}"
            yield f"{words}: someone committed that by hand since."


def _last_full(commits: Sequence[Commit], past: Sequence[Snapshot]) -> Snapshot | None:
    """The last snapshot whose folder holds just the people it listed, if nobody mended any."""
    if any(messages.read_mend(one.message) for one in commits):
        return None
    return next((one for one in past if _lists_everyone(one, past[-1])), None)


def _listed(vault: Vault, commit: str) -> int:
    return sum(map(layout.is_card, history.files(vault.repo, commit, (CONTACTS,))))


def _lists_everyone(one: Snapshot, first: Snapshot) -> bool:
    """Whether a snapshot surely was a full list, after which `contacts/` holds just its people."""
    listed = one.record.listed
    if listed or one.record.unmatched:
        return listed == "full"
    return one == first or one.record.kind.startswith(_FULL)
