"""Who is who over years, against a simulated truth; `tests/bench/identity.py` has the full size."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

import outside
from isolation import Run
from li_vault.core.matching import evidence
from li_vault.core.matching.evidence import Key
from li_vault.core.model import Person
from li_vault.formats import registry
from li_vault.formats.tables.export import Export
from simulation import ERAS, OUTLOOK_HEADER, Habits, Issue, Life, Score, Vault, issues, played

SMALL = Habits(people=250)


class Total(NamedTuple):
    """Several scores as one."""

    people: int
    merged: int
    split: int
    plain: int
    plain_split: int
    right: int
    wrong: int


def total(scores: Sequence[Score]) -> Total:
    """The sums of these scores."""
    counts = [counts for score in scores for counts in score.reasons.values()]
    return Total(
        sum(score.people for score in scores),
        sum(score.merged for score in scores),
        sum(len(score.split) for score in scores),
        sum(len(score.plain) for score in scores),
        sum(len(score.plain & score.split.keys()) for score in scores),
        sum(right for right, _, _ in counts),
        sum(wrong for _, wrong, _ in counts),
    )


@pytest.mark.sweep
def test_ten_years_of_three_eras() -> None:
    found = total([played(issues(Habits(people=600), seed)) for seed in range(2)])
    assert found.people > 2000
    assert found.merged == 0
    assert found.split <= 0.008 * found.people  # 0.005 in full size, where chance evens out
    assert found.right > 500
    assert found.wrong <= 0.01 * (found.right + found.wrong)


@pytest.mark.sweep
def test_thirteen_years_that_began_with_lists_of_names() -> None:
    habits = Habits(people=200)
    scores = [
        played(issues(habits, seed, first=date(2012, 1, 10), months=156, eras=ERAS))
        for seed in range(2)
    ]
    found = total(scores)
    assert found.merged == 0
    assert found.plain_split <= 0.02 * found.plain


def test_a_life_of_namesakes_and_double_changes_merges_hardly_anyone() -> None:
    """Sixty times as many namesakes of one date as there are, and all in motion."""
    habits = Habits(
        people=200, twins=1 / 40, hide=0.01, back=0.05, job=0.05, name=0.03, slug=0.01,
        reuse_slug=0.004, reuse_email=0.003, disconnect=0.004, reconnect=0.01,
    )  # fmt: skip
    found = total([played(issues(habits, seed, months=100)) for seed in range(2)])
    assert found.merged <= 0.005 * found.people
    assert found.split <= 0.12 * found.people


def test_a_merge_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The score can fail: the first name alone is too little to go by."""

    def first_name(person: Person) -> list[str]:
        return [person.first_name]

    weak = Key(
        "has the first name of", first_name, evidence.contact_values(first_name), lambda *_: True
    )
    monkeypatch.setattr(evidence, "key_rounds", lambda **_: (weak,))
    assert played(issues(SMALL, seed=1, months=12)).merged > 0


def test_a_split_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "key_rounds", lambda **_: ())
    assert played(issues(SMALL, seed=1, months=12)).kept < 0.9


def test_a_life_is_the_same_for_the_same_seed() -> None:
    def written(seed: int) -> list[bytes]:
        return [issue.data for issue in issues(Habits(people=60), seed, months=5)]

    assert written(1) == written(1)
    assert written(1) != written(2)


def test_life_goes_as_it_was_measured() -> None:
    """Of 1,346 people, 31 had another company and 45 another position 20 days later."""
    seen: Counter[str] = Counter()
    lists = list(issues(Habits(people=2000), seed=3, first=date(2024, 1, 10), months=4))
    for before, after in pairwise(lists):
        old = {before.who[row.number]: row.person for row in before.rows}
        for row in after.rows:
            known = old.get(after.who[row.number])
            if known is not None:
                seen["people"] += 1
                for field in ("company", "position", "url"):
                    seen[field] += getattr(known, field) != getattr(row.person, field)
                seen["name"] += known.name != row.person.name
    months = 30 / 20
    for field, measured in [("company", 31), ("position", 45), ("name", 10), ("url", 2)]:
        usual = measured / 1346 * months
        assert usual / 2 < seen[field] / seen["people"] < usual * 2, field
    nameless = len(lists[-1].nameless) / (len(lists[-1].rows) + len(lists[-1].nameless))
    assert 0.004 < nameless < 0.045


