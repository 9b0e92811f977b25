"""`diff`: who is new, gone, returned or changed between two states of a vault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from li_vault.core import diffs, layout, leaving
from li_vault.core.diffs import Change
from li_vault.core.model import CONTACTS, Contact
from li_vault.core.timeline import Snapshot
from li_vault.errors import LiVaultError
from li_vault.formats import registry
from li_vault.formats.base import Export
from li_vault.store import history
from li_vault.vault import Vault


class End(NamedTuple):
    """One end of a comparison; without a commit it is the time before the first."""

    commit: str | None
    taken_on: str | None
    export: str | None


class Changed(NamedTuple):
    """A person of whom something else is known."""

    contact: Contact
    changes: tuple[Change, ...]


class Result(NamedTuple):
    """What differs; people in the order of their file names.

    `reasons` tells why someone is gone, by UID: hidden, disconnected, or None if it can't be told.
    """

    start: End
    end: End
    added: tuple[Contact, ...]
    gone: tuple[Contact, ...]
    reasons: Mapping[str, str | None]
    returned: tuple[Contact, ...]
    changed: tuple[Changed, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both states say the same of everyone."""
        return not (self.added or self.gone or self.returned or self.changed)


def run(vault: Vault, start: str | None, end: str | None, today: date) -> Result:
    """Compare two days, snapshots or revisions.

    Without `end`, up to the newest commit; without `start`, from the snapshot before the newest.

    Raises:
        NotFound: There is no such day or revision.
    """
    vault.tidy()
    after = _end(vault, vault.commit_of(end, today) if end is not None else vault.tip())
    before = _end(vault, vault.commit_of(start, today) if start is not None else _previous(vault))
    old, new = _states(vault, before.commit, after.commit)
    added: list[Contact] = []
    gone: list[Contact] = []
    returned: list[Contact] = []
    changed: list[Changed] = []
    for file in sorted(old.keys() | new.keys()):
        one, other = old.get(file), new.get(file)
        was, now = (contact is not None and not contact.is_former for contact in (one, other))
        if other is not None and now and not was:
            (added if one is None else returned).append(other)
        elif one is not None and was and not now:
            gone.append(other or one)
        elif one is not None and other is not None:
            changes = diffs.changes(one.shown, other.shown)
            if changes:
                changed.append(Changed(other, changes))
    return Result(
        before,
        after,
        tuple(added),
        tuple(gone),
        _reasons(vault, before, after, gone, [*added, *returned]),
        tuple(returned),
        tuple(changed),
    )


def _previous(vault: Vault) -> str | None:
    """The snapshot before the newest one, or None if that is the first."""
    snapshots = vault.snapshots()
    return snapshots[1].commit if len(snapshots) > 1 else None


def _end(vault: Vault, commit: str | None) -> End:
    if commit is None:
        return End(None, None, None)
    snapshots = vault.snapshots(commit)
    record = snapshots[0].record if snapshots else None
    return End(commit, record.taken_on if record else None, record.export if record else None)


def _states(
    vault: Vault, before: str | None, after: str | None
) -> tuple[dict[str, Contact], dict[str, Contact]]:
    """The contacts whose cards differ, by file name, on both sides; only those are read."""
    changes = [
        change
        for change in history.changed(vault.repo, before, after, layout.FOLDERS)
        if layout.is_card(change.path)
    ]
    old = vault.read_cards({c.path: c.before for c in changes if c.before})
    new = vault.read_cards({c.path: c.after for c in changes if c.after})
    by_file = [{contact.file: contact for contact in side.values()} for side in (old, new)]
    _follow(*by_file)
    return by_file[0], by_file[1]


def _follow(old: dict[str, Contact], new: Mapping[str, Contact]) -> None:
    """Let whoever was taken in by someone since be that one before, too: nobody went or came."""
    for contact in new.values():
        for alias in contact.aliases:
            before = old.get(alias.file)
            if before is None or alias.file in new:
                continue
            del old[alias.file]
            own = old.get(contact.file)
            if own is None or own.is_former:
                old[contact.file] = before


def _reasons(
    vault: Vault, before: End, after: End, gone: list[Contact], came: list[Contact]
) -> dict[str, str | None]:
    """Why people are gone, by the nameless rows of both exports."""
    if not gone:
        return {}
    lists = [_nameless(vault, end) for end in (before, after)]
    if lists[0] is None or lists[1] is None:
        return {contact.uid: None for contact in gone}
    # Whoever connected after the earlier list was made can't have been a nameless row in it.
    back = [c for c in came if c.person.connected_on <= (before.taken_on or "")]
    return leaving.reasons(gone, back, lists[0], lists[1])


def _last_full_list(vault: Vault, commit: str) -> Snapshot | None:
    """The newest snapshot up to a commit whose list named everyone in `contacts/`, and no one else.

    A partial list says nothing of who is missing from it.
    """
    for found in vault.snapshots(commit):
        listed = history.files(vault.repo, found.commit, (CONTACTS,))
        if not found.record.unmatched and found.record.contacts == len(listed):
            return found
    return None


def _nameless(vault: Vault, end: End) -> tuple[str, ...] | None:
    """The days of the nameless rows of the export recorded there; None if there are no such."""
    if end.commit is None or end.export is None:
        return None
    full = _last_full_list(vault, end.commit)
    if full is None:
        return None
    name = full.record.export
    data = history.read_path(vault.repo, full.commit, f"{layout.EXPORTS}/{name}")
    if data is None:
        return None
    export = Export(name, {name: data}, (name,), False, None, None, date.min)
    try:
        return registry.read(export).nameless
    except LiVaultError:
        return None
