"""What remotes have: fetched, and fast-forwarded to where it only adds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import NamedTuple

from li_vault.core import snapshot, vault_layout
from li_vault.core.model import Contact
from li_vault.core.planning import edits
from li_vault.core.planning.edits import FieldConflict
from li_vault.errors import BadVault, LiVaultError
from li_vault.store import history, repo
from li_vault.store.remotes import network_git, push_urls, transfer
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.store.remotes.transfer import FetchedMain
from li_vault.store.write import commit, worktree
from li_vault.store.write.worktree import WorktreeChanges
from li_vault.vault.plan import hand_edits, replay
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.plan.planner import RecordOptions, SnapshotPlanner
from li_vault.vault.plan.replay import EditEvent, ReplayOptions
from li_vault.vault.remotes import remotes
from li_vault.vault.vault import Vault, snapshots_among
from li_vault.vault.verify import sound_tip


class FetchedRemotes(NamedTuple):
    """What remotes were found to have.

    Attributes:
        against: Remotes that may not have the vault, or of which that is not known; these are
            not fetched from either. None if nobody has looked.
        fetched: What the others have, by name; it is in the repository, and not believed yet.
    """

    against: Mapping[str, PushOutcome] | None = None
    fetched: Mapping[str, FetchedMain] = {}


class FastForwarded(NamedTuple):
    """What came of it.

    Attributes:
        taken: Number of snapshots that were taken over, by remote.
        outcomes: Remotes to which nothing is to be pushed, and why; None if nobody has looked.
    """

    taken: Mapping[str, int] = {}
    outcomes: Mapping[str, PushOutcome] | None = None


NOTHING = FetchedRemotes()


def fetch_remotes(
    vault: Vault, names: Collection[str] = (), timeout: float = transfer.TIMEOUT
) -> FetchedRemotes:
    """Look at the named remotes, or at all, and fetch from those that may have the vault.

    One that can't be reached is no error here.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = [one.name for one in remotes.choose_remotes(vault, names)]
    places = push_urls.urls_of_remotes(vault.repo, chosen)
    against = remotes.privacy_objections(vault, places)
    ready = {name: places[name] for name in chosen if name not in against}
    return FetchedRemotes(against, transfer.fetch_main(vault.repo, ready, timeout=timeout))


@contextmanager
def fetch_in_background(vault: Vault) -> Iterator[Callable[[], FetchedRemotes]]:
    """Begin `fetch_remotes` while the caller goes on; yields what waits for the end of it.

    That it fails is no error here: then the push fails, and says so.
    """
    pool = ThreadPoolExecutor(1)
    turn = pool.submit(fetch_remotes, vault)

    def finish() -> FetchedRemotes:
        try:
            return turn.result()
        except LiVaultError:
            return NOTHING

    try:
        yield finish
    except BaseException:
        network_git.end_all(vault.repo, group=not network_git.can_prompt())
        raise
    finally:
        pool.shutdown()


def has_new_commits(vault: Vault, seen: FetchedRemotes) -> bool:
    """Whether a remote has commits that are not here."""
    ours = vault.tip()
    return any(
        transfer.kinship(vault.repo, ours, theirs) not in ("same", "ahead")
        for fetched in seen.fetched.values()
        for theirs in fetched.commits
    )


def fast_forward_all(vault: Vault, seen: FetchedRemotes) -> FastForwarded:
    """Take over what follows on our history; the caller holds the lock.

    Where histories have parted, nothing is done here, and nothing is to be pushed there.

    Raises:
        BadVault: Files could not be written; the next command finishes it.
    """
    if seen.against is None:
        return FastForwarded()
    taken: dict[str, int] = {}
    outcomes = {**seen.against, **unreachable_outcomes(seen)}
    for name, fetched in seen.fetched.items():
        for theirs in fetched.commits:
            ours = vault.tip()
            match transfer.kinship(vault.repo, ours, theirs):
                case "behind":
                    number = count_snapshots(vault, theirs, ours)
                    try:
                        fast_forward(vault, theirs)
                    except NotFastForwarded as error:
                        outcomes[name] = PushOutcome("refused", error.message)
                    else:
                        taken[name] = taken.get(name, 0) + number
                case "diverged":
                    outcomes[name] = diverged_outcome(vault, name, theirs)
                case "unrelated":
                    outcomes[name] = PushOutcome("refused", f"{UNRELATED}. {restore_instead(name)}")
                case _:
                    pass
    return FastForwarded(taken, outcomes)


def unreachable_outcomes(seen: FetchedRemotes) -> dict[str, PushOutcome]:
    """The outcomes for remotes that did not answer: a push there would wait for nothing, too."""
    late = {name: one.words for name, one in seen.fetched.items() if one.is_late}
    return {name: PushOutcome("failed", words) for name, words in late.items()}


UNRELATED = "it holds a history that has nothing in common with this vault's"


def restore_instead(name: str) -> str:
    """What to do with a remote of another history."""
    return (
        f"That one as a vault of its own: li-vault restore URL DIR, with the address that "
        f"li-vault remote list shows for {name}."
    )


