"""An invented network with known truth: who is who, month by month, and the files of each era.

    network = Network(seed=7, people=400)       # as of 2026-10-20
    first = network.connections()               # today's Connections.csv, byte for byte
    month = network.advance()                   # a month of life; says what happened to whom
    second = network.archive()                  # the zip that LinkedIn would send

The same seed gives the same files on every machine. People are known by `Someone.number`, which
no file shows: what a reader makes of two exports can be compared with what really happened.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from urllib.parse import quote

import people
from people import PECULIAR, Facts

NOTES = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are '
    "missing. You will only see email addresses for connections who have allowed their "
    "connections to see or download their email address using this setting "
    "https://www.linkedin.com/psettings/privacy/email. You can learn more here "
    'https://www.linkedin.com/help/linkedin/answer/261"\n\n'
)
"""What stands above the header since 2020."""

SHOWN, HIDDEN, GONE = "shown", "hidden", "gone"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_OWNER = ("Ombra", "Teluvian")


@dataclass(slots=True)
class Someone:
    """A person of the network; `state` is shown, hidden (a nameless row) or gone (no row)."""

    number: int
    facts: Facts
    connected_on: date
    slug: str
    state: str = SHOWN
    renames: int = 0

    @property
    def url(self) -> str:
        """The profile's address as today's export prints it, percent-encoded."""
        return "https://www.linkedin.com/in/" + quote(self.slug, safe="-_.~'()!*")


@dataclass(slots=True)
class Month:
    """What happened to whom: numbers of people by kind of event."""

    jobs: set[int] = field(default_factory=set)
    positions: set[int] = field(default_factory=set)
    names: set[int] = field(default_factory=set)
    slugs: set[int] = field(default_factory=set)
    emails: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    disconnected: set[int] = field(default_factory=set)
    returned: set[int] = field(default_factory=set)
    added: set[int] = field(default_factory=set)

    @property
    def changed(self) -> set[int]:
        """Who was there before and after, with another row."""
        return self.jobs | self.positions | self.names | self.slugs | self.emails

    @property
    def gone(self) -> set[int]:
        """Who lost their row, or its name."""
        return self.hidden | self.disconnected


class Network:
    """Everyone one member knows, at one day.

    Attributes:
        people: Everyone there ever was, by number.
        day: The day of the next export.
        cut_at: Company and position are cut off after so many characters; None: not at all.
    """

    def __init__(self, seed: int = 0, people: int = 400, *, day: date = date(2026, 10, 20)) -> None:
        self._rng = Random(seed)
        self._size = people
        self.day = day
        self.cut_at: int | None = 100
        self.people: list[Someone] = []
        for _ in range(people):
            self._meet(day - timedelta(days=1 + int(self._rng.random() ** 1.5 * 6000)))
        for someone in self.people[len(PECULIAR) :]:
            if self._rng.random() < 0.02:
                someone.state = HIDDEN
        for someone in self.people[-3:]:  # three nameless rows that are one byte string
            someone.state, someone.connected_on = HIDDEN, date(2021, 3, 3)

    def _meet(self, day: date) -> Someone:
        number = len(self.people)
        facts = people.facts(self._rng, number, self._size)
        if number >= len(people.PECULIAR) and self._rng.random() < 0.008:
            twin = self._rng.choice(self.people).facts  # two people of one name
            facts = facts._replace(first=twin.first, last=twin.last)
        someone = Someone(number, facts, day, people.slug(facts, number))
        self.people.append(someone)
        return someone

    def shown(self) -> list[Someone]:
        """Everyone whose row has a name today."""
        return [someone for someone in self.people if someone.state == SHOWN]

    def nameless(self) -> list[Someone]:
        """Everyone whose row is no more than a date today."""
        return [someone for someone in self.people if someone.state == HIDDEN]

    def advance(self, day: date | None = None, *, pace: float = 1.0) -> Month:
        """Let time pass until `day` (a month by default), at `pace` times the usual rate."""
        before = self.day
        self.day = day or (before.replace(day=1) + timedelta(days=32)).replace(day=before.day)
        rng, month = self._rng, Month()
        for someone in list(self.people):
            if someone.state == HIDDEN:
                if rng.random() < 0.02 * pace:
                    someone.state = SHOWN
                    month.returned.add(someone.number)
            elif someone.state == SHOWN:
                self._live(someone, month, rng, pace)
        for _ in range(round(self._size * 0.01 * pace)):
            span = max((self.day - before).days, 1)
            new = self._meet(before + timedelta(days=rng.randrange(span)))
            month.added.add(new.number)
        return month

    def _live(self, someone: Someone, month: Month, rng: Random, pace: float) -> None:
        facts, number = someone.facts, someone.number
        happens = [rng.random() < rate * pace for rate in _RATES.values()]
        job, post, name, address, consent, hide, leave = happens
        if hide or leave:
            someone.state = HIDDEN if hide else GONE
            (month.hidden if hide else month.disconnected).add(number)
            return
        if job:
            new = people.company(rng, self._size)
            month.jobs.update({number} if new != facts.company else ())
            facts = facts._replace(company=new)
        if post:
            new = f"{people.position(rng).strip()} ({self.day:%Y-%m})"
            facts = facts._replace(position=new)
            month.positions.add(number)
        if name:
            facts = facts._replace(last=f"{facts.last.strip()}-{people.name(rng)[1].strip()}")
            month.names.add(number)
        if consent:
            facts = facts._replace(email="" if facts.email else f"person{number}@example.net")
            month.emails.add(number)
        someone.facts = facts
        if address:
            someone.renames += 1
            someone.slug = people.slug(facts, number, someone.renames)
            month.slugs.add(number)

    def promote(self, share: float) -> list[int]:
        """Give exactly this share of all shown people a new position, and change nothing else."""
        chosen = self._rng.sample(self.shown(), round(len(self.shown()) * share))
        for someone in chosen:
            title = f"{people.position(self._rng).strip()} ({self.day.isoformat()})"
            someone.facts = someone.facts._replace(position=title)
        return [someone.number for someone in chosen]

    def rows(self) -> list[Someone]:
        """Everyone with a row, newest connection first; ties in an order of no meaning."""
        listed = [someone for someone in self.people if someone.state != GONE]
        mix = self.day.toordinal() | 1
        return sorted(
            listed,
            key=lambda s: (-s.connected_on.toordinal(), (s.number + 1) * mix * 2654435761 % 2**32),
        )

    def connections(self) -> bytes:
        """`Connections.csv` as LinkedIn writes it since 2023."""
        header = ["First Name", "Last Name", "URL", "Email Address", "Company", "Position"]
        rows = (
            [f.first, f.last, s.url, f.email, f.company, f.position, _day(s.connected_on)]
            if s.state == SHOWN
            else ["", "", "", "", "", "", _day(s.connected_on)]
            for s, f in self._cut()
        )
        return (NOTES + _table([*header, "Connected On"], rows)).encode()

    def connections_2018(self) -> bytes:
        """The six columns of 2018 to 2023: no address, so namesakes are harder to tell apart."""
        rows = (
            [f.first, f.last, f.email, f.company, f.position, _day(s.connected_on)]
            if s.state == SHOWN
            else ["", "", "", "", "", _day(s.connected_on)]
            for s, f in self._cut()
        )
        return (NOTES + _table(_SIX, rows)).encode()

    def connections_2015(self) -> bytes:
        """The six columns of 2015 to 2018: times of day, a final newline, nothing above."""
        rows = (
            [f.first, f.last, f.email, f.company, f.position, _moment(s)]
            if s.state == SHOWN
            else ["", "", "", "", "", _moment(s)]
            for s, f in self._cut()
        )
        return (_table(_SIX, rows) + "\n").encode()

    def _cut(self) -> Iterable[tuple[Someone, Facts]]:
        for someone in self.rows():
            facts, end = someone.facts, self.cut_at
            yield (
                someone,
                facts._replace(company=facts.company[:end], position=facts.position[:end]),
            )

    @property
    def archive_name(self) -> str:
        """The archive's name for today: US month first."""
        return f"Basic_LinkedInDataExport_{self.day:%m-%d-%Y}.zip"

    def members(self) -> dict[str, bytes]:
        """The files of an archive of today, by name."""
        friend = self.shown()[0]
        return {
            "Connections.csv": self.connections(),
            "Profile.csv": (
                "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,"
                "Zip Code,Geo Location,Twitter Handles,Websites,Instant Messengers\n"
                f"{_OWNER[0]},{_OWNER[1]},,,,Keeper of an invented network,,,,Nowhere,,,\n"
            ).encode(),
            "Email Addresses.csv": (
                b"Email Address,Confirmed,Primary,Updated On\n"
                b"ombra@example.com,Yes,Yes,Not Available\n"
            ),
            "messages.csv": (
                "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,"
                "RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
                f"2-a,,{' '.join(_OWNER)},https://www.linkedin.com/in/ombra-teluvian,"
                f'"{friend.facts.first}",https://www.linkedin.com/in/{friend.slug},'
                f'{self.day} 08:12:40 UTC,,"Two lines\nof an invented message",INBOX\n'
            ).encode(),
            "learning_role_play_messages.csv": b"Title,Content\n",
        }

    def archive(self, members: dict[str, bytes] | None = None) -> bytes:
        """An archive of today as LinkedIn would send it, of `members` or of its usual ones."""
        stamp = (self.day.year, self.day.month, self.day.day, 8, 12, 40)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, data in (members or self.members()).items():
                info = zipfile.ZipInfo(name, stamp)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 3
                info.external_attr = 0o644 << 16
                archive.writestr(info, data, compresslevel=9)
        return packed.getvalue()


_SIX = ["First Name", "Last Name", "Email Address", "Company", "Position", "Connected On"]
_RATES = {
    "job": 0.023,
    "position": 0.033,
    "name": 0.007,
    "slug": 0.004,
    "email": 0.002,
    "hidden": 0.002,
    "disconnected": 0.002,
}


def _day(day: date) -> str:
    return f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year}"


def _moment(someone: Someone) -> str:
    """A time in whatever zone: late in the day it is already tomorrow there."""
    minute = someone.number * 7919 % 1440
    day = someone.connected_on + timedelta(days=minute >= 1400)
    hour = minute // 60
    half = "AM" if hour < 12 else "PM"
    return f"{day.month}/{day.day}/{day:%y}, {(hour - 1) % 12 + 1}:{minute % 60:02d} {half}"


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    """CSV with minimal quoting, LF, and no newline at the end."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().removesuffix("\n")
