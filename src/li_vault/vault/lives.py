"""What became of single cards, commit by commit; and where a contact was taken for another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from li_vault.core import messages, usual
from li_vault.core.layout import FOLDERS
from li_vault.core.messages import Mend
from li_vault.core.model import Contact
from li_vault.store import commit, history
from li_vault.store.history import Change, Commit, Touch
from li_vault.vault.opened import Vault


class Step(NamedTuple):
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
    def mend(self) -> Mend | None:
        """The `same` or `apart` that the commit is of, if it is of one."""
        return mend_of(self.commit)


def mend_of(one: Commit) -> Mend | None:
    """The `same` or `apart` that a commit is of, if it is of one."""
    return messages.read_mend(one.message) if one.author == commit.EMAIL else None


Lives = Mapping[str, Sequence[Step]]
"""The steps of each card, newest first, by file name."""


def of(vault: Vault, files: Collection[str], start: str | None = None) -> Lives:
    """The lives of cards of these file names, up to a commit (by default the newest)."""
    start = start or vault.tip()
    paths = [f"{folder}/{file}" for file in files for folder in FOLDERS]
    touches = history.touching(vault.repo, start, paths) if start else []
    return dict(each(vault, changes_of(touches, files)))


Changes = dict[str, list[tuple[int, Commit, tuple[Change, ...]]]]
"""What commits changed of each card, newest first, by file name; a move is two changes."""


def changes_of(touches: Iterable[Touch], files: Iterable[str] = ()) -> Changes:
    """What these commits, newest first, changed of each card; `files` are in it in any case."""
    found: Changes = {file: [] for file in files}
    for place, touch in enumerate(touches):
        sides: dict[str, tuple[Change, ...]] = {}
        for change in touch.changes:
            file = change.path.partition("/")[2]
            sides[file] = (*sides.get(file, ()), change)
        for file, changes in sides.items():
            found.setdefault(file, []).append((place, touch.commit, changes))
    return found


def each(
    vault: Vault, changes: Changes, people: Mapping[str, Contact] | None = None
) -> Iterator[tuple[str, list[Step]]]:
    """The life of each card; all of them are read by one run of git, a card at a time.

    Args:
        vault: The vault.
        changes: What became of the cards.
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
    blobs = history.read(vault.repo, chain.from_iterable(ids.values()))
    for file, several in changes.items():
        cards = {ident: next(blobs) for ident in ids[file]}
        yield file, list(_steps(several, cards, known))


def _newest(changes: Changes, people: Mapping[str, Contact]) -> dict[str, Contact]:
    """The contacts of the newest cards, by the ids of their blobs."""
    return {
        side.after: people[file]
        for file, several in changes.items()
        if several and file in people
        for side in several[0][2]
        if side.after and side.path == people[file].path
    }


def _steps(
    several: Iterable[tuple[int, Commit, tuple[Change, ...]]],
    blobs: Mapping[str, bytes],
    known: Mapping[str, Contact],
) -> Iterator[Step]:
    """The steps of one card, newest first."""
    ended: Commit | None = None
    read: dict[str, Contact | None] = {}

    def contact(path: str, ident: str | None) -> Contact | None:
        if ident is None:
            return None
        found = known.get(ident)
        if found is None:
            if ident not in read:
                read[ident] = usual.read_any(blobs[ident], path)
            found = read[ident]
        return found if found is None or found.path == path else found._replace(path=path)

    for place, made_by, sides in several:
        before = after = None
        for change in sides:
            before = contact(change.path, change.before) or before
            after = contact(change.path, change.after) or after
        yield Step(place, made_by, before, after, ended)
        ended = made_by


def ending(steps: Iterable[Step], fits: Callable[[Contact], bool]) -> Step | None:
    """The newest step that made a fitting card into one that does not fit; None if there is none.

    What `apart` made of a card ends the search: before it, the card was two people.
    """
    for step in steps:
        if step.mend and step.mend.kind == "apart":
            return None
        if step.before and fits(step.before) and not (step.after and fits(step.after)):
            return step
    return None


def taken_for(steps: Sequence[Step], parting: Step) -> Sequence[Step]:
    """The steps of a card, before it was parted, that are the life of who was parted from it.

    Args:
        steps: The life of the card that stayed, newest first.
        parting: Its step by `apart`.
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
