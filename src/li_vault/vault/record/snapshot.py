"""`init` and `snapshot`: plan, commit, push."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from li_vault.core.model import SILENT, Listener, Progress
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.store.write import commit, worktree
from li_vault.store.write.commit import CommitListener
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
from li_vault.vault.remotes.push import FetchThenPush
from li_vault.vault.vault import Vault, create_vault


class RecordResult(NamedTuple):
    """What was recorded, and what became of the copies.

    Attributes:
        edited: Number of cards with hand edits that were committed first.
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
    exports: Sequence[DatedExport],
    options: RecordOptions,
    listener: Listener = SILENT,
) -> RecordResult:
    """Fast-forward to what remotes have, record exports, all or none, then push.

    Raises:
        Refused: A guard refused; nothing was changed.
        BadVault: The vault is not usable.
    """
    chosen = dated_exports.order_exports(exports, options.full)
    with (
        FetchThenPush(vault, wanted=options.push and not options.dry_run) as remotes,
        vault.writing(listener.waiting) as recovered,
    ):
        taken = remotes.fast_forward()
        look = worktree.worktree_changes_async(vault.repo)
        try:
            log = vault.commits()
        finally:
            found = look()
        hand = hand_edits.collect_hand_edits(vault, log, found)
        planner = SnapshotPlanner(vault, options, hand, log)
        accounts = []
        for number, export in enumerate(chosen.exports):
            listener.progress("Comparing", number, len(chosen.exports))
            accounts.append(planner.plan(export))
        ids = [] if options.dry_run else _commit(vault, hand, planner, listener.progress)
    return RecordResult(
        snapshots=with_commit_ids(accounts, ids),
        edited=planner.edited,
        put_back=hand.put_back,
        strays=hand.strays,
        kept=hand.kept,
        recovered=recovered,
        remotes=remotes.push(listener.progress),
        dry_run=options.dry_run,
        passed_over=chosen.passed_over,
        taken=taken,
    )


def _commit(
    vault: Vault, hand: HandEdits, planner: SnapshotPlanner, progress: Progress
) -> list[str]:
    """Record the drafts; the ids of the snapshots' commits, oldest first."""
    total = sum(len(draft.edits) for draft in planner.drafts)

    def remember() -> None:
        if planner.has_new_roster:
            vault.remember(planner.roster)

    ids = commit.record_commits(
        vault.repo,
        planner.drafts,
        seen=hand.seen,
        listener=CommitListener(
            lambda done: progress("Recording", done, total),
            remember,
            lambda: progress("Packing the history", 0, 0),
        ),
    )
    worktree.restore_files(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
    return ids[1:] if planner.edited else ids


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
