"""`status`: how old, how many, what is not pushed, when the next one is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault.core import layout
from li_vault.core.model import CONTACTS, FORMER
from li_vault.core.timeline import Snapshot
from li_vault.errors import LiVaultError
from li_vault.store import history, remote, upkeep, worktree
from li_vault.store.worktree import HandEdits
from li_vault.vault import Vault, ledger, rhythm
from li_vault.vault.ledger import Entry

__all__ = ["Entry", "RemoteState", "Result", "run"]


class RemoteState(NamedTuple):
    """A remote as far as this machine knows it; no network was asked.

    Attributes:
        behind: Commits that it lacks.
        last_pushed: Day of the newest snapshot that it has, or None.
        last_verified: Day of the last proof of that copy, or None.
    """

    url: str
    behind: int
    last_pushed: str | None
    last_verified: str | None


class Result(NamedTuple):
    """The state of a vault.

    Attributes:
        contacts: Number of cards in `contacts/`.
        former: Number of cards in `former/`.
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
    remotes: Mapping[str, RemoteState]
    pending_edits: int
    size: int
    recovered: str
    left: tuple[Entry, ...] = ()
    stuck: LiVaultError | None = None

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to do: nothing overdue, behind, refused or stuck."""
        is_behind = any(one.behind for one in self.remotes.values())
        last = self.last.record.taken_on if self.last else ""
        is_waiting = any(one.is_waiting(last) for one in self.left)
        return not (self.overdue or is_behind or is_waiting or self.stuck)


def run(vault: Vault, today: date) -> Result:
    """Find out the state of a vault."""
    recovered = vault.tidy()
    look = worktree.looking(vault.repo)
    try:
        tip = vault.tip()
        snapshots = vault.snapshots()
        files = [p for p in (history.files(vault.repo, tip) if tip else {}) if layout.is_card(p)]
        due = rhythm.due(vault, today, snapshots)
    finally:
        hand = look()
    return Result(
        path=vault.path,
        snapshots=len(snapshots),
        contacts=sum(path.startswith(f"{CONTACTS}/") for path in files),
        former=sum(path.startswith(f"{FORMER}/") for path in files),
        last=due.last,
        age_days=due.age_days,
        due_on=due.on,
        overdue=due.is_overdue,
        remotes={one.name: _remote(vault, one) for one in remote.listed(vault.repo)},
        pending_edits=sum(map(layout.is_card, [*hand.modified, *hand.deleted, *hand.broken])),
        size=upkeep.size(vault.repo),
        recovered=recovered,
        left=tuple(ledger.load(vault.repo).open(ledger.newest(snapshots))),
        stuck=_stuck(vault, hand),
    )


def _stuck(vault: Vault, hand: HandEdits) -> LiVaultError | None:
    from li_vault.vault import handwork  # late: it takes a reader of cards

    try:
        handwork.require_ready(vault, hand)
    except LiVaultError as error:
        return error
    return None


def _remote(vault: Vault, one: remote.Remote) -> RemoteState:
    behind = remote.pending(vault.repo, one.name)
    pushed = remote.pushed_tip(vault.repo, one.name)
    theirs = vault.snapshots(pushed) if pushed else []
    return RemoteState(
        url=remote.shown(one.url),
        behind=behind,
        last_pushed=theirs[0].record.taken_on if theirs else None,
        last_verified=vault.settings.get(f"{one.name}.verified"),
    )
