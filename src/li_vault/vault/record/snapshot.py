"""`init` and `snapshot`: plan, commit, push."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from li_vault.core.model import Progress
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.store.write import commit, worktree
from li_vault.store.write.hooks import install_hooks
from li_vault.vault.plan import dated_exports, hand_edits
from li_vault.vault.plan.dated_exports import DatedExport, SkippedExport
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.plan.planner import (
    RecordOptions,
    SnapshotPlanner,
    SnapshotResult,
    with_commit_ids,
)
from li_vault.vault.remotes.push import (
    begin_fetch,
    fast_forward_if_fetched,
    is_push_wanted,
    push_if_fetched,
)
from li_vault.vault.vault import Vault, create_vault


class RecordResult(NamedTuple):
    """What was recorded, and what became of the copies.

    Attributes:
        snapshots: One for each export, in the order of their days.
        edited: Number of cards with hand edits that were committed first.
        put_back: Paths of cards that had been deleted by hand.
        strays: Paths of files among the cards that are nobody's card.
        kept: Paths of other files of the vault with changes of the user's.
        recovered: What a run that was cut off had left to do, in words, or "".
        dry_run: Whether nothing was recorded, since nothing was to be.
        passed_over: Exports that were left out for a fuller one of the same day.
        taken: Number of snapshots that were taken over from remotes first, by remote.
    """

    snapshots: tuple[SnapshotResult, ...]
    edited: int
    put_back: tuple[str, ...]
    strays: tuple[str, ...]
    kept: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, PushOutcome]
    dry_run: bool
    passed_over: tuple[SkippedExport, ...] = ()
    taken: Mapping[str, int] = {}


def record_snapshots(
    vault: Vault,
    read_exports: Callable[[], Sequence[DatedExport]],
    terms: RecordOptions,
    *,
    dry_run: bool = False,
    push: bool = True,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> RecordResult:
    """Take over what remotes have besides, record exports, all or none, then push.

    Args:
        read_exports: Returns them, read; called while git looks at the work tree.

    Raises:
        Refused: A guard refused; nothing was changed.
        BadExport: An export can't be read; nothing was changed.
        BadVault: The vault is not usable.
    """
    asks = is_push_wanted(vault, push=push, dry_run=dry_run)
    with begin_fetch(vault, asks) as seen, vault.writing(notice) as recovered:
        look = worktree.worktree_changes_async(vault.repo)
        try:
            chosen = dated_exports.order_exports(read_exports(), terms.full)
        finally:
            found = look()
        met = fast_forward_if_fetched(vault, seen)
        if met is not None and met.taken:
            found = worktree.worktree_changes(vault.repo)
        log = vault.commits()
        hand = hand_edits.collect_hand_edits(vault, log, found)
        session = SnapshotPlanner(vault, terms, hand, log)
        accounts = []
        for number, export in enumerate(chosen.exports):
            progress("Comparing", number, len(chosen.exports))
            accounts.append(session.plan(export))
        ids = [] if dry_run else _commit(vault, hand, session, progress)
    return RecordResult(
        snapshots=with_commit_ids(accounts, ids),
        edited=session.edited,
        put_back=hand.put_back,
        strays=hand.strays,
        kept=hand.kept,
        recovered=recovered,
        remotes=push_if_fetched(vault, met, progress),
        dry_run=dry_run,
        passed_over=chosen.passed_over,
        taken=met.taken if met else {},
    )


def _commit(
    vault: Vault,
    hand: HandEdits,
    session: SnapshotPlanner,
    progress: Progress,
) -> list[str]:
    """Record the drafts; the ids of the snapshots' commits, oldest first."""
    total = sum(len(draft.edits) for draft in session.drafts)

    def remember() -> None:
        if session.has_new_roster:
            vault.remember(session.roster)

    ids = commit.record_commits(
        vault.repo,
        session.drafts,
        seen=hand.seen,
        progress=lambda done: progress("Recording", done, total),
        meanwhile=remember,
        repacking=lambda: progress("Packing the history", 0, 0),
    )
    worktree.restore_files(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
    return ids[1:] if session.edited else ids


class InitResult(NamedTuple):
    """A vault that was begun, or was there already; `hooks` tells what became of each hook."""

    path: Path
    created: bool
    hooks: Mapping[str, str]


def init_vault(path: Path, hooks: Path, command: str) -> tuple[Vault, InitResult]:
    """Begin a vault at a folder and plant the hooks; what is already there stays."""
    before = (path / ".git" / "li-vault").exists() and (path / "vault.toml").exists()
    made = create_vault(path)
    return made, InitResult(path, not before, install_hooks(made.repo, hooks, command))
