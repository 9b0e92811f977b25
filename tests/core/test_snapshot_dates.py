from __future__ import annotations

from datetime import date

import pytest

from li_vault.core.snapshot import Snapshot, Trailers, parse_date, snapshot_as_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-1-2", "2026-01-02"),
        ("2026-11", "2026-11-30"),
        ("2024-02", "2024-02-29"),
        ("2026", "2026-12-31"),
        ("today", "2026-11-23"),
        ("now", "2026-11-23"),
        ("Yesterday", "2026-11-22"),
        ("90 days ago", "2026-08-25"),
        ("1 day ago", "2026-11-22"),
        ("a week ago", "2026-11-16"),
        ("2  Weeks ago", "2026-11-09"),
        ("one month ago", "2026-10-23"),
        ("11 months ago", "2025-12-23"),
        ("12 months ago", "2025-11-23"),
        ("an year ago", "2025-11-23"),
        ("three months ago", "2026-08-23"),
        ("Twelve Months ago", "2025-11-23"),
        ("a day ago", "2026-11-22"),
        ("2026/11/23", "2026-11-23"),
        ("2026/1/2", "2026-01-02"),
        ("2026.11.23", "2026-11-23"),
        ("23.11.2026", "2026-11-23"),
        ("3.4.2026", "2026-04-03"),
        ("23. 11. 2026", "2026-11-23"),
        ("last week", "2026-11-16"),
        (" last month ", "2026-10-23"),
        ("last year", "2025-11-23"),
    ],
)
def test_days(words: str, day: str) -> None:
    assert parse_date(words, TODAY) == date.fromisoformat(day)


def test_a_month_ago_ends_with_the_month() -> None:
    assert parse_date("last month", date(2026, 3, 31)) == date(2026, 2, 28)
    assert parse_date("last year", date(2024, 2, 29)) == date(2023, 2, 28)


@pytest.mark.parametrize(
    "words",
    ["", "HEAD~2", "main", "20261123", "1a2b3c4", "2026-", "next week", "days ago", "٢٠٢٦",
     "2026/11", "2026/11.23", "v23.11.2026", "1.2.3", "thirteen days ago"],
)  # fmt: skip
def test_what_is_no_date(words: str) -> None:
    assert parse_date(words, TODAY) is None


@pytest.mark.parametrize(
    "words",
    ["2026-13", "2026-00", "2026-02-30", "2026-11-00", "0000", "99999 years ago", "2026/13/01",
     "30.02.2026", "11.23.2026", "03/04/2026", "3/4/26", "23/11/2026", "23-11-2026", "11-23-26"],
)  # fmt: skip
def test_there_is_no_such_day(words: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_date(words, TODAY)


def test_the_furthest_day_is_a_day_or_an_error() -> None:
    for unit in ("days", "weeks", "months", "years"):
        for today in (TODAY, date(1, 1, 2)):
            try:
                found = parse_date(f"99999 {unit} ago", today)
            except ValueError:
                continue
            assert found is not None


def snapshot(day: str, commit: str) -> Snapshot:
    """A snapshot of a day."""
    return Snapshot(commit, Trailers(day, "x", "0", "k", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))


SNAPSHOTS = [
    snapshot("2026-11-23", "d"),
    snapshot("2026-10-20", "c"),
    snapshot("2026-10-20", "b"),
    snapshot("2025-01-01", "a"),
]


@pytest.mark.parametrize(
    ("day", "commit"),
    [
        ("2027-01-01", "d"),
        ("2026-11-23", "d"),
        ("2026-11-22", "c"),
        ("2026-10-20", "c"),
        ("2026-10-19", "a"),
        ("2025-01-01", "a"),
    ],
)
def test_the_snapshot_of_a_day_is_the_last_until_then(day: str, commit: str) -> None:
    found = snapshot_as_of(SNAPSHOTS, date.fromisoformat(day))
    assert found is not None
    assert found.commit == commit


def test_before_the_first_snapshot_there_is_none() -> None:
    assert snapshot_as_of(SNAPSHOTS, date(2024, 12, 31)) is None
    assert snapshot_as_of([], TODAY) is None
