"""Exports planned upon a state of the vault, each as a commit to be; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from li_vault.core import snapshot, vault_layout
from li_vault.core.matching import match
from li_vault.core.matching.match import Ambiguity
from li_vault.core.model import Roster
from li_vault.core.planning import guards
from li_vault.core.planning.plan import Plan, draw_plan
from li_vault.core.snapshot import Snapshot, Trailers
from li_vault.errors import BadExport, Refused
from li_vault.formats import registry
from li_vault.formats.linkedin import connections
from li_vault.formats.tables.export import Export, Reading, SkippedRow
from li_vault.store import history
from li_vault.store.history import Commit
from li_vault.store.write.commit import CommitDraft
from li_vault.vault.plan.dated_exports import DatedExport, Origin
from li_vault.vault.plan.hand_edits import HandEdits
from li_vault.vault.vault import Vault, snapshots_among


class RecordOptions(NamedTuple):
    """How exports are recorded.

    Attributes:
        full: Whether the lists are full; None leaves it to their format.
        again: The command that `--allow` is for, where it is not the one that was given; or "".
    """

    today: date
    allowed: frozenset[str] = frozenset()
    full: bool | None = None
    again: str = ""
    dry_run: bool = False
    push: bool = True


class SnapshotPlanner:
    """A vault's state while exports are planned one upon another.

    Attributes:
        drafts: The commits to be, oldest first.
        edited: Number of hand-edited cards in the first draft; 0 if there is no such draft.
    """

    def __init__(
        self,
        vault: Vault,
        terms: RecordOptions,
        hand: HandEdits,
        log: Sequence[Commit],
        marker: vault_layout.Marker | None = None,
        owner: str = "",
    ) -> None:
        """Begin upon what is there.

        Args:
            log: The commits so far, newest first; none for a new vault.
        """
        self.drafts: list[CommitDraft] = []
        self.edited = 0
        self._terms = terms
        self._policy = vault.policy
        self._vault = vault
        self._hand = hand
        self._roster: Roster | None = None
        self._past: list[Snapshot] = snapshots_among(log)
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
        return any(vault_layout.is_card(path) for draft in self.drafts for path in draft.edits)

    def _record_edits(self, hand: HandEdits, day: date) -> None:
        """Draft a commit of the hand edits, dated as what it follows: no clock enters."""
        recorded = history.files(self._vault.repo, str(self._tip), list(hand.edits))
        changed = {
            path: data
            for path, data in hand.edits.items()
            if recorded.get(path) != (None if data is None else history.blob_id(data))
        }
        if changed:
            self.edited = sum(data is not None for data in changed.values())
            self.drafts.append(CommitDraft(changed, snapshot.edit_message(self.edited), day))

    def has(self, export: DatedExport) -> bool:
        """Whether the same bytes were recorded for the same day."""
        key = (export.digest, export.day.isoformat())
        return any((past.record.digest, past.record.taken_on) == key for past in self._past)

    def plan(
        self,
        export: DatedExport,
        *,
        full: bool | None = None,
        is_judged: bool = True,
        is_again: bool = False,
    ) -> RowCounts:
        """Plan one export upon all before it; draft its commit unless it is recorded already.

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
                return row_counts(export, reading, past.commit, past.record, (), unchanged)
        if self._says_it_again(reading, digest, day):
            last = self._past[0].record
            record = last._replace(taken_on=day, added=0, changed=0, gone=0, returned=0)
            self._draft(export, record, {})
            return row_counts(export, reading, None, record, (), record.contacts)
        near = reading.timed or (
            bool(self._past) and connections.wrote_times(self._past[0].record.kind)
        )
        matching = match.match_rows(
            self.roster,
            reading.people,
            reading.coverage,
            near_days=near,
            once_near=any(connections.wrote_times(past.record.kind) for past in self._past),
        )
        enriching = reading.enriches and not full
        plan = draw_plan(self.roster, matching, reading.coverage, full=full, enriching=enriching)
        if is_judged:
            self._judge(plan, reading, export, enriching=enriching)
        record = trailers_of_plan(plan, reading, day, digest)._replace(listed=listed)
        edits = self._other_files(reading) | vault_layout.card_edits(self.roster, plan.after)
        self._draft(export, record, edits)
        self._roster = Roster(plan.after.contacts)
        self._last_reading = reading
        return row_counts(export, reading, None, record, plan.doubts, plan.unchanged)

    def replay(
        self, after: Roster, message: str, day: date, others: Mapping[str, bytes | None] | None
    ) -> None:
        """Draft a commit of what was done by hand once, upon all before it."""
        before = self.roster
        edits = dict(vault_layout.card_edits(before, after))
        for uid in before.contacts.keys() - after.contacts.keys():
            edits.setdefault(before.contacts[uid].path, None)
        for path, data in (others or {}).items():
            edits[path] = data
            if path == vault_layout.MARKER and data is not None:
                self._marker = vault_layout.read_marker(data)
            if data is None:
                self._files.pop(path, None)
            else:
                self._files[path] = history.blob_id(data)
        self.drafts.append(CommitDraft(edits, message, self.drafts[-1].day if self.drafts else day))
        self._roster = after

    def _draft(
        self,
        export: DatedExport,
        record: Trailers,
        edits: Mapping[str, bytes | None],
    ) -> None:
        self.drafts.append(CommitDraft(edits, snapshot.write_message(record), export.day))
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
            if record.digest != digest or record.unmatched or record.listed:
                return False
            if record.added or record.gone or record.returned:
                return True
        return False

    def _is_full(self, reading: Reading) -> bool:
        return self._is_full_itself(reading) if self._terms.full is None else self._terms.full

    def _is_full_itself(self, reading: Reading) -> bool:
        return reading.full or not self._past

    def _was_full(self, past: Snapshot, reading: Reading) -> bool:
        """Whether the same bytes were taken as a full list by an earlier snapshot."""
        if past.record.listed or past.record.unmatched:
            return past.record.listed == "full"
        return reading.full or past is self._past[-1]

    def _judge(self, plan: Plan, reading: Reading, export: DatedExport, *, enriching: bool) -> None:
        # Reading it again takes as long as reading this one, and is needed by two rules alone.
        needed = (
            damaged_cells(reading) or 2 * len(plan.changed) > len(plan.changed) + plan.unchanged
        )
        last = self._last() if needed else None
        seen = guards.Circumstances(
            taken_on=export.day.isoformat(),
            last_taken_on=self._past[0].record.taken_on if self._past else "",
            owner=reading.owner,
            vault_owner=self._marker.owner or self._owner,
            listed=len(reading.people),
            damage=kinds_of_damage(reading),
            last_damage=kinds_of_damage(last) if last else None,
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
            data = history.read_file(self._vault.repo, self._tip, f"{vault_layout.EXPORTS}/{name}")
            if data is not None:
                export = Export(name, {name: data}, (name,), False, None, None, self._terms.today)
                with suppress(BadExport):
                    self._last_reading = registry.read_export(export)
        return self._last_reading

    def _other_files(self, reading: Reading) -> dict[str, bytes | None]:
        """The files besides the cards that this export brings or that are not there yet."""
        fixed = {vault_layout.MARKER: vault_layout.marker_bytes(), **vault_layout.fixed_files()}
        files: dict[str, bytes | None] = {}
        files.update((path, data) for path, data in fixed.items() if path not in self._files)
        if reading.owner and not self._marker.owner:
            self._marker = self._marker._replace(owner=reading.owner)
            files[vault_layout.MARKER] = vault_layout.marker_bytes(reading.owner)
        path, ident = f"{vault_layout.EXPORTS}/{reading.original}", history.blob_id(reading.data)
        if self._files.get(path) != ident:
            files[path] = reading.data
            self._files[path] = ident
        self._files.update(dict.fromkeys(fixed, ""))
        return files


def _appeared(last: Reading, now: Reading) -> frozenset[str]:
    """The fields and columns that this list speaks of and the last one could not."""
    fields = now.coverage.fields - last.coverage.fields
    return frozenset(fields | (now.coverage.columns - last.coverage.columns))


class RowCounts(NamedTuple):
    """What becomes of one export.

    Attributes:
        commit: The commit that it was recorded by before, or None.
        origin: Who told its day: option, archive's name, members' stamps, file, record, or API.
    """

    commit: str | None
    source: str
    origin: Origin
    record: Trailers
    skipped: tuple[SkippedRow, ...]
    doubts: tuple[Ambiguity, ...]
    unchanged: int
    damage: int


class SnapshotResult(NamedTuple):
    """What became of one export.

    Attributes:
        commit: The commit of its snapshot; None in a dry run.
        already: Whether it had been recorded before; then `commit` is that one.
    """

    commit: str | None
    already: bool
    account: RowCounts


def with_commit_ids(
    accounts: Sequence[RowCounts], ids: Sequence[str]
) -> tuple[SnapshotResult, ...]:
    """Each account with its commit; an export given twice in a call has the first one's.

    Args:
        ids: The commits of those that are drafted, oldest first; none in a dry run.
    """
    commits = iter(ids)
    made: dict[tuple[str, str], str | None] = {}
    found = []
    for account in accounts:
        key = (account.record.digest, account.record.taken_on)
        already = account.commit is not None
        commit_id = account.commit or (made[key] if already else next(commits, None))
        made[key] = commit_id
        found.append(SnapshotResult(commit_id, already, account))
    return tuple(found)


def row_counts(
    export: DatedExport,
    reading: Reading,
    commit: str | None,
    record: Trailers,
    doubts: tuple[Ambiguity, ...],
    unchanged: int,
) -> RowCounts:
    """The account of an export.

    Args:
        commit: The commit that it was recorded by before, or None.
    """
    return RowCounts(
        commit=commit,
        source=export.source,
        origin=export.origin,
        record=record,
        skipped=reading.skipped,
        doubts=doubts,
        unchanged=unchanged,
        damage=damaged_cells(reading),
    )


def trailers_of_plan(plan: Plan, reading: Reading, day: str, digest: str) -> Trailers:
    """What the commit of a plan says."""
    return Trailers(
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


def kinds_of_damage(reading: Reading) -> tuple[int, int]:
    """Cells with lost characters, and with double-encoded text."""
    return reading.damage.replaced, reading.damage.doubled


def damaged_cells(reading: Reading) -> int:
    """All cells with broken text."""
    return sum(kinds_of_damage(reading))
