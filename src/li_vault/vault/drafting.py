"""Exports planned one upon another, each as the draft of a commit; nothing is recorded yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Literal, NamedTuple

from li_vault.core import guards, identity, layout, messages, planning
from li_vault.core.identity import Doubt
from li_vault.core.messages import Record
from li_vault.core.model import Roster
from li_vault.core.planning import Plan
from li_vault.core.timeline import Snapshot
from li_vault.errors import BadExport, Refused
from li_vault.formats import registry
from li_vault.formats.base import Export, Reading, Skip
from li_vault.store import history
from li_vault.store.commit import Draft
from li_vault.store.history import Commit
from li_vault.vault.handwork import Handwork
from li_vault.vault.opened import Vault, snapshots_in

Origin = Literal["option", "name", "archive", "file"]


class Dated(NamedTuple):
    """An export that was read: the day it was made, who told that day, its SHA-256 in hex."""

    reading: Reading
    source: str
    day: date
    origin: Origin
    digest: str


class Terms(NamedTuple):
    """How exports are to be taken.

    Attributes:
        today: The current day.
        allowed: Rules of guards that are allowed to be broken.
        full: Whether the lists are full; None leaves it to their format.
    """

    today: date
    allowed: frozenset[str] = frozenset()
    full: bool | None = None


class Account(NamedTuple):
    """What becomes of one export.

    Attributes:
        commit: The commit that it was recorded by before, or None.
        source: Its name as the user knows it.
        origin: Who told its day: option, archive's name, members' stamps, or file.
        damage: Cells with lost characters or double-encoded text.
    """

    commit: str | None
    source: str
    origin: Origin
    record: Record
    skipped: tuple[Skip, ...]
    doubts: tuple[Doubt, ...]
    unchanged: int
    damage: int


class Session:
    """A vault's state while exports are planned one upon another.

    Attributes:
        drafts: The commits to be, oldest first.
        edited: Number of hand-edited cards in the first draft; 0 if there is no such draft.
    """

    def __init__(self, vault: Vault, terms: Terms, hand: Handwork, log: Sequence[Commit]) -> None:
        self.drafts: list[Draft] = []
        self.edited = 0
        self._terms = terms
        self._policy = vault.policy
        self._vault = vault
        self._hand = hand
        self._roster: Roster | None = None
        self._past: list[Snapshot] = snapshots_in(log)
        self._newest = self._past[0].commit if self._past else None
        self._tip = log[0].id if log else None
        self._marker = vault.marker(self._tip) if self._tip else vault.marker()
        self._files = dict(vault.outline(self._tip)) if self._tip else {}
        self._last_reading: Reading | None = None
        self._untouched = bool(log) and log[0].id == self._newest and not hand.edits
        if hand.edits and log:
            self._record_edits(hand, log[0].day)

    @property
    def roster(self) -> Roster:
        """Everyone after all that was planned so far; read once somebody needs to know."""
        if self._roster is None:
            self._roster = self._hand.roster
        return self._roster

    @property
    def has_new_roster(self) -> bool:
        """Whether cards change, so that everyone is not as the vault has them now."""
        return any(layout.is_card(path) for draft in self.drafts for path in draft.edits)

    def _record_edits(self, hand: Handwork, day: date) -> None:
        """Draft a commit of the hand edits, dated as what it follows: no clock enters."""
        recorded = history.files(self._vault.repo, str(self._tip), list(hand.edits))
        changed = {
            path: data
            for path, data in hand.edits.items()
            if recorded.get(path) != (None if data is None else history.blob_id(data))
        }
        if changed:
            self.edited = sum(data is not None for data in changed.values())
            self.drafts.append(Draft(changed, messages.edited(self.edited), day))

    def plan(self, export: Dated) -> Account:
        """Plan one export upon all before it; draft its commit unless it is recorded already.

        Raises:
            Refused: A guard refuses it.
        """
        reading, day, digest = export.reading, export.day.isoformat(), export.digest
        full = self._is_full(reading)
        for past in self._past:
            if (past.record.digest, past.record.taken_on) == (digest, day):
                if full and past.record.unmatched:
                    continue  # it was taken as a partial list, and now it is to be everyone
                known = past.record.contacts - past.record.added - past.record.returned
                unchanged = known - past.record.changed
                return _account(export, past.commit, past.record, (), unchanged)
        if self._says_it_again(reading, digest, day):
            last = self._past[0].record
            record = last._replace(taken_on=day, added=0, changed=0, gone=0, returned=0)
            self._draft(export, record, {})
            return _account(export, None, record, (), record.contacts)
        near = reading.timed or (
            bool(self._past) and registry.wrote_times(self._past[0].record.kind)
        )
        matching = identity.match(self.roster, reading.people, reading.coverage, near_days=near)
        plan = planning.draw(self.roster, matching, reading.coverage, full=full)
        self._judge(plan, export)
        record = _record_of(plan, reading, day, digest)
        edits = self._other_files(reading) | layout.edits(self.roster, plan.after)
        self._draft(export, record, edits)
        self._roster = Roster(plan.after.contacts)
        self._last_reading = reading
        return _account(export, None, record, plan.doubts, plan.unchanged)

    def _draft(self, export: Dated, record: Record, edits: Mapping[str, bytes | None]) -> None:
        self.drafts.append(Draft(edits, messages.write(record), export.day))
        self._past.insert(0, Snapshot("", record))

    def _says_it_again(self, reading: Reading, digest: str, day: str) -> bool:
        """Whether these bytes are the last snapshot's and nothing has happened since.

        Then nobody can be new, gone or changed, and no card needs to be looked at. That the last
        one was taken as a full list, too, shows where such a list moved or added people.
        """
        if not self._untouched or not reading.full or self._terms.full is False:
            return False
        if reading.owner != self._marker.owner or day < self._past[0].record.taken_on:
            return False
        for past in self._past:
            record = past.record
            if record.digest != digest or record.unmatched:
                return False
            if record.added or record.gone or record.returned:
                return True
        return False

    def _is_full(self, reading: Reading) -> bool:
        if self._terms.full is not None:
            return self._terms.full
        return reading.full or not self._past

    def _judge(self, plan: Plan, export: Dated) -> None:
        reading = export.reading
        # Reading it again takes as long as reading this one, and is needed by two rules alone.
        needed = _damage(reading) or 2 * len(plan.changed) > len(plan.changed) + plan.unchanged
        last = self._last() if needed else None
        seen = guards.Circumstances(
            taken_on=export.day.isoformat(),
            last_taken_on=self._past[0].record.taken_on if self._past else "",
            owner=reading.owner,
            vault_owner=self._marker.owner,
            listed=len(reading.people),
            damage=_kinds_of_damage(reading),
            last_damage=_kinds_of_damage(last) if last else None,
            appeared=_appeared(last, reading) if last else frozenset(),
        )
        found = guards.judge(plan, seen, self._policy)
        refusal = guards.first_not_allowed(found, self._terms.allowed)
        if refusal is None:
            return
        if refusal.rule == "older":
            hint = (
                "It can't be put in between: give all exports in one call to a new vault "
                "(li-vault snapshot --init --vault NEW EXPORT…)."
            )
        else:
            hint = f"If that is right, --allow {refusal.rule}: {refusal.allowing}."
        raise Refused(
            f"{export.source} was not recorded, by the rule `{refusal.rule}`: {refusal.saw}.",
            hint,
            rule=refusal.rule,
        )

    def _last(self) -> Reading | None:
        """The export before this one; None if there is none that can be read."""
        if self._last_reading is None and self._past and self._tip is not None:
            name = self._past[0].record.export
            data = history.read_path(self._vault.repo, self._tip, f"{layout.EXPORTS}/{name}")
            if data is not None:
                export = Export(name, {name: data}, (name,), False, None, None, self._terms.today)
                with suppress(BadExport):
                    self._last_reading = registry.read(export)
        return self._last_reading

    def _other_files(self, reading: Reading) -> dict[str, bytes | None]:
        """The files besides the cards that this export brings or that are not there yet."""
        fixed = {layout.MARKER: layout.marker(), **layout.fixed_files()}
        files: dict[str, bytes | None] = {}
        files.update((path, data) for path, data in fixed.items() if path not in self._files)
        if reading.owner and not self._marker.owner:
            self._marker = self._marker._replace(owner=reading.owner)
            files[layout.MARKER] = layout.marker(reading.owner)
        path, ident = f"{layout.EXPORTS}/{reading.original}", history.blob_id(reading.data)
        if self._files.get(path) != ident:
            files[path] = reading.data
            self._files[path] = ident
        self._files.update(dict.fromkeys(fixed, ""))
        return files


def _account(
    export: Dated,
    commit: str | None,
    record: Record,
    doubts: tuple[Doubt, ...],
    unchanged: int,
) -> Account:
    return Account(
        commit=commit,
        source=export.source,
        origin=export.origin,
        record=record,
        skipped=export.reading.skipped,
        doubts=doubts,
        unchanged=unchanged,
        damage=_damage(export.reading),
    )


def _record_of(plan: Plan, reading: Reading, day: str, digest: str) -> Record:
    return Record(
        taken_on=day,
        export=reading.original,
        digest=digest,
        kind=reading.kind,
        rows=reading.rows,
        contacts=plan.contacts,
        nameless=len(reading.nameless),
        duplicates=plan.duplicates,
        unmatched=plan.unmatched,
        skipped=len(reading.skipped),
        added=len(plan.added),
        changed=len(plan.changed),
        gone=len(plan.gone),
        returned=len(plan.returned),
    )


def _appeared(last: Reading, now: Reading) -> frozenset[str]:
    """The fields and columns that this list speaks of and the last one could not."""
    fields = now.coverage.fields - last.coverage.fields
    return frozenset(fields | (now.coverage.columns - last.coverage.columns))


def _kinds_of_damage(reading: Reading) -> tuple[int, int]:
    return reading.damage.replaced, reading.damage.doubled


def _damage(reading: Reading) -> int:
    return sum(_kinds_of_damage(reading))