def diverged_outcome(vault: Vault, name: str, theirs: str) -> PushOutcome:
    """The outcome for a remote whose history and ours have parted."""
    number = len(transfer.lacking(vault.repo, theirs, vault.tip()))
    words = f"it has {number} commits that are not here, and lacks some of ours"
    return PushOutcome("refused", f"{words}. Bring both together: li-vault sync {name}")


def count_snapshots(vault: Vault, theirs: str, ours: str | None) -> int:
    """How many snapshots of one history are not in the other."""
    new = transfer.lacking(vault.repo, theirs, ours)
    return len(snapshots_among([one for one in vault.commits(theirs) if one.id in new]))


class NotFastForwarded(BadVault):
    """What follows on our history is not taken over, and why."""


def require_sound(vault: Vault, theirs: str) -> None:
    """See that a commit that was fetched is the newest of a sound vault.

    Raises:
        NotTaken: It is not; what was found.
    """
    try:
        sound_tip.require_sound_tip(vault, theirs, is_whole=True)
    except BadVault as error:
        raise NotFastForwarded(error.message, error.hint) from error


def fast_forward(vault: Vault, theirs: str) -> None:
    """Make a history that follows on ours that of `main`; hand edits are kept.

    Edits of cards that come in anew are carried over and committed on top: left in the work
    tree, they would take back what came in.

    Raises:
        NotTaken: It is no sound vault, or an edit has no place in it; nothing was changed.
    """
    require_sound(vault, theirs)
    hand = edits_in_the_way(vault, theirs)
    drafts = _edited_upon(vault, theirs, hand) if hand else []
    seen = hand.seen if hand else None
    commit.record_commits(vault.repo, drafts, seen=seen, upon=theirs)
    if hand is not None:
        worktree.restore_files(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)


def _edited_upon(vault: Vault, theirs: str, hand: HandEdits) -> list[commit.CommitDraft]:
    """The commits that do hand edits again upon a commit that follows on ours."""
    log = vault.commits(theirs)
    ours, day = vault.commits()[0], log[0].day
    session = planner_upon(vault, theirs, RecordOptions(day))
    newest = max((one.record.taken_on for one in snapshots_among(log)), default="")
    both = EditReconciler(vault, theirs, ours.id, newest)
    event = EditEvent(ours.id, ours.id, day, hand.edits)
    manner = ReplayOptions(partial(both.carry, ours.day), is_kin=True)
    done = replay.replay_edit(vault, event, session, manner)
    if done.lost or both.conflicts:
        path = done.lost[0].path if done.lost else both.conflicts[0].path
        words = f"{path} was edited here, and is another one there. Bring both together"
        raise NotFastForwarded(f"{words}: li-vault sync")
    return session.drafts


def planner_upon(vault: Vault, theirs: str, terms: RecordOptions) -> SnapshotPlanner:
    """A session upon a commit that is not the newest of `main`."""
    log = vault.commits(theirs)
    return SnapshotPlanner(
        vault, terms, hand_edits.collect_hand_edits(vault, log, WorktreeChanges()), log
    )


def edits_in_the_way(vault: Vault, theirs: str) -> HandEdits | None:
    """The hand edits, if a card is among them that comes in anew with a commit."""
    ours = vault.tip()
    if ours is None:
        return None
    found = worktree.worktree_changes(vault.repo)
    edited = set(filter(vault_layout.is_card, found.modified))
    if not edited:
        return None
    coming = {change.path for change in history.changed(vault.repo, ours, theirs)}
    return hand_edits.collect_hand_edits(vault, vault.commits(), found) if edited & coming else None


class EditReconciler:
    """Carries edits over to contacts of the other machine.

    Attributes:
        newest: ISO day of the newest export that the contacts know.
        conflicts: The fields for which two values were left, as they were found.
    """

    def __init__(self, vault: Vault, theirs: str, ours: str | None, newest: str) -> None:
        """Begin upon `theirs`; `ours` is our newest commit."""
        self.newest = newest
        self.conflicts: list[FieldConflict] = []
        self._vault = vault
        self._theirs = theirs
        self._new = transfer.lacking(vault.repo, theirs, ours)

    def carry(self, day: date, now: Contact, before: Contact, after: Contact) -> Contact:
        """The contact, edited as somebody edited `before` into `after` here on a day."""
        done = edits.reconcile(
            now,
            before,
            after,
            is_outdated=day.isoformat() < self.newest,
            theirs_is_later=lambda: self._edited_on(now) >= day,
        )
        self.conflicts += done.conflicts
        return done.contact

    def _edited_on(self, contact: Contact) -> date:
        """The day on which the other machine last edited this card by hand since both parted."""
        for touch in history.touching(
            self._vault.repo, self._theirs, vault_layout.possible_paths(contact)
        ):
            one = touch.commit
            if one.id in self._new and (
                one.author != repo.OWN_EMAIL or snapshot.is_edit(one.message)
            ):
                return one.day
        return date.min
