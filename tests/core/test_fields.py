from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core import fields
from li_vault.core.fields import Change
from li_vault.core.model import Person
from people import person

HUNDRED = "x" * 100


def test_facts_are_named_as_in_json() -> None:
    assert fields.contact_facts(
        person(emails=("a@x", "b@x"), full_name="F", extra=(("Tags", "t"),))
    ) == {
        "first_name": "Ada",
        "last_name": "Lovelace, PhD",
        "full_name": "F",
        "profile_url": people.ADA.url,
        "emails": "a@x, b@x",
        "phones": "+44 20 7946 0000",
        "company": 'Analytical "Engines", Ltd.',
        "position": "Mathematician",
        "connected_on": "2024-01-01",
        "Tags": "t",
    }
    assert fields.contact_facts(Person()) == {}


def test_a_column_with_the_name_of_a_field_hides_nothing() -> None:
    assert fields.contact_facts(Person(company="a", extra=(("company", "b"),))) == {
        "company": "a",
        "company (column)": "b",
    }


def test_changes_come_in_the_order_of_the_fields() -> None:
    before = person(extra=(("Zeta", "1"), ("__b", "1")))
    after = person(
        first_name="Augusta",
        url="",
        position="Boss",
        phones=(),
        extra=(("Alpha", "2"), ("__b", "2")),
    )
    assert fields.field_changes(before, after) == (
        Change("first_name", "Ada", "Augusta"),
        Change("profile_url", people.ADA.url, None),
        Change("phones", "+44 20 7946 0000", None),
        Change("position", "Mathematician", "Boss"),
        Change("Alpha", None, "2"),
        Change("Zeta", "1", None),
        Change("__b", "1", "2"),
    )
    assert fields.field_changes(before, before) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://de.linkedin.com/in/ADA-LOVELACE-1a2b3c/"},
        {"company": HUNDRED + "y"},
    ],
)
def test_what_is_no_change(changes: dict[str, object]) -> None:
    before, after = person(company=HUNDRED), person(**{"company": HUNDRED, **changes})
    for one, other in ((before, after), (after, before)):
        assert fields.field_changes(one, other) == ()
        assert not fields.facts_differ(one, other)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": people.ADA.url + "-x"},
        {"url": ""},
        {"company": ""},
        {"first_name": "ada"},
        {"emails": ()},
        {"extra": (("A", "1"),)},
    ],
)
def test_what_is_a_change(changes: dict[str, object]) -> None:
    assert fields.facts_differ(people.ADA, person(**changes))
    assert len(fields.field_changes(people.ADA, person(**changes))) == 1


@pytest.mark.parametrize(
    ("short", "long", "is_cut"),
    [
        (HUNDRED, HUNDRED + "y", True),
        (HUNDRED, HUNDRED, False),
        ("x" * 99, "x" * 100, False),
        ("x" * 99, "x" * 99 + " y", True),
        ("x" * 98, "x" * 98 + " y", False),
        ("x" * 101, "x" * 102, False),
        ("z" * 100, HUNDRED + "y", False),
        ("🚀" * 50, "🚀" * 51, True),
        ("🚀" * 49 + "xx", "🚀" * 49 + "xxx", True),
        ("é" * 100, "é" * 101, True),
        ("é" * 50, "é" * 51, False),
        ("", HUNDRED, False),
    ],
)
def test_where_linkedin_cuts(short: str, long: str, is_cut: bool) -> None:
    assert fields.is_cut(short, long) == is_cut


@given(people.persons(), people.persons())
def test_changes_are_just_what_differs(before: Person, after: Person) -> None:
    found = fields.field_changes(before, after)
    assert bool(found) == fields.facts_differ(before, after)
    old, new = fields.contact_facts(before), fields.contact_facts(after)
    assert all((old.get(c.field), new.get(c.field)) == (c.before, c.after) for c in found)
    assert {c.field for c in found} == fields.changed_fields(old, new)
    mirrored = fields.field_changes(after, before)
    assert {(c.field, c.after, c.before) for c in mirrored} == set(found)


@pytest.mark.parametrize(
    ("before", "after", "went", "came"),
    [
        ([], [], [], []),
        (["a@x"], [], ["a@x"], []),
        ([], ["a@x"], [], ["a@x"]),
        (["a@x"], ["b@x"], ["a@x"], ["b@x"]),
        (["a@x", "b@x"], ["b@x", "a@x"], [], []),
        (["a@x", "b@x"], ["b@x"], ["a@x"], []),
        (["a@x", "b@x"], ["c@x", "a@x", "d@x"], ["b@x"], ["c@x", "d@x"]),
    ],
)
def test_of_several_values_some_go_and_some_come(
    before: list[str], after: list[str], went: list[str], came: list[str]
) -> None:
    assert fields.exchanged_values(before, after) == (tuple(went), tuple(came))


several = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True)


@given(several, several)
def test_an_exchange_is_what_sets_differ_by(before: list[str], after: list[str]) -> None:
    went, came = fields.exchanged_values(before, after)
    assert set(went) == set(before) - set(after)
    assert set(came) == set(after) - set(before)
