from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.formats.tables import columns


def iso(*spellings: str) -> list[str | None]:
    read = columns.parse_days(spellings)
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
        ("12 de marzo de 2023", "2023-03-12"),
        ("1º de setembro de 2021", "2021-09-01"),
        ("12 de março de 2023", "2023-03-12"),
        ("12 mar. 2023", "2023-03-12"),
        ("12 de mayo del 2023", "2023-05-12"),
        ("12 de marzo de 23", None),
        ("44455", "2021-09-16"),
        ("45292", "2024-01-01"),
        ("37622", "2003-01-01"),
        ("37621", None),
        ("36525", None),
        ("73051", None),
        ("4529", None),
    ],
)
def test_day(spelling: str, day: str | None) -> None:
    assert iso(spelling) == [day]


def test_numbers_are_month_first_unless_a_spreadsheet_shows_otherwise() -> None:
    assert iso("5/9/2021", "16/9/2021") == ["2021-09-05", "2021-09-16"]
    assert iso("5/9/2021", "9/16/2021") == ["2021-05-09", "2021-09-16"]
    assert iso("5/9/2021", "16/9/2021", "9/16/2021") == ["2021-05-09", None, "2021-09-16"]
    assert iso("5/9/15, 3:04 PM", "16/9/15, 3:04 PM") == ["2015-05-09", None]


def test_day_numbers_count_only_if_the_whole_column_is_made_of_them() -> None:
    assert iso("45292", "", "44455") == ["2024-01-01", "", "2021-09-16"]
    assert iso("45292", "01 Jan 2024") == [None, "2024-01-01"]
    assert iso("45292", "90210") == [None, None]


@given(st.dates(min_value=date(2003, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_number_is_what_spreadsheets_count(day: date) -> None:
    assert iso(str((day - date(1899, 12, 30)).days)) == [day.isoformat()]


@pytest.mark.parametrize("spelling", ["7 de", "7 de out", "12 mars 20", "1er", "2021-0", "452"])
def test_the_beginning_of_a_day_in_any_spelling(spelling: str) -> None:
    assert columns.is_cut_off(spelling)


@pytest.mark.parametrize("spelling", ["yesterday", "31 Feb 2024", "12 de marzo de 2023", "45292"])
def test_what_is_no_beginning_of_a_day(spelling: str) -> None:
    assert not columns.is_cut_off(spelling)


def test_no_two_months_share_a_name() -> None:
    names = [name for line in columns._MONTHS for name in line.split()]
    assert len(names) == len(set(names))


def test_times_tell_the_era() -> None:
    assert columns.parse_days(["1/31/15, 3:04 PM", ""]).timed
    assert not columns.parse_days(["01 Jan 2024", "2024-01-01 00:00:00", "1/5/2017"]).timed


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_of_every_language(month: int) -> None:
    for name in columns._MONTHS[month - 1].split():
        assert iso(f"02 {name} 2024") == [f"2024-{month:02}-02"]


@given(st.dates(min_value=date(2003, 1, 1)))
def test_linkedins_own_spelling(day: date) -> None:
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[day.month - 1]
    spelling = f"{day.day:02} {month} {day.year:04}"
    assert iso(spelling) == [day.isoformat()]
    for size in range(1, len(spelling)):
        assert columns.is_cut_off(spelling[:size])


@given(st.text(max_size=20) | st.from_regex(r"\d{1,3}[-/. ]\w{1,4}[-/. ]\d{1,5}", fullmatch=True))
def test_anything_is_a_day_or_none(spelling: str) -> None:
    (day,) = iso(spelling)
    if day:
        assert date.fromisoformat(day).year >= columns.FIRST_YEAR
