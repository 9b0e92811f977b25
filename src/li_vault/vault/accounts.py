"""What became of each export: every row accounted for, and the commit that it is recorded by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from li_vault.core.identity import Doubt
from li_vault.core.messages import Record
from li_vault.core.planning import Plan
from li_vault.formats.base import Reading, Skip
from li_vault.vault.dating import Dated, Origin


class Account(NamedTuple):
    """What becomes of one export.

    Attributes:
        commit: The commit that it was recorded by before, or None.
        source: Its name as the user knows it.
        origin: Who told its day: option, archive's name, members' stamps, file, record, or API.
        damage: Cells with lost characters or double-encoded text.
    """

    commit: str | None
    source: str
    origin: Origin
    record: Record
    skipped: tuple[Skip, ...]
    doubts: tuple[Doubt, ...]
    unchanged: int
    damage: int


class Recorded(NamedTuple):
    """What became of one export.

    Attributes:
        commit: The commit of its snapshot; None in a dry run.
        already: Whether it had been recorded before; then `commit` is that one.
    """

    commit: str | None
    already: bool
    account: Account


def recorded(accounts: Sequence[Account], ids: Sequence[str]) -> tuple[Recorded, ...]:
    """Each account with its commit; an export given twice in a call has the first one's.

    Args:
        accounts: What becomes of each export, in their order.
        ids: The commits of those that are drafted, oldest first; none in a dry run.
    """
    commits = iter(ids)
    made: dict[tuple[str, str], str | None] = {}
    found = []
    for account in accounts:
        key = (account.record.digest, account.record.taken_on)
        already = account.commit is not None
        commit_id = account.commit or (made[key] if already else next(commits, None))
        made[key] = commit_id
        found.append(Recorded(commit_id, already, account))
    return tuple(found)


def of(
    export: Dated,
    reading: Reading,
    commit: str | None,
    record: Record,
    doubts: tuple[Doubt, ...],
    unchanged: int,
) -> Account:
    """The account of an export.

    Args:
        export: The export.
        reading: What it says.
        commit: The commit that it was recorded by before, or None.
        record: What its commit says.
        doubts: What could not be decided.
        unchanged: Number of people of whom it says nothing new.
    """
    return Account(
        commit=commit,
        source=export.source,
        origin=export.origin,
        record=record,
        skipped=reading.skipped,
        doubts=doubts,
        unchanged=unchanged,
        damage=damage(reading),
    )


def record_of(plan: Plan, reading: Reading, day: str, digest: str) -> Record:
    """What the commit of a plan says."""
    return Record(
        taken_on=day,
        export=reading.original,
        digest=digest,
        kind=reading.kind,
        rows=reading.rows,
        contacts=plan.contacts,
        nameless=len(reading.nameless),
        duplicates=plan.duplicates,
        unmatched=plan.unmatched,
        skipped=len(reading.skipped),
        added=len(plan.added),
        changed=len(plan.changed),
        gone=len(plan.gone),
        returned=len(plan.returned),
    )


def kinds_of_damage(reading: Reading) -> tuple[int, int]:
    """Cells with lost characters, and with double-encoded text."""
    return reading.damage.replaced, reading.damage.doubled


def damage(reading: Reading) -> int:
    """All cells with broken text."""
    return sum(kinds_of_damage(reading))
