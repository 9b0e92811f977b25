"""`sync`: what only this machine has, replayed upon what a remote has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from li_vault.core import snapshot, vault_layout
from li_vault.core.model import Progress, Roster
from li_vault.core.planning import edits, same_apart
from li_vault.core.planning.edits import FieldConflict, RejoinedPair
from li_vault.core.snapshot import SameApart
from li_vault.errors import BadUsage, BadVault
from li_vault.store import history
from li_vault.store.history import Commit
from li_vault.store.remotes import transfer
from li_vault.store.remotes.remotes import PushOutcome, is_in_history, list_remotes, pushed_tip
from li_vault.store.remotes.transfer import Kinship
from li_vault.store.repo import OWN_EMAIL
from li_vault.store.write import commit, worktree
from li_vault.store.write.commit import CommitDraft, CommitListener
from li_vault.vault.plan import hand_edits, replay
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.plan.planner import RecordOptions, SnapshotPlanner
from li_vault.vault.plan.replay import (
    EditEvent,
    Event,
    FileConflict,
    NotReplayed,
    OtherFiles,
    Replayed,
    ReplayOptions,
    SameApartEvent,
    SnapshotEvent,
)
from li_vault.vault.remotes import fetch, push, remotes
from li_vault.vault.remotes.fetch import EditReconciler
from li_vault.vault.vault import Vault


@dataclass
class Rebased:
    """What is done again upon what remotes have, counted as it is planned.

    Attributes:
        days: Days of our snapshots that are recorded again, in their order.
        again: Number of the remote's exports that are recorded once more, so that the present is
            what the newest of them says.
        conflicts: Fields that both sides corrected, or an export said anew.
        lost: What could not be done again; it is in the history of before.
        joined: Who was two in the remote's history, and is one since this machine knew it.
    """

    days: list[str] = field(default_factory=list)
    shared: int = 0
    again: int = 0
    edits: int = 0
    mended: int = 0
    conflicts: list[FieldConflict] = field(default_factory=list)
    lost: list[NotReplayed] = field(default_factory=list)
    joined: list[RejoinedPair] = field(default_factory=list)
    files: list[FileConflict] = field(default_factory=list)


def plan_rebase(
    vault: Vault, theirs: str, hand: HandEdits, done: Rebased, options: tuple[date, Progress]
) -> SnapshotPlanner:
    """Plan what happened here since both parted, upon the remote's newest commit.

    Exports come in the order of their days, and no guard looks at them again. One that is older
    than the remote's newest is recorded all the same, since its bytes and its account belong to
    the history; what the remote recorded last follows it once more.

    Raises:
        BadVault: The original of a snapshot is not there, or was changed.
        BadExport: One can't be read.
    """
    ours = vault.tip()
    new = transfer.lacking(vault.repo, str(ours), theirs)
    own = [one for one in vault.commits() if one.id in new]
    since = own[-1].parents[0] if own and own[-1].parents else None
    events = replay.order_events(replay.history_events(vault, own, hand, since))
    today, progress = options
    walk = _Walk(vault, theirs, ours, today, done)
    for number, event in enumerate(events):
        progress("Comparing", number, len(events))
        walk.take(event)
    return walk.finish()


class _Walk:
    """Our events, one upon the other, upon the remote's history."""

    def __init__(
        self, vault: Vault, theirs: str, ours: str | None, today: date, done: Rebased
    ) -> None:
        self._vault = vault
        self._done = done
        self._ours = ours
        self._log = vault.commits(theirs)
        self._session = fetch.planner_upon(vault, theirs, RecordOptions(today))
        records = [
            snapshot.read_trailers(one.message) for one in self._log if one.author == OWN_EMAIL
        ]
        self._known = {(one.digest, one.taken_on, one.listed) for one in records if one is not None}
        self._newest = max((one.taken_on for one in records if one is not None), default="")
        self._both = EditReconciler(vault, theirs, ours, self._newest)
        self._beside = OtherFiles(vault, theirs)
        self._is_turned_back = False

    def take(self, event: Event) -> None:
        """Plan one event."""
        if isinstance(event, SnapshotEvent):
            self._record(event)
        elif isinstance(event, EditEvent):
            self._both.newest = self._newest
            carry = partial(self._both.carry, event.day)
            self._count(
                replay.replay_edit(
                    self._vault,
                    event._replace(day=self._log[0].day),
                    self._session,
                    ReplayOptions(carry, is_kin=True, beside=self._beside),
                )
            )
        elif not self._is_mended(event):
            event = event._replace(day=self._log[0].day)
            manner = ReplayOptions(is_kin=True)
            self._count(replay.replay_same_apart(self._vault, event, self._session, manner))

    def finish(self) -> SnapshotPlanner:
        """Whose drafts are the commits that follow on the remote's newest."""
        self._turn_forth()
        self._done.joined += self._rejoined()
        self._done.conflicts += self._both.conflicts
        self._done.files += self._beside.met
        return self._session

    def _record(self, event: SnapshotEvent) -> None:
        record = event.record
        if (record.digest, record.taken_on, record.listed) in self._known:
            self._done.shared += 1
            return
        is_older = record.taken_on < self._newest
        if not is_older:
            self._turn_forth()
        export, full = replay.original_export(self._vault, event)
        account = self._session.plan(export, full=full, is_judged=False)
        if account.commit is not None:
            self._done.shared += 1
            return
        if not full:
            self._enrich(event)
        self._done.days.append(record.taken_on)
        if is_older:
            self._is_turned_back = True
        self._newest = max(self._newest, record.taken_on)

    def _turn_forth(self) -> None:
        """Record the remote's newest full list again, and what came after it."""
        if not self._is_turned_back:
            return
        self._is_turned_back = False
        last: list[SnapshotEvent] = []
        for place, one in enumerate(self._log):
            record = snapshot.read_trailers(one.message) if one.author == OWN_EMAIL else None
            if record is None:
                continue
            path = f"{vault_layout.EXPORTS}/{record.export}"
            blob = history.entries(self._vault.repo, one.id, [path]).get(path, "")
            last.append(
                SnapshotEvent(one.id, record, blob, not _any_snapshot(self._log[place + 1 :]))
            )
            if replay.original_export(self._vault, last[-1])[1]:
                break
        for event in reversed(last):
            export, full = replay.original_export(self._vault, event)
            self._session.plan(export, full=full, is_judged=False, is_again=True)
            self._done.again += 1

    def _enrich(self, event: SnapshotEvent) -> None:
        """Give what a list that only adds gave here, though its rows fit nobody by now.

        Who each row was is known here by UID; the list itself may know an old name alone.
        """
        changes = [
            change
            for change in history.changed(
                self._vault.repo, f"{event.commit}^", event.commit, vault_layout.FOLDERS
            )
            if vault_layout.is_card(change.path) and change.before and change.after
        ]
        before = self._vault.read_cards({one.path: str(one.before) for one in changes})
        after = self._vault.read_cards({one.path: str(one.after) for one in changes})
        known = self._session.roster
        there = edits.locate_contacts(known, before.values(), lambda: Roster({}), is_kin=True)
        contacts = dict(known.contacts)
        given = set[str]()
        for path, old in before.items():
            if old.uid in there and path in after:
                now = contacts[there[old.uid].uid]
                contacts[now.uid] = edits.reapply_enrichment(now, old, after[path])
                given |= {now.uid} if contacts[now.uid] != now else set()
        if given:
            message = snapshot.edit_message(len(given))
            self._session.replay(Roster(contacts), message, self._log[0].day, {})
            self._done.edits += len(given)

    def _rejoined(self) -> Iterator[RejoinedPair]:
        """Make those one whom this machine knew to be one; who was seen first keeps the UID."""
        ours = self._vault.roster(self._ours)
        for pair in edits.find_rejoined(self._session.roster, ours):
            keeper, other = pair.known.uid, pair.stranger.uid
            after = same_apart.join_in_roster(self._session.roster, keeper, other)
            message = snapshot.same_apart_message(SameApart("same", keeper, other))
            self._session.replay(after, message, self._log[0].day, {})
            yield pair

    def _is_mended(self, event: SameApartEvent) -> bool:
        """Whether the remote's side has made one of the same two."""
        kept = self._session.roster.contacts.get(event.mend.uid)
        return (
            event.mend.kind == "same"
            and kept is not None
            and any(alias.uid == event.mend.other for alias in kept.aliases)
        )

    def _count(self, done: Replayed) -> None:
        self._done.edits += done.edits
        self._done.mended += done.mended
        self._done.lost += done.lost


