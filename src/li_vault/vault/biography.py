"""One person's life, on whatever cards it was written.

Whoever `same` took in is the same person, so the history of that card belongs to it, too; and
what happened to a card while it was taken for two belongs to the one whose facts it showed.
"""

from __future__ import annotations

from collections.abc import Iterator

from li_vault.core import finding
from li_vault.core.layout import FOLDERS
from li_vault.core.model import Contact
from li_vault.store import history
from li_vault.vault import lives
from li_vault.vault.lives import Lives, Step
from li_vault.vault.opened import Vault


def of(vault: Vault, contact: Contact, start: str | None = None) -> list[Step]:
    """The steps of a contact's life up to a commit (by default the newest), newest first."""
    files = [contact.file, *(alias.file for alias in contact.aliases)]
    life = lives.of(vault, files, start)
    others = [_file_of(vault, uid) for uid in _parted_from(contact, life)]
    if others:
        life = lives.of(vault, [*files, *filter(None, others)], start)
    return _in_order(contact, life)


def of_everyone(vault: Vault, start: str | None = None) -> Iterator[tuple[Contact, list[Step]]]:
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
        if lives.mend_of(touch.commit)
        for change in touch.changes
    }
    kept: dict[str, list[Step]] = {}
    for file, steps in lives.each(vault, lives.changes_of(touches), people):
        if file in mended:
            kept[file] = steps
        elif file in people:
            yield people[file], steps
    for file in sorted(mended & people.keys()):
        yield people[file], _in_order(people[file], kept)


def _in_order(contact: Contact, life: Lives) -> list[Step]:
    return sorted(_of_cards(contact, life), key=lambda step: step.place)


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


def _of_cards(contact: Contact, life: Lives) -> Iterator[Step]:
    """The steps of a person's life, on whatever card."""
    own = life.get(contact.file, ())
    elsewhere: set[int] = set()
    for step in own:
        mend = step.mend
        if mend and mend.kind == "apart" and mend.uid == contact.uid:
            elsewhere.update(other.place for other in lives.taken_for(own, step))
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
                theirs = [s for s in lives.taken_for(steps, step) if s.place not in mended]
                yield from (
                    one._replace(before=None) if one.mend is None and one is theirs[-1] else one
                    for one in theirs
                )
