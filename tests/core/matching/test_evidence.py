"""The weaker keys of `identity.match`: what people share when name, date and profile do not fit."""

from __future__ import annotations

import pytest

from li_vault.core.model import Person
from matching import ADA, BOB, former, known, one, outcome
from people import OUTLOOK

# Rule 3: a former slug with name or date.


def test_a_former_slug_decides() -> None:
    ada = former(one(slug="ada-2"), "ada")
    assert outcome(known(ada), one(last="King", position="x")) == {1: "a"}
    assert outcome(known(ada), one(day="2010-01-01", position="x")) == {1: "a"}


def test_a_former_slug_with_another_name_and_date_contradicts() -> None:
    ada = former(one(slug="ada-2"), "ada")
    assert outcome(known(ada), one("Eve", "Moth", "ada", "2026-01-01")) == {1: "doubt:a"}


def test_a_former_slug_of_two_decides_nothing() -> None:
    ada, eve = former(one(slug="ada-2"), "ada"), former(one("Ada", "X", "ada-3"), "ada")
    assert outcome(known(ada, eve), one(first="A.", last="Z")) == {1: "doubt:a,b"}


# Rule 4: e-mail with name or date.


def test_an_email_decides() -> None:
    ada = one(email="Ada@Example.com")
    assert outcome(known(ada), one(last="King", slug="x", email="ada@example.com")) == {1: "a"}
    row = one(slug="x", day="2020-01-01", email="ada@example.com")
    assert outcome(known(ada), row) == {1: "a"}


def test_an_email_with_another_name_and_date_contradicts() -> None:
    ada = one(email="office@example.com")
    row = one("Eve", "Moth", "eve", "2026-01-01", email="office@example.com")
    assert outcome(known(ada), row) == {1: "doubt:a"}


def test_an_email_of_two_decides_nothing() -> None:
    two = one(email="x@example.com"), one("Bob", "Gray", "bob", email="x@example.com")
    row = one("Eve", "Moth", "eve", email="x@example.com")
    assert outcome(known(*two), row) == {1: "doubt:a,b"}


def test_an_email_does_not_outweigh_name_and_date_of_two() -> None:
    """The row has the e-mail of one, but the name and date of others."""
    bob = one("Bob", "Gray", "bob", email="x@example.com")
    two = one(slug="ada-2", company="x"), one(slug="ada-3", company="y")
    row = one(slug="ada-9", email="x@example.com")
    assert outcome(known(bob, *two), row) == {1: "doubt:b,c"}


# Rule 5: the date, part of the name, company or position.


@pytest.mark.parametrize(
    "row",
    [
        one(last="King", slug="x", position="Countess"),
        one(last="King", slug="x", company="Else"),
        one(first="Augusta", slug="x", company=""),
    ],
)
def test_date_and_work_decide(row: Person) -> None:
    assert outcome(known(ADA, BOB), row, BOB) == {1: "a", 2: "b"}


@pytest.mark.parametrize(
    "row",
    [
        one("Eve", "Moth", "x"),
        one(last="King", slug="x", day="2024-01-02"),
        one(last="King", slug="x", company="E", position="R"),
        one(last="King", slug="x", company="", position=""),
    ],
)
def test_date_and_work_must_agree(row: Person) -> None:
    assert outcome(known(ADA), row) == {1: "new"}


def test_titles_and_particles_make_no_names_alike() -> None:
    ada, eve = one(last="de Sova, PhD"), one("Eve", "de Moth, PhD", "x")
    assert outcome(known(ada), eve) == {1: "new"}


def test_date_and_work_of_two_decide_nothing() -> None:
    two = one(), one(last="Byron", slug="ada-b")
    assert outcome(known(*two), one(last="King", slug="x")) == {1: "doubt:a,b"}
    rows = one(last="King", slug="x"), one(last="Noel", slug="y")
    assert outcome(known(ADA), *rows) == {1: "doubt:a", 2: "doubt:a"}


# Rule 6: a name alone, for lists that know no more.


def test_a_name_decides_for_a_list_of_names() -> None:
    row = one(slug="", day="", company="Else", position="")
    assert outcome(known(ADA, BOB), row, coverage=OUTLOOK) == {1: "a"}


def test_a_name_decides_for_contacts_of_a_list_of_names() -> None:
    bare = one(slug="", day="", company="Else")
    assert outcome(known(bare, BOB), ADA, BOB) == {1: "a", 2: "b"}


def test_a_name_of_two_contacts_decides_nothing() -> None:
    two = ADA, one(slug="ada-2", day="2020-01-01")
    row = one(slug="", day="", company="Else")
    assert outcome(known(*two), row, coverage=OUTLOOK) == {1: "doubt:a,b"}


def test_a_name_of_two_rows_decides_nothing() -> None:
    rows = one(slug="", day="", company="x"), one(slug="", day="", company="y")
    assert outcome(known(ADA), *rows, coverage=OUTLOOK) == {1: "doubt:a", 2: "doubt:a"}
    bare = one(slug="", day="", company="z")
    rows = ADA, one(slug="ada-2", day="2020-01-01")
    assert outcome(known(bare), *rows) == {1: "doubt:a", 2: "doubt:a"}


def test_a_name_must_be_unique_among_those_who_were_matched_too() -> None:
    two = one(email="a@example.com"), one(slug="ada-2", day="2020-01-01")
    rows = (
        one(slug="", day="", company="x", email="a@example.com"),
        one(slug="", day="", company="y"),
    )
    assert outcome(known(*two), *rows, coverage=OUTLOOK) == {1: "a", 2: "doubt:b"}


def test_a_name_alone_decides_nothing_where_both_sides_know_more() -> None:
    assert outcome(known(ADA), one(slug="ada-2", day="2020-01-01")) == {1: "new"}
