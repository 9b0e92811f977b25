"""The commits of a vault as what happened, and how each is done again in another vault."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from li_vault.core import adoption, cards, carrying, layout, mending, messages
from li_vault.core.messages import Mend, Record
from li_vault.core.model import Contact, Roster
from li_vault.errors import BadVault
from li_vault.store import commit, history
from li_vault.store.history import Commit
from li_vault.vault import companions, dating
from li_vault.vault.companions import Companions
from li_vault.vault.dating import Dated
from li_vault.vault.drafting import Session
from li_vault.vault.handwork import Handwork
from li_vault.vault.opened import Vault


class Taken(NamedTuple):
    """A snapshot, and the id of the original that it recorded."""

    commit: str
    record: Record
    blob: str
    is_first: bool


class Edited(NamedTuple):
    """Hand edits between two commits; `hand` are those that are not committed yet."""

    start: str | None
    end: str
    day: date
    hand: Mapping[str, bytes | None]


class Mended(NamedTuple):
    """A `same` or `apart`, with the commit that it was done upon."""

    start: str
    end: str
    day: date
    mend: Mend


Event = Taken | Edited | Mended


class Lost(NamedTuple):
    """What could not be done again.

    Attributes:
        path: The file in the old vault.
        uid: The contact there, or empty.
        reason: Why, in words.
    """

    path: str
    uid: str
    reason: str


class Replayed(NamedTuple):
    """How many cards got their edits again, whether a mend was done again, what was lost."""

    edits: int = 0
    mended: int = 0
    lost: tuple[Lost, ...] = ()


class Manner(NamedTuple):
    """How edits are done again.

    Attributes:
        carry: Does to a contact what was done to another one: now, before, after -> edited.
        is_kin: Whether both vaults began as one, so that a UID is the same person in both.
        beside: What the other vault has beside the cards; None if that is nothing yet.
    """

    carry: Callable[[Contact, Contact, Contact], Contact] = carrying.carry
    is_kin: bool = False
    beside: Companions | None = None


ANEW = Manner()
"""How edits are done again in a vault that begins with nothing."""


def events(
    vault: Vault, log: Sequence[Commit], hand: Handwork, since: str | None = None
) -> list[Event]:
    """What happened in a vault, oldest first.

    Args:
        vault: The vault.
        log: Its commits, newest first.
        hand: What was done by hand and is not recorded yet.
        since: The commit that the oldest of `log` follows; None if that is the first of all.

    Raises:
        BadVault: The original of a snapshot is not there.
    """
    found: list[Event] = []
    base = since
    pending: Commit | None = None
    is_first = since is None
    for one in reversed(log):
        ours = one.author == commit.EMAIL
        record = messages.read(one.message) if ours else None
        mend = messages.read_mend(one.message) if ours else None
        if record is None and mend is None:
            pending = one
            if not (ours and messages.is_edit(one.message)):
                continue
        if pending is not None:
            found.append(Edited(base, pending.id, pending.day, {}))
            base, pending = pending.id, None
        if record is not None:
            found.append(Taken(one.id, record, _original(vault, one, record), is_first))
            is_first = False
        elif mend is not None and base is not None:
            found.append(Mended(base, one.id, one.day, mend))
        base = one.id
    if pending is not None or (hand.edits and log):
        found.append(Edited(base, log[0].id, log[0].day, hand.edits))
    return found


def in_order(found: Sequence[Event]) -> list[Event]:
    """Events in the order of the days of the exports; what else happened stays behind its own.

    They are in that order, but where `sync` put an older export upon a newer one.
    """
    keys: list[str] = []
    day = ""
    for event in found:
        day = event.record.taken_on if isinstance(event, Taken) else day
        keys.append(day)
    return [found[place] for place in sorted(range(len(found)), key=keys.__getitem__)]


def _original(vault: Vault, one: Commit, record: Record) -> str:
    path = f"{layout.EXPORTS}/{record.export}"
    ident = history.entries(vault.repo, one.id, [path]).get(path)
    if ident is None:
        raise BadVault(
            f"The snapshot of {record.taken_on} ({one.id[:10]}) has no {path}.",
            "Its original is needed to rebuild; look for it: git log --stat -- exports",
        )
    return ident


def original(vault: Vault, event: Taken) -> tuple[Dated, bool]:
    """The export that a snapshot recorded, and whether it was taken as a full list.

    Raises:
        BadVault: Its bytes are missing, or are not those that were recorded.
        BadExport: It can't be read.
    """
    record = event.record
    data = next(history.read(vault.repo, [event.blob]))
    if hashlib.sha256(data).hexdigest() != record.digest:
        raise BadVault(
            f"{layout.EXPORTS}/{record.export} in the snapshot of {record.taken_on} "
            f"({event.commit[:10]}) is not what was recorded: its SHA-256 differs.",
            "Somebody changed it. Restore the vault from a remote that has it as it was.",
        )
    day = date.fromisoformat(record.taken_on)
    owner = vault.marker(event.commit).owner
    export = dating.recorded(record.export, data, day, record.digest, "record", owner)
    if record.listed:
        return export, record.listed == "full"
    return export, not record.unmatched and (export.told.full or event.is_first)


def edit(vault: Vault, event: Edited, session: Session, manner: Manner = ANEW) -> Replayed:
    """Do hand edits again.

    Raises:
        BadVault: A card that was edited is broken.
    """
    changes = {
        change.path: (change.before, change.after)
        for change in history.changed(vault.repo, event.start, event.end)
    }
    people = {path: ids for path, ids in changes.items() if layout.is_card(path)}
    known: Mapping[str, str] = {}
    if event.start and event.hand:
        known = history.files(vault.repo, event.start, list(event.hand))
    before = vault.read_cards({p: b for p, (b, _) in people.items() if b} | dict(known))
    after = dict(zip(people, _bytes(vault, [a for _, a in people.values()]), strict=True))
    after.update(event.hand)
    lost: list[Lost] = []
    edited = _edited(before, after)
    there = carrying.whereabouts(
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
            lost.append(Lost(new.path, new.uid, "it can't be told who that is in the new vault"))
            continue
        done += 1
    beside, unfit = companions.changed(
        vault, event.end, changes, has_marker=manner.beside is not None
    )
    if manner.beside is None:
        others = {path: after for path, (_, after) in beside.items()}
    else:
        others = manner.beside.unite(beside, session.drafts)
    if done or others:
        session.replay(Roster(contacts), messages.edited(done), event.day, others)
    lost += [Lost(path, "", why) for path, why in unfit.items()]
    return Replayed(edits=done, lost=tuple(lost))


def mend(vault: Vault, event: Mended, session: Session, manner: Manner = ANEW) -> Replayed:
    """Do a `same` or `apart` again; of an `apart`, the cards that came of it.

    Where an export found later has made them one already, or kept them two, nothing is to be done.
    """
    changes = [
        change
        for change in history.changed(vault.repo, event.start, event.end, layout.FOLDERS)
        if layout.is_card(change.path)
    ]
    ids = {change.path: change.before for change in changes if change.before}
    old = {one.uid: one for one in vault.read_cards(ids).values()}
    ids = {change.path: change.after for change in changes if change.after}
    new = {one.uid: one for one in vault.read_cards(ids).values()}
    start = event.start
    there = carrying.whereabouts(
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
            return Replayed(lost=(Lost(now.path, now.uid, words),))
        after = mending.joined(session.roster, now.uid, other.uid)
    else:
        kept, other = new.get(event.mend.uid), new.get(event.mend.other)
        if kept is None or other is None:
            return _not_mended(event, old)
        if other.uid in session.roster.contacts:
            return Replayed()
        kept = kept._replace(uid=now.uid, path=f"{kept.folder}/{now.file}")
        after = Roster({**session.roster.contacts, kept.uid: kept, other.uid: other})
    mended = Mend(event.mend.kind, now.uid, other.uid)
    session.replay(after, messages.mended(mended), event.day, {})
    return Replayed(mended=1)


def _not_mended(event: Mended, old: Mapping[str, Contact]) -> Replayed:
    path = old[event.mend.uid].path if event.mend.uid in old else ""
    words = f"`{event.mend.kind}`: it can't be told who that is in the new vault"
    return Replayed(lost=(Lost(path, event.mend.uid, words),))


def _bytes(vault: Vault, ids: Sequence[str | None]) -> list[bytes | None]:
    """The bytes of blobs; None for None."""
    data = history.read(vault.repo, [ident for ident in ids if ident])
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
            card = cards.read(data, path)
            moved = by_uid.get(card.contact.uid)
            old = old or moved
            new = card.contact
            if old is not None and not card.canonical:
                new = adoption.adopt(data, old)._replace(path=path)
        except cards.BrokenCard as error:
            raise BadVault(
                f"{path} is no valid card: {error}.", "Mend the file and commit it."
            ) from error
        if old is None or (old.shown, old.own, old.folder) != (new.shown, new.own, new.folder):
            found.append((old, new))
    return found
