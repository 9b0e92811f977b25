from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.core.matching import match
from li_vault.core.matching.match import Matching
from li_vault.core.model import Contact, Coverage, Person, Roster, Row
from matching import ADA, BOB, former, known, numbered, one, outcome
from people import ERA_2018, LINKEDIN, OUTLOOK


def test_equal_rows_come_first() -> None:
    found = match.match_rows(known(ADA, BOB), [Row(7, BOB), Row(3, ADA)], LINKEDIN)
    assert {(row.number, contact.uid) for row, contact in found.equal} == {(7, "b"), (3, "a")}
    assert (found.known, found.new, found.duplicates, found.doubts) == ((), (), 0, ())


def test_equal_is_judged_by_what_the_list_covers() -> None:
    rich = ADA._replace(phones=("1",), extra=(("Tags", "x"),))
    assert len(match.match_rows(known(rich), [Row(1, ADA)], LINKEDIN).equal) == 1
    columns = Coverage(LINKEDIN.fields, frozenset({"Tags"}))
    assert len(match.match_rows(known(rich), [Row(1, ADA)], columns).equal) == 0
    tagged = ADA._replace(extra=(("Tags", "x"),))
    assert len(match.match_rows(known(rich), [Row(1, tagged)], columns).equal) == 1


def test_equal_former_contacts_are_found() -> None:
    assert outcome(known(former(ADA)), ADA) == {1: "a"}


def test_equality_with_two_contacts_decides_nothing() -> None:
    twin = one(slug="", day="", email="")
    assert outcome(known(twin, twin), twin, coverage=OUTLOOK) == {1: "doubt:a,b"}


def test_who_is_present_comes_before_a_former_equal() -> None:
    """Else a row once taken for a new person would be one every month."""
    assert outcome(known(former(ADA), ADA), ADA) == {1: "b"}
    assert outcome(known(ADA, former(ADA)), ADA) == {1: "a"}
    assert outcome(known(former(ADA), former(ADA)), ADA) == {1: "doubt:a,b"}


def test_a_name_alone_is_not_equality() -> None:
    """Two namesakes without anything else are not told apart by it."""
    bare = one(slug="", day="", company="", position="")
    taken = one(company="", position="")
    assert outcome(known(taken, one(slug="ada2", day="2020-01-01")), bare, coverage=OUTLOOK) == {
        1: "doubt:a,b"
    }


# Rule 1: the profile slug, if name or date agrees as well.


@pytest.mark.parametrize(
    "row",
    [
        one(position="Boss", company="Else"),
        one(first="Augusta", last="King"),
        one(day="2020-02-02"),
        one(day=""),
        ADA._replace(url="https://de.linkedin.com/in/ADA/", position="x"),
        ADA._replace(last_name="Löveläce"),
    ],
)
def test_the_profile_decides(row: Person) -> None:
    assert outcome(known(ADA, BOB), row, BOB) == {1: "a", 2: "b"}


def test_percent_encoded_slugs_are_the_same() -> None:
    raw, coded = one(slug="ada-é🚀"), one(slug="ada-%C3%A9%F0%9F%9A%80", position="x")
    assert outcome(known(raw), coded) == {1: "a"}


def test_the_profile_of_another_name_and_date_contradicts() -> None:
    assert outcome(known(ADA), one("Eve", "Moth", "ada", "2026-01-01")) == {1: "doubt:a"}


def test_a_slug_given_up_and_taken_by_another_in_the_same_month() -> None:
    moved = ADA._replace(url="https://www.linkedin.com/in/ada-2", position="Boss")
    taker = one("Eve", "Moth", "ada", "2026-01-01")
    assert outcome(known(ADA, BOB), taker, moved, BOB) == {1: "new", 2: "a", 3: "b"}


def test_a_slug_taken_by_another_of_the_same_date() -> None:
    moved = ADA._replace(url="https://www.linkedin.com/in/ada-2")
    taker = one("Eve", "Moth", "ada")
    assert outcome(known(ADA), taker, moved) == {1: "new", 2: "a"}


def test_a_slug_taken_by_a_namesake() -> None:
    moved = ADA._replace(url="https://www.linkedin.com/in/ada-2")
    taker = one(day="2026-01-01")
    assert outcome(known(ADA), taker, moved) == {1: "new", 2: "a"}


