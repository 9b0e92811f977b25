"""What happened to a person: the steps of a life in the words of `log`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from li_vault.core import diffs, finding, messages
from li_vault.core.diffs import Change
from li_vault.vault.lives import Step

Kind = Literal["added", "changed", "gone", "returned", "edited"]


class Event(NamedTuple):
    """Something that happened to a person, seen at a commit; `mend` is `same`, `apart` or ""."""

    taken_on: str
    commit: str
    kind: Kind
    changes: tuple[Change, ...]
    mend: str = ""


def of(steps: Iterable[Step]) -> Iterator[Event]:
    """What happened in these steps of a life, in their order."""
    for step in steps:
        record = messages.read(step.commit.message)
        day = record.taken_on if record else step.commit.day.isoformat()
        event = _event(day, step, by_hand=record is None)
        if event is not None:
            yield event


def _event(day: str, step: Step, *, by_hand: bool) -> Event | None:
    """What the step from one state of a contact to the next was; None if nothing that counts."""
    before, after, commit = step.before, step.after, step.commit.id
    mend = step.mend.kind if step.mend else ""
    if before is None or after is None:
        kind: Kind = "edited" if by_hand else "added" if before is None else "gone"
        return Event(day, commit, kind, (), mend)
    changes = diffs.changes(finding.as_read(before), finding.as_read(after))
    if before.folder != after.folder and step.mend is None:
        return Event(day, commit, "gone" if after.is_former else "returned", changes)
    if by_hand:
        return Event(day, commit, "edited", changes, mend)
    return Event(day, commit, "changed", changes) if changes else None
