"""A network over fifteen years with the truth known: lives, the lists of each era, the score."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from urllib.parse import quote

import people
from li_vault.core import compare, text
from li_vault.core.matching import match
from li_vault.core.model import Coverage, Person, Roster, Row
from li_vault.core.planning.plan import Plan, draw_plan
from network import NOTES
from people import ERA_2018, LINKEDIN, OUTLOOK

SHOWN, HIDDEN, GONE = "shown", "hidden", "gone"

OPEN_UNTIL = date(2018, 11, 20)
"""Until then nearly everyone's e-mail address was in the export."""

_WORLD = Random(1)  # the words are the same in every network
_FIRSTS = tuple(dict.fromkeys(people.name(_WORLD)[0].strip() for _ in range(430)))
_LASTS = tuple(dict.fromkeys(people.name(_WORLD)[1].partition(",")[0] for _ in range(3000)))
"""So many that 10,780 people have about 92 repeats of names, and many share a first name."""

_CREDENTIALS = (", PhD", ", MBA", ", PMP, CSM", " MD", ", Dr.", " (she/her)")
_EMOJI = (" 🚀", " ✨", " 🇺🇳", " 👩\u200d💻", " ☕️")


class Habits(NamedTuple):
    """How people live; rates are a month's, per person.

    `openness` is the share of people whose e-mail address was exported before November 2018.
    """

    people: int = 3000
    openness: float = 0.9
    growth: float = 0.005
    twins: float = 1 / 1500  # namesakes who connected on the same day, per newcomer
    job: float = 0.028  # another company and another position
    company: float = 0.0065
    position: float = 0.022
    name: float = 0.011
    slug: float = 0.0022
    hide: float = 0.0022
    disconnect: float = 0.0008
    consent: float = 0.001
    email: float = 0.003
    reuse_slug: float = 0.0001
    reuse_email: float = 0.0002
    back: float = 0.02  # of those who are hidden
    close: float = 0.003  # of those who are hidden: the row goes as well
    reconnect: float = 0.001  # of those who are gone


@dataclass(slots=True, eq=False)
class Someone:
    """A person; texts as LinkedIn would print them, `email` whether or not it is exported."""

    number: int
    first: str
    last: str
    company: str
    position: str
    email: str
    slug: str
    connected_on: date
    minute: int
    open_later: bool
    state: str = SHOWN
    maiden: str = ""
    changed: int = 0  # grows with every change, so that rows can be kept


