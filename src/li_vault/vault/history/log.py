"""What commits did: to the vault, to a card, to a contact; first and last day of each value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from li_vault.core import best_known, card, fields, search, vault_layout
from li_vault.core.best_known import BestKnown, CardState
from li_vault.core.fields import Change
from li_vault.core.model import CONTACTS, Contact
from li_vault.core.snapshot import SameApart, Snapshot, read_same_apart, read_trailers
from li_vault.core.vault_layout import FOLDERS
from li_vault.formats.tables import export
from li_vault.store import history, repo
from li_vault.store.history import Commit, PathChange, TouchedCommit
from li_vault.vault.vault import Vault, snapshots_among


class CardChange(NamedTuple):
    """What one commit made of one card; None where there is no (readable) card.

    Attributes:
        place: Number of the commit among those looked at, the newest is 0.
        ended: The commit that made something else of the card; None if it is still so.
    """

    place: int
    commit: Commit
    before: Contact | None
    after: Contact | None
    ended: Commit | None = None

    @property
    def mend(self) -> SameApart | None:
        """The `same` or `apart` that the commit is of, if it is of one."""
        return same_apart_of(self.commit)


def same_apart_of(one: Commit) -> SameApart | None:
    """The `same` or `apart` that a commit is of, if it is of one."""
    return read_same_apart(one.message) if one.author == repo.OWN_EMAIL else None


Lives = Mapping[str, Sequence[CardChange]]
"""The steps of each card, newest first, by file name."""


def histories_of(vault: Vault, files: Collection[str], start: str | None = None) -> Lives:
    """The lives of cards of these file names, up to a commit (by default the newest)."""
    start = start or vault.tip()
    paths = [f"{folder}/{file}" for file in files for folder in FOLDERS]
    touches = history.touching(vault.repo, start, paths) if start else []
    return dict(iter_histories(vault, card_changes(touches, files)))


Changes = dict[str, list[tuple[int, Commit, tuple[PathChange, ...]]]]
"""What commits changed of each card, newest first, by file name; a move is two changes."""


def card_changes(touches: Iterable[TouchedCommit], files: Iterable[str] = ()) -> Changes:
    """What these commits, newest first, changed of each card; `files` are in it in any case."""
    found: Changes = {file: [] for file in files}
    for place, touch in enumerate(touches):
        sides: dict[str, tuple[PathChange, ...]] = {}
        for change in touch.changes:
            file = change.path.partition("/")[2]
            sides[file] = (*sides.get(file, ()), change)
        for file, changes in sides.items():
            found.setdefault(file, []).append((place, touch.commit, changes))
    return found


def iter_histories(
    vault: Vault, changes: Changes, people: Mapping[str, Contact] | None = None
) -> Iterator[tuple[str, list[CardChange]]]:
    """The life of each card; all of them are read by one run of git, a card at a time.

    Args:
        people: Whose card, by file name, is known as it is after the newest of the changes; those
            cards are not read again.
    """
    known = _newest(changes, people or {})
    ids = {
        file: dict.fromkeys(
            ident
            for *_, sides in several
            for c in sides
            for ident in (c.after, c.before)
            if ident and ident not in known
        )
        for file, several in changes.items()
    }
    blobs = history.read_objects(vault.repo, chain.from_iterable(ids.values()))
    for file, several in changes.items():
        cards = {ident: next(blobs) for ident in ids[file]}
        yield file, list(_steps(several, cards, known))


def _newest(changes: Changes, people: Mapping[str, Contact]) -> dict[str, Contact]:
    return {
        side.after: people[file]
        for file, several in changes.items()
        if several and file in people
        for side in several[0][2]
        if side.after and side.path == people[file].path
    }


def _steps(
    several: Iterable[tuple[int, Commit, tuple[PathChange, ...]]],
    blobs: Mapping[str, bytes],
    known: Mapping[str, Contact],
) -> Iterator[CardChange]:
    ended: Commit | None = None
    read: dict[str, Contact | None] = {}

    def contact(path: str, ident: str | None) -> Contact | None:
        if ident is None:
            return None
        found = known.get(ident)
        if found is None:
            if ident not in read:
                read[ident] = card.read_contact(blobs[ident], path)
            found = read[ident]
        return found if found is None or found.path == path else found._replace(path=path)

    for place, made_by, sides in several:
        before = after = None
        for change in sides:
            before = contact(change.path, change.before) or before
            after = contact(change.path, change.after) or after
        yield CardChange(place, made_by, before, after, ended)
        ended = made_by


def last_ending(steps: Iterable[CardChange], fits: Callable[[Contact], bool]) -> CardChange | None:
    """The newest step that made a fitting card into one that does not fit; None if there is none.

    What `apart` made of a card ends the search: before it, the card was two people.
    """
    for step in steps:
        if step.mend and step.mend.kind == "apart":
            return None
        if step.before and fits(step.before) and not (step.after and fits(step.after)):
            return step
    return None


def history_before_parting(
    steps: Sequence[CardChange], parting: CardChange
) -> Sequence[CardChange]:
    """The steps of a card, before it was parted, that are the life of who was parted from it.

    Args:
        steps: The life of the card that stayed, newest first.
    """
    if parting.before is None or parting.after is None:
        return ()
    who = parting.after.person
    if parting.before.person == who:
        return ()  # who stayed kept the facts: the other one's were gone long before
    older = steps[steps.index(parting) + 1 :]
    for number, step in enumerate(older):
        if step.before and step.before.person == who and step.after and step.after.person != who:
            return older[: number + 1]
    return ()


def contact_history(vault: Vault, contact: Contact, start: str | None = None) -> list[CardChange]:
    """The steps of a contact's life up to a commit (by default the newest), newest first."""
    files = [contact.file, *(alias.file for alias in contact.aliases)]
    life = histories_of(vault, files, start)
    others = [_file_of(vault, uid) for uid in _parted_from(contact, life)]
    if others:
        life = histories_of(vault, [*files, *filter(None, others)], start)
    return _in_order(contact, life)


