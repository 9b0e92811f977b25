"""What li-vault makes of simulated lists, against the truth.

    score = played(issues(Habits(people=3000), seed=7))
    score.merged, score.kept, score.reasons_right

Plans as `vault.drafting.Session.plan` does, in memory: match, draw, merge. People are followed by
the numbers that no list shows. Rows of one list that are equal in everything can't be told apart
by anyone; each may be any of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from li_vault.core import compare
from li_vault.core.matching import match
from li_vault.core.model import Person, Roster
from li_vault.core.planning.plan import Plan, draw_plan
from simulation_lists import Issue


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
