"""Two commits compared: only cards that differ are read, all by one run of git.

A large comparison is kept in `.git/li-vault/`, by the ids of both commits and so of their trees,
so that the next question about the same two is answered at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from li_vault.core import comparing, kinds, layout, telling
from li_vault.core.comparing import Comparison
from li_vault.core.model import Contact
from li_vault.core.telling import Differences, Told
from li_vault.store import cache, history
from li_vault.vault.opened import Vault

_KEPT, _KEPT_TOLD = "compared", "compared-told"
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
    key = f"{before} {after}\n".encode()

    def found() -> Comparison:
        kept = comparing.unpack(_recalled(vault, _KEPT, key))
        return (kept or _compared(vault, before, after, key)).only(only)

    def told() -> Told | None:
        everything = only >= kinds.EVERYTHING
        return telling.unpack(_recalled(vault, _KEPT_TOLD, key)) if everything else None

    return Differences(found, told)


def _recalled(vault: Vault, name: str, key: bytes) -> bytes:
    """What was kept under a name, if it is of these two commits."""
    if cache.load(vault.repo, name, len(key)) != key:
        return b""
    return (cache.load(vault.repo, name) or b"")[len(key) :]


def _compared(vault: Vault, before: str | None, after: str | None, key: bytes) -> Comparison:
    old, new = _states(vault, before, after)
    found = comparing.compare(old, new)
    if found.gone:
        from li_vault.vault import leavers  # with all formats, which only those who left ask for

        found = found._replace(reasons=leavers.reasons(vault, before, after, found))
    if len(old) + len(new) > _WORTH and not vault.broken:
        cache.save(vault.repo, _KEPT, key + comparing.pack(found))
        cache.save(vault.repo, _KEPT_TOLD, key + telling.pack(telling.tell(found)))
    return found


def _states(
    vault: Vault, before: str | None, after: str | None
) -> tuple[dict[str, Contact], dict[str, Contact]]:
    """The contacts whose cards differ, by file name, on both sides; only those are read."""
    differing = [
        change
        for change in history.changed(vault.repo, before, after, layout.FOLDERS)
        if layout.is_card(change.path)
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
            new[contact.file] = contact._replace(path=path)
    # Of a card that can't be read on one side, nothing can be told: least of all that it is gone.
    for entries, side, other in ((was, old, new), (now, new, old)):
        for path, _ in entries:
            file = path.partition("/")[2]
            if file not in side:
                other.pop(file, None)
                vault.broken[path] = "it can't be read, so nothing is told of it"
    _follow(old, new)
    _follow(new, old)
    return old, new


def _first(read: Iterator[Contact | None], count: int) -> Iterator[Contact | None]:
    """So many of them; the others are left for later."""
    for _ in range(count):
        yield next(read)


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
