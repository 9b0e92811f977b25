from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.formats import days


def iso(*spellings: str) -> list[str | None]:
    read = days.read(spellings)
    return [read.iso[s] for s in spellings]


@pytest.mark.parametrize(
    ("spelling", "day"),
    [
        ("", ""),
        ("01 Jan 2024", "2024-01-01"),
        ("29 FEB 2024", "2024-02-29"),
        ("1 january 2024", "2024-01-01"),
        ("12 mars 2023", "2023-03-12"),
        ("1er août 2022", "2022-08-01"),
        ("3. März 2023", "2023-03-03"),
        ("14 févr. 2023", "2023-02-14"),
        ("16-Sep-21", "2021-09-16"),
        ("9-Jun-2020", "2020-06-09"),
        ("Sep 16, 2021", "2021-09-16"),
        ("2024-01-01", "2024-01-01"),
        ("2024/1/1", "2024-01-01"),
        ("2024-01-01T10:00:00Z", "2024-01-01"),
        ("2024-01-01 00:00:00", "2024-01-01"),
        ("1/31/15, 3:04 PM", "2015-01-31"),
        ("01/31/15, 15:04 PM", "2015-01-31"),
        ("1/5/2017", "2017-01-05"),
        ("16.09.2021", "2021-09-16"),
        ("31 Dec 9999", "9999-12-31"),
        ("31 Feb 2024", None),
        ("29 Feb 2023", None),
        ("13/13/2020", None),
        ("31/12/16, 9:15 AM", None),
        ("01 Jan 20", None),
        ("01 Jan 2002", None),
        ("00 Jan 2024", None),
        ("01 Foo 2024", None),
        ("1/5-2017", None),
        ("yesterday", None),
        ("44455", None),
    ],
)
def test_day(spelling: str, day: str | None) -> None:
    assert iso(spelling) == [day]


def test_numbers_are_month_first_unless_a_spreadsheet_shows_otherwise() -> None:
    assert iso("5/9/2021", "16/9/2021") == ["2021-09-05", "2021-09-16"]
    assert iso("5/9/2021", "9/16/2021") == ["2021-05-09", "2021-09-16"]
    assert iso("5/9/2021", "16/9/2021", "9/16/2021") == ["2021-05-09", None, "2021-09-16"]
    assert iso("5/9/15, 3:04 PM", "16/9/15, 3:04 PM") == ["2015-05-09", None]


def test_times_tell_the_era() -> None:
    assert days.read(["1/31/15, 3:04 PM", ""]).timed
    assert not days.read(["01 Jan 2024", "2024-01-01 00:00:00", "1/5/2017"]).timed


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_of_every_language(month: int) -> None:
    for name in days._MONTHS[month - 1].split():
        assert iso(f"02 {name} 2024") == [f"2024-{month:02}-02"]


@given(st.dates(min_value=date(2003, 1, 1)))
def test_linkedins_own_spelling(day: date) -> None:
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[day.month - 1]
    spelling = f"{day.day:02} {month} {day.year:04}"
    assert iso(spelling) == [day.isoformat()]
    for size in range(1, len(spelling)):
        assert days.is_cut_off(spelling[:size])


@given(st.text(max_size=20) | st.from_regex(r"\d{1,3}[-/. ]\w{1,4}[-/. ]\d{1,5}", fullmatch=True))
def test_anything_is_a_day_or_none(spelling: str) -> None:
    (day,) = iso(spelling)
    if day:
        assert date.fromisoformat(day).year >= days.FIRST_YEAR
