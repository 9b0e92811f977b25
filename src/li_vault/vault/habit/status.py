"""`status`: age of the last snapshot, what is pending, the due date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from li_vault.core import vault_layout
from li_vault.core.model import CONTACTS, FORMER
from li_vault.core.snapshot import Snapshot
from li_vault.errors import LiVaultError
from li_vault.store import history, maintenance
from li_vault.store.remotes import remotes, urls
from li_vault.store.write import worktree
from li_vault.store.write.worktree import WorktreeChanges
from li_vault.vault.habit import seen_files
from li_vault.vault.habit.seen_files import SeenFile
from li_vault.vault.vault import Vault


class RemoteStatus(NamedTuple):
    """A remote as far as this machine knows it; no network was asked.

    Attributes:
        last_pushed: Day of the newest snapshot that it has, or None.
        last_verified: Day of the last proof of that copy, or None.
    """

    url: str
    behind: int
    last_pushed: str | None
    last_verified: str | None


class StatusResult(NamedTuple):
    """The state of a vault.

    Attributes:
        age_days: Days since the last snapshot's day; None without one.
        pending_edits: Number of cards edited or deleted by hand and not yet committed.
        size: Bytes that the whole history takes in `.git`; a remote takes about as much.
        left: Exports that arrived and were not recorded; somebody has to look at them.
        stuck: Why nothing can be recorded, as a merge is under way, or a card is broken; or None.
    """

    path: Path
    snapshots: int
    contacts: int
    former: int
    last: Snapshot | None
    age_days: int | None
    due_on: date
    overdue: bool
    remotes: Mapping[str, RemoteStatus]
    pending_edits: int
    size: int
    recovered: str
    left: tuple[SeenFile, ...] = ()
    stuck: LiVaultError | None = None

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to do: nothing overdue, behind, refused or stuck."""
        is_behind = any(one.behind for one in self.remotes.values())
        last = self.last.record.taken_on if self.last else ""
        is_waiting = any(one.is_waiting(last) for one in self.left)
        return not (self.overdue or is_behind or is_waiting or self.stuck)


def status_of_vault(vault: Vault, today: date) -> StatusResult:
    """Find out the state of a vault."""
    recovered = vault.tidy()
    look = worktree.worktree_changes_async(vault.repo)
    try:
        tip = vault.tip()
        snapshots = vault.snapshots()
        files = [
            p for p in (history.files(vault.repo, tip) if tip else {}) if vault_layout.is_card(p)
        ]
        due = due_date(vault, today, snapshots)
    finally:
        hand = look()
    return StatusResult(
        path=vault.path,
        snapshots=len(snapshots),
        contacts=sum(path.startswith(f"{CONTACTS}/") for path in files),
        former=sum(path.startswith(f"{FORMER}/") for path in files),
        last=due.last,
        age_days=due.age_days,
        due_on=due.on,
        overdue=due.is_overdue,
        remotes={one.name: _remote(vault, one) for one in remotes.list_remotes(vault.repo)},
        pending_edits=sum(map(vault_layout.is_card, [*hand.modified, *hand.deleted, *hand.broken])),
        size=maintenance.history_size(vault.repo),
        recovered=recovered,
        left=tuple(
            seen_files.load_seen_files(vault.repo).open(seen_files.newest_full_list(snapshots))
        ),
        stuck=_stuck(vault, hand),
    )


def _stuck(vault: Vault, hand: WorktreeChanges) -> LiVaultError | None:
    from li_vault.vault.plan import hand_edits  # late: it takes a reader of cards

    try:
        hand_edits.require_unhindered(vault, hand)
    except LiVaultError as error:
        return error
    return None


def _remote(vault: Vault, one: remotes.Remote) -> RemoteStatus:
    behind = remotes.count_pending(vault.repo, one.name)
    pushed = remotes.pushed_tip(vault.repo, one.name)
    theirs = vault.snapshots(pushed) if pushed else []
    return RemoteStatus(
        url=urls.redact_url(one.url),
        behind=behind,
        last_pushed=theirs[0].record.taken_on if theirs else None,
        last_verified=vault.settings.get(f"{one.name}.verified"),
    )


MONTH = 31
"""Days after which a snapshot is due, by default.

`git config li-vault.everyDays` sets another number, and `schedule install --every` one that goes
before it.
"""

SCHEDULED = "li-vault.scheduledDays"


class DueDate(NamedTuple):
    """Where a vault is in its rhythm.

    Attributes:
        last: The newest snapshot, or None.
        age_days: Days since the day of it; None without one.
    """

    last: Snapshot | None
    age_days: int | None
    on: date
    is_overdue: bool

    @property
    def taken_on(self) -> str | None:
        """The ISO day of the newest snapshot, or None."""
        return self.last.record.taken_on if self.last else None


def interval_days(vault: Vault) -> int:
    """Days from one snapshot to the next."""
    for key in ("scheduleddays", "everydays"):
        said = vault.settings.get(key, "")
        if said.isdecimal() and said.isascii() and int(said):
            return min(int(said), 36_500)
    return MONTH


def due_date(vault: Vault, today: date, snapshots: Sequence[Snapshot] | None = None) -> DueDate:
    """Where a vault is in its rhythm.

    Args:
        snapshots: Its snapshots, newest first, if they were read already.
    """
    if snapshots is None:
        snapshots = vault.snapshots()
    if not snapshots:
        return DueDate(None, None, today, True)
    made_on = date.fromisoformat(snapshots[0].record.taken_on)
    on = made_on + timedelta(days=interval_days(vault))
    return DueDate(snapshots[0], (today - made_on).days, on, today > on)
