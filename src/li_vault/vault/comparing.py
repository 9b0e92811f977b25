"""Two commits compared: only cards that differ are read, all by one run of git.

What is told of people needs no cards of those whose job alone changed, if it is known what each
commit on the way changed (`chapters`). A large comparison that had to read them all is kept in
`.git/li-vault/`, by the ids of both commits and so of their trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from li_vault.core import comparing, kinds, layout, telling
from li_vault.core.comparing import Comparison
from li_vault.core.model import Contact
from li_vault.core.telling import Differences, Told
from li_vault.store import cache, history
from li_vault.vault import chapters
from li_vault.vault.opened import Vault

_KEPT = "compared-told"
_WORTH = 2000
"""With fewer differing cards a comparison takes no longer than a look into what was kept."""


def compare(
    vault: Vault, before: str | None, after: str | None, only: frozenset[str] = kinds.EVERYTHING
) -> Differences:
    """What differs between two commits; None is the time before the first.

    Args:
        vault: Whose commits.
        before: The id of one.
        after: The id of the other.
        only: Which differences are asked for, of `kinds.WORDS`.
    """
    asked = _Question(vault, before, after, {})

    def found() -> Comparison:
        return _compared(asked).only(only)

    def told() -> Told | None:
        return _told(asked) if only >= kinds.EVERYTHING else None

    return Differences(found, told, asked.broken)


class _Question(NamedTuple):
    """What is compared, and the cards that could not be, by path, with the reason."""

    vault: Vault
    before: str | None
    after: str | None
    broken: dict[str, str]


def _told(asked: _Question) -> Told:
    """What there is to tell of the differences between two commits."""
    vault, before, after, broken = asked
    past = chapters.between(vault, before, after) if before and after else None
    if past is not None:
        others = past.chronicle.others(past.way)
        found = _compared(asked, others) if others else Comparison()
        return telling.tell(found, past.chronicle.moves(past.way, others))
    key = f"{before} {after}\n".encode()
    if cache.load(vault.repo, _KEPT, len(key)) == key:
        kept = telling.unpack((cache.load(vault.repo, _KEPT) or b"")[len(key) :])
        if kept is not None:
            return kept
    told = telling.tell(_compared(asked))
    if sum(told.counts.values()) > _WORTH and not broken:
        cache.save(vault.repo, _KEPT, key + telling.pack(told))
    return told


def _compared(asked: _Question, files: AbstractSet[str] | None = None) -> Comparison:
    """The differences between two commits, of the cards of these file names or of all."""
    found = comparing.compare(*_states(asked, files))
    if found.gone:
        from li_vault.vault import leavers  # with all formats, which only those who left ask for

        reasons = leavers.reasons(asked.vault, asked.before, asked.after, found)
        found = found._replace(reasons=reasons)
    return found


def _states(
    asked: _Question, files: AbstractSet[str] | None
) -> tuple[dict[str, Contact], dict[str, Contact]]:
    """The contacts whose cards differ, by file name, on both sides; only those are read."""
    vault, before, after, broken = asked
    differing = [
        change
        for change in history.changed(vault.repo, before, after, layout.FOLDERS)
        if layout.is_card(change.path) and (files is None or change.path.partition("/")[2] in files)
    ]
    was = [(change.path, change.before) for change in differing if change.before]
    moved = {ident: path for path, ident in was}
    now = [(change.path, change.after) for change in differing if change.after]
    read = vault.read_in_turn([*was, *(entry for entry in now if entry[1] not in moved)])
    by_path = {contact.path: contact for contact in _first(read, len(was)) if contact}
    old = {contact.file: contact for contact in by_path.values()}
    new = {contact.file: contact for contact in read if contact}
    for path, ident in now:
        if ident in moved and (contact := by_path.get(moved[ident])):
            moved_here = contact._replace(path=path)
            new[moved_here.file] = moved_here
    # Of a card that can't be read on one side, nothing can be told: least of all that it is gone.
    for entries, side, other in ((was, old, new), (now, new, old)):
        for path, _ in entries:
            file = path.partition("/")[2]
            if file not in side:
                other.pop(file, None)
                broken[path] = "it can't be read, so nothing is told of it"
    _rejoin(old, new)
    _follow(old, new)
    _follow(new, old)
    return old, new


def _first(read: Iterator[Contact | None], count: int) -> Iterator[Contact | None]:
    """So many of them; the others are left for later."""
    for _ in range(count):
        yield next(read)


def _rejoin(old: dict[str, Contact], new: dict[str, Contact]) -> None:
    """Let a card that somebody gave another name be one card: under the name it has since."""
    renamed = {contact.uid: file for file, contact in old.items() if file not in new}
    for file, contact in new.items():
        if file not in old and contact.uid in renamed:
            old[file] = old.pop(renamed.pop(contact.uid))


def _follow(old: dict[str, Contact], new: Mapping[str, Contact]) -> None:
    """Let whoever was taken in by someone since be that one before, too: nobody went or came."""
    for contact in new.values():
        for alias in contact.aliases if contact.same_as else ():
            before = old.get(alias.file)
            if before is None or alias.file in new:
                continue
            del old[alias.file]
            own = old.get(contact.file)
            if own is None or own.is_former:
                old[contact.file] = before
