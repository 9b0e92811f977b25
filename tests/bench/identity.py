"""Who is who over years, in full size: the simulated truth against what li-vault makes of it.

    python tests/bench/identity.py [--people 3000] [--seeds 1] [--years 10]

Prints one line a life, and ends with status 1 when a limit is broken. "kept" is the share of
people who kept one UID throughout, "unique" the same of those whose name is nobody else's,
"reasons" the share of right ones among the reasons told for people who are gone, "told" how often
one is told.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from li_vault.core.matching import match
from li_vault.core.model import Roster
from li_vault.core.planning import plan
from simulation import ERAS, Habits, Score, issues, played


class Course(NamedTuple):
    """A way that a life goes, and what is promised of it."""

    what: str
    habits: dict[str, Any]
    first: date
    eras: slice
    kept: float
    unique: float


COURSES = (
    Course("2015-2018-2023", {}, date(2015, 1, 10), slice(1, None), 0.995, 0.995),
    Course("the same, few e-mails", {"openness": 0.03}, date(2015, 1, 10), slice(1, None), 0, 0),
    Course("from 2012, names only", {}, date(2012, 1, 10), slice(None), 0, 0.98),
    Course("the same, few e-mails", {"openness": 0.03}, date(2012, 1, 10), slice(None), 0, 0),
)
REASONS = 0.99
MATCH_SECONDS = 0.5


def lived(course: Course, people: int, years: int, seed: int) -> Score:
    """One life of a course; its first years before 2015 come on top."""
    months = 12 * (years + 2015 - course.first.year)
    habits = Habits(people=people)._replace(**course.habits)
    return played(
        issues(habits, seed, first=course.first, months=months, eras=list(ERAS)[course.eras])
    )


def is_kept(course: Course, score: Score) -> bool:
    """Whether the score keeps what is promised."""
    return (
        score.merged == 0
        and score.kept >= course.kept
        and score.plain_kept >= course.unique
        and score.reasons_right >= REASONS
    )


def match_seconds(people: int = 30_000) -> float:
    """How long it takes to match a list of so many people, one in a hundred of whom changed."""
    habits = Habits(people=people, job=0.006, company=0, position=0, name=0.002, growth=0.002)
    before, after = issues(habits, first=date(2024, 1, 10), months=2)
    roster, coverage = Roster({}), after.era.coverage
    matching = match.match_rows(roster, before.rows, coverage)
    roster = plan.draw_plan(roster, matching, coverage, full=True).after
    begun = time.perf_counter()
    match.match_rows(roster, after.rows, coverage)
    return time.perf_counter() - begun


def main(args: list[str]) -> int:
    """Play all courses and print the table; 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description="Scores of identity over years.")
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args(args)
    columns = "people  merged  kept     unique   reasons  told     doubts  seconds"
    print(f"{'life':<24}seed  {columns}")
    broken = False
    for course in COURSES:
        for seed in range(options.seeds):
            begun = time.perf_counter()
            score = lived(course, options.people, options.years, seed)
            broken |= not (kept := is_kept(course, score))
            shares = (score.kept, score.plain_kept, score.reasons_right, score.reasons_told)
            print(
                f"{course.what:<24}{seed:<6}{score.people:<8}{score.merged:<8}"
                + "".join(f"{share:<9.3%}" for share in shares)
                + f"{score.doubts:<8}{time.perf_counter() - begun:<8.1f}"
                + ("ok" if kept else "BROKEN"),
                flush=True,
            )
    seconds = match_seconds()
    broken |= seconds > MATCH_SECONDS
    print(f"identity.match, 30,000 people, 1 % changed: {seconds:.2f} s (at most {MATCH_SECONDS})")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
