"""The differences between any two of 24 months are the true ones: none missing, none invented."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import permutations, starmap
from pathlib import Path
from typing import NamedTuple

import pytest

import outside
from isolation import Run
from li_vault.core import text
from li_vault.core.compare import ChangedContact
from li_vault.core.model import Person
from li_vault.vault import vault
from li_vault.vault.history import compare
from li_vault.vault.vault import Vault
from network import Network
from outside import Facts, git
from simulation import ERAS, Habits, issues

FIELDS = (
    *("first_name", "last_name", "profile_url", "emails", "company", "position", "connected_on"),
)
CUT = 100
TODAY = date(2028, 1, 1)


class Month(NamedTuple):
    """One export, and the truth of its day: who is shown how, and who is a nameless row."""

    day: date
    data: bytes
    shown: dict[int, Facts]
    hidden: frozenset[int]


class Known(NamedTuple):
    """Everyone up to a month: whom it shows, and what was last shown of each."""

    month: Month
    last: dict[int, Facts]


class Truth(NamedTuple):
    """What differs between two months, by the numbers of people."""

    added: set[int]
    gone: set[int]
    returned: set[int]
    changed: dict[int, set[tuple[str, str, str]]]


def of_network() -> Iterable[Month]:
    """Busy months; in some of them LinkedIn cuts no text off."""
    network = Network(seed=24, people=120, day=date(2024, 10, 20))
    for number in range(24):
        if number:
            network.advance(pace=4)
        network.cut_at = None if number % 5 == 4 else CUT
        hidden = frozenset(one.number for one in network.nameless())
        yield Month(network.day, network.connections(), outside.known(network), hidden)


def of_simulation() -> Iterable[Month]:
    """People who give their slugs to others, close hidden accounts, and connect anew."""
    habits = Habits(
        people=160, job=0.05, name=0.03, slug=0.02, hide=0.02, back=0.1, close=0.02,
        disconnect=0.01, reconnect=0.02, email=0.01, consent=0.03, reuse_slug=0.003, growth=0.02,
    )  # fmt: skip
    for issue in issues(habits, seed=0, first=date(2024, 1, 10), months=24, eras=ERAS[3:]):
        shown = {issue.who[row.number]: _facts(row.person) for row in issue.rows}
        yield Month(issue.day, issue.data, shown, issue.hidden)


def of_two_eras() -> Iterable[Month]:
    """Lists without addresses of profiles; the first of them by a clock four hours off."""
    habits = Habits(people=120, job=0.05, name=0.02, hide=0.03, back=0.1, disconnect=0.01)
    for issue in issues(habits, seed=1, first=date(2018, 7, 10), months=8, eras=ERAS[1:]):
        shown = {issue.who[row.number]: _facts(row.person) for row in issue.rows}
        yield Month(issue.day, issue.data, shown, issue.hidden)


def _facts(person: Person) -> Facts:
    email = next(iter(person.emails), "")
    return Facts(
        person.first_name, person.last_name, person.url, email, person.company, person.position,
        person.connected_on,
    )  # fmt: skip


def known(months: Sequence[Month]) -> list[Known]:
    """What is known by each month."""
    last: dict[int, Facts] = {}
    found = []
    for month in months:
        last = {**last, **month.shown}
        found.append(Known(month, last))
    return found


def truth(before: Known, after: Known) -> Truth:
    """What really differs."""
    was, now = before.month.shown.keys(), after.month.shown.keys()
    both = (before.last.keys() & after.last.keys()) - (was ^ now)
    changes = {n: _changes(before.last[n], after.last[n]) for n in both}
    return Truth(
        added=set(now - before.last.keys()),
        gone=set(was - now),
        returned=set(now & before.last.keys() - was),
        changed={number: found for number, found in changes.items() if found},
    )


def _changes(old: Facts, new: Facts) -> set[tuple[str, str, str]]:
    sides = (zip(FIELDS, facts, strict=True) for facts in (old, new))
    pairs = zip(*(starmap(_cut, side) for side in sides), FIELDS, strict=True)
    found = {(field, one, other) for one, other, field in pairs if one != other}
    apart = date.fromisoformat(old.connected_on) - date.fromisoformat(new.connected_on)
    if abs(apart.days) == 1:  # by the clock of an era
        found.discard(("connected_on", old.connected_on, new.connected_on))
    return found


def _cut(field: str, value: str) -> str:
    """As much of a value as LinkedIn always shows."""
    return value[:CUT] if field in ("company", "position") else value


def written(folder: Path, months: Iterable[Month]) -> list[Path]:
    """An archive a month."""
    paths = []
    for month in months:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo("Connections.csv"), month.data)
        path = folder / f"Basic_LinkedInDataExport_{month.day:%m-%d-%Y}.zip"
        path.write_bytes(packed.getvalue())
        paths.append(path)
    return paths


def numbers(found: Vault, everyone: Sequence[Known], commits: Sequence[str]) -> dict[str, int]:
    """Who the files of a vault are, by what each month shows of whom."""
    number_of: dict[str, int] = {}
    for one, commit in zip(everyone, commits, strict=True):
        shown = one.month.shown
        who = {_known_by(facts): number for number, facts in shown.items()}
        assert len(who) == len(shown)
        for contact in found.roster(commit).present:
            number = who[_known_by(_facts(contact.shown))]
            assert number_of.setdefault(contact.file, number) == number, "two people are one"
    assert len(set(number_of.values())) == len(number_of), "someone is two people"
    return number_of


def _known_by(facts: Facts) -> str:
    """What nobody else of a month has: the slug, or name and work where a list has no slugs."""
    names = (facts.first, facts.last, facts.company[:CUT], facts.position[:CUT])
    return text.profile_slug(facts.url) or "|".join(names)


@pytest.mark.sweep
@pytest.mark.parametrize("months", [of_network, of_simulation, of_two_eras])
def test_between_any_two_months_the_true_differences_are_told(
    months: Callable[[], Iterable[Month]], run: Run, vault_dir: Path, tmp_path: Path
) -> None:
    everyone = known(list(months()))
    exports = written(tmp_path, [one.month for one in everyone])
    allowed = ("--allow", "gone", "--allow", "changed")
    said = run("snapshot", *exports, "--init", "--vault", vault_dir, "--no-push", *allowed)
    assert said.status == 0, said
    commits = git(vault_dir, "log", "--reverse", "--format=%H").split()
    found = vault.open_vault(vault_dir)
    number_of = numbers(found, everyone, commits)
    told: Counter[bool] = Counter()
    for (before, one), (after, other) in permutations(zip(everyone, commits, strict=True), 2):
        differences, _ = compare.compare_commits(found, one, other)
        reported = Truth(
            {number_of[contact.file] for contact in differences.added},
            {number_of[contact.file] for contact in differences.gone},
            {number_of[back.contact.file] for back in differences.returned},
            {number_of[one.contact.file]: changes(one) for one in differences.changed},
        )
        assert reported == truth(before, after)
        for back in differences.returned:
            number = number_of[back.contact.file]
            assert changes(back) == _changes(before.last[number], after.last[number])
        for contact in differences.gone:
            reason = differences.reasons[contact.uid]
            assert reason in (None, true_reason(number_of[contact.file], before, after))
            if before.month.day < after.month.day:
                told[reason is not None] += 1
    assert told[False] <= 0.08 * told[True]


def true_reason(number: int, before: Known, after: Known) -> str | None:
    """Why someone is gone; looking back, nobody has disconnected yet."""
    if number in after.month.hidden:
        return "hidden"
    return "disconnected" if before.month.day < after.month.day else None


def changes(one: ChangedContact) -> set[tuple[str, str, str]]:
    """What is told of someone, as the truth has it."""
    return {
        (c.field, _cut(c.field, c.before or ""), _cut(c.field, c.after or "")) for c in one.changes
    }
