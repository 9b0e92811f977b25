"""The events of a history done again upon another base; files beside the cards, too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from li_vault.core import snapshot, vault_layout
from li_vault.core.card import BrokenCard, read_card
from li_vault.core.model import Contact, Roster
from li_vault.core.planning import same_apart
from li_vault.core.planning.edits import adopt_edit, locate_contacts, reapply_edit
from li_vault.core.snapshot import SameApart, Trailers
from li_vault.errors import BadVault
from li_vault.store import history, repo
from li_vault.store.history import Commit
from li_vault.store.write import commit
from li_vault.store.write.commit import CommitDraft
from li_vault.vault.plan import dated_exports
from li_vault.vault.plan.dated_exports import DatedExport
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.plan.planner import SnapshotPlanner
from li_vault.vault.vault import Vault


class SnapshotEvent(NamedTuple):
    """A snapshot, and the id of the original that it recorded."""

    commit: str
    record: Trailers
    blob: str
    is_first: bool


class EditEvent(NamedTuple):
    """Hand edits between two commits; `hand` are those that are not committed yet."""

    start: str | None
    end: str
    day: date
    hand: Mapping[str, bytes | None]


class SameApartEvent(NamedTuple):
    """A `same` or `apart`, with the commit that it was done upon."""

    start: str
    end: str
    day: date
    mend: SameApart


Event = SnapshotEvent | EditEvent | SameApartEvent


class NotReplayed(NamedTuple):
    """What could not be done again."""

    path: str
    uid: str
    reason: str


class Replayed(NamedTuple):
    """How many cards got their edits again, whether a mend was done again, what was lost."""

    edits: int = 0
    mended: int = 0
    lost: tuple[NotReplayed, ...] = ()


class ReplayOptions(NamedTuple):
    """How edits are done again.

    Attributes:
        carry: Does to a contact what was done to another one: now, before, after -> edited.
        is_kin: Whether both vaults began as one, so that a UID is the same person in both.
        beside: What the other vault has beside the cards; None if that is nothing yet.
    """

    carry: Callable[[Contact, Contact, Contact], Contact] = reapply_edit
    is_kin: bool = False
    beside: OtherFiles | None = None


DEFAULT_OPTIONS = ReplayOptions()
"""How edits are done again in a vault that begins with nothing."""


def history_events(
    vault: Vault, log: Sequence[Commit], hand: HandEdits, since: str | None = None
) -> list[Event]:
    """What happened in a vault, oldest first.

    Args:
        log: Its commits, newest first.
        since: The commit that the oldest of `log` follows; None if that is the first of all.

    Raises:
        BadVault: The original of a snapshot is not there.
    """
    found: list[Event] = []
    base = since
    pending: Commit | None = None
    is_first = since is None
    for one in reversed(log):
        ours = one.author == repo.OWN_EMAIL
        record = snapshot.read_trailers(one.message) if ours else None
        mend = snapshot.read_same_apart(one.message) if ours else None
        if record is None and mend is None:
            pending = one
            if not (ours and snapshot.is_edit(one.message)):
                continue
        if pending is not None:
            found.append(EditEvent(base, pending.id, pending.day, {}))
            base, pending = pending.id, None
        if record is not None:
            found.append(SnapshotEvent(one.id, record, _original(vault, one, record), is_first))
            is_first = False
        elif mend is not None and base is not None:
            found.append(SameApartEvent(base, one.id, one.day, mend))
        base = one.id
    if pending is not None or (hand.edits and log):
        found.append(EditEvent(base, log[0].id, log[0].day, hand.edits))
    return found


def order_events(found: Sequence[Event]) -> list[Event]:
    """Events in the order of the days of the exports; what else happened stays behind its own.

    They are in that order, but where `sync` put an older export upon a newer one.
    """
    keys: list[str] = []
    day = ""
    for event in found:
        day = event.record.taken_on if isinstance(event, SnapshotEvent) else day
        keys.append(day)
    return [found[place] for place in sorted(range(len(found)), key=keys.__getitem__)]


def _original(vault: Vault, one: Commit, record: Trailers) -> str:
    path = f"{vault_layout.EXPORTS}/{record.export}"
    ident = history.entries(vault.repo, one.id, [path]).get(path)
    if ident is None:
        raise BadVault(
            f"The snapshot of {record.taken_on} ({one.id[:10]}) has no {path}.",
            "Its original is needed to rebuild; look for it: git log --stat -- exports",
        )
    return ident


def original_export(vault: Vault, event: SnapshotEvent) -> tuple[DatedExport, bool]:
    """The export that a snapshot recorded, and whether it was taken as a full list.

    Raises:
        BadVault: Its bytes are missing, or are not those that were recorded.
        BadExport: It can't be read.
    """
    record = event.record
    data = next(history.read_objects(vault.repo, [event.blob]))
    if hashlib.sha256(data).hexdigest() != record.digest:
        raise BadVault(
            f"{vault_layout.EXPORTS}/{record.export} in the snapshot of {record.taken_on} "
            f"({event.commit[:10]}) is not what was recorded: its SHA-256 differs.",
            "Somebody changed it. Restore the vault from a remote that has it as it was.",
        )
    day = date.fromisoformat(record.taken_on)
    owner = vault.marker(event.commit).owner
    export = dated_exports.export_from_history(
        record.export, data, day, record.digest, "record", owner
    )
    if record.listed:
        return export, record.listed == "full"
    return export, not record.unmatched and (export.told.full or event.is_first)


def replay_edit(
    vault: Vault,
    event: EditEvent,
    session: SnapshotPlanner,
    manner: ReplayOptions = DEFAULT_OPTIONS,
) -> Replayed:
    """Do hand edits again.

    Raises:
        BadVault: A card that was edited is broken.
    """
    changes = {
        change.path: (change.before, change.after)
        for change in history.changed(vault.repo, event.start, event.end)
    }
    people = {path: ids for path, ids in changes.items() if vault_layout.is_card(path)}
    known: Mapping[str, str] = {}
    if event.start and event.hand:
        known = history.files(vault.repo, event.start, list(event.hand))
    before = vault.read_cards({p: b for p, (b, _) in people.items() if b} | dict(known))
    after = dict(zip(people, _bytes(vault, [a for _, a in people.values()]), strict=True))
    after.update(event.hand)
    lost: list[NotReplayed] = []
    edited = _edited(before, after)
    there = locate_contacts(
        session.roster,
        [old for old, _ in edited if old is not None],
        lambda: vault.roster(event.start) if event.start else Roster({}),
        is_kin=manner.is_kin,
    )
    contacts = dict(session.roster.contacts)
    files = {contact.file for contact in contacts.values()} if len(there) < len(edited) else set()
    done = 0
    for old, new in edited:
        now = there.get(old.uid) if old else None
        if now is not None and old is not None:
            # Two that are one there by now are edited one after the other.
            contacts[now.uid] = manner.carry(contacts[now.uid], old, new)
        elif old is None and new.uid not in contacts and new.file not in files:
            contacts[new.uid] = new  # somebody whom the user added
        else:
            lost.append(
                NotReplayed(new.path, new.uid, "it can't be told who that is in the new vault")
            )
            continue
        done += 1
    beside, unfit = changed_files(vault, event.end, changes, has_marker=manner.beside is not None)
    if manner.beside is None:
        others = {path: after for path, (_, after) in beside.items()}
    else:
        others = manner.beside.unite(beside, session.drafts)
    if done or others:
        session.replay(Roster(contacts), snapshot.edit_message(done), event.day, others)
    lost += [NotReplayed(path, "", why) for path, why in unfit.items()]
    return Replayed(edits=done, lost=tuple(lost))


def replay_same_apart(
    vault: Vault,
    event: SameApartEvent,
    session: SnapshotPlanner,
    manner: ReplayOptions = DEFAULT_OPTIONS,
) -> Replayed:
    """Do a `same` or `apart` again; of an `apart`, the cards that came of it.

    Where an export found later has made them one already, or kept them two, nothing is to be done.
    """
    changes = [
        change
        for change in history.changed(vault.repo, event.start, event.end, vault_layout.FOLDERS)
        if vault_layout.is_card(change.path)
    ]
    ids = {change.path: change.before for change in changes if change.before}
    old = {one.uid: one for one in vault.read_cards(ids).values()}
    ids = {change.path: change.after for change in changes if change.after}
    new = {one.uid: one for one in vault.read_cards(ids).values()}
    start = event.start
    there = locate_contacts(
        session.roster, old.values(), lambda: vault.roster(start), is_kin=manner.is_kin
    )
    now, other = there.get(event.mend.uid), there.get(event.mend.other)
    if now is None or (other is None and event.mend.kind == "same"):
        return _not_mended(event, old)
    if other is not None:
        if other.uid == now.uid:
            return Replayed()
        if not (now.is_former or other.is_former):  # one of them took in whom was meant
            words = f"`same`: the newest list names both, {now.path} and {other.path}"
            return Replayed(lost=(NotReplayed(now.path, now.uid, words),))
        after = same_apart.join_in_roster(session.roster, now.uid, other.uid)
    else:
        kept, other = new.get(event.mend.uid), new.get(event.mend.other)
        if kept is None or other is None:
            return _not_mended(event, old)
        if other.uid in session.roster.contacts:
            return Replayed()
        kept = kept._replace(uid=now.uid, path=f"{kept.folder}/{now.file}")
        after = Roster({**session.roster.contacts, kept.uid: kept, other.uid: other})
    mended = SameApart(event.mend.kind, now.uid, other.uid)
    session.replay(after, snapshot.same_apart_message(mended), event.day, {})
    return Replayed(mended=1)


def _not_mended(event: SameApartEvent, old: Mapping[str, Contact]) -> Replayed:
    path = old[event.mend.uid].path if event.mend.uid in old else ""
    words = f"`{event.mend.kind}`: it can't be told who that is in the new vault"
    return Replayed(lost=(NotReplayed(path, event.mend.uid, words),))


def _bytes(vault: Vault, ids: Sequence[str | None]) -> list[bytes | None]:
    """The bytes of blobs; None for None."""
    data = history.read_objects(vault.repo, [ident for ident in ids if ident])
    return [next(data) if ident else None for ident in ids]


def _edited(
    before: Mapping[str, Contact], after: Mapping[str, bytes | None]
) -> list[tuple[Contact | None, Contact]]:
    """The contacts that were edited, as they were and as they are; None for one that is new."""
    found: list[tuple[Contact | None, Contact]] = []
    by_uid = {contact.uid: contact for contact in before.values()}
    for path, data in sorted(after.items()):
        if data is None:
            continue
        old = before.get(path)
        try:
            card = read_card(data, path)
            moved = by_uid.get(card.contact.uid)
            old = old or moved
            new = card.contact
            if old is not None and not card.canonical:
                new = adopt_edit(data, old)._replace(path=path)
        except BrokenCard as error:
            raise BadVault(
                f"{path} is no valid card: {error}.", "Mend the file and commit it."
            ) from error
        if old is None or (old.shown, old.own, old.folder) != (new.shown, new.own, new.folder):
            found.append((old, new))
    return found


_ATTRIBUTES = ".gitattributes"
_DIGITS = 8

Bytes = bytes | None
"""What a file holds; None if it is not there."""


Kept = Literal["both", "theirs", "ours"]


class FileConflict(NamedTuple):
    """A file that both sides changed.

    Attributes:
        kept: What lies there now: "both" changes in one text, "theirs" (the remote's), or "ours",
            where the other side had taken it away.
        copy: Where this machine's lies then; None if it needs no place of its own.
    """

    path: str
    kept: Kept
    copy: str | None


class OtherFiles:
    """Brings the files of this machine together with those of the remote's newest commit."""

    def __init__(self, vault: Vault, theirs: str) -> None:
        """Begin upon `theirs`."""
        self._vault = vault
        self._theirs = theirs
        self._met: dict[str, FileConflict] = {}

    @property
    def met(self) -> tuple[FileConflict, ...]:
        """The files that both sides changed, each once."""
        return tuple(self._met.values())

    def unite(
        self, changes: Mapping[str, tuple[Bytes, Bytes]], drafts: Sequence[CommitDraft]
    ) -> dict[str, Bytes]:
        """What becomes of files that were changed here, upon what is planned so far.

        Args:
            drafts: The commits that are planned upon the remote's newest, oldest first.
        """
        there = history.files(self._vault.repo, self._theirs, list(changes)) if changes else {}
        read = history.read_objects(self._vault.repo, there.values())
        theirs = dict(zip(there, read, strict=True))
        edits: dict[str, Bytes] = {}
        for path, (before, after) in changes.items():
            now = _planned(drafts, path, theirs.get(path))
            edits |= self._united(path, before, after, now)
        return edits

    def _united(self, path: str, before: Bytes, after: Bytes, now: Bytes) -> dict[str, Bytes]:
        if now == after:
            return {}
        known = self._met.get(path)
        if known and known.copy:  # this machine's file lies elsewhere by now
            return self._beside(path, after, known.copy)
        if now == before and (path != vault_layout.MARKER or _is_marker(after)):
            return {path: after}
        decided = self._decided(path, before, after, now)
        if decided is None:
            return self._beside(path, after, None)
        kept, data = decided
        self._met[path] = FileConflict(path, kept, None)
        return {} if data == now else {path: data}

    def _decided(
        self, path: str, before: Bytes, after: Bytes, now: Bytes
    ) -> tuple[Kept, Bytes] | None:
        """What a file that both changed holds; None if each has to have a place of its own."""
        if after is None:
            return "theirs", now
        if now is None and path != vault_layout.MARKER:
            return "ours", after
        if before is not None and now is not None:
            both = commit.merge_file(self._vault.repo, before, after, now)
            if both is not None and (path != vault_layout.MARKER or _is_marker(both)):
                return "both", both
        return None

    def _beside(self, path: str, data: Bytes, old: str | None) -> dict[str, Bytes]:
        """Put this machine's file beside the remote's, in place of an older state of it."""
        copy = None if data is None else _beside(path, history.blob_id(data)[:_DIGITS])
        self._met[path] = FileConflict(path, "theirs", copy)
        edits: dict[str, Bytes] = {old: None} if old else {}
        return edits | ({copy: data} if copy else {})


def changed_files(
    vault: Vault,
    end: str,
    changes: Mapping[str, tuple[str | None, str | None]],
    *,
    has_marker: bool,
) -> tuple[dict[str, tuple[Bytes, Bytes]], dict[str, str]]:
    """The files beside the cards among changes, and those that can't be done again, and why.

    Args:
        changes: Blob ids by path, as they were and as they are.
    """
    paths = [path for path in changes if not vault_layout.is_card(path)]
    if not paths:
        return {}, {}
    originals = {f"{vault_layout.EXPORTS}/{one.record.export}" for one in vault.snapshots()}
    fixed = history.blob_id(vault_layout.fixed_files()[_ATTRIBUTES])
    ordinary = history.files(vault.repo, end, paths)
    unfit: dict[str, str] = {}
    for path in paths:
        before, after = changes[path]
        if path in originals:
            unfit[path] = "an original stays as it was recorded"
        elif path == _ATTRIBUTES and after != fixed:
            unfit[path] = "every vault has the same text there"
        elif path == vault_layout.MARKER and before and not has_marker:
            unfit[path] = "the new vault has its own"
        elif after and path not in ordinary:
            unfit[path] = "it is no ordinary file"
    left = [p for p in paths if p not in unfit and (has_marker or p != vault_layout.MARKER)]
    ids = [ident for path in left for ident in changes[path]]
    data = history.read_objects(vault.repo, [ident for ident in ids if ident])
    read = iter([next(data) if ident else None for ident in ids])
    return dict(zip(left, zip(read, read, strict=True), strict=True)), unfit


def _planned(drafts: Sequence[CommitDraft], path: str, otherwise: Bytes) -> Bytes:
    """What a file holds after the last of these commits that touches it."""
    return next((one.edits[path] for one in reversed(drafts) if path in one.edits), otherwise)


def _beside(path: str, digits: str) -> str:
    """A name beside a file that nothing else has: `notes.conflict-1a2b3c4d.txt`."""
    place = PurePosixPath(path)
    ending = f".conflict-{digits}{place.suffix}"
    room = vault_layout.LONGEST - len(ending.encode("utf-8", "surrogateescape"))
    stem = place.stem.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore")
    return str(place.with_name(stem + ending))


def _is_marker(data: Bytes) -> bool:
    """Whether a vault with this `vault.toml` can be opened by this program."""
    try:
        return data is not None and vault_layout.read_marker(data).version <= vault_layout.FORMAT
    except ValueError:
        return False
