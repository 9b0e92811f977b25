"""Exports become cards, a commit each, and pushed copies: what every way to record one does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from li_vault.store import commit, incoming, worktree
from li_vault.vault import chapters, dating, exchange, handwork
from li_vault.vault.accounts import Recorded, recorded
from li_vault.vault.dating import Dated, PassedOver
from li_vault.vault.drafting import Session, Terms
from li_vault.vault.handwork import Handwork
from li_vault.vault.opened import Vault

if TYPE_CHECKING:
    from li_vault.store.remote import Outcome

Progress = Callable[[str, int, int], None]
"""Told of long work: what is being done, how much is done, how much there is; 0 if unknown."""


class Recording(NamedTuple):
    """What was recorded, and what became of the copies.

    Attributes:
        snapshots: One for each export, in the order of their days.
        edited: Number of cards with hand edits that were committed first.
        put_back: Paths of cards that had been deleted by hand.
        strays: Paths of files among the cards that are nobody's card.
        kept: Paths of other files of the vault with changes of the user's.
        recovered: What a run that was cut off had left to do, in words, or "".
        remotes: What became of each remote, by name.
        dry_run: Whether nothing was recorded, since nothing was to be.
        passed_over: Exports that were left out for a fuller one of the same day.
        taken: Number of snapshots that were taken over from remotes first, by remote.
    """

    snapshots: tuple[Recorded, ...]
    edited: int
    put_back: tuple[str, ...]
    strays: tuple[str, ...]
    kept: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, Outcome]
    dry_run: bool
    passed_over: tuple[PassedOver, ...] = ()
    taken: Mapping[str, int] = {}


def record(
    vault: Vault,
    read_exports: Callable[[], Sequence[Dated]],
    terms: Terms,
    *,
    dry_run: bool = False,
    push: bool = True,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> Recording:
    """Take over what remotes have besides, record exports, all or none, then push.

    Args:
        vault: Where to.
        read_exports: Returns them, read; called while git looks at the work tree.
        terms: How they are to be taken.
        dry_run: Whether to stop before anything is recorded.
        push: Whether to push afterwards.
        progress: Told of long work.
        notice: Called when another writer has to be waited for.

    Raises:
        Refused: A guard refused; nothing was changed.
        BadExport: An export can't be read; nothing was changed.
        BadVault: The vault is not usable.
    """
    asks = exchange.is_wanted(vault, push=push, dry_run=dry_run)
    with exchange.seeing(vault, asks) as seen, vault.writing(notice) as recovered:
        look = worktree.looking(vault.repo)
        try:
            chosen = dating.order(read_exports(), terms.full)
        finally:
            found = look()
        met = exchange.take_over(vault, seen)
        if met is not None and met.taken:
            found = worktree.hand_edits(vault.repo)
        log = vault.commits()
        hand = handwork.gather(vault, log, found)
        with incoming.ahead(vault.repo, [] if dry_run else _single(chosen.exports)) as stored:
            session = Session(vault, terms, hand, log)
            accounts = []
            for number, export in enumerate(chosen.exports):
                progress("Comparing", number, len(chosen.exports))
                accounts.append(session.plan(export))
            ids = [] if dry_run else _commit(vault, hand, session, stored, progress)
    return Recording(
        snapshots=recorded(accounts, ids),
        edited=session.edited,
        put_back=hand.put_back,
        strays=hand.strays,
        kept=hand.kept,
        recovered=recovered,
        remotes=exchange.push(vault, met, progress),
        dry_run=dry_run,
        passed_over=chosen.passed_over,
        taken=met.taken if met else {},
    )


def _single(exports: Sequence[Dated]) -> list[bytes]:
    """The bytes of the one export, if it is one and was kept."""
    return [one.held.data for one in exports if one.held] if len(exports) == 1 else []


def _commit(
    vault: Vault,
    hand: Handwork,
    session: Session,
    stored: incoming.Stored,
    progress: Progress,
) -> list[str]:
    """Record the drafts; the ids of the snapshots' commits, oldest first."""
    total = sum(len(draft.edits) for draft in session.drafts)

    def remember() -> None:
        if session.has_new_roster:
            vault.remember(session.roster)

    ids = commit.record(
        vault.repo,
        session.drafts,
        seen=hand.seen,
        progress=lambda done: progress("Recording", done, total),
        meanwhile=remember,
        stored=stored,
        repacking=lambda: progress("Packing the history", 0, 0),
    )
    chapters.keep(vault, zip(ids, session.chapters, strict=True))
    worktree.restore(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
    return ids[1:] if session.edited else ids
