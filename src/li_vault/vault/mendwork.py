"""`same` and `apart` as commits: who is meant is decided, then recorded, then pushed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from li_vault.core import messages
from li_vault.core.messages import Mend
from li_vault.core.model import Contact, Roster
from li_vault.errors import BadUsage
from li_vault.store import commit, worktree
from li_vault.vault import exchange, handwork
from li_vault.vault.drafting import Session, Terms
from li_vault.vault.opened import Vault

if TYPE_CHECKING:
    from datetime import date

    from li_vault.store.remote import Outcome


class Decision(NamedTuple):
    """What is to be done.

    Attributes:
        contact: Who keeps UID and file, as it will be.
        other: Who is taken in, as it was; or who is parted from it, as it will be; or the other
            of two that are two already; None if both words mean one contact that is to be one.
        after: Everyone afterwards; None if there is nothing to do.
    """

    contact: Contact
    other: Contact | None
    after: Roster | None


class Result(NamedTuple):
    """What a call of `same` or `apart` did.

    Attributes:
        kind: `same` or `apart`.
        commit: The commit of the mend; None in a dry run, or if there was nothing to do.
        contact: Who keeps UID and file.
        other: See `Decision`.
        already: Whether there was nothing to do.
        edited: Number of cards with hand edits that were committed first.
        put_back: Paths of cards that had been deleted by hand.
        recovered: What a run that was cut off had left to do, in words, or "".
        remotes: What became of each remote, by name.
        dry_run: Whether nothing was recorded, since nothing was to be.
        taken: Number of snapshots that were taken over from remotes first, by remote.
    """

    kind: str
    commit: str | None
    contact: Contact
    other: Contact | None
    already: bool
    edited: int
    put_back: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, Outcome]
    dry_run: bool
    taken: Mapping[str, int] = {}


def run(
    vault: Vault,
    kind: str,
    decide: Callable[[Roster], Decision],
    today: date,
    *,
    dry_run: bool,
    push: bool,
    notice: Callable[[], None] | None,
) -> Result:
    """Take over what remotes have besides, record a mend after the hand edits; then push.

    Args:
        vault: Where.
        kind: `same` or `apart`.
        decide: Finds out who is meant among everyone, hand edits taken.
        today: The current day; the commit is dated as the one that it follows.
        dry_run: Whether to stop before anything is recorded.
        push: Whether to push afterwards.
        notice: Called when another writer has to be waited for.

    Raises:
        LiVaultError: Whatever `decide` raises; nothing was recorded.
        BadVault: The vault is not usable.
    """
    ids: list[str] = []
    edited = 0
    asks = exchange.is_wanted(vault, push=push, dry_run=dry_run)
    with exchange.seeing(vault, asks) as seen, vault.writing(notice) as recovered:
        met = exchange.take_over(vault, seen)
        found = worktree.hand_edits(vault.repo)
        log = vault.commits()
        hand = handwork.gather(vault, log, found)
        session = Session(vault, Terms(today), hand, log)
        decision = decide(session.roster)
        records = decision.after is not None and not dry_run
        if decision.after is not None and decision.other is not None:
            mend = Mend(kind, decision.contact.uid, decision.other.uid)
            message = messages.mended(mend)
            _require_readable(message, mend)
            session.replay(decision.after, message, log[0].day, None)
        if records:
            edited = session.edited
            ids = commit.record(
                vault.repo,
                session.drafts,
                seen=hand.seen,
                meanwhile=lambda: vault.remember(session.roster),
            )
            worktree.restore(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
    return Result(
        kind=kind,
        commit=ids[-1] if ids else None,
        contact=decision.contact,
        other=decision.other,
        already=decision.after is None,
        edited=edited,
        put_back=hand.put_back if records else (),
        recovered=recovered,
        remotes=exchange.push(vault, met),
        dry_run=dry_run,
        taken=met.taken if met else {},
    )


def _require_readable(message: str, mend: Mend) -> None:
    if messages.read_mend(message) != mend:
        raise BadUsage(
            "One of the two cards has a UID that is no UUID in lower case; li-vault did not give "
            "it that, so it can't be mended for good.",
            "Join the two files by hand, or give their card a UUID and commit it.",
        )