class Life:
    """Everyone whom one member ever knew, at one day.

    Attributes:
        people: Everyone there ever was, by number.
        day: The day up to which they have lived.
    """

    def __init__(self, habits: Habits, seed: int = 0, *, day: date = date(2015, 1, 10)) -> None:
        self.habits = habits
        self.rng = Random(seed)
        self.day = day
        self.people: list[Someone] = []
        self._slugs: dict[str, int] = {}
        self._freed: list[str] = []
        busy = [day - timedelta(self.rng.randrange(1, 3000)) for _ in range(30)]
        for _ in range(habits.people):
            some_day = day - timedelta(1 + int(self.rng.random() ** 1.5 * 3000))
            self._meet(self.rng.choice(busy) if self.rng.random() < 0.2 else some_day)
        for someone in self._sample(self.people, 0.02):
            someone.state = HIDDEN

    def advance(self, day: date) -> None:
        """Let everyone live until `day`; rates are for a month, whatever its length."""
        span, begun = (day - self.day).days, self.day
        self.day = day
        habits = self.habits
        self._unshown()
        shown = [someone for someone in self.people if someone.state == SHOWN]
        # Whatever happens to whom is drawn one by one, so that two things can happen at once.
        self._careers(shown)
        for someone in self._sample(shown, habits.name):
            self._rename(someone)
        for someone in self._sample(shown, habits.slug):
            self._move(someone)
        self._letters(shown)
        for someone in self._sample(shown, habits.reuse_slug):
            if self._freed:
                self._take(someone, self._freed.pop(self.rng.randrange(len(self._freed))))
        for someone in self._sample(shown, habits.hide):
            someone.state = HIDDEN
        for someone in self._sample(shown, habits.disconnect):
            someone.state = GONE
            if self.rng.random() < 0.5:  # the account itself is closed
                self._free(someone)
        busy = [begun + timedelta(self.rng.randrange(span)) for _ in range(2)]
        for _ in self._sample(shown, habits.growth):
            some_day = begun + timedelta(self.rng.randrange(span))
            self._meet(self.rng.choice(busy) if self.rng.random() < 0.3 else some_day)

    def _sample(self, people: list[Someone], rate: float) -> list[Someone]:
        return self.rng.sample(
            people, min(len(people), int(rate * len(people) + self.rng.random()))
        )

    def _unshown(self) -> None:
        """Those who are hidden or gone: some return, and not always as they went."""
        rng, habits = self.rng, self.habits
        hidden = [someone for someone in self.people if someone.state == HIDDEN]
        gone = [s for s in self.people if s.state == GONE and s.slug]  # the account is still there
        for someone in self._sample(hidden, habits.close):
            someone.state = GONE
            self._free(someone)
        for someone in self._sample(hidden, habits.back):
            if someone.state == HIDDEN:
                someone.state = SHOWN
                someone.changed += 1
                if rng.random() < 0.15:
                    self._move(someone)
                if rng.random() < 0.3:
                    someone.company = people.company(rng, habits.people)
        for someone in self._sample(gone, habits.reconnect):
            someone.state, someone.connected_on = SHOWN, self.day - timedelta(rng.randrange(1, 28))
            someone.changed += 1

    def _careers(self, shown: list[Someone]) -> None:
        rng, habits = self.rng, self.habits
        for rate, moves, rises in (
            (habits.job, True, True),
            (habits.company, True, False),
            (habits.position, False, True),
        ):
            for someone in self._sample(shown, rate):
                if moves:
                    someone.company = people.company(rng, habits.people)
                if rises:
                    someone.position = people.position(rng)
                someone.changed += 1

    def _letters(self, shown: list[Someone]) -> None:
        rng = self.rng
        for someone in self._sample(shown, self.habits.consent):
            someone.open_later = not someone.open_later
            someone.changed += 1
        for someone in self._sample(shown, self.habits.email):
            someone.email = f"new{someone.changed}.{someone.number}@example.net"
            someone.changed += 1
        for someone in self._sample(shown, self.habits.reuse_email):
            other = rng.choice(self.people)
            if other is not someone:
                someone.email, other.email = other.email, f"later{other.number}@example.net"
                someone.changed += 1
                other.changed += 1

    def _meet(self, day: date) -> None:
        rng, number = self.rng, len(self.people)
        firsts, lasts = len(_FIRSTS), len(_LASTS)
        first = _FIRSTS[int(firsts * rng.random() ** 2)]
        last = _LASTS[rng.randrange(lasts)]
        work = rng.random() >= 0.022
        someone = Someone(
            number=number,
            first=first,
            last=last,
            company=people.company(rng, self.habits.people) if work else "",
            position=people.position(rng) if work else "",
            email=f"person{number}@example.org" if rng.random() < self.habits.openness else "",
            slug="",
            connected_on=day,
            minute=rng.randrange(1440),
            open_later=rng.random() < 0.03,
        )
        if number and rng.random() < self.habits.twins:
            twin = self.people[-1]
            someone.first, someone.last = twin.first, twin.last
            someone.connected_on = twin.connected_on
        if rng.random() < 0.002:
            someone.position = f"{someone.position} and {'many other things, ' * 6}".strip()
        self.people.append(someone)
        self._move(someone)
        if rng.random() < 0.06:
            self._rename(someone)

    def _rename(self, someone: Someone) -> None:
        """Another name, in one of the ways that names change."""
        rng, last = self.rng, someone.last
        someone.changed += 1
        draw = rng.random()
        if draw < 0.46:
            someone.last = _toggled(last, rng.choice(_CREDENTIALS), _CREDENTIALS)
        elif draw < 0.62:
            someone.last = _toggled(last, rng.choice(_EMOJI), _EMOJI)
        elif draw < 0.67:
            someone.last = last.title() if last.isupper() else last.upper()
        elif draw < 0.75:
            short = len(last) == 2 and last[1] == "."
            someone.last, someone.maiden = (
                (someone.maiden or rng.choice(_LASTS), "") if short else (f"{last[:1]}.", last)
            )
        elif draw < 0.83:
            initial = f" {rng.choice('ABCDEKLMRST')}."
            first = someone.first
            someone.first = first[:-3] if first.endswith(".") else first + initial
        elif draw < 0.90:
            someone.last = rng.choice(_LASTS)
        elif draw < 0.97:
            bare, dash, _ = last.partition("-")
            someone.last = bare if dash else f"{last}-{rng.choice(_LASTS)}"
        elif not last.endswith("."):
            someone.first = rng.choice(_FIRSTS)

    def _move(self, someone: Someone) -> None:
        """Another slug: one made of the name, if it is free, else with a mark."""
        bare = f"{someone.first}-{someone.last}".lower().replace(" ", "-")
        mark = f"-{(someone.number * 2654435761 + someone.changed * 40503) % 2**32:08x}"
        slug = bare if self.rng.random() < 0.3 and bare not in self._slugs else bare + mark
        self._take(someone, slug)

    def _take(self, someone: Someone, slug: str) -> None:
        if slug not in self._slugs:
            self._free(someone)
            someone.slug = slug
            someone.changed += 1
            self._slugs[slug] = someone.number

    def _free(self, someone: Someone) -> None:
        if someone.slug:
            self._slugs.pop(someone.slug, None)
            self._freed.append(someone.slug)
            someone.slug = ""

    def namesakes(self) -> int:
        """The number of people who repeat the name of another."""
        names = Counter((someone.first, someone.last) for someone in self.people)
        return sum(times - 1 for times in names.values())


