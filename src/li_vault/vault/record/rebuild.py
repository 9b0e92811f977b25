"""`rebuild`: a new vault from all recorded originals and older exports."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from li_vault.core import snapshot, vault_layout
from li_vault.core.model import Progress, Roster
from li_vault.errors import BadUsage, BadVault
from li_vault.store import repo
from li_vault.store.write import commit, hooks, worktree
from li_vault.store.write.commit import CommitListener
from li_vault.vault import vault
from li_vault.vault.plan import dated_exports, hand_edits, planner, replay
from li_vault.vault.plan.dated_exports import DatedExport, SkippedExport
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.plan.planner import RecordOptions, RowCounts, SnapshotPlanner, SnapshotResult
from li_vault.vault.plan.replay import EditEvent, Event, NotReplayed, SnapshotEvent
from li_vault.vault.vault import Vault


class NewVaultPlace(NamedTuple):
    """Where the new vault is to be, and what is planted there.

    Attributes:
        hooks: The folder of the hooks that came with the program.
    """

    path: Path
    hooks: Path
    command: str


class RebuildResult(NamedTuple):
    """What a call of `rebuild` did.

    Attributes:
        snapshots: One for each export, in the order of their days; `record` is the origin of
            the day of those that the old vault had.
        passed_over: Exports that were left out for a fuller one of the same day.
    """

    path: Path
    snapshots: tuple[SnapshotResult, ...]
    edits: int
    mended: int
    lost: tuple[NotReplayed, ...]
    passed_over: tuple[SkippedExport, ...]
    dry_run: bool


def rebuild_vault(
    old: Vault,
    found: Sequence[DatedExport],
    terms: RecordOptions,
    place: NewVaultPlace,
    *,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> RebuildResult:
    """Make a new vault of what the old one recorded and of what was found; the old one stays.

    Raises:
        BadUsage: The new vault would lie in the old one.
        BadVault: The folder is not empty, or the old vault is not usable or not whole.
        BadExport: An original can't be read.
        Refused: A guard refused one of the exports found.
    """
    require_place(place.path, old)
    old.tidy()
    repo.require_ready(old.repo)
    log = old.commits()
    hand = hand_edits.collect_hand_edits(old, log, worktree.worktree_changes(old.repo))
    events = replay.order_events(replay.history_events(old, log, hand))
    if not any(isinstance(event, SnapshotEvent) for event in events):
        raise BadVault(
            f"The vault at {old.path} has no snapshot to rebuild from.",
            "Give the exports to a new vault: li-vault snapshot --init --vault DIR EXPORT…",
        )
    nobody = HandEdits(lambda: Roster({}))
    owner = old.marker(log[0].id).owner
    session = SnapshotPlanner(
        old, terms, nobody, [], vault_layout.Marker(vault_layout.FORMAT), owner
    )
    plan = _Plan(old, session, dated_exports.order_exports(found))
    for number, event in enumerate(events):
        progress("Comparing", number, len(events))
        plan.take(event)
    plan.finish()
    ids = [] if dry_run else _build(session, place, progress)
    return RebuildResult(
        path=place.path,
        snapshots=planner.with_commit_ids(plan.accounts, ids),
        edits=plan.edits,
        mended=plan.mended,
        lost=(*plan.lost, *_left_behind(hand)),
        passed_over=tuple(plan.passed_over),
        dry_run=dry_run,
    )


class _Plan:
    """The new vault's history while it is planned, one event upon the other."""

    def __init__(
        self, old: Vault, session: SnapshotPlanner, order: dated_exports.OrderedExports
    ) -> None:
        self.accounts: list[RowCounts] = []
        self.passed_over = list(order.passed_over)
        self.lost: list[NotReplayed] = []
        self.edits = 0
        self.mended = 0
        self._old = old
        self._session = session
        self._waiting = list(order.exports)
        self._recorded: dict[str, int] = {}

    def take(self, event: Event) -> None:
        """Plan what happened in the old vault, after all exports that were found of before."""
        if isinstance(event, SnapshotEvent):
            self._take_found(event.record.taken_on)
            export, full = replay.original_export(self._old, event)
            day = event.record.taken_on
            if full:
                self._recorded[day] = max(self._recorded.get(day, 0), export.told.people)
            self.accounts.append(self._session.plan(export, full=full, is_judged=False))
            return
        if isinstance(event, EditEvent):
            done = replay.replay_edit(self._old, event, self._session)
        else:
            done = replay.replay_same_apart(self._old, event, self._session)
        self.edits += done.edits
        self.mended += done.mended
        self.lost += done.lost

    def finish(self) -> None:
        """Plan the exports that are younger than everything in the old vault."""
        self._take_found(None)

    def _take_found(self, until: str | None) -> None:
        while self._waiting and (until is None or self._waiting[0].day.isoformat() < until):
            export = self._waiting.pop(0)
            most = self._recorded.get(export.day.isoformat(), -1)
            if export.told.full and export.told.people <= most and not self._session.has(export):
                reason = "a snapshot of the same day lists as many people"
                self.passed_over.append(SkippedExport(export.source, export.day, reason))
            else:
                self.accounts.append(self._session.plan(export))


def _left_behind(hand: HandEdits) -> list[NotReplayed]:
    """What lies in the old work tree and in no commit."""
    found = [NotReplayed(path, "", "it is changed and not committed") for path in hand.kept]
    return [*found, *(NotReplayed(path, "", "it is nobody's card") for path in hand.strays)]


def require_place(path: Path, old: Vault) -> None:
    """See that a folder can become the new vault.

    Raises:
        BadUsage: It lies in the old one.
        BadVault: It is not empty, or no folder.
    """
    if path.resolve().is_relative_to(old.path.resolve()):
        raise BadUsage(
            f"{path} lies in the vault that is to be rebuilt.", "Name a folder outside of it."
        )
    if path.is_dir():
        there = sorted(entry.name for entry in path.iterdir())
        if not there:
            return
        words = f"{path} is not empty: it holds {there[0]!r}"
        words += f" and {len(there) - 1} more." if len(there) > 1 else "."
    elif path.exists() or path.is_symlink():
        words = f"{path} is no folder."
    else:
        return
    raise BadVault(words, "Rebuild into a folder that is new or empty; the old vault stays.")


def _build(session: SnapshotPlanner, place: NewVaultPlace, progress: Progress) -> list[str]:
    """Make the vault; the ids of its snapshots, oldest first."""
    total = sum(len(draft.edits) for draft in session.drafts)
    with _taken_away_again(place.path):
        made = vault.create_vault(place.path)
        hooks.install_hooks(made.repo, place.hooks, place.command)
        with made.writing():
            ids = commit.record_commits(
                made.repo,
                session.drafts,
                seen={
                    vault_layout.MARKER: vault_layout.marker_bytes(),
                    **vault_layout.fixed_files(),
                },
                listener=CommitListener(lambda done: progress("Recording", done, total)),
            )
    pairs = zip(session.drafts, ids, strict=True)
    return [ident for draft, ident in pairs if snapshot.read_trailers(draft.message)]


@contextmanager
def _taken_away_again(path: Path) -> Iterator[None]:
    """Leave no half of a vault behind; an empty folder that was there stays."""
    was_there = path.is_dir()
    try:
        yield
    except BaseException:
        if not was_there:
            shutil.rmtree(path, ignore_errors=True)
        else:
            for entry in path.iterdir():
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink(missing_ok=True)
        raise