def histories_of_everyone(
    vault: Vault, start: str | None = None
) -> Iterator[tuple[Contact, list[CardChange]]]:
    """The lives of all in `contacts/` and `former/`, by one walk through the history.

    One card after the other is read and let go; only those that `same` or `apart` touched are
    kept until their people are known.
    """
    start = start or vault.tip()
    if start is None:
        return
    people = {contact.file: contact for contact in vault.roster(start)}
    touches = history.touching(vault.repo, start, FOLDERS)
    mended = {
        change.path.partition("/")[2]
        for touch in touches
        if same_apart_of(touch.commit)
        for change in touch.changes
    }
    kept: dict[str, list[CardChange]] = {}
    for file, steps in iter_histories(vault, card_changes(touches), people):
        if file in mended:
            kept[file] = steps
        elif file in people:
            yield people[file], steps
    for file in sorted(mended & people.keys()):
        yield people[file], _in_order(people[file], kept)


def _in_order(contact: Contact, life: Lives) -> list[CardChange]:
    return sorted(_of_cards(contact, life), key=lambda step: step.place)


def _parted_from(contact: Contact, life: Lives) -> list[str]:
    """The UIDs of the contacts whose card this one was on until `apart`."""
    mends = [step.mend for step in life[contact.file]]
    return [m.uid for m in mends if m and m.kind == "apart" and m.other == contact.uid]


def _file_of(vault: Vault, uid: str) -> str:
    for one in search.resolve_contacts(vault.roster(), uid):
        taken_in = search.matching_alias(one, uid)
        return taken_in.file if taken_in and one.uid != uid else one.file
    return ""


def _of_cards(contact: Contact, life: Lives) -> Iterator[CardChange]:
    own = life.get(contact.file, ())
    elsewhere: set[int] = set()
    for step in own:
        mend = step.mend
        if mend and mend.kind == "apart" and mend.uid == contact.uid:
            elsewhere.update(other.place for other in history_before_parting(own, step))
    mended = {step.place for step in own if step.mend}
    yield from (step for step in own if step.place not in elsewhere)
    for alias in contact.aliases:
        yield from (step for step in life.get(alias.file, ()) if step.place not in mended)
    for file, steps in life.items():
        for step in steps:
            mend = step.mend
            if mend and mend.kind == "apart" and mend.other == contact.uid != mend.uid:
                if file == contact.file:
                    continue
                theirs = [s for s in history_before_parting(steps, step) if s.place not in mended]
                yield from (
                    one._replace(before=None) if one.mend is None and one is theirs[-1] else one
                    for one in theirs
                )


Kind = Literal["added", "changed", "gone", "returned", "edited"]


class Event(NamedTuple):
    """Something that happened to a person, seen at a commit; `mend` is `same`, `apart` or ""."""

    taken_on: str
    commit: str
    kind: Kind
    changes: tuple[Change, ...]
    mend: str = ""


def events_of(steps: Iterable[CardChange]) -> Iterator[Event]:
    """What happened in these steps of a life, in their order."""
    for step in steps:
        record = read_trailers(step.commit.message)
        day = record.taken_on if record else step.commit.day.isoformat()
        event = _event(day, step, by_hand=record is None)
        if event is not None:
            yield event