def _toggled(text: str, mark: str, marks: tuple[str, ...]) -> str:
    """The text without one of these marks at its end, or with this one if it had none."""
    for known in marks:
        if text.endswith(known):
            return text.removesuffix(known)
    return text + mark


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


class Score(NamedTuple):
    """How well people were kept apart and together.

    Attributes:
        people: People who were ever listed by name.
        merged: UIDs that two people had.
        split: People with more than one UID, by number, with the UIDs' number.
        plain: People whose name, as ever listed, was nobody else's.
        reasons: How often a reason was (right, wrong, not told), by the era of the list.
        causes: How often a known person's row became someone new, by reason of doubt.
        roster: Everyone at the end.
        doubts: Number of doubts.
    """

    people: int
    merged: int
    split: dict[int, int]
    plain: frozenset[int]
    reasons: dict[str, list[int]]
    causes: Counter[str]
    roster: Roster
    doubts: int

    @property
    def kept(self) -> float:
        """The share of people who kept one UID throughout."""
        return 1 - len(self.split) / self.people

    @property
    def plain_kept(self) -> float:
        """The same of those whose name was unique."""
        return 1 - len(self.plain & self.split.keys()) / len(self.plain)

    @property
    def reasons_right(self) -> float:
        """The share of right ones among the reasons told."""
        right, wrong = (sum(counts[n] for counts in self.reasons.values()) for n in (0, 1))
        return right / max(right + wrong, 1)

    @property
    def reasons_told(self) -> float:
        """The share of people gone out of a list with dates for whom a reason is told."""
        right, wrong, untold = (sum(c[n] for c in self.reasons.values()) for n in range(3))
        return (right + wrong) / max(right + wrong + untold, 1)


