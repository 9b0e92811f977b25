"""Hand edits, understood: what the user changed since the last commit of li-vault's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from li_vault.core import card, snapshot, vault_layout
from li_vault.core.model import Contact, Roster
from li_vault.core.planning.edits import adopt_edit
from li_vault.errors import BadVault
from li_vault.formats.vcard import reader
from li_vault.store import history, repo
from li_vault.store.history import Commit
from li_vault.store.write.worktree import WorktreeChanges
from li_vault.vault.vault import Vault


@dataclass(frozen=True)
class HandEdits:
    """Hand edits, understood; nothing of them is recorded yet.

    Attributes:
        edits: The canonical bytes of the edited cards, by path; None for a file that goes.
        seen: The bytes that lay in the work tree at these paths when they were read.
        put_back: Paths of cards that were deleted by hand and are brought back.
        strays: Paths of files that are nobody's card and are left alone.
        kept: Paths of other tracked files that were changed, and are left as they are.
    """

    load: Callable[[], Roster]
    edits: Mapping[str, bytes | None] = field(default_factory=dict)
    seen: Mapping[str, bytes] = field(default_factory=dict)
    put_back: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @cached_property
    def roster(self) -> Roster:
        """Everyone, with the edits taken."""
        return self.load()


def collect_hand_edits(vault: Vault, log: Sequence[Commit], found: WorktreeChanges) -> HandEdits:
    """Understand what was found in the work tree, and what the user's own commits did to cards.

    Args:
        log: Its commits, newest first.

    Raises:
        BadVault: A card is broken; its file is named, and nothing has been changed.
    """
    start = log[0].id if log else None
    if found.broken:
        _refuse(found.broken)
    strays = tuple(found.strays)
    if start is None:
        begun = {vault_layout.MARKER: vault_layout.marker_bytes(), **vault_layout.fixed_files()}
        strays = tuple(path for path in strays if path not in begun)
        return HandEdits(lambda: Roster({}), seen=begun, strays=strays)
    touched = {path: data for path, data in found.modified.items() if vault_layout.is_card(path)}
    deleted = tuple(path for path in found.deleted if vault_layout.is_card(path))
    kept = tuple(path for path in found.modified if path not in touched)
    ours = _last_of_ours(log)
    if ours == start and not touched:
        return HandEdits(lambda: _whole(vault, start), put_back=deleted, strays=strays, kept=kept)
    return replace(_understood(vault, ours, start, touched, deleted), strays=strays, kept=kept)


def require_unhindered(vault: Vault, found: WorktreeChanges) -> None:
    """See that nothing in the vault keeps a snapshot from being recorded.

    Raises:
        BadVault: Something of the user's is half done, or a card is broken.
    """
    repo.require_ready(vault.repo)
    log = vault.commits()
    if found or (log and log[0].author != repo.OWN_EMAIL):
        collect_hand_edits(vault, log, found)


def require_no_broken_card(vault: Vault) -> None:
    """See that no card of the newest commit is broken: no copy of it could be restored.

    Raises:
        BadVault: One is; its file is named.
    """
    start = vault.tip()
    if start and next(history.commits(vault.repo, start, limit=1)).author != repo.OWN_EMAIL:
        _whole(vault, start)


def _whole(vault: Vault, start: str) -> Roster:
    """Everyone at a commit, none of whose cards may be broken."""
    roster = vault.roster(start)
    if roster.broken:
        _refuse(roster.broken, _COMMITTED)
    return roster


def _understood(
    vault: Vault,
    ours: str | None,
    start: str,
    touched: Mapping[str, bytes],
    deleted: tuple[str, ...],
) -> HandEdits:
    """The edits of the work tree, and those that the user committed since our last commit."""
    roster = vault.roster(start)
    broken = {path: why for path, why in roster.broken.items() if path not in touched}
    if broken:
        _refuse(broken, _COMMITTED)
    by_path = {contact.path: contact for contact in roster}
    committed = _committed(vault, ours, start) if ours not in (None, start) else {}
    bases = {**by_path, **_known_before(vault, ours, start, [*touched, *committed])}
    adopted = _adopt({**committed, **touched}, bases)
    before = _removed(vault, ours, start)
    lost = [contact for contact in before if contact.uid not in roster.contacts]
    renamed = {
        roster.contacts[old.uid].path: adopt_edit(card.write_card(roster.contacts[old.uid]), old)
        for old in before
        if old.uid in roster.contacts and roster.contacts[old.uid].file != old.file
    }
    restored = [*lost, *renamed.values()]
    # Where a UID was spoilt in a commit and is mended now, HEAD's card is nobody's.
    mended = {contact.path: contact.uid for contact in adopted}
    kept = {uid: c for uid, c in roster.contacts.items() if mended.get(c.path, uid) == uid}
    contacts = {**kept, **{c.uid: c for c in (*adopted, *restored)}}
    # An edit that changed the form alone leaves no trace but a file to be written again.
    edits: dict[str, bytes | None] = dict.fromkeys(renamed)
    edits.update((contact.path, card.write_card(contact)) for contact in (*adopted, *restored))
    whole = Roster(contacts, (roster.crooked & kept.keys()) - set(mended.values()))
    return HandEdits(
        load=lambda: whole,
        edits=edits,
        seen=touched,
        put_back=(*deleted, *(contact.path for contact in restored)),
    )


def _refuse(broken: Mapping[str, str], bring: str = "git restore --source=main -- '{}'") -> None:
    path, why = min(broken.items())
    more = f" ({len(broken) - 1} more are broken, too.)" if len(broken) > 1 else ""
    raise BadVault(
        f"{path} is no valid card: {why}.{more}",
        f"Mend the file, or bring it back with: {bring.format(path)}",
    )


_COMMITTED = "git restore --source=COMMIT -- '{0}' (git log -- '{0}' lists the commits)"
"""How to bring back a card that HEAD has in a broken form."""


def _last_of_ours(log: Sequence[Commit]) -> str | None:
    """The newest commit that li-vault made, whose cards it knows to be canonical."""
    for one in log:
        if one.author == repo.OWN_EMAIL and snapshot.is_own_message(one.message):
            return one.id
    return None


def _committed(vault: Vault, ours: str | None, start: str) -> dict[str, bytes]:
    """The cards that the user's own commits changed since, as they are now."""
    if ours is None:
        return {}
    changes = [
        change
        for change in history.changed(vault.repo, ours, start, vault_layout.FOLDERS)
        if vault_layout.is_card(change.path) and change.before and change.after
    ]
    blobs = history.read_objects(vault.repo, [str(change.after) for change in changes])
    return {change.path: data for change, data in zip(changes, blobs, strict=True)}


