from __future__ import annotations

from collections.abc import Sequence

import pytest

import people
from li_vault.core import best_known, search
from li_vault.core.best_known import CardState, DatedValue
from li_vault.core.model import Contact, Person

ADA = Person("Ada", "Lovelace", emails=("ada@example.com",), company="Engines")


def contact(person: Person, *own: str, **changes: object) -> Contact:
    return people.contact(person, own=own)._replace(**changes)  # type: ignore[arg-type]


def sights(*states: tuple[Contact, str, str]) -> list[CardState]:
    """One card's states: what it said, the day it began to, and the last list under it."""
    before: list[Contact | None] = [None, *(state for state, *_ in states)]
    return [CardState(old, *new) for old, new in zip(before, states, strict=False)]


def test_of_each_field_the_newest_value_that_is_not_empty() -> None:
    first = contact(ADA._replace(position="Poet"))
    second = contact(ADA._replace(emails=(), company="Ockham", position="Analyst"))
    third = contact(ADA._replace(emails=(), company="", position=""))
    found = best_known.best_known_of(
        sights(
            (first, "2024-01-20", "2024-02-20"),
            (second, "2024-03-20", "2024-04-20"),
            (third, "2024-05-20", "2024-09-20"),
        ),
        third,
    )
    assert found.fields == {
        "name": DatedValue("Ada Lovelace", "2024-09-20", "2024-01-20"),
        "first_name": DatedValue("Ada", "2024-09-20", "2024-01-20"),
        "last_name": DatedValue("Lovelace", "2024-09-20", "2024-01-20"),
        "company": DatedValue("Ockham", "2024-04-20", "2024-03-20"),
        "position": DatedValue("Analyst", "2024-04-20", "2024-03-20"),
    }
    assert found.emails == (DatedValue("ada@example.com", "2024-02-20", "2024-01-20"),)
    assert found.phones == ()


def test_what_the_card_says_now_is_best_whatever_came_between() -> None:
    """A value that came back the same day is the newest, though another was there meanwhile."""
    one, other = contact(ADA), contact(ADA._replace(company="Ockham"))
    days = ("2024-01-20", "2024-01-20")
    found = best_known.best_known_of(sights((one, *days), (other, *days), (one, *days)), one)
    assert found.fields["company"].value == "Engines"
    found = best_known.best_known_of(sights((one, *days), (other, *days)), other)
    assert found.fields["company"].value == "Ockham"


def test_all_addresses_the_last_seen_first_and_each_once() -> None:
    one = contact(ADA._replace(emails=("a@example.com", "b@example.com")), "EMAIL:c@example.com")
    other = contact(ADA._replace(emails=("B@Example.com",)))
    found = best_known.best_known_of(
        sights((one, "2024-01-20", "2024-02-20"), (other, "2024-03-20", "2024-03-20")), other
    )
    assert found.emails == (
        DatedValue("B@Example.com", "2024-03-20", "2024-01-20"),
        DatedValue("a@example.com", "2024-02-20", "2024-01-20"),
        DatedValue("c@example.com", "2024-02-20", "2024-01-20"),
    )


def test_moving_to_former_is_no_sight_of_anything() -> None:
    here = contact(ADA)
    gone = here._replace(path=here.path.replace("contacts", "former"))
    found = best_known.best_known_of(
        sights((here, "2024-01-20", "2024-02-20"), (gone, "2024-03-20", "")), gone
    )
    assert found.fields["company"] == DatedValue("Engines", "2024-02-20", "2024-01-20")


def test_what_is_written_on_a_card_by_hand_is_seen_that_day() -> None:
    here = contact(ADA)
    gone = here._replace(path=here.path.replace("contacts", "former"))
    phone = gone._replace(own=("TEL:+1 2",))
    found = best_known.best_known_of(
        sights(
            (here, "2024-01-20", "2024-02-20"),
            (gone, "2024-03-20", ""),
            (phone, "2024-04-20", ""),
        ),
        phone,
    )
    assert found.phones == (DatedValue("+1 2", "2024-04-20", "2024-04-20"),)
    assert found.emails == (DatedValue("ada@example.com", "2024-02-20", "2024-01-20"),)


