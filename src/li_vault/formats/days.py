"""The spellings of a day that exports come with -> ISO 8601 (`2024-01-01`).

LinkedIn writes `01 Jan 2024`, before November 2018 `1/31/15, 3:04 PM` (US month first, always);
spreadsheets turn either into what their language settings say. Times of day are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from li_vault.core import text

FIRST_YEAR = 2003
"""LinkedIn opened on 5 May 2003: an earlier year is a misread one."""

_MONTHS = (
    "jan january januar janner janv janvier ene enero janeiro",
    "feb february februar fev fevr fevrier febrero fevereiro",
    "mar march marz maerz mrz mars marzo marco",
    "apr april avr avril abr abril",
    "may mai mayo maio",
    "jun june juni juin junio junho",
    "jul july juli juil juillet julio julho",
    "aug august aout ago agosto",
    "sep sept september septembre septiembre setiembre set setembro",
    "oct october okt oktober octobre octubre out outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember decembre dic diciembre dezembro",
)
"""English, German, French, Spanish and Portuguese, as `text.key` spells them."""
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_TIME = (
    r"(?:,?[ T]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC))?))?"
)
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|[.º°])? (?:de )?([^\W\d_]+)\.?,? (?:del? )?(\d{4})", re.IGNORECASE
)
_NAMED_SHORT = re.compile(r"(\d{1,2})[-/.]([^\W\d_]+)\.?[-/.](\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_BEGUN = re.compile(
    r"\d{1,2}(?:er|[.º°])?(?: (?:d|de|(?:de )?[^\W\d_]{1,10}\.?(?: (?:d|de|(?:de )?\d{0,3})?)?)?)?"
    r"|\d{3,4}(?:-(?:\d{1,2}-?)?)?"
)
_SERIAL = re.compile(r"\d{5}")
_SERIAL_FIRST, _SERIAL_LAST = 36526, 73050  # 2000-01-01 and 2099-12-31
_SERIAL_START = date(1899, 12, 30)
"""Day 0 of Excel, LibreOffice and Google Sheets, for days after February 1900."""


class Days(NamedTuple):
    """What the spellings in one column mean.

    Attributes:
        iso: Spelling -> ISO day; "" for the empty spelling, None for one that is no day.
        timed: Whether any spelling had a time of day beside a US day, as LinkedIn's had
            until 2018.
    """

    iso: Mapping[str, str | None]
    timed: bool


def read(spellings: Iterable[str]) -> Days:
    """The days of one column, whose cells are cleaned (`text.clean`).

    Numbers are month first (`1/5/2017` is the fifth of January), unless the column has years of
    four digits without times, which LinkedIn never wrote, and among them a day that can only be
    day first and none that can only be month first: then a spreadsheet wrote them all day first.
    `16.09.2021` is always day first. If every cell is a number of five digits as spreadsheets
    count days (`45292`), that is what they are.
    """
    unique = set(spellings)
    if serials := _serials(unique):
        return Days(serials, timed=False)
    numbers = {s: m for s in unique if (m := _NUMBERS.fullmatch(s))}
    foreign = [m for m in numbers.values() if len(m[4]) == 4 and not m["time"] and m[2] != "."]
    day_first = any(int(m[1]) > 12 for m in foreign) and not any(int(m[3]) > 12 for m in foreign)
    iso: dict[str, str | None] = {}
    for spelling in unique:
        match = numbers.get(spelling)
        if match is None:
            iso[spelling] = _in_words(spelling) if spelling else ""
        else:
            swapped = match[2] == "." or (day_first and match in foreign)
            month, day = (match[3], match[1]) if swapped else (match[1], match[3])
            iso[spelling] = _day(match[4], int(month), day)
    return Days(iso, any(m["time"] and m[2] == "/" for m in numbers.values()))


def _serials(unique: set[str]) -> dict[str, str | None]:
    """The days of a column of a spreadsheet's day numbers; nothing if anything else is in it."""
    filled = unique - {""}
    if not all(map(_SERIAL.fullmatch, filled)):
        return {}
    iso: dict[str, str | None] = {"": ""} if "" in unique else {}
    for spelling in filled:
        number = int(spelling)
        if not _SERIAL_FIRST <= number <= _SERIAL_LAST:
            return {}
        day = _SERIAL_START + timedelta(number)
        iso[spelling] = day.isoformat() if day.year >= FIRST_YEAR else None
    return iso


_SPELT = {f"{number:02}": names.split()[0].capitalize() for number, names in enumerate(_MONTHS, 1)}


def spelt(iso: str) -> str:
    """An ISO day as LinkedIn spells it today, `01 Jan 2024`; anything else stays as it is."""
    month = _SPELT.get(iso[5:7]) if len(iso) == len("2024-01-01") else None
    return f"{iso[8:]} {month} {iso[:4]}" if month else iso


def is_cut_off(spelling: str) -> bool:
    """Whether this is the beginning of a day as LinkedIn spells it, and not all of it."""
    return _BEGUN.fullmatch(spelling) is not None


def _in_words(spelling: str) -> str | None:
    if match := _NAMED.fullmatch(spelling) or _NAMED_SHORT.fullmatch(spelling):
        return _day(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.fullmatch(spelling):
        return _day(match[3], _month(match[1]), match[2])
    if match := _ISO.fullmatch(spelling):
        return _day(match[1], int(match[3]), match[4])
    return None


@cache
def _month(name: str) -> int:
    """The number of a month, 0 for what is none."""
    return _MONTH_OF.get(text.key(name), 0)


def _day(year: str, month: int, day: str) -> str | None:
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if full_year < FIRST_YEAR:
        return None
    try:
        return date(full_year, month, int(day)).isoformat()
    except ValueError:
        return None
