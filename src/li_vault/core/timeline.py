"""Days as people write them, and which snapshot was the one of a day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from li_vault.core.messages import Record

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
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
    record: Record


def day(words: str, today: date) -> date | None:
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
    found = _DAY.fullmatch(words)
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


def as_of(snapshots: Sequence[Snapshot], when: date) -> Snapshot | None:
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
