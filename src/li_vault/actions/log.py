"""`log`: the snapshots, or what happened to one person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from li_vault.core import diffs, finding, messages
from li_vault.core.diffs import Change
from li_vault.core.model import Contact, Person
from li_vault.core.timeline import Snapshot
from li_vault.vault import Vault, lives
from li_vault.vault.lives import Lives, Step

Kind = Literal["added", "changed", "gone", "returned", "edited"]


class Event(NamedTuple):
    """Something that happened to a person, seen at a commit."""

    taken_on: str
    commit: str
    kind: Kind
    changes: tuple[Change, ...]


class Life(NamedTuple):
    """What happened to one person, newest first."""

    contact: Contact
    events: tuple[Event, ...]


def snapshots(vault: Vault) -> tuple[Snapshot, ...]:
    """All snapshots, newest first."""
    vault.tidy()
    return tuple(vault.snapshots())


def person(vault: Vault, words: str) -> Life:
    """What happened to the person that the words mean.

    Whoever `same` took in is the same person, so the history of that card belongs to it, too; and
    what happened to a card while it was taken for two belongs to the one whose facts it showed.

    Raises:
        NotFound: Nobody is meant.
        BadUsage: Several people are meant; they are listed.
    """
    vault.tidy()
    contact = vault.person(words, None)
    files = [contact.file, *(alias.file for alias in contact.aliases)]
    life = lives.of(vault, files)
    others = [_file_of(vault, uid) for uid in _parted_from(contact, life)]
    if others:
        life = lives.of(vault, [*files, *(file for file in others if file)])
    steps = sorted(_steps(contact, life), key=lambda step: step.place)
    return Life(contact, tuple(_events(steps)))


def _parted_from(contact: Contact, life: Lives) -> list[str]:
    """The UIDs of the contacts whose card this one was on until `apart`."""
    mends = [step.mend for step in life[contact.file]]
    return [m.uid for m in mends if m and m.kind == "apart" and m.other == contact.uid]


def _file_of(vault: Vault, uid: str) -> str:
    """The file that a contact has, or had until it was taken in."""
    for one in finding.named(vault.roster(), uid):
        taken_in = finding.alias(one, uid)
        return taken_in.file if taken_in and one.uid != uid else one.file
    return ""


def _steps(contact: Contact, life: Lives) -> Iterator[Step]:
    """The steps of a person's life, on whatever card."""
    own = life[contact.file]
    elsewhere: set[int] = set()
    for step in own:
        mend = step.mend
        if mend and mend.kind == "apart" and mend.uid == contact.uid:
            elsewhere.update(other.place for other in lives.taken_for(own, step))
    mended = {step.place for step in own if step.mend}
    yield from (step for step in own if step.place not in elsewhere)
    for alias in contact.aliases:
        yield from (step for step in life[alias.file] if step.place not in mended)
    for file, steps in life.items():
        for step in steps:
            mend = step.mend
            if mend and mend.kind == "apart" and mend.other == contact.uid != mend.uid:
                if file == contact.file:
                    continue
                theirs = [s for s in lives.taken_for(steps, step) if s.place not in mended]
                yield from (
                    one._replace(before=None) if one.mend is None and one is theirs[-1] else one
                    for one in theirs
                )


def _events(steps: list[Step]) -> Iterator[Event]:
    for step in steps:
        record = messages.read(step.commit.message)
        day = record.taken_on if record else step.commit.day.isoformat()
        event = _event(day, step, by_hand=record is None)
        if event is not None:
            yield event


def _event(day: str, step: Step, *, by_hand: bool) -> Event | None:
    """What the step from one state of a contact to the next was; None if nothing that counts."""
    before, after, commit = step.before, step.after, step.commit.id
    if before is None or after is None:
        kind: Kind = "edited" if by_hand else "added" if before is None else "gone"
        is_told = before is not None and step.mend is None
        return Event(
            day, commit, kind, diffs.changes(_shown(before), _shown(after)) if is_told else ()
        )
    changes = diffs.changes(before.shown, after.shown)
    if before.folder != after.folder and step.mend is None:
        return Event(day, commit, "gone" if after.is_former else "returned", changes)
    if by_hand:
        return Event(day, commit, "edited", changes)
    return Event(day, commit, "changed", changes) if changes else None


def _shown(contact: Contact | None) -> Person:
    return contact.shown if contact else Person()
