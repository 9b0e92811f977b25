"""What remotes have that is not here: fetched first, and taken over where it follows on ours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from li_vault.core import layout
from li_vault.errors import BadVault, LiVaultError
from li_vault.store import commit, destinations, fetching, history, network, worktree
from li_vault.store.fetching import Fetched
from li_vault.store.remote import Outcome
from li_vault.store.worktree import HandEdits
from li_vault.vault import handwork, offsite, proof, replaying, snapshots
from li_vault.vault.drafting import Session, Terms
from li_vault.vault.handwork import Handwork
from li_vault.vault.opened import Vault
from li_vault.vault.reconciler import Reconciler
from li_vault.vault.replaying import Edited, Manner


class Seen(NamedTuple):
    """What remotes were found to have.

    Attributes:
        against: Remotes that may not have the vault, or of which that is not known; these are
            not fetched from either. None if nobody has looked.
        fetched: What the others have, by name; it is in the repository, and not believed yet.
    """

    against: Mapping[str, Outcome] | None = None
    fetched: Mapping[str, Fetched] = {}


class Met(NamedTuple):
    """What came of it.

    Attributes:
        taken: Number of snapshots that were taken over, by remote.
        outcomes: Remotes to which nothing is to be pushed, and why; None if nobody has looked.
    """

    taken: Mapping[str, int] = {}
    outcomes: Mapping[str, Outcome] | None = None


NOTHING = Seen()


def see(vault: Vault, names: Collection[str] = (), timeout: float = fetching.TIMEOUT) -> Seen:
    """Look at the named remotes, or at all, and fetch from those that may have the vault.

    One that can't be reached is no error here.

    Raises:
        BadUsage: There is no remote of that name.
    """
    chosen = [one.name for one in offsite.choose(vault, names)]
    places = destinations.of(vault.repo, chosen)
    against = offsite.objections(vault, places)
    ready = {name: places[name] for name in chosen if name not in against}
    return Seen(against, fetching.fetch(vault.repo, ready, timeout=timeout))


@contextmanager
def seeing(vault: Vault) -> Iterator[Callable[[], Seen]]:
    """Begin `see` while the caller does something else; yields what waits for the end of it.

    That it fails is no error here: then the push fails, and says so.
    """
    pool = ThreadPoolExecutor(1)
    turn = pool.submit(see, vault)

    def finish() -> Seen:
        try:
            return turn.result()
        except LiVaultError:
            return NOTHING

    try:
        yield finish
    except BaseException:
        network.end_all(group=not network.may_ask())
        raise
    finally:
        pool.shutdown()


def is_news(vault: Vault, seen: Seen) -> bool:
    """Whether a remote has commits that are not here."""
    ours = vault.tip()
    return any(
        fetching.kinship(vault.repo, ours, theirs) not in ("same", "ahead")
        for fetched in seen.fetched.values()
        for theirs in fetched.commits
    )


def take_over(vault: Vault, seen: Seen) -> Met:
    """Take over what follows on our history; the caller holds the lock.

    Where histories have parted, nothing is done here, and nothing is to be pushed there.

    Raises:
        BadVault: Files could not be written; the next command finishes it.
    """
    if seen.against is None:
        return Met()
    taken: dict[str, int] = {}
    outcomes = {**seen.against, **silent(seen)}
    for name, fetched in seen.fetched.items():
        for theirs in fetched.commits:
            ours = vault.tip()
            match fetching.kinship(vault.repo, ours, theirs):
                case "behind":
                    number = snapshots_of(vault, theirs, ours)
                    try:
                        forward(vault, theirs)
                    except NotTaken as error:
                        outcomes[name] = Outcome("refused", error.message)
                    else:
                        taken[name] = taken.get(name, 0) + number
                case "diverged":
                    outcomes[name] = parted(vault, name, theirs)
                case "unrelated":
                    outcomes[name] = Outcome("refused", f"{UNRELATED}. {restore_instead(name)}")
                case _:
                    pass
    return Met(taken, outcomes)


def silent(seen: Seen) -> dict[str, Outcome]:
    """The outcomes for remotes that did not answer: a push there would wait for nothing, too."""
    late = {name: one.words for name, one in seen.fetched.items() if one.is_late}
    return {name: Outcome("failed", words) for name, words in late.items()}


UNRELATED = "it holds a history that has nothing in common with this vault's"


def restore_instead(name: str) -> str:
    """What to do with a remote of another history."""
    return (
        f"That one as a vault of its own: li-vault restore URL DIR, with the address that "
        f"li-vault remote list shows for {name}."
    )


def parted(vault: Vault, name: str, theirs: str) -> Outcome:
    """The outcome for a remote whose history and ours have parted."""
    number = len(fetching.lacking(vault.repo, theirs, vault.tip()))
    words = f"it has {number} commits that are not here, and lacks some of ours"
    return Outcome("refused", f"{words}. Bring both together: li-vault sync {name}")


def snapshots_of(vault: Vault, theirs: str, ours: str | None) -> int:
    """How many snapshots of one history are not in the other."""
    new = fetching.lacking(vault.repo, theirs, ours)
    return len(snapshots.among([one for one in vault.commits(theirs) if one.id in new]))


class NotTaken(BadVault):
    """What follows on our history is not taken over, and why."""


def prove(vault: Vault, theirs: str) -> None:
    """See that a commit that was fetched is the newest of a sound vault.

    Raises:
        NotTaken: It is not; what was found.
    """
    try:
        proof.prove(vault, theirs, is_whole=True)
    except BadVault as error:
        raise NotTaken(error.message, error.hint) from error


def forward(vault: Vault, theirs: str) -> None:
    """Make a history that follows on ours that of `main`; hand edits are kept.

    Edits of cards that come in anew are carried over and committed on top: left in the work
    tree, they would take back what came in.

    Raises:
        NotTaken: It is no sound vault, or an edit has no place in it; nothing was changed.
    """
    prove(vault, theirs)
    hand = in_the_way(vault, theirs)
    drafts = _edited_upon(vault, theirs, hand) if hand else []
    seen = hand.seen if hand else None
    commit.record(vault.repo, drafts, seen=seen, upon=theirs)
    if hand is not None:
        worktree.restore(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)


def _edited_upon(vault: Vault, theirs: str, hand: Handwork) -> list[commit.Draft]:
    """The commits that do hand edits again upon a commit that follows on ours."""
    log = vault.commits(theirs)
    ours, day = vault.commits()[0], log[0].day
    session = upon(vault, theirs, Terms(day))
    newest = max((one.record.taken_on for one in snapshots.among(log)), default="")
    both = Reconciler(vault, theirs, ours.id, newest)
    event = Edited(ours.id, ours.id, day, hand.edits)
    manner = Manner(partial(both.carry, ours.day), is_kin=True)
    done = replaying.edit(vault, event, session, manner)
    if done.lost or both.conflicts:
        path = done.lost[0].path if done.lost else both.conflicts[0].path
        words = f"{path} was edited here, and is another one there. Bring both together"
        raise NotTaken(f"{words}: li-vault sync")
    return session.drafts


def upon(vault: Vault, theirs: str, terms: Terms) -> Session:
    """A session upon a commit that is not the newest of `main`."""
    log = vault.commits(theirs)
    return Session(vault, terms, handwork.gather(vault, log, HandEdits()), log)


def in_the_way(vault: Vault, theirs: str) -> Handwork | None:
    """The hand edits, if a card is among them that comes in anew with a commit."""
    ours = vault.tip()
    if ours is None:
        return None
    found = worktree.hand_edits(vault.repo)
    edited = set(filter(layout.is_card, found.modified))
    if not edited:
        return None
    coming = {change.path for change in history.changed(vault.repo, ours, theirs)}
    return handwork.gather(vault, vault.commits(), found) if edited & coming else None