def _any_snapshot(log: Sequence[Commit]) -> bool:
    return any(one.author == OWN_EMAIL and snapshot.read_trailers(one.message) for one in log)


BEFORE = "refs/li-vault/before-sync"
"""The ref of the history that this machine had before the last `sync` that did it again."""

_TIMEOUT = 600.0


class SyncResult(NamedTuple):
    """What a call of `sync` did.

    Attributes:
        before: The newest one before, if its history was done again; None if that was not needed.
        was: How our history stood to each remote's; None where it could not be asked, "empty"
            where there is none.
        taken: Number of snapshots that were taken over, by remote.
        kept: Paths of files beside the cards with changes that are not committed; they stay.
        edited: Number of cards with hand edits that were committed first.
        recovered: What a run that was cut off had left to do, in words, or "".
        remotes: What became of each remote, by name; in a dry run those alone that can't be had.
        dry_run: Whether nothing was changed, since nothing was to be.
    """

    commit: str | None
    before: str | None
    was: Mapping[str, Kinship | str | None]
    taken: Mapping[str, int]
    rebased: Rebased
    kept: tuple[str, ...]
    edited: int
    put_back: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, PushOutcome]
    dry_run: bool


def sync_vault(
    vault: Vault,
    names: Collection[str],
    today: date,
    *,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> SyncResult:
    """Bring this vault and the named remotes, or all, together; then push. Nothing is forced.

    Raises:
        BadUsage: There is no remote of that name, or none at all.
        BadVault: The only remote holds another vault's history, or no sound one.
    """
    if not remotes.choose_remotes(vault, names):
        raise BadUsage("There is no remote to sync with.", "li-vault remote add NAME URL adds one.")
    progress("Fetching", 0, 1)
    seen = fetch.fetch_remotes(vault, names, _TIMEOUT)
    with vault.writing(notice) as recovered:
        work = _Work(vault, today, progress, dry_run=dry_run)
        for name, fetched in seen.fetched.items():
            work.was[name] = None if fetched.words else "empty"
            for theirs in fetched.commits:
                work.meet(name, theirs, is_only=len(seen.fetched) == 1)
    outcomes = {**(seen.against or {}), **fetch.unreachable_outcomes(seen), **work.outcomes}
    if dry_run:
        away = {name: one.words for name, one in seen.fetched.items() if one.words}
        outcomes |= {name: PushOutcome("failed", words) for name, words in away.items()}
    else:
        outcomes = push.push_to_remotes(vault, names, progress, against=outcomes)
    return work.result(recovered, outcomes)


class _Work:
    """One remote after the other; the caller holds the lock."""

    def __init__(self, vault: Vault, today: date, progress: Progress, *, dry_run: bool) -> None:
        self.was: dict[str, Kinship | str | None] = {}
        self.outcomes: dict[str, PushOutcome] = {}
        self._vault = vault
        self._today = today
        self._progress = progress
        self._dry_run = dry_run
        self._before: str | None = None
        self._edited = 0
        self._put_back: tuple[str, ...] = ()
        self._taken: dict[str, int] = {}
        self._rebased = Rebased()

    def meet(self, name: str, theirs: str, *, is_only: bool) -> None:
        """Bring a remote's history and ours together, if it is a sound vault's.

        Raises:
            BadVault: It is the only one, and not sound or has nothing in common with ours.
        """
        try:
            self._meet(name, theirs, is_only=is_only)
        except fetch.NotFastForwarded as error:
            self._taken.pop(name, None)
            if is_only:
                raise BadVault(
                    f"{name} has what can't be taken over. {error}", error.hint
                ) from error
            self.outcomes[name] = PushOutcome("refused", error.message)

    def _meet(self, name: str, theirs: str, *, is_only: bool) -> None:
        ours = self._vault.tip()
        kin = transfer.kinship(self._vault.repo, ours, theirs)
        self.was[name] = kin
        if kin == "unrelated":
            if is_only:
                raise BadVault(
                    f"{name} can't be brought together with this vault: {fetch.UNRELATED}.",
                    fetch.restore_instead(name),
                )
            self.outcomes[name] = PushOutcome("refused", fetch.UNRELATED)
        elif kin == "behind":
            self._taken[name] = fetch.count_snapshots(self._vault, theirs, ours)
            if self._dry_run:
                return
            if fetch.edits_in_the_way(self._vault, theirs):
                self._rebase(name, theirs)
            else:
                fetch.fast_forward(self._vault, theirs)
        elif kin == "diverged":
            self._taken[name] = fetch.count_snapshots(self._vault, theirs, ours)
            self._rebase(name, theirs)

    def _rebase(self, name: str, theirs: str) -> None:
        vault = self._vault
        fetch.require_sound(vault, theirs)
        hand = hand_edits.collect_hand_edits(
            vault, vault.commits(), worktree.worktree_changes(vault.repo)
        )
        if not self._dry_run:
            hand = self._committed(hand)
        planner = plan_rebase(vault, theirs, hand, self._rebased, (self._today, self._progress))
        if self._dry_run:
            return
        ours = str(vault.tip())
        joins = ours if self._is_elsewhere(name, ours, theirs) else None
        drafts = [*planner.drafts]
        if joins:
            day = drafts[-1].day if drafts else vault.commits(theirs)[0].day
            drafts.append(CommitDraft({}, snapshot.JOINED, day))
        total = sum(len(draft.edits) for draft in drafts)
        # What an earlier one kept is not forgotten with this one: git reflog BEFORE.
        vault.repo.run("update-ref", "--create-reflog", "-m", "li-vault: sync", BEFORE, ours)
        commit.record_commits(
            vault.repo,
            drafts,
            listener=CommitListener(
                lambda done: self._progress("Recording", done, total),
                lambda: vault.remember(planner.roster),
            ),
            upon=theirs,
            joins=joins,
        )
        worktree.restore_files(vault.repo, hand.put_back)
        self._before = self._before or ours

    def _committed(self, hand: HandEdits) -> HandEdits:
        """Commit what was edited by hand here, so that it can't be lost; what is left of it."""
        if not hand.edits:
            return hand
        vault = self._vault
        session = SnapshotPlanner(vault, RecordOptions(self._today), hand, vault.commits())
        commit.record_commits(vault.repo, session.drafts, seen=hand.seen)
        worktree.restore_files(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
        self._edited += session.edited
        self._put_back += hand.put_back
        return hand_edits.collect_hand_edits(
            vault, vault.commits(), worktree.worktree_changes(vault.repo)
        )

    def _is_elsewhere(self, name: str, ours: str, theirs: str) -> bool:
        """Whether another remote has commits of ours that will not be in the new history."""
        repo = self._vault.repo
        others = (one.name for one in list_remotes(repo) if one.name != name)
        tips = [tip for tip in (pushed_tip(repo, one) for one in others) if tip]
        return any(
            is_in_history(repo, tip, ours) and not is_in_history(repo, tip, theirs) for tip in tips
        )

    def _kept(self) -> tuple[str, ...]:
        """Files that are not as the newest commit has them, though one that came in may have."""
        seen = worktree.worktree_changes(self._vault.repo)
        return tuple(path for path in seen.modified if not vault_layout.is_card(path))

    def result(self, recovered: str, outcomes: Mapping[str, PushOutcome]) -> SyncResult:
        """All of it."""
        return SyncResult(
            commit=self._vault.tip(),
            before=self._before,
            was=self.was,
            taken={name: number for name, number in self._taken.items() if number},
            rebased=self._rebased,
            kept=self._kept(),
            edited=self._edited,
            put_back=self._put_back,
            recovered=recovered,
            remotes=outcomes,
            dry_run=self._dry_run,
        )
