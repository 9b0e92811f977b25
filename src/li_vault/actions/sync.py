"""`sync`: the histories of two machines become one, and both remotes and this vault have it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

from li_vault.core import layout, messages
from li_vault.core.reconciling import Conflict
from li_vault.core.rejoining import Pair
from li_vault.errors import BadUsage, BadVault
from li_vault.store import commit, fetching, remote, worktree
from li_vault.store.commit import Draft
from li_vault.store.fetching import Kinship
from li_vault.store.remote import Outcome
from li_vault.vault import Vault, handwork, meeting, offsite, reunion
from li_vault.vault.companions import Meeting
from li_vault.vault.drafting import Session, Terms
from li_vault.vault.handwork import Handwork
from li_vault.vault.replaying import Lost

__all__ = ["BEFORE", "Meeting", "Progress", "Result", "run"]

Progress = Callable[[str, int, int], None]

BEFORE = "refs/li-vault/before-sync"
"""The ref of the history that this machine had before the last `sync` that did it again."""

_TIMEOUT = 600.0


class Result(NamedTuple):
    """What a call of `sync` did.

    Attributes:
        commit: The newest commit now.
        before: The newest one before, if its history was done again; None if that was not needed.
        was: How our history stood to each remote's; None where it could not be asked, "empty"
            where there is none.
        taken: Number of snapshots that were taken over, by remote.
        days: Days of our snapshots that were recorded again, in their order.
        shared: Number of exports that both sides had recorded.
        again: Number of the remote's exports that were recorded once more upon older ones.
        edits: Number of cards whose hand edits were done again.
        mended: Number of `same` and `apart` that were done again.
        conflicts: Fields that both sides corrected, or an export said anew.
        lost: What could not be done again; it is in the history of `before`.
        joined: Who was two in the remote's history, and is one since this machine knew it.
        files: Files beside the cards that both sides changed.
        kept: Paths of files beside the cards with changes that are not committed; they stay.
        edited: Number of cards with hand edits that were committed first.
        put_back: Paths of cards that had been deleted by hand.
        recovered: What a run that was cut off had left to do, in words, or "".
        remotes: What became of each remote, by name; in a dry run those alone that can't be had.
        dry_run: Whether nothing was changed, since nothing was to be.
    """

    commit: str | None
    before: str | None
    was: Mapping[str, Kinship | str | None]
    taken: Mapping[str, int]
    days: tuple[str, ...]
    shared: int
    again: int
    edits: int
    mended: int
    conflicts: tuple[Conflict, ...]
    lost: tuple[Lost, ...]
    joined: tuple[Pair, ...]
    files: tuple[Meeting, ...]
    kept: tuple[str, ...]
    edited: int
    put_back: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, Outcome]
    dry_run: bool


def run(
    vault: Vault,
    names: Collection[str],
    today: date,
    *,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> Result:
    """Bring this vault and the named remotes, or all, together; then push. Nothing is forced.

    Raises:
        BadUsage: There is no remote of that name, or none at all.
        BadVault: The only remote holds another vault's history, or no sound one.
    """
    if not offsite.choose(vault, names):
        raise BadUsage("There is no remote to sync with.", "li-vault remote add NAME URL adds one.")
    progress("Fetching", 0, 1)
    seen = meeting.see(vault, names, _TIMEOUT)
    with vault.writing(notice) as recovered:
        work = _Work(vault, today, progress, dry_run=dry_run)
        for name, fetched in seen.fetched.items():
            work.was[name] = None if fetched.words else "empty"
            for theirs in fetched.commits:
                work.meet(name, theirs, is_only=len(seen.fetched) == 1)
    outcomes = {**(seen.against or {}), **meeting.silent(seen), **work.outcomes}
    if dry_run:
        away = {name: one.words for name, one in seen.fetched.items() if one.words}
        outcomes |= {name: Outcome("failed", words) for name, words in away.items()}
    else:
        outcomes = offsite.push(vault, names, progress, against=outcomes)
    return work.result(recovered, outcomes)


class _Work:
    """One remote after the other; the caller holds the lock."""

    def __init__(self, vault: Vault, today: date, progress: Progress, *, dry_run: bool) -> None:
        self.was: dict[str, Kinship | str | None] = {}
        self.outcomes: dict[str, Outcome] = {}
        self._vault = vault
        self._today = today
        self._progress = progress
        self._dry_run = dry_run
        self._before: str | None = None
        self._edited = 0
        self._put_back: tuple[str, ...] = ()
        self._taken: dict[str, int] = {}
        self._reunions: list[reunion.Reunion] = []

    def meet(self, name: str, theirs: str, *, is_only: bool) -> None:
        """Bring a remote's history and ours together, if it is a sound vault's.

        Raises:
            BadVault: It is the only one, and not sound or has nothing in common with ours.
        """
        try:
            self._meet(name, theirs, is_only=is_only)
        except meeting.NotTaken as error:
            self._taken.pop(name, None)
            if is_only:
                raise BadVault(
                    f"{name} has what can't be taken over. {error}", error.hint
                ) from error
            self.outcomes[name] = Outcome("refused", error.message)

    def _meet(self, name: str, theirs: str, *, is_only: bool) -> None:
        ours = self._vault.tip()
        kin = fetching.kinship(self._vault.repo, ours, theirs)
        self.was[name] = kin
        if kin == "unrelated":
            if is_only:
                raise BadVault(
                    f"{name} can't be brought together with this vault: {meeting.UNRELATED}.",
                    meeting.restore_instead(name),
                )
            self.outcomes[name] = Outcome("refused", meeting.UNRELATED)
        elif kin == "behind":
            self._taken[name] = meeting.snapshots_of(self._vault, theirs, ours)
            if self._dry_run:
                return
            if meeting.in_the_way(self._vault, theirs):
                self._reunite(name, theirs)
            else:
                meeting.forward(self._vault, theirs)
        elif kin == "diverged":
            self._taken[name] = meeting.snapshots_of(self._vault, theirs, ours)
            self._reunite(name, theirs)

    def _reunite(self, name: str, theirs: str) -> None:
        vault = self._vault
        meeting.prove(vault, theirs)
        hand = handwork.gather(vault, vault.commits(), worktree.hand_edits(vault.repo))
        if not self._dry_run:
            hand = self._committed(hand)
        found = reunion.plan(vault, theirs, hand, self._today, self._progress)
        self._reunions.append(found)
        if self._dry_run:
            return
        ours = str(vault.tip())
        joins = ours if self._is_elsewhere(name, ours, theirs) else None
        drafts = [*found.drafts]
        if joins:
            day = drafts[-1].day if drafts else vault.commits(theirs)[0].day
            drafts.append(Draft({}, messages.JOINED, day))
        total = sum(len(draft.edits) for draft in drafts)
        # What an earlier one kept is not forgotten with this one: git reflog BEFORE.
        vault.repo.run("update-ref", "--create-reflog", "-m", "li-vault: sync", BEFORE, ours)
        commit.record(
            vault.repo,
            drafts,
            progress=lambda done: self._progress("Recording", done, total),
            meanwhile=lambda: vault.remember(found.session.roster),
            upon=theirs,
            joins=joins,
        )
        worktree.restore(vault.repo, hand.put_back)
        self._before = self._before or ours

    def _committed(self, hand: Handwork) -> Handwork:
        """Commit what was edited by hand here, so that it can't be lost; what is left of it."""
        if not hand.edits:
            return hand
        vault = self._vault
        session = Session(vault, Terms(self._today), hand, vault.commits())
        commit.record(vault.repo, session.drafts, seen=hand.seen)
        worktree.restore(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
        self._edited += session.edited
        self._put_back += hand.put_back
        return handwork.gather(vault, vault.commits(), worktree.hand_edits(vault.repo))

    def _is_elsewhere(self, name: str, ours: str, theirs: str) -> bool:
        """Whether another remote has commits of ours that will not be in the new history."""
        repo = self._vault.repo
        others = (one.name for one in remote.listed(repo) if one.name != name)
        tips = [tip for tip in (remote.pushed_tip(repo, one) for one in others) if tip]
        return any(
            remote.is_ours(repo, tip, ours) and not remote.is_ours(repo, tip, theirs)
            for tip in tips
        )

    def _kept(self) -> tuple[str, ...]:
        """Files that are not as the newest commit has them, though one that came in may have."""
        seen = worktree.hand_edits(self._vault.repo)
        return tuple(path for path in seen.modified if not layout.is_card(path))

    def result(self, recovered: str, outcomes: Mapping[str, Outcome]) -> Result:
        """All of it."""
        found = self._reunions
        return Result(
            commit=self._vault.tip(),
            before=self._before,
            was=self.was,
            taken={name: number for name, number in self._taken.items() if number},
            days=tuple(day for one in found for day in one.days),
            shared=sum(one.shared for one in found),
            again=sum(one.again for one in found),
            edits=sum(one.edits for one in found),
            mended=sum(one.mended for one in found),
            conflicts=tuple(each for one in found for each in one.conflicts),
            lost=tuple(each for one in found for each in one.lost),
            joined=tuple(each for one in found for each in one.joined),
            files=tuple(each for one in found for each in one.files),
            kept=self._kept(),
            edited=self._edited,
            put_back=self._put_back,
            recovered=recovered,
            remotes=outcomes,
            dry_run=self._dry_run,
        )
