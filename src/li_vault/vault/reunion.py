"""Two histories that have parted become one: ours is done again upon the remote's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from li_vault.core import carrying, layout, mending, messages, rejoining
from li_vault.core.messages import Mend
from li_vault.core.model import Roster
from li_vault.core.reconciling import Conflict
from li_vault.core.rejoining import Pair
from li_vault.store import commit, fetching, history
from li_vault.store.commit import Draft
from li_vault.store.history import Commit
from li_vault.vault import meeting, replaying
from li_vault.vault.companions import Companions, Meeting
from li_vault.vault.drafting import Session, Terms
from li_vault.vault.handwork import Handwork
from li_vault.vault.opened import Vault
from li_vault.vault.reconciler import Reconciler
from li_vault.vault.replaying import Edited, Event, Lost, Manner, Mended, Replayed, Taken

Progress = Callable[[str, int, int], None]


class Reunion(NamedTuple):
    """How both become one; nothing is recorded yet.

    Attributes:
        drafts: The commits that follow on the remote's newest, oldest first.
        days: Days of the snapshots of ours that are recorded again, in their order.
        shared: Number of exports that both had recorded.
        again: Number of the remote's exports that are recorded once more, so that the present is
            what the newest of them says.
        edits: Number of cards whose hand edits are done again.
        mended: Number of `same` and `apart` that are done again.
        conflicts: Fields that both sides corrected.
        lost: What can't be done again.
        joined: Who was two in the remote's history, and is one since this machine knew it.
        files: Files beside the cards that both sides changed.
        session: The state after all of it.
    """

    drafts: tuple[Draft, ...]
    days: tuple[str, ...]
    shared: int
    again: int
    edits: int
    mended: int
    conflicts: tuple[Conflict, ...]
    lost: tuple[Lost, ...]
    joined: tuple[Pair, ...]
    files: tuple[Meeting, ...]
    session: Session


def plan(vault: Vault, theirs: str, hand: Handwork, today: date, progress: Progress) -> Reunion:
    """Plan what happened here since both parted, upon the remote's newest commit.

    Exports come in the order of their days, and no guard looks at them again. One that is older
    than the remote's newest is recorded all the same, since its bytes and its account belong to
    the history; what the remote recorded last follows it once more.

    Args:
        vault: The vault.
        theirs: The remote's newest commit, which was proved.
        hand: Hand edits that are not committed.
        today: The current day.
        progress: Told of long work.

    Raises:
        BadVault: The original of a snapshot is not there, or was changed.
        BadExport: One can't be read.
    """
    ours = vault.tip()
    new = fetching.lacking(vault.repo, str(ours), theirs)
    own = [one for one in vault.commits() if one.id in new]
    since = own[-1].parents[0] if own and own[-1].parents else None
    events = replaying.in_order(replaying.events(vault, own, hand, since))
    walk = _Walk(vault, theirs, ours, today)
    for number, event in enumerate(events):
        progress("Comparing", number, len(events))
        walk.take(event)
    return walk.finish()


class _Walk:
    """Our events, one upon the other, upon the remote's history."""

    def __init__(self, vault: Vault, theirs: str, ours: str | None, today: date) -> None:
        self._vault = vault
        self._ours = ours
        self._log = vault.commits(theirs)
        self._session = meeting.upon(vault, theirs, Terms(today))
        records = [messages.read(one.message) for one in self._log if one.author == commit.EMAIL]
        self._known = {(one.digest, one.taken_on, one.listed) for one in records if one is not None}
        self._newest = max((one.taken_on for one in records if one is not None), default="")
        self._both = Reconciler(vault, theirs, ours, self._newest)
        self._beside = Companions(vault, theirs)
        self._is_turned_back = False
        self._days: list[str] = []
        self._shared = self._again = self._edits = self._mended = 0
        self._lost: list[Lost] = []

    def take(self, event: Event) -> None:
        """Plan one event."""
        if isinstance(event, Taken):
            self._record(event)
        elif isinstance(event, Edited):
            self._both.newest = self._newest
            carry = partial(self._both.carry, event.day)
            self._count(
                replaying.edit(
                    self._vault,
                    event._replace(day=self._log[0].day),
                    self._session,
                    Manner(carry, is_kin=True, beside=self._beside),
                )
            )
        elif not self._is_mended(event):
            event = event._replace(day=self._log[0].day)
            manner = Manner(is_kin=True)
            self._count(replaying.mend(self._vault, event, self._session, manner))

    def finish(self) -> Reunion:
        """What came out."""
        self._turn_forth()
        joined = tuple(self._rejoined())
        return Reunion(
            drafts=tuple(self._session.drafts),
            days=tuple(self._days),
            shared=self._shared,
            again=self._again,
            edits=self._edits,
            mended=self._mended,
            conflicts=tuple(self._both.conflicts),
            lost=tuple(self._lost),
            joined=joined,
            files=self._beside.met,
            session=self._session,
        )

    def _record(self, event: Taken) -> None:
        record = event.record
        if (record.digest, record.taken_on, record.listed) in self._known:
            self._shared += 1
            return
        is_older = record.taken_on < self._newest
        if not is_older:
            self._turn_forth()
        export, full = replaying.original(self._vault, event)
        account = self._session.plan(export, full=full, is_judged=False)
        if account.commit is not None:
            self._shared += 1
            return
        if not full:
            self._enrich(event)
        self._days.append(record.taken_on)
        if is_older:
            self._is_turned_back = True
        self._newest = max(self._newest, record.taken_on)

    def _turn_forth(self) -> None:
        """Record the remote's newest full list again, and what came after it."""
        if not self._is_turned_back:
            return
        self._is_turned_back = False
        last: list[Taken] = []
        for place, one in enumerate(self._log):
            record = messages.read(one.message) if one.author == commit.EMAIL else None
            if record is None:
                continue
            path = f"{layout.EXPORTS}/{record.export}"
            blob = history.entries(self._vault.repo, one.id, [path]).get(path, "")
            last.append(Taken(one.id, record, blob, not _any_snapshot(self._log[place + 1 :])))
            if replaying.original(self._vault, last[-1])[1]:
                break
        for event in reversed(last):
            export, full = replaying.original(self._vault, event)
            self._session.plan(export, full=full, is_judged=False, is_again=True)
            self._again += 1

    def _enrich(self, event: Taken) -> None:
        """Give what a list that only adds gave here, though its rows fit nobody by now.

        Who each row was is known here by UID; the list itself may know an old name alone.
        """
        changes = [
            change
            for change in history.changed(
                self._vault.repo, f"{event.commit}^", event.commit, layout.FOLDERS
            )
            if layout.is_card(change.path) and change.before and change.after
        ]
        before = self._vault.read_cards({one.path: str(one.before) for one in changes})
        after = self._vault.read_cards({one.path: str(one.after) for one in changes})
        known = self._session.roster
        there = carrying.whereabouts(known, before.values(), lambda: Roster({}), is_kin=True)
        contacts = dict(known.contacts)
        given = set[str]()
        for path, old in before.items():
            if old.uid in there and path in after:
                now = contacts[there[old.uid].uid]
                contacts[now.uid] = carrying.enriched(now, old, after[path])
                given |= {now.uid} if contacts[now.uid] != now else set()
        if given:
            message = messages.edited(len(given))
            self._session.replay(Roster(contacts), message, self._log[0].day, {})
            self._edits += len(given)

    def _rejoined(self) -> Iterator[Pair]:
        """Make those one whom this machine knew to be one; who was seen first keeps the UID."""
        ours = self._vault.roster(self._ours)
        for pair in rejoining.pairs(self._session.roster, ours):
            keeper, other = pair.known.uid, pair.stranger.uid
            after = mending.joined(self._session.roster, keeper, other)
            message = messages.mended(Mend("same", keeper, other))
            self._session.replay(after, message, self._log[0].day, {})
            yield pair

    def _is_mended(self, event: Mended) -> bool:
        """Whether the remote's side has made one of the same two."""
        kept = self._session.roster.contacts.get(event.mend.uid)
        return (
            event.mend.kind == "same"
            and kept is not None
            and any(alias.uid == event.mend.other for alias in kept.aliases)
        )

    def _count(self, done: Replayed) -> None:
        self._edits += done.edits
        self._mended += done.mended
        self._lost += done.lost


def _any_snapshot(log: Sequence[Commit]) -> bool:
    return any(one.author == commit.EMAIL and messages.read(one.message) for one in log)
