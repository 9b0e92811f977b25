"""Situations that fifteen years of lists bring: two changes at once, namesakes, other eras."""

from __future__ import annotations

import pytest

from li_vault.core.matching import match
from li_vault.core.model import Contact, Person
from matching import ADA, BOB, former, known, numbered, one, outcome, told
from people import ERA_2018, LINKEDIN, OUTLOOK

# Two changes in one month.

PLAIN = one(slug="")
RENAMED = [
    one(last="Lovelace, PhD", slug="", company="Looms", position="Boss"),
    one(last="Lovelace-King", slug="", company="Looms", position="Boss"),
    one(last="L.", slug="", company="Looms", position="Boss"),
    one(first="Ada K.", slug="", company="Looms", position="Boss"),
    one(first="Dr. Ada", last="Lovelace (she/her)", slug="", company="", position=""),
]


@pytest.mark.parametrize("row", RENAMED)
def test_a_name_with_additions_and_new_work_in_one_month(row: Person) -> None:
    assert outcome(known(PLAIN, BOB), row, BOB, coverage=ERA_2018) == {1: "a", 2: "b"}
    assert outcome(known(row, BOB), PLAIN, BOB, coverage=ERA_2018) == {1: "a", 2: "b"}


@pytest.mark.parametrize(
    "row",
    [
        one(last="King", slug="", company="Looms", position="Boss"),
        one(first="A.", last="L.", slug="", company="Looms", position="Boss"),
        one(last="", slug="", company="Looms", position="Boss"),
        one(last="Lovelace, PhD", slug="", day="2024-01-02", company="Looms", position="Boss"),
    ],
)
def test_another_name_and_new_work_in_one_month(row: Person) -> None:
    assert outcome(known(PLAIN), row, coverage=ERA_2018) == {1: "new"}


def test_a_name_with_additions_of_two_profiles_is_another_person() -> None:
    row = one(last="Lovelace, PhD", slug="ada-2", company="Looms", position="Boss")
    assert outcome(known(ADA), row) == {1: "new"}


def test_a_name_with_additions_must_be_the_only_one_of_that_day() -> None:
    row = one(last="Lovelace, PhD", slug="", company="Looms", position="Boss")
    other = one(last="Lovelace, MBA", slug="", company="Kilns", position="Smith")
    assert outcome(known(PLAIN, other), row, coverage=ERA_2018) == {1: "doubt:a,b"}
    assert outcome(known(PLAIN, other), row, other, coverage=ERA_2018) == {1: "doubt:a", 2: "b"}


def test_a_first_name_that_is_a_particle_elsewhere_is_a_name() -> None:
    van = one("Van", "Thieu", slug="")
    assert outcome(known(van), one("Van", "Moth", slug=""), coverage=ERA_2018) == {1: "a"}
    assert outcome(known(van), one("Eve", "van Moth", slug=""), coverage=ERA_2018) == {1: "new"}


def test_work_that_one_list_cut_off_is_the_same() -> None:
    long = "Keeper of " + "lanterns and " * 12
    known_long = one(slug="", company="Looms", position=long.strip())
    row = one(last="King", slug="", company="Kilns", position=long[:100].strip())
    assert outcome(known(known_long), row, coverage=ERA_2018) == {1: "a"}


# Hidden, and returned.


def test_hidden_and_returned_under_another_slug_with_other_work() -> None:
    row = one(slug="ada-2", company="Looms", position="Boss")
    assert outcome(known(former(ADA), BOB), row, BOB) == {1: "a", 2: "b"}


def test_a_newcomer_who_took_the_slug_of_someone_who_left() -> None:
    assert outcome(known(former(ADA)), one("Eve", "Moth", "ada", "2026-01-01")) == {1: "doubt:a"}


def test_someone_who_left_and_a_newcomer_with_their_name() -> None:
    assert outcome(known(former(ADA)), one(slug="ada-2", day="2026-01-01")) == {1: "new"}


def test_of_namesakes_of_one_date_the_one_who_left_is_not_taken_by_guess() -> None:
    other = one(slug="", company="Looms", position="Boss")
    roster = known(PLAIN, former(other))
    unlike = one(slug="", company="Kilns", position="Smith")
    assert outcome(roster, PLAIN, unlike, coverage=ERA_2018) == {1: "a", 2: "doubt:b"}
    alike = one(slug="", company="Looms", position="Smith")
    assert outcome(roster, PLAIN, alike, coverage=ERA_2018) == {1: "a", 2: "b"}
    titled = one(last="Lovelace, PhD", slug="")
    found = outcome(known(titled, former(other)), unlike, coverage=ERA_2018)
    assert found[1].startswith("doubt:")


# Rows that are equal in everything.


def test_two_rows_of_two_known_people_who_are_equal_in_everything() -> None:
    found = match.match_rows(known(PLAIN, PLAIN, BOB), numbered([PLAIN, BOB, PLAIN]), ERA_2018)
    assert told(found) in ({1: "a", 2: "c", 3: "b"}, {1: "b", 2: "c", 3: "a"})
    assert (found.duplicates, found.known, found.new) == (0, (), ())


def test_a_row_of_namesakes_too_many_is_a_duplicate() -> None:
    found = match.match_rows(known(PLAIN, PLAIN), numbered([PLAIN] * 3), ERA_2018)
    assert (len(found.equal), found.duplicates, found.new) == (2, 1, ())


def test_a_row_too_few_decides_nothing() -> None:
    assert outcome(known(PLAIN, PLAIN), PLAIN, coverage=ERA_2018) == {1: "doubt:a,b"}