def test_a_network_has_as_many_namesakes_as_a_real_one() -> None:
    """92 repeats of names among 10,780 people."""
    repeats = Life(Habits(people=10_780), seed=2).namesakes()
    assert 92 / 2 < repeats < 92 * 2


def test_everything_that_happens_happens() -> None:
    """Slugs go from one to another, people return, twins appear, e-mails change hands."""
    habits = Habits(people=600, reuse_slug=0.002, reuse_email=0.002, twins=0.01)
    life = Life(habits, seed=5)
    slugs: dict[str, set[int]] = {}
    emails: dict[str, set[int]] = {}
    states: dict[int, list[str]] = {}
    for month in range(1, 25):
        life.advance(date(2015 + month // 12, month % 12 + 1, 10))
        for someone in life.people:
            slugs.setdefault(someone.slug, set()).add(someone.number)
            emails.setdefault(someone.email, set()).add(someone.number)
            states.setdefault(someone.number, []).append(someone.state)
    assert any(slug and len(numbers) > 1 for slug, numbers in slugs.items())
    assert any(email and len(numbers) > 1 for email, numbers in emails.items())
    moves = {pair for all_of in states.values() for pair in pairwise(all_of)}
    assert moves >= {("shown", "hidden"), ("hidden", "shown"), ("shown", "gone")}
    days = Counter((s.first, s.last, s.connected_on) for s in life.people)
    assert max(days.values()) > 1


def issue_of(kind: str) -> Issue:
    """A list of an era, after two months."""
    era = next(era for era in ERAS if era.kind == kind)
    return list(issues(Habits(people=300), seed=4, months=3, eras=[era._replace(until=date.max)]))[
        -1
    ]


@pytest.mark.parametrize("kind", [era.kind for era in ERAS[1:]])
def test_the_bytes_say_what_the_rows_say(kind: str) -> None:
    issue = issue_of(kind)
    reading = registry.read_export(archive_of(issue))
    assert (reading.kind, reading.timed, reading.full) == (kind, issue.era.timed, True)
    assert reading.coverage == issue.era.coverage
    assert list(reading.people) == list(issue.rows)
    assert list(reading.nameless) == list(issue.nameless)
    assert reading.skipped == ()


def test_a_list_of_names_is_what_outlook_takes() -> None:
    issue = issue_of("linkedin-outlook")
    header, *lines = issue.data.decode("cp1252").splitlines()
    assert header.replace('"', "").split(",") == OUTLOOK_HEADER
    assert len(lines) == len(issue.rows)
    assert issue.nameless == []
    assert {row.person.connected_on + row.person.url for row in issue.rows} == {""}


def archive_of(issue: Issue) -> Export:
    """The export as the formats get it."""
    files = {issue.era.file: issue.data}
    return Export(issue.era.file, files, tuple(files), True, issue.day, None, issue.day)


def yearly(seed: int) -> Iterator[Issue]:
    """Some of the lists of nine years, with all eras."""
    lists = list(issues(Habits(people=80), seed, months=112))
    return iter([lists[n] for n in (0, 12, 46, 47, 60, 100, 101, 111)])


def test_a_vault_made_of_the_files_holds_the_people_of_the_rows(
    run: Run, vault_dir: Path, tmp_path: Path
) -> None:
    """The planning in memory keeps in step with the whole program."""
    vault, files = Vault(), []
    for issue in yearly(6):
        vault.take(issue)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo(issue.era.file), issue.data)
        path = tmp_path / f"Basic_LinkedInDataExport_{issue.day:%m-%d-%Y}.zip"
        path.write_bytes(packed.getvalue())
        files.append(path)
    allowed = [word for rule in ("gone", "changed") for word in ("--allow", rule)]
    said = run("snapshot", *files, "--init", "--vault", vault_dir, *allowed)
    assert said.status == 0, said
    for folder, contacts in (
        ("contacts", vault.roster.present),
        ("former", vault.roster.former),
    ):
        uids = [data.split(b"UID:")[1][:36].decode() for data in cards(vault_dir, folder)]
        assert sorted(uids) == sorted(contact.uid for contact in contacts)
        assert len(uids) > 10
    assert vault.score().merged == 0


def cards(vault_dir: Path, folder: str) -> list[bytes]:
    """The cards of a folder."""
    return list(outside.cards(vault_dir, folder).values())
