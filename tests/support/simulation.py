"""A network over fifteen years with the truth known: what happens to people, month by month.

    life = Life(Habits(people=3000), seed=7)
    life.advance(date(2015, 2, 1))          # a month; `life.people` says who everyone is

People change jobs, marry, add credentials and emoji, take other slugs, give theirs up to others,
hide and come back, disconnect, meet namesakes. Rates are those measured on genuine exports. The
lists that LinkedIn would have made of it are in `simulation_lists`; what li-vault makes of those
is scored by `simulation_score`. Everything follows from the seed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import invention

SHOWN, HIDDEN, GONE = "shown", "hidden", "gone"

OPEN_UNTIL = date(2018, 11, 20)
"""Until then nearly everyone's e-mail address was in the export."""

_WORLD = Random(1)  # the words are the same in every network
_FIRSTS = tuple(dict.fromkeys(invention.name(_WORLD)[0].strip() for _ in range(430)))
_LASTS = tuple(dict.fromkeys(invention.name(_WORLD)[1].partition(",")[0] for _ in range(3000)))
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
                    someone.company = invention.company(rng, habits.people)
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
                    someone.company = invention.company(rng, habits.people)
                if rises:
                    someone.position = invention.position(rng)
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
            company=invention.company(rng, self.habits.people) if work else "",
            position=invention.position(rng) if work else "",
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