def _event(day: str, step: CardChange, *, by_hand: bool) -> Event | None:
    """What the step from one state of a contact to the next was; None if nothing that counts."""
    before, after, commit = step.before, step.after, step.commit.id
    mend = step.mend.kind if step.mend else ""
    if before is None or after is None:
        kind: Kind = "edited" if by_hand else "added" if before is None else "gone"
        return Event(day, commit, kind, (), mend)
    changes = fields.field_changes(search.effective_person(before), search.effective_person(after))
    if before.folder != after.folder and step.mend is None:
        return Event(day, commit, "gone" if after.is_former else "returned", changes)
    if by_hand:
        return Event(day, commit, "edited", changes, mend)
    return Event(day, commit, "changed", changes) if changes else None


class SnapshotDays(NamedTuple):
    """The days of a vault's commits.

    Attributes:
        days: The ISO day of each commit, by id: for a snapshot that of its export.
        full: Numbers of the snapshots whose list named everyone in `contacts/`, oldest first.
    """

    numbers: dict[str, int]
    days: dict[str, str]
    full: list[int]
    full_days: list[str]

    def last_seen(self, step: CardChange) -> str:
        """The day of the last full list that left a card as the step had made it, or ""."""
        if step.after is None or step.after.is_former:
            return ""
        ended = self.numbers[step.ended.id] if step.ended else len(self.numbers)
        place = bisect_right(self.full, ended - 1) - 1
        if place < 0 or self.full[place] < self.numbers[step.commit.id]:
            return ""
        return self.full_days[place]


def snapshot_days(vault: Vault, start: str) -> SnapshotDays:
    """The days of all commits up to one."""
    commits = vault.commits(start)[::-1]
    by_commit = {one.commit: one for one in snapshots_among(commits)}
    numbers = {one.id: number for number, one in enumerate(commits)}
    first = next(iter(by_commit), "")
    full = [one for one in by_commit.values() if is_full(vault, one, is_first=one.commit == first)]
    return SnapshotDays(
        numbers,
        {one.id: _day(one, by_commit.get(one.id)) for one in commits},
        [numbers[one.commit] for one in full],
        [one.record.taken_on for one in full],
    )


def is_full(vault: Vault, one: Snapshot, *, is_first: bool) -> bool:
    """Whether a snapshot's list named everyone who is in `contacts/`, and no one else."""
    record = one.record
    if record.listed or record.unmatched:
        return record.listed == "full"
    by_kind = True if is_first else export.lists_everyone(record.kind)
    if by_kind is None:
        cards = filter(vault_layout.is_card, history.files(vault.repo, one.commit, (CONTACTS,)))
        return record.contacts == sum(1 for _ in cards)
    return by_kind


def _day(one: Commit, snapshot: Snapshot | None) -> str:
    return snapshot.record.taken_on if snapshot else one.day.isoformat()


def best_known_of_contact(vault: Vault, contact: Contact, start: str) -> BestKnown:
    """What is known best of one contact, by the history up to a commit."""
    steps = contact_history(vault, contact, start)
    return best_known.best_known_of(card_states(steps, snapshot_days(vault, start)), contact)


def best_known_of_all(
    vault: Vault, start: str | None = None
) -> Iterator[tuple[Contact, BestKnown]]:
    """What is known best of everyone, present and former, by one walk through the history.

    In no order; nobody is kept, so that the caller decides what to hold.
    """
    start = start or vault.tip()
    if start is None:
        return
    days = snapshot_days(vault, start)
    for contact, steps in histories_of_everyone(vault, start):
        yield contact, best_known.best_known_of(card_states(steps, days), contact)


def card_states(steps: Iterable[CardChange], days: SnapshotDays) -> Iterator[CardState]:
    """The states of a person's cards, oldest first; a mend brings nothing new."""
    for step in reversed(list(steps)):
        if step.after is not None:
            before = step.after if step.mend else step.before
            yield CardState(before, step.after, days.days[step.commit.id], days.last_seen(step))


class LogEntry(NamedTuple):
    """A snapshot, and how many people `contacts/` held after it."""

    snapshot: Snapshot
    people: int


def list_snapshots(vault: Vault) -> tuple[LogEntry, ...]:
    """All snapshots, newest first."""
    vault.tidy()
    people, found = 0, []
    for number, one in enumerate(reversed(vault.snapshots())):
        record = one.record
        people += record.added + record.returned - record.gone
        if is_full(vault, one, is_first=not number):
            people = record.contacts
        found.append(LogEntry(one, people))
    return tuple(reversed(found))
