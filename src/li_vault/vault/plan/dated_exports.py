"""Exports with the day each was made, in the order in which they are recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Literal, NamedTuple

from li_vault.errors import BadUsage
from li_vault.formats import registry
from li_vault.formats.tables.export import Export, Reading

Origin = Literal["option", "name", "archive", "file", "record", "api"]
"""Who told a day: the option, the archive's name, its stamps, the file, or a snapshot of old."""

KEPT = 60_000
"""So many people are held from the first pass to the last; a network ends at 30,000."""


class ExportCounts(NamedTuple):
    """What the first pass found out about an export.

    Attributes:
        enriches: Whether it is an address book, that knows nothing of LinkedIn.
    """

    full: bool
    enriches: bool
    people: int
    columns: int


class DatedExport(NamedTuple):
    """An export whose day is known.

    Attributes:
        digest: SHA-256 of the bytes that are recorded, in hex.
    """

    export: Export
    day: date
    origin: Origin
    digest: str
    told: ExportCounts
    held: Reading | None

    @property
    def source(self) -> str:
        """Its name as the user knows it."""
        return self.export.source

    def reading(self) -> Reading:
        """What it says; read again if that was not kept.

        Raises:
            BadExport: It can't be read.
        """
        return self.held or registry.read_export(self.export)


class SkippedExport(NamedTuple):
    """An export that is not recorded, since another one of its day says more; `reason` in words."""

    source: str
    day: date
    reason: str


class OrderedExports(NamedTuple):
    """Exports in the order in which they are recorded, and those that are not."""

    exports: tuple[DatedExport, ...]
    passed_over: tuple[SkippedExport, ...]


def read_exports(
    exports: Sequence[Export],
    today: date,
    taken_on: date | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[DatedExport]:
    """Read exports and find out the days they were made; in the order given.

    Args:
        taken_on: The day that the user says, or None.

    Raises:
        BadExport: One of them can't be read.
        BadUsage: A day lies in the future.
    """
    found: list[DatedExport] = []
    held = 0
    for number, export in enumerate(exports):
        progress(number, len(exports))
        reading = registry.read_export(export)
        held += len(reading.people)
        is_kept = held <= KEPT or len(exports) == 1
        found.append(_dated(reading, export, today, taken_on, is_kept=is_kept))
    progress(len(exports), len(exports))
    return found


def order_exports(exports: Iterable[DatedExport], full: bool | None = None) -> OrderedExports:
    """Sort exports by day; of several full lists of one day only the fullest is to be recorded.

    On one day full lists come before others, since these speak of people who are known by then.

    Args:
        full: Whether all of them are to be taken as full lists; None leaves it to their format.
    """
    chosen: list[DatedExport] = []
    passed: list[SkippedExport] = []
    by_day = sorted(exports, key=lambda one: (one.day, _rank(one, full), one.digest))
    for _, same in groupby(by_day, key=lambda one: (one.day, _rank(one, full))):
        several = list(same)
        # A list that is not everyone, or an address book, says what the next one need not say.
        if _rank(several[0], full) == _FULL:
            best = min(several, key=_emptiness)
            for one in several:
                if one.digest != best.digest:
                    passed.append(SkippedExport(one.source, one.day, _why(one, best)))
            several = [one for one in several if one.digest == best.digest]
        chosen += several
    return OrderedExports(tuple(chosen), tuple(passed))


_FULL = 0


def _rank(one: DatedExport, full: bool | None) -> int:
    """The place on a day: full lists, other lists, address books."""
    is_full = one.told.full if full is None else full
    return 2 if one.told.enriches else int(not is_full)


def _emptiness(one: DatedExport) -> tuple[int, int, str]:
    return -one.told.people, -one.told.columns, one.digest


def _why(one: DatedExport, best: DatedExport) -> str:
    if one.told.people < best.told.people:
        more = f"{best.told.people} people instead of {one.told.people}"
    elif one.told.columns < best.told.columns:
        more = f"{best.told.columns} columns instead of {one.told.columns}"
    else:
        more = "as much, in other bytes"
    return f"{best.source} was made on the same day and lists {more}"


def export_from_history(
    name: str, data: bytes, day: date, digest: str, origin: Origin, owner: str
) -> DatedExport:
    """An export as a snapshot recorded it, by the name under `exports/`.

    Raises:
        BadExport: It can't be read.
    """
    export = Export(name, {name: data}, (name,), False, None, None, day)
    reading = registry.read_export(export)
    told = _told(reading)
    return DatedExport(
        export, day, origin, digest, told, reading._replace(owner=owner or reading.owner)
    )


def _told(reading: Reading) -> ExportCounts:
    columns = len(reading.coverage.fields) + len(reading.coverage.columns)
    return ExportCounts(reading.full, reading.enriches, len(reading.people), columns)


def _dated(
    reading: Reading, export: Export, today: date, taken_on: date | None, *, is_kept: bool
) -> DatedExport:
    """The day an export was made; never before the newest connection in it, unless told."""
    day, origin = _day(export, taken_on)
    if origin != "option" and reading.newest:
        day = max(day, date.fromisoformat(reading.newest))
    if day > today + timedelta(days=1):
        raise BadUsage(
            f"{export.source} would have been made on {day.isoformat()}, in the future "
            f"(today is {today.isoformat()}).",
            "Say the right day with --taken-on YYYY-MM-DD.",
        )
    digest = hashlib.sha256(reading.data).hexdigest()
    return DatedExport(export, day, origin, digest, _told(reading), reading if is_kept else None)


def _day(export: Export, taken_on: date | None) -> tuple[date, Origin]:
    if taken_on is not None:
        return taken_on, "option"
    if export.named_on is not None:
        return export.named_on, "name"
    if export.stamped_on is not None:
        return export.stamped_on, "archive"
    return export.dated_on, "file"
