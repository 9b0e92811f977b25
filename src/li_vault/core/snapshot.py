"""A snapshot's commit message and trailers, and snapshots by date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

_EXPORT = re.compile(r"(?P<name>.+) sha256:(?P<digest>[0-9a-f]{64})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_TRAILER = re.compile(r"(Li-[A-Za-z-]+): (.*)")
_MEND = re.compile(r"^Li-(Same|Apart): ([0-9a-f-]{36}) ([0-9a-f-]{36})$", re.MULTILINE)
_COUNTS = (
    "rows",
    "contacts",
    "nameless",
    "duplicates",
    "unmatched",
    "skipped",
    "added",
    "changed",
    "gone",
    "returned",
)


class Trailers(NamedTuple):
    """What the commit of a snapshot says of it.

    Attributes:
        taken_on: ISO day the export was made.
        digest: SHA-256 of its bytes, in hex.
        rows: Data rows: contacts + nameless + duplicates + unmatched + skipped.
        listed: `full` or `partial` if it was taken as another kind of list than its format's
            own (and the first of a vault) is; else empty.
    """

    taken_on: str
    export: str
    digest: str
    kind: str
    rows: int
    contacts: int
    nameless: int
    duplicates: int
    unmatched: int
    skipped: int
    added: int
    changed: int
    gone: int
    returned: int
    listed: str = ""


def write_message(record: Trailers) -> str:
    """The message of a snapshot, with its trailers."""
    trailers = [
        ("Taken-On", record.taken_on),
        ("Export", f"{record.export} sha256:{record.digest}"),
        ("Format", record.kind),
        *([("List", record.listed)] if record.listed else []),
        *((name.capitalize(), getattr(record, name)) for name in _COUNTS),
    ]
    subject = (
        f"Snapshot {record.taken_on}: {record.added} new, {record.changed} changed, "
        f"{record.gone} gone, {record.returned} returned"
    )
    return "\n".join([subject, "", *(f"Li-{name}: {value}" for name, value in trailers), ""])


@lru_cache(maxsize=1 << 10)  # the history of 30,000 people asks for each commit again and again
def read_trailers(message: str) -> Trailers | None:
    """The record in a commit message, or None if it is no snapshot's."""
    if not message.startswith("Snapshot "):
        return None
    found = dict(_TRAILER.findall(message))
    export = _EXPORT.fullmatch(found.get("Li-Export", ""))
    counts = [found.get(f"Li-{name.capitalize()}", "") for name in _COUNTS]
    day = found.get("Li-Taken-On", "")
    if export is None or not _is_day(day) or not all(map(_COUNT.fullmatch, counts)):
        return None
    kind, listed = found.get("Li-Format", ""), found.get("Li-List", "")
    name, digest = export["name"], export["digest"]
    return Trailers._make([day, name, digest, kind, *map(int, counts), listed])


def _is_day(text: str) -> bool:
    """Whether this is a day that there is, as it is written: `2026-11-23`."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class SameApart(NamedTuple):
    """That two contacts were made one (`same`), or one was made two (`apart`).

    Attributes:
        other: The one that is no longer one of its own (`same`), or that became one (`apart`).
    """

    kind: str
    uid: str
    other: str


_MENDED = {"same": "Mended by hand: two contacts are one", "apart": "Mended by hand: one is two"}


def same_apart_message(mend: SameApart) -> str:
    """The message of a commit of `same` or `apart`."""
    return f"{_MENDED[mend.kind]}\n\nLi-{mend.kind.capitalize()}: {mend.uid} {mend.other}\n"


def read_same_apart(message: str) -> SameApart | None:
    """The mend in a commit message, or None if it is none."""
    found = _MEND.search(message) if message.startswith("Mended by hand: ") else None
    return SameApart(found[1].lower(), found[2], found[3]) if found else None


def edit_message(contacts: int) -> str:
    """The message of a commit of hand edits."""
    return f"Edited by hand: {contacts} contacts\n"


def is_edit(message: str) -> bool:
    """Whether a message is that of a commit of hand edits."""
    return message.startswith("Edited by hand: ")


JOINED = "Joined with the history of another remote, which was done again above\n"
"""The message of a commit that changes nothing, and holds two histories."""


def is_join(message: str) -> bool:
    """Whether a message is that of a commit which only joins two histories."""
    return message == JOINED


def is_own_message(message: str) -> bool:
    """Whether li-vault writes such a message: of a snapshot, hand edits, a mend, or a join."""
    return (
        is_edit(message)
        or is_join(message)
        or bool(read_trailers(message) or read_same_apart(message))
    )


_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)
_EITHER = re.compile(r"\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d\d)", re.ASCII)
_NUMBERS = (
    *("a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "twelve",
)
_AGO = re.compile(
    rf"(\d{{1,5}}|an|one|{'|'.join(_NUMBERS)}) (day|week|month|year)s? ago",
    re.IGNORECASE | re.ASCII,
)
_LAST = re.compile(r"last (week|month|year)", re.IGNORECASE)


class Snapshot(NamedTuple):
    """A recorded snapshot: its commit and what that says."""

    commit: str
    record: Trailers


def parse_date(words: str, today: date) -> date | None:
    """The last day of what the words mean, or None if they are no date.

    Takes `2026-11-23`, `2026-11` and `2026` (their last day), `2026/11/23`, `23.11.2026`, `today`,
    `yesterday`, `90 days ago`, `three months ago`, and `last week|month|year` (that long ago).
    Where day and month could be meant in either order, as in `03/04/2026`, nothing is guessed.

    Raises:
        ValueError: It looks like a date, but there is no such day, or it can be either of two.
    """
    words = " ".join(words.split())
    if _EITHER.fullmatch(words):
        raise ValueError("which number is the day, and which the month, can't be told")
    words = _YEAR_FIRST.sub(r"\1-\3-\4", words)
    words = _DAY_FIRST.sub(r"\3-\2-\1", words)
    found = _DATE.fullmatch(words)
    if found:
        year, month, number = (int(part) if part else 0 for part in found.groups())
        month = month or (12 if found[2] is None else 0)
        if found[3] is None and 1 <= month <= 12 and year:
            number = calendar.monthrange(year, month)[1]
        return date(year, month, number)
    if words.lower() in ("today", "now"):
        return today
    if words.lower() == "yesterday":
        return today - timedelta(days=1)
    ago, last = _AGO.fullmatch(words), _LAST.fullmatch(words)
    if ago:
        return _before(today, _number(ago[1].lower()), ago[2].lower())
    return _before(today, 1, last[1].lower()) if last else None


def snapshot_as_of(snapshots: Sequence[Snapshot], when: date) -> Snapshot | None:
    """The last snapshot not after a day; `snapshots` is newest first."""
    iso = when.isoformat()
    return next((found for found in snapshots if found.record.taken_on <= iso), None)


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    return _NUMBERS.index(words) + 1 if words in _NUMBERS else 1


def _before(today: date, number: int, unit: str) -> date:
    if unit in ("day", "week"):
        days = number * (7 if unit == "week" else 1)
        return date.fromordinal(today.toordinal() - days)  # before year 1: a ValueError
    months = number * (12 if unit == "year" else 1)
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
