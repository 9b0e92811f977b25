"""Snapshots planned again from their recorded originals and compared; what was verified before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from li_vault import __version__
from li_vault.core import snapshot, vault_layout
from li_vault.core.card import BrokenCard, read_card
from li_vault.core.model import Contact, Progress, Roster
from li_vault.core.snapshot import Trailers
from li_vault.core.vault_layout import DamageFinding
from li_vault.errors import LiVaultError
from li_vault.formats.vcard import reader
from li_vault.store import history
from li_vault.store.history import Commit, PathChange, TouchedCommit
from li_vault.store.repo import OWN_EMAIL, Repo
from li_vault.store.state import load_state, save_state
from li_vault.vault.plan import replay
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.plan.planner import RecordOptions, SnapshotPlanner
from li_vault.vault.plan.replay import SnapshotEvent
from li_vault.vault.vault import Vault

_ELSEWHERE = (
    "The history was changed after it was recorded, or by another program. Look for a copy that "
    "is whole: li-vault verify --all. li-vault rebuild --into DIR makes a vault anew from the "
    "originals."
)
_ORIGINAL = "Nothing is lost: git restore --source={commit} -- '{path}', then git commit it."
_CARD = "li-vault restore URL DIR brings back a copy that has it whole; or mend the file by hand."


class VaultState(NamedTuple):
    """A vault at one commit while its history is walked; the dictionaries are changed in place.

    Attributes:
        files: The id of every file, by path.
        contacts: Everyone whose card can be read, by UID.
        uids: The UID of each card, by path.
        broken: Why cards are not valid, by path.
        by_hand: Paths of cards that someone else's commit wrote last.
        objections: What the second reader has against valid cards, by path.
    """

    files: dict[str, str]
    contacts: dict[str, Contact]
    uids: dict[str, str]
    crooked: set[str]
    broken: dict[str, str]
    by_hand: set[str]
    unread: set[str]
    objections: dict[str, str]

    def roster(self) -> Roster:
        """Everyone, as of now."""
        return Roster(dict(self.contacts), frozenset(self.crooked))


class Rederiver:
    """The history of a vault from its first commit on, checked as it goes.

    Attributes:
        underivable: Number of snapshots that could not be derived, for what is lost.
    """

    def __init__(
        self, vault: Vault, lost: Collection[str], known: VerifiedIds, *, quick: bool
    ) -> None:
        """Begin before the first commit.

        Args:
            quick: Whether no snapshot is derived, and no second reader asked.
        """
        self.state = VaultState({}, {}, {}, set(), {}, set(), set(), {})
        self.cards: set[str] = set()
        self.underivable = 0
        self._vault = vault
        self._lost = frozenset(lost)
        self._known = known
        self._quick = quick
        self._log: list[Commit] = []
        self._told: set[str] = set()
        self._originals: dict[str, SnapshotEvent] = {}
        self._is_first = True

    def through(
        self, touches: Sequence[TouchedCommit], progress: Progress
    ) -> Iterator[DamageFinding]:
        """Walk these commits, oldest first; what is wrong with each.

        Raises:
            BadVault: An object can't be read that nobody knew to be lost.
        """
        doing = "Reading" if self._quick else "Deriving"
        for number, touch in enumerate(touches):
            progress(doing, number, len(touches))
            one = touch.commit
            ours = one.author == OWN_EMAIL
            record = snapshot.read_trailers(one.message) if ours else None
            if record is not None:
                yield from self._snapshot(touch, record)
            yield from self._take(touch, by_hand=not ours)
            self._log.insert(0, one)
        progress(doing, len(touches), len(touches))
        yield from self._at_the_end()

    def _snapshot(self, touch: TouchedCommit, record: Trailers) -> Iterator[DamageFinding]:
        """Look at a snapshot before its changes are taken: what comes of its original."""
        one = touch.commit
        path = f"{vault_layout.EXPORTS}/{record.export}"
        is_first, self._is_first = self._is_first, False
        after = {change.path: change.after for change in touch.changes}
        blob = after.get(path, self.state.files.get(path))
        if blob is None:
            words = f"The snapshot of {record.taken_on} has no original: {path} is missing."
            yield DamageFinding("original", one.id, path, words, _ELSEWHERE)
            return
        taken = self._originals[path] = SnapshotEvent(one.id, record, blob, is_first)
        if self._quick or self._known.is_derived(one.id):
            return
        if blob in self._lost or self.state.unread:
            self.underivable += 1
            return
        found: list[DamageFinding] = []
        try:
            found += self._differences(touch, taken)
        except LiVaultError as error:
            found += [
                DamageFinding("original", one.id, path, error.message, error.hint or _ELSEWHERE)
            ]
        self._known.derived.add(one.id)
        if not found:
            self._known.right.add(one.id)
        yield from found

    def _differences(self, touch: TouchedCommit, taken: SnapshotEvent) -> Iterator[DamageFinding]:
        """Derive a snapshot, and compare what comes of it with what it recorded."""
        one, record = touch.commit, taken.record
        export, full = replay.original_export(self._vault, taken)
        terms = RecordOptions(date.fromisoformat(record.taken_on))
        session = SnapshotPlanner(self._vault, terms, HandEdits(self.state.roster), self._log)
        session.plan(export, full=full, is_judged=False, is_again=True)
        edits = session.drafts[-1].edits if session.drafts else {}
        yield from self._other_files(one, touch.changes, edits)
        told = snapshot.read_trailers(session.drafts[-1].message) if session.drafts else None
        if told != record:
            words = f"The snapshot of {record.taken_on} does not say what its original gives"
            yield DamageFinding(
                "account", one.id, "", f"{words}: {_unlike(record, told)}.", _ELSEWHERE
            )

    def _other_files(
        self, one: Commit, changes: Sequence[PathChange], edits: Mapping[str, bytes | None]
    ) -> Iterator[DamageFinding]:
        """The cards and originals that a snapshot holds otherwise than was derived."""
        before = self.state.files
        derived = {
            path: None if data is None else history.blob_id(data) for path, data in edits.items()
        }
        recorded = {change.path: change.after for change in changes}
        for path in sorted({*derived, *recorded}):
            if not (vault_layout.is_card(path) or path.startswith(f"{vault_layout.EXPORTS}/")):
                continue
            was = before.get(path)
            there, wanted = recorded.get(path, was), derived.get(path, was)
            if there == wanted:
                continue
            if wanted is None:
                words = "is there, and its original gives no such file"
            elif there is None:
                words = "is not there, though its original gives it"
            else:
                words = "is not what its original gives"
            yield DamageFinding("derivation", one.id, path, f"{path} {words}.", _ELSEWHERE)

    def _take(self, touch: TouchedCommit, *, by_hand: bool) -> Iterator[DamageFinding]:
        """Bring the state to what a commit holds; the cards that it has and should not."""
        state = self.state
        written: dict[str, str] = {}
        for change in touch.changes:
            self._forget(change.path)
            if change.after is not None:
                state.files[change.path] = change.after
                if vault_layout.is_card(change.path):
                    written[change.path] = change.after
        state.unread.update(path for path, ident in written.items() if ident in self._lost)
        whole = {path: ident for path, ident in written.items() if ident not in self._lost}
        self.cards.update(whole.values())
        data = history.read_objects(self._vault.repo, whole.values())
        for (path, ident), card in zip(whole.items(), data, strict=True):
            self._read(path, ident, card)
            if by_hand:
                state.by_hand.add(path)
            elif path in state.broken:
                yield self._broken(touch.commit.id, path)

    def _forget(self, path: str) -> None:
        state = self.state
        state.files.pop(path, None)
        state.broken.pop(path, None)
        state.by_hand.discard(path)
        state.unread.discard(path)
        state.objections.pop(path, None)
        uid = state.uids.pop(path, None)
        if uid is not None and uid in state.contacts and state.contacts[uid].path == path:
            del state.contacts[uid]
            state.crooked.discard(uid)

    def _read(self, path: str, ident: str, data: bytes) -> None:
        state = self.state
        try:
            contact, canonical = read_card(data, path)
        except BrokenCard as error:
            state.broken[path] = str(error)
            return
        other = state.contacts.get(contact.uid)
        if other is not None and state.uids.get(other.path) == contact.uid:
            state.broken[path] = f"it has the UID of {other.path}"
            return
        state.contacts[contact.uid] = contact
        state.uids[path] = contact.uid
        if not canonical:
            state.crooked.add(contact.uid)
        if self._quick or self._known.is_read(ident):
            return
        words = _objection(data, contact) if canonical else reader.vobject_objection(data)
        if words:
            state.objections[path] = words
        else:
            self._known.read.add(ident)

    def _broken(self, ident: str, path: str) -> DamageFinding:
        self._told.add(path)
        words = f"{path} is no valid card: {self.state.broken[path]}."
        return DamageFinding("card", ident, path, words, _CARD)

    def _at_the_end(self) -> Iterator[DamageFinding]:
        """What of the newest commit is not as it should be, and not told of yet."""
        if not self._log:
            return
        newest = self._log[0].id
        for path, taken in sorted(self._originals.items()):
            if self.state.files.get(path) != taken.blob:
                words = f"{path} is not what the snapshot of {taken.record.taken_on} recorded"
                hint = _ORIGINAL.format(commit=taken.commit[:10], path=path)
                yield DamageFinding(
                    "original", newest, path, f"{words}: somebody changed it.", hint
                )
        for path in sorted(self.state.broken.keys() - self._told):
            yield self._broken(newest, path)
        for uid in sorted(self.state.crooked):
            path = self.state.contacts[uid].path
            if path not in self.state.by_hand:
                words = f"{path} is not in the one form that li-vault writes."
                yield DamageFinding("card", newest, path, words, _CARD)


def _objection(data: bytes, contact: Contact) -> str:
    """What vobject has against a canonical card; in one that is ours alone it reads every value."""
    is_ours = not contact.own and contact.person == contact.shown
    return reader.vobject_misreads(data, contact) if is_ours else reader.vobject_objection(data)


def _unlike(record: Trailers, told: Trailers | None) -> str:
    """In what two records differ; no one's data is in them."""
    if told is None:
        return "nothing would have been recorded"
    return ", ".join(
        f"{name} {there} instead of {wanted}"
        for name, there, wanted in zip(Trailers._fields, record, told, strict=True)
        if there != wanted
    )


