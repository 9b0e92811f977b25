"""Exports planned one upon another, each as the draft of a commit; nothing is recorded yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from li_vault.core import careers, guards, identity, layout, messages, planning
from li_vault.core.careers import Chapter
from li_vault.core.messages import Record
from li_vault.core.model import Roster
from li_vault.core.planning import Pair, Plan
from li_vault.core.timeline import Snapshot
from li_vault.errors import BadExport, Refused
from li_vault.formats import registry
from li_vault.formats.base import Export, Reading
from li_vault.store import history
from li_vault.store.commit import Draft
from li_vault.store.history import Commit
from li_vault.vault import accounts, snapshots
from li_vault.vault.accounts import Account
from li_vault.vault.dating import Dated
from li_vault.vault.handwork import Handwork
from li_vault.vault.opened import Vault


class Terms(NamedTuple):
    """How exports are to be taken.

    Attributes:
        today: The current day.
        allowed: Rules of guards that are allowed to be broken.
        full: Whether the lists are full; None leaves it to their format.
        again: The command that `--allow` is for, where it is not the one that was given; or "".
    """

    today: date
    allowed: frozenset[str] = frozenset()
    full: bool | None = None
    again: str = ""


class Session:
    """A vault's state while exports are planned one upon another.

    Attributes:
        drafts: The commits to be, oldest first.
        chapters: What each changes, for comparisons over years; None for the first of a vault.
        edited: Number of hand-edited cards in the first draft; 0 if there is no such draft.
    """

    def __init__(
        self,
        vault: Vault,
        terms: Terms,
        hand: Handwork,
        log: Sequence[Commit],
        marker: layout.Marker | None = None,
        owner: str = "",
    ) -> None:
        """Begin upon what is there.

        Args:
            vault: Whose settings count, and whose objects the commits of `log` are.
            terms: How exports are to be taken.
            hand: What was done by hand since.
            log: The commits so far, newest first; none for a new vault.
            marker: What `vault.toml` says before the first of them, if not what it says there.
            owner: Whose vault it is to be, until `vault.toml` says so.
        """
        self.drafts: list[Draft] = []
        self.chapters: list[Chapter | None] = []
        self.edited = 0
        self._terms = terms
        self._policy = vault.policy
        self._vault = vault
        self._hand = hand
        self._roster: Roster | None = None
        self._past: list[Snapshot] = snapshots.among(log)
        self._newest = self._past[0].commit if self._past else None
        self._tip = log[0].id if log else None
        self._owner = owner
        self._marker = marker or vault.marker(self._tip)
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
            self._append(Draft(changed, messages.edited(self.edited), day))

    def has(self, export: Dated) -> bool:
        """Whether the same bytes were recorded for the same day."""
        key = (export.digest, export.day.isoformat())
        return any((past.record.digest, past.record.taken_on) == key for past in self._past)

    def plan(
        self,
        export: Dated,
        *,
        full: bool | None = None,
        is_judged: bool = True,
        is_again: bool = False,
    ) -> Account:
        """Plan one export upon all before it; draft its commit unless it is recorded already.

        Args:
            export: The export.
            full: Whether it lists everyone, if that is known better than from terms and format.
            is_judged: Whether the guards look at it.
            is_again: Whether it is recorded again though it is recorded already.

        Raises:
            Refused: A guard refuses it.
        """
        reading, day, digest = export.reading(), export.day.isoformat(), export.digest
        full = self._is_full(reading) if full is None else full
        listed = "" if full is self._is_full_itself(reading) else ("full" if full else "partial")
        for past in () if is_again else self._past:
            if (past.record.digest, past.record.taken_on) == (digest, day):
                if full and not self._was_full(past, reading):
                    continue  # it was taken as a partial list, and now it is to be everyone
                known = past.record.contacts - past.record.added - past.record.returned
                unchanged = known - past.record.changed
                return accounts.of(export, reading, past.commit, past.record, (), unchanged)
        if self._says_it_again(reading, digest, day):
            last = self._past[0].record
            record = last._replace(taken_on=day, added=0, changed=0, gone=0, returned=0)
            self._draft(export, record, {})
            return accounts.of(export, reading, None, record, (), record.contacts)
        near = reading.timed or (
            bool(self._past) and registry.wrote_times(self._past[0].record.kind)
        )
        matching = identity.match(
            self.roster,
            reading.people,
            reading.coverage,
            near_days=near,
            once_near=any(registry.wrote_times(past.record.kind) for past in self._past),
        )
        enriching = reading.enriches and not full
        plan = planning.draw(
            self.roster, matching, reading.coverage, full=full, enriching=enriching
        )
        if is_judged:
            self._judge(plan, reading, export, enriching=enriching)
        record = accounts.record_of(plan, reading, day, digest)._replace(listed=listed)
        edits = self._other_files(reading) | layout.edits(self.roster, plan.after)
        self._draft(export, record, edits, plan.changed)
        self._roster = Roster(plan.after.contacts)
        self._last_reading = reading
        return accounts.of(export, reading, None, record, plan.doubts, plan.unchanged)

    def replay(
        self, after: Roster, message: str, day: date, others: Mapping[str, bytes | None] | None
    ) -> None:
        """Draft a commit of what was done by hand once, upon all before it.

        Args:
            after: Everyone afterwards; who is not in it is taken away.
            message: The commit's message.
            day: Its day if nothing comes before it; else it has the day of what it follows.
            others: What becomes of files that are no cards.
        """
        before = self.roster
        edits = dict(layout.edits(before, after))
        for uid in before.contacts.keys() - after.contacts.keys():
            edits.setdefault(before.contacts[uid].path, None)
        for path, data in (others or {}).items():
            edits[path] = data
            if path == layout.MARKER and data is not None:
                self._marker = layout.read_marker(data)
            if data is None:
                self._files.pop(path, None)
            else:
                self._files[path] = history.blob_id(data)
        self._append(Draft(edits, message, self.drafts[-1].day if self.drafts else day))
        self._roster = after

    def _draft(
        self,
        export: Dated,
        record: Record,
        edits: Mapping[str, bytes | None],
        changed: Sequence[Pair] = (),
    ) -> None:
        self._append(Draft(edits, messages.write(record), export.day), changed)
        self._past.insert(0, Snapshot("", record))

    def _append(self, draft: Draft, changed: Sequence[Pair] = ()) -> None:
        is_first = self._tip is None and not self.drafts
        self.chapters.append(None if is_first else careers.chapter(draft.edits.keys(), changed))
        self.drafts.append(draft)

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
            if record.digest != digest or record.unmatched or record.listed:
                return False
            if record.added or record.gone or record.returned:
                return True
        return False

    def _is_full(self, reading: Reading) -> bool:
        return self._is_full_itself(reading) if self._terms.full is None else self._terms.full

    def _is_full_itself(self, reading: Reading) -> bool:
        """Whether a list is full if nobody says otherwise."""
        return reading.full or not self._past

    def _was_full(self, past: Snapshot, reading: Reading) -> bool:
        """Whether the same bytes were taken as a full list by an earlier snapshot."""
        if past.record.listed or past.record.unmatched:
            return past.record.listed == "full"
        return reading.full or past is self._past[-1]

    def _judge(self, plan: Plan, reading: Reading, export: Dated, *, enriching: bool) -> None:
        # Reading it again takes as long as reading this one, and is needed by two rules alone.
        needed = (
            accounts.damage(reading) or 2 * len(plan.changed) > len(plan.changed) + plan.unchanged
        )
        last = self._last() if needed else None
        seen = guards.Circumstances(
            taken_on=export.day.isoformat(),
            last_taken_on=self._past[0].record.taken_on if self._past else "",
            owner=reading.owner,
            vault_owner=self._marker.owner or self._owner,
            listed=len(reading.people),
            damage=accounts.kinds_of_damage(reading),
            last_damage=accounts.kinds_of_damage(last) if last else None,
            appeared=_appeared(last, reading) if last else frozenset(),
            enriching=enriching,
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
            word = f"{self._terms.again} --allow {refusal.rule}".strip()
            hint = f"If that is right, {word}: {refusal.allowing}."
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


def _appeared(last: Reading, now: Reading) -> frozenset[str]:
    """The fields and columns that this list speaks of and the last one could not."""
    fields = now.coverage.fields - last.coverage.fields
    return frozenset(fields | (now.coverage.columns - last.coverage.columns))
