"""`snapshot`: exports become cards, a commit each, and pushed copies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from li_vault.errors import BadUsage
from li_vault.formats import registry
from li_vault.formats.base import Export, Reading
from li_vault.store import commit, incoming, worktree
from li_vault.vault import Vault, handwork
from li_vault.vault.drafting import Account, Dated, Origin, Session, Terms
from li_vault.vault.handwork import Handwork

if TYPE_CHECKING:
    from li_vault.store.remote import Outcome

Progress = Callable[[str, int, int], None]
"""Told of long work: what is being done, how much is done, how much there is."""


class Recorded(NamedTuple):
    """What became of one export.

    Attributes:
        commit: The commit of its snapshot; None in a dry run.
        already: Whether it had been recorded before; then `commit` is that one.
    """

    commit: str | None
    already: bool
    account: Account


class Result(NamedTuple):
    """What a call of `snapshot` did.

    Attributes:
        snapshots: One for each export, in the order of their days.
        edited: Number of cards with hand edits that were committed first.
        put_back: Paths of cards that had been deleted by hand.
        strays: Paths of files among the cards that are nobody's card.
        kept: Paths of other files of the vault with changes of the user's.
        recovered: What a run that was cut off had left to do, in words, or "".
        remotes: What became of each remote, by name.
        dry_run: Whether nothing was recorded, since nothing was to be.
    """

    snapshots: tuple[Recorded, ...]
    edited: int
    put_back: tuple[str, ...]
    strays: tuple[str, ...]
    kept: tuple[str, ...]
    recovered: str
    remotes: Mapping[str, Outcome]
    dry_run: bool


def read(exports: Sequence[Export], today: date, taken_on: date | None) -> list[Dated]:
    """Read exports and find out the days they were made; sorted by day.

    Args:
        exports: What was handed over.
        today: The current day.
        taken_on: The day that the user says, or None.

    Raises:
        BadExport: One of them can't be read.
        BadUsage: A day lies in the future.
    """
    return sorted(
        (_dated(registry.read(export), export, today, taken_on) for export in exports),
        key=lambda found: (found.day, found.digest),
    )


def run(
    vault: Vault,
    read_exports: Callable[[], Sequence[Dated]],
    terms: Terms,
    *,
    dry_run: bool = False,
    push: bool = True,
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> Result:
    """Record exports, all or none, then push.

    Args:
        vault: Where to.
        read_exports: Returns them sorted by day; called while git looks at the work tree.
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
    with vault.writing(notice) as recovered:
        look = worktree.looking(vault.repo)
        try:
            exports = read_exports()
        finally:
            found = look()
        log = vault.commits()
        hand = handwork.gather(vault, log, found)
        originals = [] if dry_run else [export.reading.data for export in exports]
        with incoming.ahead(vault.repo, originals) as stored:
            session = Session(vault, terms, hand, log)
            accounts = [session.plan(export) for export in exports]
            ids = [] if dry_run else _record(vault, hand, session, stored, progress)
    return Result(
        snapshots=tuple(_recorded(accounts, ids)),
        edited=session.edited,
        put_back=hand.put_back,
        strays=hand.strays,
        kept=hand.kept,
        recovered=recovered,
        remotes=_pushed(vault) if push and not dry_run else {},
        dry_run=dry_run,
    )


def _pushed(vault: Vault) -> Mapping[str, Outcome]:
    from li_vault.vault import offsite  # all that it takes to push is imported where one does

    return offsite.push(vault)


def _dated(reading: Reading, export: Export, today: date, taken_on: date | None) -> Dated:
    """The day an export was made; never before the newest connection in it, unless told."""
    day, origin = _day(export, taken_on)
    if origin != "option" and reading.newest:
        day = max(day, date.fromisoformat(reading.newest))
    if day > today + timedelta(days=1):
        raise BadUsage(
            f"{export.source} would have been made on {day.isoformat()}, in the future "
            f"(today is {today.isoformat()}).",
            "Say the right day with --taken-on YYYY-MM-DD.",
        )
    digest = hashlib.sha256(reading.data).hexdigest()
    return Dated(reading, export.source, day, origin, digest)


def _day(export: Export, taken_on: date | None) -> tuple[date, Origin]:
    if taken_on is not None:
        return taken_on, "option"
    if export.named_on is not None:
        return export.named_on, "name"
    if export.stamped_on is not None:
        return export.stamped_on, "archive"
    return export.dated_on, "file"


def _record(
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
    )
    worktree.restore(vault.repo, [*hand.put_back, *hand.seen], seen=hand.seen)
    return ids[1:] if session.edited else ids


def _recorded(accounts: Sequence[Account], ids: Sequence[str]) -> list[Recorded]:
    """Each account with its commit; an export given twice in a call has the first one's."""
    commits = iter(ids)
    made: dict[tuple[str, str], str | None] = {}
    found = []
    for account in accounts:
        key = (account.record.digest, account.record.taken_on)
        already = account.commit is not None
        commit_id = account.commit or (made[key] if key in made else next(commits, None))
        made[key] = commit_id
        found.append(Recorded(commit_id, already, account))
    return found