def _known_before(
    vault: Vault, ours: str | None, start: str, paths: Iterable[str]
) -> dict[str, Contact]:
    """The contacts as li-vault last wrote them, of cards that the user committed since.

    A card of the work tree whose committed form is broken is judged by that contact as well.
    """
    wanted = set(paths)
    if ours is None or ours == start or not wanted:
        return {}
    return vault.contacts_at(ours, wanted)


def _adopt(edited: Mapping[str, bytes], bases: Mapping[str, Contact]) -> list[Contact]:
    adopted, broken = [], {}
    for path, data in edited.items():
        try:
            contact = adopt_edit(data, bases[path])
            adopted.append(contact)
            # Whoever wrote it, every other program must be able to read what becomes of it.
            if trouble := reader.vobject_objection(card.write_card(contact)):
                broken[path] = trouble
        except card.BrokenCard as error:
            broken[path] = str(error)
        except KeyError:
            broken[path] = "its committed form is broken, too"
    if broken:
        _refuse(broken)
    return adopted


def _removed(vault: Vault, ours: str | None, start: str) -> list[Contact]:
    """The contacts whose files the user's own commits deleted or renamed.

    Only `forget` removes anyone, and a file keeps its name for good.
    """
    if ours is None or ours == start:
        return []
    gone = {
        change.path: str(change.before)
        for change in history.changed(vault.repo, ours, start, vault_layout.FOLDERS)
        if vault_layout.is_card(change.path) and change.before and not change.after
    }
    return list(vault.read_cards(gone).values())
