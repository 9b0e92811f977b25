"""Every snapshot planned again from its original bytes, upon the state before it, and compared.

What people did by hand between snapshots is taken as it is recorded: the next derivation begins
there, so a difference is told once, where it came in. A snapshot costs about one planning, since
of each commit only the cards that it changed are read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from li_vault.core import cards, layout, messages
from li_vault.core.damage import Finding
from li_vault.core.messages import Record
from li_vault.core.model import Contact, Roster
from li_vault.errors import LiVaultError
from li_vault.formats import vcf
from li_vault.store import commit, history
from li_vault.store.history import Change, Commit, Touch
from li_vault.vault import replaying
from li_vault.vault.drafting import Session, Terms
from li_vault.vault.handwork import Handwork
from li_vault.vault.known import Known
from li_vault.vault.opened import Vault
from li_vault.vault.replaying import Taken

Progress = Callable[[str, int, int], None]

_ELSEWHERE = (
    "The history was changed after it was recorded, or by another program. Look for a copy that "
    "is whole: li-vault verify --all. li-vault rebuild --into DIR makes a vault anew from the "
    "originals."
)
_ORIGINAL = "Nothing is lost: git restore --source={commit} -- '{path}', then git commit it."
_CARD = "li-vault restore URL DIR brings back a copy that has it whole; or mend the file by hand."


class State(NamedTuple):
    """A vault at one commit while its history is walked; the dictionaries are changed in place.

    Attributes:
        files: The id of every file, by path.
        contacts: Everyone whose card can be read, by UID.
        uids: The UID of each card, by path.
        crooked: UIDs whose card is not in the canonical form.
        broken: Why cards are not valid, by path.
        by_hand: Paths of cards that someone else's commit wrote last.
        unread: Paths whose object is lost.
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


