"""`export`: contacts of a state, written in one of the formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from li_vault.core import search, vault_layout
from li_vault.core.model import Contact, Progress, Roster
from li_vault.core.planning import plan
from li_vault.core.snapshot import Snapshot
from li_vault.errors import BadUsage, NotFound
from li_vault.formats import writers
from li_vault.formats.vcard.table_rows import WrittenFile
from li_vault.host import private_files
from li_vault.vault.history import log
from li_vault.vault.vault import Vault

_STEP = 500  # people between two reports


class ExportRequest(NamedTuple):
    """What is to be exported.

    Attributes:
        at: A day or revision; None: the newest commit.
        former: Those who are no longer in the list, in place of those who are.
        best_known: Whether what a card lacks is taken from the history.
        only: What must fit a person, see `core.asking`; nothing: everyone.
    """

    format: str
    at: str | None = None
    former: bool = False
    best_known: bool = False
    only: tuple[str, ...] = ()
    vcard: str = writers.VCARDS[0]


class ExportTarget(NamedTuple):
    """A file to be written, and whether it may replace one that is there."""

    path: Path
    force: bool = False


class ExportResult(NamedTuple):
    """What was exported.

    Attributes:
        path: Where it was written; None: nowhere yet.
        unlisted: Rows of the newest full list that are nobody of their own, by kind; for a list
            of LinkedIn's.
        renewed: How many people a vault would give another UID or file name that sees them for
            the first time in this list of LinkedIn's.
        broken: Cards that could not be read, by path, and why.
    """

    asked: ExportRequest
    written: WrittenFile
    path: Path | None
    commit: str | None
    taken_on: str | None
    unlisted: Mapping[str, int]
    renewed: int
    broken: Mapping[str, str]


def export_people(
    vault: Vault, asked: ExportRequest, today: date, target: ExportTarget | None, progress: Progress
) -> ExportResult:
    """Export people, into a file if there is a target.

    A database holds everyone, unless only former people are asked for.

    Raises:
        NotFound: There is no such day or revision, or nobody fits the words.
        BadUsage: The words can't be understood; or the file is there already, can't be written,
            or would be one of the vault's own.
    """
    if target is not None:
        _require_place(vault, target)
    parts = _parsed(asked.only)
    vault.tidy()
    start = vault.commit_of(asked.at, today) if asked.at is not None else vault.tip()
    roster = vault.roster(start)
    contacts = _chosen(vault, roster, asked, parts, start, progress)
    snapshots = vault.snapshots(start)
    if asked.format == writers.SQLITE:
        written = _database(vault, contacts, snapshots, start, progress)
    else:
        progress("Writing", 0, 1)
        written = writers.write_contacts(asked.format, contacts, asked.vcard)
    is_list = asked.format == writers.LINKEDIN
    result = ExportResult(
        asked,
        written,
        target.path if target else None,
        start,
        snapshots[0].record.taken_on if snapshots else None,
        _unlisted(vault, snapshots) if is_list and not (asked.former or asked.only) else {},
        sum(not plan.is_as_first_seen(contact) for contact in contacts) if is_list else 0,
        roster.broken,
    )
    if target is not None:
        private_files.write_private(target.path, written.data, replace=target.force)
    return result


def _require_place(vault: Vault, target: ExportTarget) -> None:
    """A file must not be taken for a card or an original, nor replace what is not to be."""
    if not target.force:
        private_files.require_free(target.path)
    place = target.path.resolve()
    root = vault.path.resolve()
    ours = {root / name for name in (*vault_layout.FOLDERS, vault_layout.EXPORTS, ".git")}
    ours |= {root / name for name in (vault_layout.MARKER, *vault_layout.fixed_files())}
    if not ours.isdisjoint((place, *place.parents)):
        raise BadUsage(
            f"{target.path} is, or would be, one of the vault's own files.", "Name another file."
        )


def _parsed(only: tuple[str, ...]) -> tuple[search.QueryPart, ...]:
    try:
        return search.parse_query(only)
    except search.BadQuery as error:
        raise BadUsage(str(error), error.hint) from error


def _chosen(
    vault: Vault,
    roster: Roster,
    asked: ExportRequest,
    parts: tuple[search.QueryPart, ...],
    start: str | None,
    progress: Progress,
) -> list[Contact]:
    """Who is exported, by path, so that the same people always give the same file."""
    everyone = asked.format == writers.SQLITE and not asked.former
    found = list(roster) if everyone else roster.former if asked.former else roster.present
    contacts = sorted(found, key=lambda contact: contact.path)
    if asked.best_known and start is not None:
        contacts = list(_filled(vault, contacts, start, progress))
    if parts:
        contacts = search.filter_by_query(contacts, parts)
        if not contacts:
            words = " ".join(asked.only)
            raise NotFound(f"Nobody here fits {words!r}.", "li-vault find tells who is here.")
    return contacts


def _filled(
    vault: Vault, contacts: list[Contact], start: str, progress: Progress
) -> Iterator[Contact]:
    """The contacts with the best that the history knows of each."""
    from li_vault.core import best_known

    wanted = {contact.uid for contact in contacts}
    best: dict[str, Contact] = {}
    for contact, known in log.best_known_of_all(vault, start):
        if contact.uid in wanted:
            best[contact.uid] = best_known.fill_in(contact, known)
            if len(best) % _STEP == 0:
                progress("Looking through the history", len(best), len(wanted))
    for contact in contacts:
        yield best.get(contact.uid, contact)


def _database(
    vault: Vault,
    contacts: list[Contact],
    snapshots: list[Snapshot],
    start: str | None,
    progress: Progress,
) -> WrittenFile:
    from li_vault.formats import databases

    def happenings() -> Iterator[databases.HistoryEvent]:
        for number, (contact, steps) in enumerate(log.histories_of_everyone(vault, start)):
            if number % _STEP == 0:
                progress("Looking through the history", min(number, len(contacts)), len(contacts))
            for event in log.events_of(reversed(steps)):
                yield databases.HistoryEvent(contact.uid, *event[:4])

    ordered = sorted(happenings(), key=lambda one: (one.taken_on, one.uid))
    progress("Writing", 0, 1)
    return databases.write_sqlite(contacts, reversed(snapshots), ordered)


def _unlisted(vault: Vault, snapshots: list[Snapshot]) -> dict[str, int]:
    """The rows of the newest full list that are no person of their own."""
    for number, one in enumerate(snapshots, 1):
        if log.is_full(vault, one, is_first=number == len(snapshots)):
            counts = {kind: getattr(one.record, kind) for kind in _UNLISTED}
            return {kind: count for kind, count in counts.items() if count}
    return {}


_UNLISTED = ("nameless", "duplicates", "skipped")
