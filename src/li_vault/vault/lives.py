"""What became of single cards, commit by commit; and where a contact was taken for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from li_vault.core import cards, messages
from li_vault.core.messages import Mend
from li_vault.core.model import CONTACTS, FORMER, Contact
from li_vault.store import commit, history
from li_vault.store.history import Commit
from li_vault.vault.opened import Vault


class Step(NamedTuple):
    """What one commit made of one card; None where there is no (readable) card.

    Attributes:
        place: Number of the commit among those looked at, the newest is 0.
    """

    place: int
    commit: Commit
    before: Contact | None
    after: Contact | None

    @property
    def mend(self) -> Mend | None:
        """The `same` or `apart` that the commit is of, if it is of one."""
        ours = self.commit.author == commit.EMAIL
        return messages.read_mend(self.commit.message) if ours else None


Lives = Mapping[str, Sequence[Step]]
"""The steps of each card, newest first, by file name."""


def of(vault: Vault, files: Iterable[str]) -> Lives:
    """The lives of cards of these file names, up to the newest commit."""
    lives: dict[str, list[Step]] = {file: [] for file in files}
    tip = vault.tip()
    paths = [f"{folder}/{file}" for file in lives for folder in (CONTACTS, FORMER)]
    touches = history.touching(vault.repo, tip, paths) if tip else []
    contact = _reader(vault, touches)
    for place, touch in enumerate(touches):
        sides: dict[str, list[Contact | None]] = {}
        for change in touch.changes:
            both = sides.setdefault(change.path.partition("/")[2], [None, None])
            both[0] = contact(change.path, change.before) or both[0]
            both[1] = contact(change.path, change.after) or both[1]
        for file, (before, after) in sides.items():
            lives[file].append(Step(place, touch.commit, before, after))
    return lives


def _reader(
    vault: Vault, touches: Sequence[history.Touch]
) -> Callable[[str, str | None], Contact | None]:
    """Reads the card of a path and blob; all blobs were fetched by one run of git."""
    changes = [change for touch in touches for change in touch.changes]
    ids = list({ident for c in changes for ident in (c.before, c.after) if ident})
    blobs = dict(zip(ids, history.read(vault.repo, ids), strict=True))

    def contact(path: str, ident: str | None) -> Contact | None:
        if ident is not None:
            with suppress(cards.BrokenCard):
                return cards.read(blobs[ident], path).contact
        return None

    return contact


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
