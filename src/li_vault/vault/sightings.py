"""When what stood on a card was last seen: the states of cards against the days of the lists."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from li_vault.core import best_known, layout
from li_vault.core.best_known import BestKnown, Sight
from li_vault.core.model import CONTACTS, Contact
from li_vault.core.timeline import Snapshot
from li_vault.formats import list_kinds
from li_vault.store import history
from li_vault.store.history import Commit
from li_vault.vault import biography, snapshots
from li_vault.vault.lives import Step
from li_vault.vault.opened import Vault


class Calendar(NamedTuple):
    """The days of a vault's commits.

    Attributes:
        numbers: How many commits came before, by id.
        days: The ISO day of each commit, by id: for a snapshot that of its export.
        full: Numbers of the snapshots whose list named everyone in `contacts/`, oldest first.
        full_days: Their days.
    """

    numbers: dict[str, int]
    days: dict[str, str]
    full: list[int]
    full_days: list[str]

    def last_seen(self, step: Step) -> str:
        """The day of the last full list that left a card as the step had made it, or ""."""
        if step.after is None or step.after.is_former:
            return ""
        ended = self.numbers[step.ended.id] if step.ended else len(self.numbers)
        place = bisect_right(self.full, ended - 1) - 1
        if place < 0 or self.full[place] < self.numbers[step.commit.id]:
            return ""
        return self.full_days[place]


def calendar(vault: Vault, start: str) -> Calendar:
    """The days of all commits up to one."""
    commits = vault.commits(start)[::-1]
    by_commit = {one.commit: one for one in snapshots.among(commits)}
    numbers = {one.id: number for number, one in enumerate(commits)}
    first = next(iter(by_commit), "")
    full = [one for one in by_commit.values() if is_full(vault, one, is_first=one.commit == first)]
    return Calendar(
        numbers,
        {one.id: _day(one, by_commit.get(one.id)) for one in commits},
        [numbers[one.commit] for one in full],
        [one.record.taken_on for one in full],
    )


def is_full(vault: Vault, one: Snapshot, *, is_first: bool) -> bool:
    """Whether a snapshot's list named everyone who is in `contacts/`, and no one else."""
    record = one.record
    if record.listed or record.unmatched:
        return record.listed == "full"
    by_kind = True if is_first else list_kinds.lists_everyone(record.kind)
    if by_kind is None:
        cards = filter(layout.is_card, history.files(vault.repo, one.commit, (CONTACTS,)))
        return record.contacts == sum(1 for _ in cards)
    return by_kind


def _day(one: Commit, snapshot: Snapshot | None) -> str:
    return snapshot.record.taken_on if snapshot else one.day.isoformat()


def best(vault: Vault, contact: Contact, start: str) -> BestKnown:
    """What is known best of one contact, by the history up to a commit."""
    steps = biography.of(vault, contact, start)
    return best_known.fold(of_steps(steps, calendar(vault, start)), contact)


def best_of_all(vault: Vault, start: str | None = None) -> Iterator[tuple[Contact, BestKnown]]:
    """What is known best of everyone, present and former, by one walk through the history.

    In no order; nobody is kept, so that the caller decides what to hold.

    Args:
        vault: The vault.
        start: The commit as of which it is asked; by default the newest.
    """
    start = start or vault.tip()
    if start is None:
        return
    days = calendar(vault, start)
    for contact, steps in biography.of_everyone(vault, start):
        yield contact, best_known.fold(of_steps(steps, days), contact)


def of_steps(steps: Iterable[Step], days: Calendar) -> Iterator[Sight]:
    """The states of a person's cards, oldest first; a mend brings nothing new."""
    for step in reversed(list(steps)):
        if step.after is not None:
            before = step.after if step.mend else step.before
            yield Sight(before, step.after, days.days[step.commit.id], days.last_seen(step))
