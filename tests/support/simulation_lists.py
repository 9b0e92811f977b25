"""The lists that LinkedIn would have made of a simulated life, in each era's own form.

    for issue in issues(Habits(people=3000), seed=7, first=date(2015, 1, 10), months=120): …

An `Issue` is one export: its rows as the core reads them, who each of them is, and its bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote

from li_vault.core import text
from li_vault.core.model import Coverage, Person, Row
from network import NOTES
from people import ERA_2018, LINKEDIN, OUTLOOK
from simulation import GONE, HIDDEN, OPEN_UNTIL, Habits, Life, Someone

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_SIX = ["First Name", "Last Name", "Email Address", "Company", "Position", "Connected On"]
_CUT = 100


class Era(NamedTuple):
    """A form of the list.

    `until` is its last day; `shift` in minutes is how far its clock is from the later eras' one;
    `timed` whether it wrote times.
    """

    kind: str
    file: str
    until: date
    coverage: Coverage
    timed: bool = False
    shift: int = 0
    cut: bool = False
    rows: bool = True  # whether those without a name have a row


ERAS = (
    Era(
        "linkedin-outlook",
        "linkedin_connections_export_microsoft_outlook.csv",
        date(2015, 6, 30),
        OUTLOOK,
        rows=False,
    ),
    Era(
        "linkedin-connections/2015",
        "Connections.csv",
        date(2018, 11, 4),
        ERA_2018,
        timed=True,
        shift=240,
    ),
    Era("linkedin-connections/2018", "Connections.csv", date(2023, 5, 31), ERA_2018, cut=True),
    Era("linkedin-connections/2023", "Connections.csv", date(9999, 1, 1), LINKEDIN, cut=True),
)
"""In their order. The first one is left out by lives that begin without it."""

OUTLOOK_HEADER = (
    "Title|First Name|Middle Name|Last Name|Suffix|E-mail Address|E-mail 2 Address|"
    "E-mail 3 Address|Business Street|Business Street 2|Business Street 3|Business City|"
    "Business State|Business Postal Code|Business Country|Home Street|Home Street 2|"
    "Home Street 3|Home City|Home State|Home Postal Code|Home Country|Other Street|"
    "Other Street 2|Other Street 3|Other City|Other State|Other Postal Code|Other Country|"
    "Company|Department|Job Title|Assistant's Phone|Business Fax|Business Phone|"
    "Business Phone 2|Callback|Car Phone|Company Main Phone|Home Fax|Home Phone|Home Phone 2|"
    "ISDN|Mobile Phone|Other Fax|Other Phone|Pager|Primary Phone|Radio Phone|TTY/TDD Phone|"
    "Telex|Assistant's Name|Birthday|Manager's Name|Notes|Other Address PO Box|Spouse|Web Page|"
    "Personal Web Page"
).split("|")


class Issue(NamedTuple):
    """One export.

    Attributes:
        day: When it was made.
        era: Its form.
        rows: The rows that name someone, as the core gets them.
        who: Row number -> number of the person.
        nameless: The days of the rows without a name.
        hidden: Who those rows are.
        listed: Everyone with a row, in the order of the file.
    """

    day: date
    era: Era
    rows: Sequence[Row]
    who: Mapping[int, int]
    nameless: Sequence[str]
    hidden: frozenset[int]
    listed: Sequence[tuple[bool, tuple[str, ...]]]

    @property
    def data(self) -> bytes:
        """The file, byte for byte as its era wrote it."""
        return _WRITERS[self.era.kind](self.listed)


def issues(
    habits: Habits,
    seed: int = 0,
    *,
    first: date = date(2015, 1, 10),
    months: int = 120,
    eras: Sequence[Era] = ERAS[1:],
) -> Iterator[Issue]:
    """A list a month; the same for the same arguments, everywhere."""
    life = Life(habits, seed, day=first)
    kept: dict[tuple[str, int], tuple[int, Person, tuple[str, ...]]] = {}
    for month in range(months):
        if month:
            number = first.month - 1 + month
            life.advance(first.replace(year=first.year + number // 12, month=number % 12 + 1))
        yield _issue(life, next(era for era in eras if life.day <= era.until), kept)


def _issue(
    life: Life, era: Era, kept: dict[tuple[str, int], tuple[int, Person, tuple[str, ...]]]
) -> Issue:
    mix = life.day.toordinal() | 1
    present = [s for s in life.people if s.state != GONE and (era.rows or s.state != HIDDEN)]
    # Newest first; ties in an order that means nothing.
    present.sort(key=lambda s: (-s.connected_on.toordinal(), (s.number + 1) * mix * 40503 % 65536))
    was_open = life.day <= OPEN_UNTIL
    rows, who, nameless, listed = [], {}, [], []
    for number, someone in enumerate(present, 1):
        version = (someone.changed, was_open)
        known = kept.get((era.kind, someone.number))
        if known is None or known[0] != hash(version):
            cells = _cells(someone, era, was_open=was_open)
            known = kept[era.kind, someone.number] = hash(version), _person(cells, era), cells
        if someone.state == HIDDEN:
            nameless.append(known[1].connected_on)
            listed.append((False, known[2]))
        else:
            rows.append(Row(number, known[1]))
            who[number] = someone.number
            listed.append((True, known[2]))
    hidden = frozenset(s.number for s in present if s.state == HIDDEN)
    return Issue(life.day, era, rows, who, nameless, hidden, listed)


def _cells(someone: Someone, era: Era, *, was_open: bool) -> tuple[str, ...]:
    """First and last name, URL, e-mail, company, position and day, as the era prints them."""
    cut = _CUT if era.cut else None
    minutes = someone.minute + era.shift
    day = someone.connected_on + timedelta(days=minutes // 1440)
    if era.timed:
        hour, minute = divmod(minutes % 1440, 60)
        half = "AM" if hour < 12 else "PM"
        spelt = f"{day.month}/{day.day}/{day:%y}, {(hour - 1) % 12 + 1}:{minute:02d} {half}"
    else:
        spelt = f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year}"
    return (
        someone.first,
        someone.last,
        "https://www.linkedin.com/in/" + quote(someone.slug, safe="-_.~'()!*"),
        someone.email if was_open or someone.open_later else "",
        someone.company[:cut],
        someone.position[:cut],
        spelt,
        day.isoformat(),
    )


def _person(cells: tuple[str, ...], era: Era) -> Person:
    first, last, url, email, company, position, _, day = map(text.clean, cells)
    fields = era.coverage.fields
    return Person(
        first_name=first,
        last_name=last,
        url=url if "url" in fields else "",
        emails=(email,) if email else (),
        company=company,
        position=position,
        connected_on=day if "connected_on" in fields else "",
    )


def _outlook(listed: Sequence[tuple[bool, tuple[str, ...]]]) -> bytes:
    places = [OUTLOOK_HEADER.index(name) for name in ("First Name", "Last Name")]
    places += [OUTLOOK_HEADER.index(n) for n in ("E-mail Address", "Company", "Job Title")]
    table = []
    for _, (first, last, _, email, company, position, *_) in listed:
        row = [""] * len(OUTLOOK_HEADER)
        for place, value in zip(places, (first, last, email, company, position), strict=True):
            row[place] = value
        table.append(row)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([OUTLOOK_HEADER, *table])
    return written.getvalue().encode("cp1252", "replace")


def _six(listed: Sequence[tuple[bool, tuple[str, ...]]]) -> str:
    rows = [
        [c[0], c[1], c[3], c[4], c[5], c[6]] if named else ["", "", "", "", "", c[6]]
        for named, c in listed
    ]
    return _table([_SIX, *rows])


def _of_2015(listed: Sequence[tuple[bool, tuple[str, ...]]]) -> bytes:
    return _six(listed).encode()


def _of_2018(listed: Sequence[tuple[bool, tuple[str, ...]]]) -> bytes:
    return (NOTES + _six(listed).removesuffix("\n")).encode()


def _of_2023(listed: Sequence[tuple[bool, tuple[str, ...]]]) -> bytes:
    rows = [list(c[:7]) if named else ["", "", "", "", "", "", c[6]] for named, c in listed]
    header = [*_SIX[:2], "URL", *_SIX[2:]]
    return (NOTES + _table([header, *rows]).removesuffix("\n")).encode()


def _table(rows: list[list[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


_WRITERS = {
    "linkedin-outlook": _outlook,
    "linkedin-connections/2015": _of_2015,
    "linkedin-connections/2018": _of_2018,
    "linkedin-connections/2023": _of_2023,
}