class Vault:
    """A roster that takes in one list after another, and the account of who became whom."""

    def __init__(self) -> None:
        self.roster = Roster({})
        self.merged = 0
        self.doubts = 0
        self.causes: Counter[str] = Counter()
        self.reasons: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.uids: dict[int, set[str]] = defaultdict(set)
        self._owners: dict[str, frozenset[int]] = {}
        self._names: dict[str, set[int]] = defaultdict(set)
        self._last: Issue | None = None
        self._once_near = False

    def take(self, issue: Issue) -> Plan:
        """Plan this list upon what is known, compare with the truth, and go on from there."""
        last, coverage = self._last, issue.era.coverage
        near = issue.era.timed or (last is not None and last.era.timed)
        matching = match.match_rows(
            self.roster, issue.rows, coverage, near_days=near, once_near=self._once_near
        )
        plan = draw_plan(self.roster, matching, coverage, full=True)
        doubts = {doubt.number: doubt.reason for doubt in matching.doubts}
        self.doubts += len(doubts)
        listed: dict[Person, set[int]] = defaultdict(set)
        for row in issue.rows:
            listed[row.person].add(issue.who[row.number])
            self._names[row.person.name].add(issue.who[row.number])
        for row, new in zip(matching.new, plan.added, strict=True):
            number = issue.who[row.number]
            if self.uids[number] and len(listed[row.person]) == 1:
                self.causes[f"{issue.era.kind}: {_kind(doubts.get(row.number, 'unlike'))}"] += 1
            self._is(listed[row.person], new.uid)
        for row, contact in (*matching.equal, *matching.known):
            self._is(listed[row.person], contact.uid)
        if last is not None:
            self._judge_reasons(last, issue, plan)
        self._last, self.roster = issue, plan.after
        self._once_near = self._once_near or issue.era.timed
        return plan

    def _is(self, numbers: Iterable[int], uid: str) -> None:
        possible = frozenset(numbers)
        still = possible & self._owners.get(uid, possible)
        if not still:
            self.merged += 1
        self._owners[uid] = still or possible
        if len(possible) == 1:
            self.uids[next(iter(possible))].add(uid)

    def _judge_reasons(self, last: Issue, issue: Issue, plan: Plan) -> None:
        if not (last.nameless and issue.nameless):
            return  # one of the lists had no dates, or no rows without names
        came = [*plan.added, *(pair.after for pair in plan.returned)]
        back = [c for c in came if c.person.connected_on <= last.day.isoformat()]
        gone = [pair.before for pair in plan.gone]
        told = compare.leaving_reasons(gone, back, last.nameless, issue.nameless)
        present = set(issue.who.values())
        for uid, reason in told.items():
            owners = self._owners[uid]
            if owners & present:
                true = ""  # split: still there, under another UID
            else:
                true = (
                    compare.REASON_HIDDEN if owners & issue.hidden else compare.REASON_DISCONNECTED
                )
            place = 2 if reason is None else int(reason != true)
            self.reasons[issue.era.kind][place] += 1

    def score(self) -> Score:
        """The account so far."""
        shared = {n for numbers in self._names.values() if len(numbers) > 1 for n in numbers}
        return Score(
            people=len(self.uids),
            merged=self.merged,
            split={n: len(uids) for n, uids in self.uids.items() if len(uids) > 1},
            plain=frozenset(self.uids.keys() - shared),
            reasons=dict(self.reasons),
            causes=self.causes,
            roster=self.roster,
            doubts=self.doubts,
        )


def played(lists: Iterable[Issue]) -> Score:
    """Take in these lists, one after another, into a vault that knows nobody."""
    vault = Vault()
    for issue in lists:
        vault.take(issue)
    return vault.score()


def _kind(reason: str) -> str:
    return "".join("N" if word.isdigit() else word + " " for word in reason.split()).strip()