_DERIVED, _READ = "proved-snapshots", "proved-cards"
_PROGRAM = f"li-vault {__version__} format {vault_layout.FORMAT}"
"""Another version may derive and write otherwise, and has to see for itself."""


@dataclass
class VerifiedIds:
    """What is proved, by ids.

    Attributes:
        derived_before: Commits of snapshots that an earlier call derived and found right.
        read_before: Cards that the second reader read in an earlier call.
        derived: Commits of snapshots that this call derived, whatever was found.
        read: Cards that the second reader read in this call.
    """

    derived_before: frozenset[str] = frozenset()
    read_before: frozenset[str] = frozenset()
    derived: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def is_derived(self, commit: str) -> bool:
        """Whether a snapshot need not be derived any more."""
        return commit in self.derived or commit in self.derived_before

    def is_read(self, card: str) -> bool:
        """Whether the second reader need not be asked about a card any more."""
        return card in self.read or card in self.read_before


def load_verified(repo: Repo) -> VerifiedIds:
    """What earlier proofs of this vault and its copies have shown."""
    return VerifiedIds(_load(repo, _DERIVED), _load(repo, _READ))


def save_verified(repo: Repo, known: VerifiedIds) -> None:
    """Keep for later proofs what this one has shown."""
    _keep(repo, _DERIVED, known.derived_before, known.right)
    _keep(repo, _READ, known.read_before, known.read)


def _load(repo: Repo, name: str) -> frozenset[str]:
    try:
        program, ids = load_state(repo, name)
    except (TypeError, ValueError):
        return frozenset()
    return frozenset(ids) if program == _PROGRAM else frozenset()


def _keep(repo: Repo, name: str, before: frozenset[str], now: set[str]) -> None:
    if now - before:
        save_state(repo, name, (_PROGRAM, sorted(before | now)))