@pytest.mark.parametrize("day", ["2023-05-05", "2024-01-01"])
def test_two_people_swap_their_slugs(day: str) -> None:
    bob = BOB._replace(connected_on=day)
    rows = ADA._replace(url=bob.url), bob._replace(url=ADA.url)
    assert outcome(known(ADA, bob), *rows) == {1: "a", 2: "b"}


def test_two_people_swap_their_work() -> None:
    rows = ADA._replace(company="Kilns", position="Smith"), BOB._replace(company="Engines")
    assert outcome(known(ADA, BOB), *rows) == {1: "a", 2: "b"}


def test_two_rows_with_one_slug_decide_nothing() -> None:
    rows = one(first="Augusta"), one(last="King")
    assert outcome(known(ADA), *rows) == {1: "doubt:a", 2: "doubt:a"}


def test_two_contacts_with_one_slug_are_told_apart_by_name_and_date() -> None:
    eve = former(one("Eve", "Moth", "ada", "2010-01-01"))
    assert outcome(known(ADA, eve), one(position="Boss")) == {1: "a"}
    assert outcome(known(ADA, eve), one(day="2010-01-01")) == {1: "doubt:a,b"}


# Rule 2: name and date.


def test_name_and_date_decide() -> None:
    assert outcome(known(ADA, BOB), one(slug="ada-new"), BOB) == {1: "a", 2: "b"}


def test_namesakes_of_one_date_are_told_apart_by_what_is_left() -> None:
    other = one(slug="ada-3", company="Looms")
    rows = ADA, one(slug="ada-4", company="Looms")
    assert outcome(known(ADA, other), *rows) == {1: "a", 2: "b"}


def test_namesakes_of_one_date_without_more_are_doubts() -> None:
    other = one(slug="ada-3", company="Looms")
    rows = one(slug="ada-4", company="New"), one(slug="ada-5", company="Newer")
    assert outcome(known(ADA, other), *rows) == {1: "doubt:a,b", 2: "doubt:a,b"}


def test_namesakes_of_other_dates_are_other_people() -> None:
    assert outcome(known(ADA), one(slug="ada-2", day="2020-01-01")) == {1: "new"}


@pytest.mark.parametrize(("day", "expected"), [("02", "a"), ("03", "new")])
def test_a_day_apart_in_the_era_that_wrote_times(day: str, expected: str) -> None:
    row = one(slug="", day=f"2024-01-{day}")
    assert outcome(known(one(slug="")), row, near_days=True) == {1: expected}
    assert outcome(known(ADA), row, coverage=ERA_2018, near_days=True) == {1: expected}


def test_a_day_apart_in_any_other_era_is_another_person() -> None:
    assert outcome(known(ADA), one(slug="ada-2", day="2024-01-02")) == {1: "new"}
    assert outcome(known(one(slug="")), one(slug="", day="2024-01-02", company="B")) == {1: "new"}


def test_the_very_date_is_known_outside_the_era_that_wrote_times() -> None:
    two = one(slug="", company="x"), one(slug="", day="2024-01-02", company="y")
    rows = one(day="2024-01-02"), one(slug="ada-2", day="2024-01-01")
    assert outcome(known(*two), *rows) == {1: "b", 2: "a"}


def test_a_day_apart_from_two_is_a_doubt() -> None:
    two = one(slug="", company="x"), one(slug="", day="2024-01-03", company="y")
    row = one(slug="", day="2024-01-02", company="z", position="")
    assert outcome(known(*two), row, near_days=True) == {1: "doubt:a,b"}


def test_namesakes_of_neighbouring_days_that_shift_together_are_doubts() -> None:
    two = (
        one(slug="", day="2015-03-03", company="A", position=""),
        one(slug="", day="2015-03-04", company="B", position=""),
    )
    rows = two[0]._replace(connected_on="2015-03-04"), two[1]._replace(connected_on="2015-03-05")
    found = outcome(known(*two), *rows, coverage=ERA_2018, near_days=True)
    assert found == {1: "doubt:a,b", 2: "doubt:b"}


# Rows that are odd.


def test_rows_that_repeat_are_counted() -> None:
    found = match.match_rows(
        known(ADA), [Row(1, ADA), Row(2, BOB), Row(3, ADA), Row(4, BOB)], LINKEDIN
    )
    assert (len(found.equal), len(found.new), found.duplicates) == (1, 1, 2)
    assert [row.number for row in found.new] == [2]