def test_equal_rows_of_two_who_left_bring_them_back_if_they_say_more_than_a_name() -> None:
    two = former(PLAIN), former(PLAIN)
    found = match.match_rows(known(*two), numbered([PLAIN, PLAIN]), ERA_2018)
    assert (len(found.equal), found.duplicates) == (2, 0)
    names = numbered([bare(), bare()])
    found = match.match_rows(known(former(bare()), former(bare())), names, OUTLOOK)
    assert (len(found.new), found.duplicates) == (1, 1)
    assert [doubt.candidates for doubt in found.doubts] == [("a", "b")]
    found = match.match_rows(known(bare(), bare()), names, OUTLOOK)
    assert (len(found.equal), found.duplicates) == (2, 0)


@pytest.mark.parametrize("row", [PLAIN, ADA])
def test_equal_rows_of_nobody_known_are_one_person(row: Person) -> None:
    found = match.match_rows(known(BOB), numbered([row, row, BOB]), LINKEDIN)
    assert (len(found.new), found.duplicates, len(found.equal)) == (1, 1, 1)


# From one era to the next.


def test_the_first_list_with_addresses() -> None:
    rows = ADA, one("Bob", "Gray", "bob", "2023-05-05", company="New", position="New")
    assert outcome(known(PLAIN, BOB._replace(url="")), *rows) == {1: "a", 2: "b"}


@pytest.mark.parametrize(
    "row",
    [
        one(last="King", day="2024-01-02", email="ada@example.com", company="", position=""),
        one(last="King", day="2023-12-31"),
        one(last="Lovelace, PhD", day="2024-01-02", company="Looms", position="Boss"),
        one(last="King", slug="old", day="2024-01-02", company="", position=""),
    ],
)
def test_a_date_that_is_off_by_one_in_the_month_of_another_change(row: Person) -> None:
    ada = former(one(slug="", email="ada@example.com"), "old")
    assert outcome(known(ada), row, near_days=True) == {1: "a"}
    assert outcome(known(ada), row) != {1: "a"}


def returned(day: str, *people: Person | Contact, once_near: bool = True) -> dict[int, str]:
    """What becomes of an Ada of that day whose row has an address."""
    row = numbered([one(day=day, company="New", position="New")])
    return told(match.match_rows(known(*people), row, LINKEDIN, once_near=once_near))


def test_back_after_the_era_that_wrote_times_with_a_date_that_is_off_by_one() -> None:
    assert returned("2024-01-02", former(PLAIN)) == {1: "a"}
    assert returned("2024-01-03", former(PLAIN)) == {1: "new"}
    assert returned("2024-01-02", former(PLAIN), once_near=False) == {1: "new"}


def test_exact_dates_of_those_who_are_there_or_had_an_address_stay_exact() -> None:
    assert returned("2024-01-02", PLAIN) == {1: "new"}
    assert returned("2024-01-02", former(one(slug="x"))) == {1: "new"}
    exact = former(one(slug="", day="2024-01-02"))
    assert returned("2024-01-02", former(PLAIN), exact) == {1: "b"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_time(day: str) -> None:
    row = one(slug="", day=day)
    assert outcome(known(row, BOB), one(slug="", day=day, company="x"), near_days=True) == {1: "a"}


# Lists of names alone.


def bare(
    company: str = "", position: str = "", *, last: str = "Lovelace", email: str = ""
) -> Person:
    """An Ada as a list without date and address knows her."""
    return one(last=last, slug="", day="", company=company, position=position, email=email)


def test_a_name_alone_is_the_only_one_who_is_there() -> None:
    """Else it would be someone new every month, beside a namesake who left."""
    roster = known(bare(), former(bare("Looms", "Boss")))
    assert outcome(roster, bare(), coverage=OUTLOOK) == {1: "a"}
    assert outcome(roster, bare(), bare("Looms"), coverage=OUTLOOK)[1] != "a"


def test_a_name_of_someone_there_is_enough_whatever_the_work() -> None:
    assert outcome(known(bare("Kilns", "Smith")), bare("Looms", "Boss"), coverage=OUTLOOK) == {
        1: "a"
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (bare("Looms", "Boss"), "doubt:a"),
        (bare("Looms", "Reckoner"), "a"),
        (bare("Engines", "Boss"), "a"),
        (bare(), "a"),
    ],
)
def test_a_name_of_someone_who_left_needs_more_unless_nothing_is_told(
    row: Person, expected: str
) -> None:
    assert outcome(known(former(ADA)), row, coverage=OUTLOOK) == {1: expected}


def test_someone_who_left_and_was_never_more_than_a_name() -> None:
    """A newcomer of that name, years later, is as likely a namesake."""
    assert outcome(known(former(bare())), ADA) == {1: "doubt:a"}
    assert outcome(known(bare()), ADA) == {1: "a"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (bare("Looms", "Boss", last="Lovelace, PhD", email="ada@example.com"), "a"),
        (bare("Engines", "Boss", last="King", email="ada@example.com"), "a"),
        (bare("Looms", "Boss", last="King", email="ada@example.com"), "doubt:a"),
        (bare("Engines", "Boss", last="Lovelace, PhD"), "a"),
        (bare("Looms", "Boss", last="Lovelace, PhD"), "new"),
        (bare("Engines", "Boss", last="King"), "new"),
    ],
)
def test_another_name_in_a_list_of_names(row: Person, expected: str) -> None:
    ada = bare("Engines", "Reckoner", email="ada@example.com")
    assert outcome(known(ada, BOB), row, coverage=OUTLOOK) == {1: expected}


def test_an_email_taken_by_someone_else_in_a_list_of_names() -> None:
    ada = bare("Engines", "Reckoner", email="office@example.com")
    eve = one("Eve", "Moth", "", "", "office@example.com")
    assert outcome(known(ada), eve, coverage=OUTLOOK) == {1: "doubt:a"}
