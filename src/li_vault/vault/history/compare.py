"""Two states of a vault compared: only cards that differ are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import islice
from typing import NamedTuple

from li_vault.core import compare, fields, vault_layout
from li_vault.core.compare import Comparison, Differences, DiffReport
from li_vault.core.model import Contact
from li_vault.core.snapshot import Snapshot
from li_vault.formats import registry
from li_vault.formats.tables import export
from li_vault.store import history, state
from li_vault.vault import chapters
from li_vault.vault.history import log
from li_vault.vault.vault import Vault

_KEPT = "compared-told"
_WORTH = 2000
"""With fewer differing cards a comparison takes no longer than a look into what was kept."""


def compare_commits(
    vault: Vault,
    before: str | None,
    after: str | None,
    only: frozenset[str] = fields.ALL_CATEGORIES,
) -> Differences:
    """What differs between two commits; None is the time before the first.

    Args:
        vault: Whose commits.
        before: The id of one.
        after: The id of the other.
        only: Which differences are asked for, of `kinds.WORDS`.
    """
    asked = _Question(vault, before, after, {})

    def found() -> Comparison:
        return _compared(asked).only(only)

    def told() -> DiffReport | None:
        return _told(asked) if only >= fields.ALL_CATEGORIES else None

    return Differences(found, told, asked.broken)


class _Question(NamedTuple):
    """What is compared, and the cards that could not be, by path, with the reason."""

    vault: Vault
    before: str | None
    after: str | None
    broken: dict[str, str]


def _told(asked: _Question) -> DiffReport:
    """What there is to tell of the differences between two commits."""
    vault, before, after, broken = asked
    past = chapters.between(vault, before, after) if before and after else None
    if past is not None:
        others = past.chronicle.others(past.way)
        found = _compared(asked, others) if others else Comparison()
        return compare.build_report(found, past.chronicle.moves(past.way, others))
    key = f"{before} {after}\n".encode()
    if state.load_state(vault.repo, _KEPT, len(key)) == key:
        kept = compare.unpack((state.load_state(vault.repo, _KEPT) or b"")[len(key) :])
        if kept is not None:
            return kept
    told = compare.build_report(_compared(asked))
    if sum(told.counts.values()) > _WORTH and not broken:
        state.save_state(vault.repo, _KEPT, key + compare.pack(told))
    return told


def _compared(asked: _Question, files: AbstractSet[str] | None = None) -> Comparison:
    """The differences between two commits, of the cards of these file names or of all."""
    found = compare.compare_contacts(*_states(asked, files))
    if found.gone:
        reasons = reasons_of_leavers(asked.vault, asked.before, asked.after, found)
        found = found._replace(reasons=reasons)
    return found


def _states(
    asked: _Question, files: AbstractSet[str] | None
) -> tuple[dict[str, Contact], dict[str, Contact]]:
    """The contacts whose cards differ, by file name, on both sides; only those are read."""
    vault, before, after, broken = asked
    differing = [
        change
        for change in history.changed(vault.repo, before, after, vault_layout.FOLDERS)
        if vault_layout.is_card(change.path)
        and (files is None or change.path.partition("/")[2] in files)
    ]
    was = [(change.path, change.before) for change in differing if change.before]
    moved = {ident: path for path, ident in was}
    now = [(change.path, change.after) for change in differing if change.after]
    read = vault.read_in_turn([*was, *(entry for entry in now if entry[1] not in moved)])
    by_path = {contact.path: contact for contact in _first(read, len(was)) if contact}
    old = {contact.file: contact for contact in by_path.values()}
    new = {contact.file: contact for contact in read if contact}
    for path, ident in now:
        if ident in moved and (contact := by_path.get(moved[ident])):
            moved_here = contact._replace(path=path)
            new[moved_here.file] = moved_here
    # Of a card that can't be read on one side, nothing can be told: least of all that it is gone.
    for entries, side, other in ((was, old, new), (now, new, old)):
        for path, _ in entries:
            file = path.partition("/")[2]
            if file not in side:
                other.pop(file, None)
                broken[path] = "it can't be read, so nothing is told of it"
    _rejoin(old, new)
    _follow(old, new)
    _follow(new, old)
    return old, new


def _first(read: Iterator[Contact | None], count: int) -> Iterator[Contact | None]:
    """So many of them; the others are left for later."""
    for _ in range(count):
        yield next(read)


def _rejoin(old: dict[str, Contact], new: dict[str, Contact]) -> None:
    """Let a card that somebody gave another name be one card: under the name it has since."""
    renamed = {contact.uid: file for file, contact in old.items() if file not in new}
    for file, contact in new.items():
        if file not in old and contact.uid in renamed:
            old[file] = old.pop(renamed.pop(contact.uid))


def _follow(old: dict[str, Contact], new: Mapping[str, Contact]) -> None:
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
    ends = [_last_full(vault, commit) if commit else None for commit in (before, after)]
    if ends[0] is None or ends[1] is None or ends[0] == ends[1]:  # moved by hand, not by a list
        return {contact.uid: None for contact in found.gone}
    earlier, later = (end.record for end in ends if end)
    lists = _nameless(vault, [end for end in ends if end])
    if lists[0] is None or lists[1] is None:
        return {contact.uid: None for contact in found.gone}
    if registry.wrote_times(earlier.kind) != registry.wrote_times(later.kind):
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


def _nameless(vault: Vault, lists: Sequence[Snapshot]) -> list[tuple[str, ...] | None]:
    """The days of the nameless rows of these lists; None for one that does not tell days."""
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
            found.append(registry.nameless(record.kind, record.export, read, record.nameless))
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


class DiffEnd(NamedTuple):
    """One end of a comparison; without a commit it is the time before the first."""

    commit: str | None
    taken_on: str | None


class DiffResult(NamedTuple):
    """What differs between two ends."""

    start: DiffEnd
    end: DiffEnd
    differences: Differences


def diff(
    vault: Vault,
    start: str | None,
    end: str | None,
    today: date,
    only: frozenset[str] = fields.ALL_CATEGORIES,
) -> DiffResult:
    """Compare two days, snapshots or revisions.

    Without `end`, up to the newest commit; without `start`, from the snapshot before the newest.

    Args:
        vault: Whose states.
        start: A day or revision.
        end: The same.
        today: The current day.
        only: Which differences are asked for, of `kinds.WORDS`.

    Raises:
        NotFound: There is no such day or revision.
    """
    vault.tidy()
    after = _end(vault, vault.commit_of(end, today) if end is not None else vault.tip())
    before = _end(vault, vault.commit_of(start, today) if start is not None else _previous(vault))
    return DiffResult(before, after, compare_commits(vault, before.commit, after.commit, only))


def _previous(vault: Vault) -> str | None:
    """The snapshot before the newest one, or None if that is the first."""
    found = next(islice(vault.past(), 1, None), None)
    return found.commit if found else None


def _end(vault: Vault, commit: str | None) -> DiffEnd:
    found = next(vault.past(commit), None) if commit else None
    return DiffEnd(commit, found.record.taken_on if found else None)