class Walk:
    """The history of a vault from its first commit on, checked as it goes.

    Attributes:
        state: What the last commit that was walked holds.
        cards: Ids of all cards that were read.
        underivable: Number of snapshots that could not be derived, for what is lost.
    """

    def __init__(self, vault: Vault, lost: Collection[str], known: Known, *, quick: bool) -> None:
        """Begin before the first commit.

        Args:
            vault: Whose objects are read.
            lost: Ids of objects that are damaged; nothing is derived from them.
            known: What was proved already, and what will be.
            quick: Whether no snapshot is derived, and no second reader asked.
        """
        self.state = State({}, {}, {}, set(), {}, set(), set(), {})
        self.cards: set[str] = set()
        self.underivable = 0
        self._vault = vault
        self._lost = frozenset(lost)
        self._known = known
        self._quick = quick
        self._log: list[Commit] = []
        self._told: set[str] = set()
        self._originals: dict[str, Taken] = {}
        self._is_first = True

    def through(self, touches: Sequence[Touch], progress: Progress) -> Iterator[Finding]:
        """Walk these commits, oldest first; what is wrong with each.

        Raises:
            BadVault: An object can't be read that nobody knew to be lost.
        """
        doing = "Reading" if self._quick else "Deriving"
        for number, touch in enumerate(touches):
            progress(doing, number, len(touches))
            one = touch.commit
            ours = one.author == commit.EMAIL
            record = messages.read(one.message) if ours else None
            if record is not None:
                yield from self._snapshot(touch, record)
            yield from self._take(touch, by_hand=not ours)
            self._log.insert(0, one)
        progress(doing, len(touches), len(touches))
        yield from self._at_the_end()

    def _snapshot(self, touch: Touch, record: Record) -> Iterator[Finding]:
        """Look at a snapshot before its changes are taken: what comes of its original."""
        one = touch.commit
        path = f"{layout.EXPORTS}/{record.export}"
        is_first, self._is_first = self._is_first, False
        after = {change.path: change.after for change in touch.changes}
        blob = after.get(path, self.state.files.get(path))
        if blob is None:
            words = f"The snapshot of {record.taken_on} has no original: {path} is missing."
            yield Finding("original", one.id, path, words, _ELSEWHERE)
            return
        taken = self._originals[path] = Taken(one.id, record, blob, is_first)
        if self._quick or self._known.is_derived(one.id):
            return
        if blob in self._lost or self.state.unread:
            self.underivable += 1
            return
        found: list[Finding] = []
        try:
            found += self._differences(touch, taken)
        except LiVaultError as error:
            found += [Finding("original", one.id, path, error.message, error.hint or _ELSEWHERE)]
        self._known.derived.add(one.id)
        if not found:
            self._known.right.add(one.id)
        yield from found

    def _differences(self, touch: Touch, taken: Taken) -> Iterator[Finding]:
        """Derive a snapshot, and compare what comes of it with what it recorded."""
        one, record = touch.commit, taken.record
        export, full = replaying.original(self._vault, taken)
        terms = Terms(date.fromisoformat(record.taken_on))
        session = Session(self._vault, terms, Handwork(self.state.roster), self._log)
        session.plan(export, full=full, is_judged=False, is_again=True)
        edits = session.drafts[-1].edits if session.drafts else {}
        yield from self._other_files(one, touch.changes, edits)
        told = messages.read(session.drafts[-1].message) if session.drafts else None
        if told != record:
            words = f"The snapshot of {record.taken_on} does not say what its original gives"
            yield Finding("account", one.id, "", f"{words}: {_unlike(record, told)}.", _ELSEWHERE)

    def _other_files(
        self, one: Commit, changes: Sequence[Change], edits: Mapping[str, bytes | None]
    ) -> Iterator[Finding]:
        """The cards and originals that a snapshot holds otherwise than was derived."""
        before = self.state.files
        derived = {
            path: None if data is None else history.blob_id(data) for path, data in edits.items()
        }
        recorded = {change.path: change.after for change in changes}
        for path in sorted({*derived, *recorded}):
            if not (layout.is_card(path) or path.startswith(f"{layout.EXPORTS}/")):
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
            yield Finding("derivation", one.id, path, f"{path} {words}.", _ELSEWHERE)

    def _take(self, touch: Touch, *, by_hand: bool) -> Iterator[Finding]:
        """Bring the state to what a commit holds; the cards that it has and should not."""
        state = self.state
        written: dict[str, str] = {}
        for change in touch.changes:
            self._forget(change.path)
            if change.after is not None:
                state.files[change.path] = change.after
                if layout.is_card(change.path):
                    written[change.path] = change.after
        state.unread.update(path for path, ident in written.items() if ident in self._lost)
        whole = {path: ident for path, ident in written.items() if ident not in self._lost}
        self.cards.update(whole.values())
        data = history.read(self._vault.repo, whole.values())
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
            contact, canonical = cards.read(data, path)
        except cards.BrokenCard as error:
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
        words = _objection(data, contact) if canonical else vcf.judge(data)
        if words:
            state.objections[path] = words
        else:
            self._known.read.add(ident)

    def _broken(self, ident: str, path: str) -> Finding:
        self._told.add(path)
        words = f"{path} is no valid card: {self.state.broken[path]}."
        return Finding("card", ident, path, words, _CARD)

    def _at_the_end(self) -> Iterator[Finding]:
        """What of the newest commit is not as it should be, and not told of yet."""
        if not self._log:
            return
        newest = self._log[0].id
        for path, taken in sorted(self._originals.items()):
            if self.state.files.get(path) != taken.blob:
                words = f"{path} is not what the snapshot of {taken.record.taken_on} recorded"
                hint = _ORIGINAL.format(commit=taken.commit[:10], path=path)
                yield Finding("original", newest, path, f"{words}: somebody changed it.", hint)
        for path in sorted(self.state.broken.keys() - self._told):
            yield self._broken(newest, path)
        for uid in sorted(self.state.crooked):
            path = self.state.contacts[uid].path
            if path not in self.state.by_hand:
                words = f"{path} is not in the one form that li-vault writes."
                yield Finding("card", newest, path, words, _CARD)


def _objection(data: bytes, contact: Contact) -> str:
    """What vobject has against a canonical card; in one that is ours alone it reads every value."""
    is_ours = not contact.own and contact.person == contact.shown
    return vcf.misread(data, contact) if is_ours else vcf.judge(data)


def _unlike(record: Record, told: Record | None) -> str:
    """In what two records differ; no one's data is in them."""
    if told is None:
        return "nothing would have been recorded"
    return ", ".join(
        f"{name} {there} instead of {wanted}"
        for name, there, wanted in zip(Record._fields, record, told, strict=True)
        if there != wanted
    )