def test_one_person_listed_twice_is_recorded_once() -> None:
    sparse, rich = one(company=""), one(email="ada@example.com")
    found = match.match_rows(known(), [Row(1, rich), Row(2, sparse)], LINKEDIN)
    assert (found.new, found.duplicates) == (((1, rich),), 1)
    assert [(doubt.number, doubt.candidates) for doubt in found.doubts] == [(2, ())]


def test_rows_without_a_name() -> None:
    nobody = Person(url=ADA.url, position="Boss")
    assert outcome(known(ADA, BOB), nobody) == {1: "a"}
    assert outcome(known(Person(url=ADA.url)), ADA) == {1: "a"}
    assert outcome(known(ADA), Person(emails=("a@b.example",)), Person(company="Engines")) == {
        1: "new",
        2: "new",
    }


def test_a_stated_full_name_does_not_hide_first_and_last() -> None:
    ada = one(full="Countess of Lovelace", slug="")
    assert outcome(known(ada), one(slug="x", position="y")) == {1: "a"}


def test_a_corrected_name_is_known_too() -> None:
    ada = Contact("?", "contacts/a.vcf", ADA, ADA._replace(last_name="King"))
    assert outcome(known(ada), one(last="King", day="2020-01-01")) == {1: "a"}


def test_nobody_is_lost_or_taken_twice() -> None:
    found = match.match_rows(known(), [Row(1, ADA), Row(2, BOB)], LINKEDIN)
    assert [row.number for row in found.new] == [1, 2]
    assert match.match_rows(known(ADA), [], LINKEDIN) == Matching((), (), (), 0, ())


SMALL = st.builds(
    one,
    first=st.sampled_from(["Ada", "Eve", ""]),
    last=st.sampled_from(["Lovelace", "King", "L, PhD"]),
    slug=st.sampled_from(["ada", "eve", "x", "ADA", ""]),
    day=st.sampled_from(["2024-01-01", "2024-01-02", "2020-01-01", ""]),
    email=st.sampled_from(["", "", "a@example.com"]),
    company=st.sampled_from(["", "Engines"]),
    position=st.sampled_from(["Boss", "Reckoner"]),
)
SOMEONE = st.one_of(SMALL, st.builds(former, SMALL), st.builds(former, SMALL, st.just("ada")))


@given(
    st.lists(SOMEONE, max_size=6),
    st.lists(SMALL, max_size=7),
    st.sampled_from([LINKEDIN, ERA_2018, OUTLOOK]),
    st.integers(0, 99),
)
def test_every_row_has_one_fate_whatever_the_order(
    people: list[Person | Contact], rows: list[Person], coverage: Coverage, seed: int
) -> None:
    roster = known(*people)
    found = match.match_rows(roster, numbered(rows), coverage)
    matched = [contact.uid for _, contact in (*found.equal, *found.known)]
    assert len(set(matched)) == len(matched)
    numbers = [row.number for row in found.new]
    numbers += [row.number for row, _ in (*found.equal, *found.known)]
    assert len(set(numbers)) == len(numbers) == len(rows) - found.duplicates
    assert all(rows[row.number - 1] == row.person for row in found.new)
    assert {uid for doubt in found.doubts for uid in doubt.candidates}.isdisjoint(matched)
    order = list(enumerate(rows, 1))
    Random(seed).shuffle(order)
    again = match.match_rows(roster, [Row(n, row) for n, (_, row) in enumerate(order, 1)], coverage)
    assert facts(again) == facts(found)
    backwards = Roster.of(reversed(list(roster)))
    assert facts(match.match_rows(backwards, numbered(rows), coverage)) == facts(found)


def facts(found: Matching) -> tuple[object, ...]:
    """What was found, but for the numbers of the rows."""
    return (
        {(row.person, contact.uid) for row, contact in found.equal},
        {(row.person, contact.uid) for row, contact in found.known},
        [row.person for row in found.new],
        found.duplicates,
        sorted((doubt.reason, doubt.candidates) for doubt in found.doubts),
    )


@given(st.lists(SMALL, max_size=7, unique=True))
def test_the_same_list_again_is_everyone(rows: list[Person]) -> None:
    first = match.match_rows(Roster({}), numbered(rows), LINKEDIN)
    roster = known(*(row.person for row in first.new))
    again = match.match_rows(roster, numbered(rows), LINKEDIN)
    assert len(again.equal) + len(again.known) + len(again.new) == len(first.new)
    for row, contact in again.equal:
        assert row.person == contact.person