def test_a_withdrawn_address_that_is_written_back_is_seen_again() -> None:
    here = contact(ADA)
    bare = contact(ADA._replace(emails=()), path="former/ada.vcf")
    again = bare._replace(own=("EMAIL:ada@example.com",))
    found = best_known.best_known_of(
        sights(
            (here, "2024-01-20", "2024-02-20"),
            (bare, "2024-03-20", ""),
            (again, "2024-06-20", ""),
        ),
        again,
    )
    assert found.emails == (DatedValue("ada@example.com", "2024-06-20", "2024-01-20"),)


def test_columns_and_what_the_user_wrote_in_a_form_of_their_own() -> None:
    one = contact(ADA._replace(company="", extra=(("Tags", "old"),)), "ORG:A;B;C", "TITLE:Boss")
    two = contact(ADA._replace(company="", extra=(("Followed", "yes"),)))
    found = best_known.best_known_of(
        sights((one, "2024-01-20", "2024-01-20"), (two, "2024-02-20", "2024-02-20")), two
    )
    assert found.fields["company"] == DatedValue("A", "2024-01-20", "2024-01-20")
    assert found.fields["position"] == DatedValue("Boss", "2024-01-20", "2024-01-20")
    assert found.extra == {
        "Followed": DatedValue("yes", "2024-02-20", "2024-02-20"),
        "Tags": DatedValue("old", "2024-01-20", "2024-01-20"),
    }


@pytest.mark.parametrize("states", [[], sights((contact(Person("Someone")), "2024-01-20", ""))])
def test_what_the_history_lacks_is_known_all_the_same(states: Sequence[CardState]) -> None:
    found = best_known.best_known_of(states, contact(ADA))
    assert found.fields["company"] == DatedValue("Engines", "")
    assert found.emails == (DatedValue("ada@example.com", ""),)


def test_gaps_are_filled_and_nothing_is_replaced() -> None:
    then = contact(
        ADA._replace(position="Poet", phones=("+1",), connected_on="2020-01-01", url="u",
                     extra=(("Tags", "x"),)),
    )  # fmt: skip
    now = contact(Person("Ada", "King", company="Ockham", extra=(("Tags", "y"),)), "TEL:+2")
    found = best_known.best_known_of(
        sights((then, "2024-01-20", "2024-01-20"), (now, "2024-02-20", "2024-02-20")), now
    )
    filled = best_known.fill_in(now, found)
    assert filled == now._replace(
        shown=Person(
            "Ada", "King", "u", ("ada@example.com",), (), "Ockham", "Poet", "2020-01-01",
            extra=(("Tags", "y"),),
        ),
        own=("TEL:+2", "TEL:+1"),
    )  # fmt: skip
    assert search.all_phones(filled) == ["+2", "+1"], "what is no longer said comes last"


def test_everything_that_was_ever_known_with_its_days() -> None:
    one = contact(ADA._replace(extra=(("company", "a column of that name"),)))
    two = contact(ADA._replace(company="Ockham"))
    days = (("2024-01-20", "2024-02-20"), ("2024-03-20", "2024-03-20"), ("2024-04-20", ""))
    states = [(state, *when) for state, when in zip((one, two, one), days, strict=True)]
    known = best_known.values_by_field(best_known.all_values(sights(*states), one))
    # It stood there twice: first seen, last seen, and newest because it is so now.
    assert known["company"] == (
        DatedValue("Engines", "2024-04-20", "2024-01-20"),
        DatedValue("Ockham", "2024-03-20", "2024-03-20"),
    )
    assert [seen.value for seen in known["company (column)"]] == ["a column of that name"]
