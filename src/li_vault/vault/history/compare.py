"""Two states of a vault compared: only cards that differ are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from li_vault.core import compare, fields, vault_layout
from li_vault.core.compare import Comparison, DiffReport
from li_vault.core.model import Contact
from li_vault.core.snapshot import Snapshot
from li_vault.formats.tables import export
from li_vault.store import history
from li_vault.vault.history import log
from li_vault.vault.vault import Vault


class DiffEnd(NamedTuple):
    """One end of a comparison; without a commit it is the time before the first."""

    commit: str | None
    taken_on: str | None


class DiffResult(NamedTuple):
    """What differs between two ends: contact by contact, and as a report.

    Attributes:
        broken: Cards that can't be read, so that nothing is said of them: path -> why.
    """

    start: DiffEnd
    end: DiffEnd
    found: Comparison
    report: DiffReport
    broken: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs; a card that can't be read does."""
        return not any(self.report.counts.values()) and not self.broken


def diff(
    vault: Vault,
    start: str | None,
    end: str | None,
    today: date,
    only: frozenset[str] = fields.ALL_CATEGORIES,
) -> DiffResult:
    """Compare two days, snapshots or revisions; `only` these categories of differences.

    Without `end`, up to the newest commit; without `start`, from the snapshot before the newest.

    Raises:
        NotFound: There is no such day or revision.
    """
    vault.tidy()
    after = _end(vault, vault.commit_of(end, today) if end is not None else vault.tip())
    before = _end(vault, vault.commit_of(start, today) if start is not None else _previous(vault))
    found, broken = compare_commits(vault, before.commit, after.commit)
    found = found.only(only)
    return DiffResult(before, after, found, compare.build_report(found), broken)


def _previous(vault: Vault) -> str | None:
    """The snapshot before the newest one, or None if that is the first."""
    found = next(islice(vault.past(), 1, None), None)
    return found.commit if found else None


def _end(vault: Vault, commit: str | None) -> DiffEnd:
    found = next(vault.past(commit), None) if commit else None
    return DiffEnd(commit, found.record.taken_on if found else None)


def compare_commits(
    vault: Vault, before: str | None, after: str | None
) -> tuple[Comparison, dict[str, str]]:
    """What differs between two commits (None: before the first), and cards that can't be read."""
    old, new, broken = _states(vault, before, after)
    found = compare.compare_contacts(old, new)
    if found.gone:
        found = found._replace(reasons=reasons_of_leavers(vault, before, after, found))
    return found, broken


def _states(
    vault: Vault, before: str | None, after: str | None
) -> tuple[dict[str, Contact], dict[str, Contact], dict[str, str]]:
    """The contacts whose cards differ, by file name, on both sides; and broken cards by path."""
    differing = [
        change
        for change in history.changed(vault.repo, before, after, vault_layout.FOLDERS)
        if vault_layout.is_card(change.path)
    ]
    was = [(change.path, change.before) for change in differing if change.before]
    moved = {ident: path for path, ident in was}
    now = [(change.path, change.after) for change in differing if change.after]
    read = vault.read_in_turn([*was, *(entry for entry in now if entry[1] not in moved)])
    by_path = {contact.path: contact for contact in islice(read, len(was)) if contact}
    old = {contact.file: contact for contact in by_path.values()}
    new = {contact.file: contact for contact in read if contact}
    for path, ident in now:
        if ident in moved and (contact := by_path.get(moved[ident])):
            moved_here = contact._replace(path=path)
            new[moved_here.file] = moved_here
    # Of a card that can't be read on one side, nothing can be said: least of all that it is gone.
    broken = {}
    for entries, side, other in ((was, old, new), (now, new, old)):
        for path, _ in entries:
            file = path.partition("/")[2]
            if file not in side:
                other.pop(file, None)
                broken[path] = "it can't be read, so it is not compared"
    _pair_renamed_files(old, new)
    _follow_aliases(old, new)
    _follow_aliases(new, old)
    return old, new, broken


def _pair_renamed_files(old: dict[str, Contact], new: dict[str, Contact]) -> None:
    """Let a card that somebody gave another name be one card: under the name it has since."""
    renamed = {contact.uid: file for file, contact in old.items() if file not in new}
    for file, contact in new.items():
        if file not in old and contact.uid in renamed:
            old[file] = old.pop(renamed.pop(contact.uid))


def _follow_aliases(old: dict[str, Contact], new: Mapping[str, Contact]) -> None:
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


def reasons_of_leavers(
    vault: Vault, before: str | None, after: str | None, found: Comparison
) -> Mapping[str, str | None]:
    """Why people are gone, by the nameless rows of both exports."""
    from li_vault.formats.linkedin import connections

    ends = [_last_full(vault, commit) if commit else None for commit in (before, after)]
    if ends[0] is None or ends[1] is None or ends[0] == ends[1]:  # moved by hand, not by a list
        return {contact.uid: None for contact in found.gone}
    earlier, later = (end.record for end in ends if end)
    lists = _nameless_days(vault, [end for end in ends if end])
    if lists[0] is None or lists[1] is None:
        return {contact.uid: None for contact in found.gone}
    if connections.wrote_times(earlier.kind) != connections.wrote_times(later.kind):
        told = compare.leaving_reasons_near_days(found.gone, lists[0], lists[1])
    else:
        came = [*found.added, *(one.contact for one in found.returned)]
        # Whoever connected after the earlier list was made can't have been a nameless row in it.
        back = [c for c in came if c.person.connected_on <= earlier.taken_on]
        days = date.fromisoformat(later.taken_on) - date.fromisoformat(earlier.taken_on)
        is_long = abs(days) > compare.LONG
        told = compare.leaving_reasons(found.gone, back, lists[0], lists[1], is_long=is_long)
    if earlier.taken_on <= later.taken_on:
        return told
    # Looking back, who has no row had none yet.
    return {
        uid: reason if reason == compare.REASON_HIDDEN else None for uid, reason in told.items()
    }


def _nameless_days(vault: Vault, lists: Sequence[Snapshot]) -> list[tuple[str, ...] | None]:
    """The days of the nameless rows of these lists; None for one that does not tell days."""
    from li_vault.formats import registry  # all formats, which only those who left need

    has_days = export.has_days
    wanted = [one for one in lists if one.record.nameless or not has_days(one.record.kind)]
    places = [(one.commit, f"{vault_layout.EXPORTS}/{one.record.export}") for one in wanted]
    data = dict(zip(wanted, history.read_files(vault.repo, places), strict=True)) if wanted else {}
    found: list[tuple[str, ...] | None] = []
    for one in lists:
        record, read = one.record, data.get(one)
        if one not in data:
            found.append(())
        elif read is None:
            found.append(None)
        else:
            found.append(registry.nameless_days(record.export, read))
    return found


def _last_full(vault: Vault, commit: str) -> Snapshot | None:
    """The newest snapshot up to a commit whose list named everyone in `contacts/`, and no one else.

    A partial list says nothing of who is missing from it.
    """
    found = None
    for found in vault.past(commit):
        if log.is_full(vault, found, is_first=False):
            return found
    return found if found and log.is_full(vault, found, is_first=True) else None
