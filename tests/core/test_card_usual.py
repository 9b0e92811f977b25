from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core import card
from li_vault.core.model import Contact, Person
from people import contact

PLAIN = Person("Ada", "Lovelace", "https://www.linkedin.com/in/ada", ("a@x",), (), "Quov", "Poet")


@pytest.mark.parametrize(
    "person",
    [
        PLAIN,
        PLAIN._replace(emails=(), company="", position="", url=""),
        PLAIN._replace(last_name="Lovelace, PhD; \\ n", company="Engines, Ltd."),
        PLAIN._replace(connected_on="2024-01-01", position="x" * 100, last_name="云" * 50),
        PLAIN._replace(last_name=""),
    ],
)
def test_the_usual_card_is_read(person: Person) -> None:
    one = contact(person)
    found = card.read_usual(card.write_card(one), one.path)
    if "\\" in person.last_name:
        assert found is None  # a semicolon within a part is not usual
    else:
        assert found == one


@pytest.mark.parametrize(
    "unusual",
    [
        contact(PLAIN._replace(emails=("a@x", "b@x"))),
        contact(PLAIN._replace(phones=("+44",))),
        contact(PLAIN._replace(extra=(("Tags", "x"),))),
        contact(PLAIN._replace(full_name="Countess")),
        contact(PLAIN, own=("NOTE:x",)),
        contact(PLAIN, same_as=("u f",)),
        contact(PLAIN, shown=PLAIN._replace(company="Zanth")),
    ],
)
def test_what_is_not_usual_is_left_to_others(unusual: Contact) -> None:
    assert card.read_usual(card.write_card(unusual), unusual.path) is None


def test_any_card_is_read_and_a_broken_one_is_nobody() -> None:
    for one in (contact(PLAIN), contact(PLAIN, own=("NOTE:x",))):
        assert card.read_contact(card.write_card(one), one.path) == one
    assert card.read_contact(b"nonsense", "contacts/x.vcf") is None
    assert card.read_contact(b"\xff", "contacts/x.vcf") is None


@given(people.contacts())
def test_it_never_says_anything_else_than_the_reader_of_all_cards(one: Contact) -> None:
    data = card.write_card(one)
    assert card.read_usual(data, one.path) in (None, card.read_card(data, one.path).contact)


@given(people.contacts(), st.data())
def test_nor_of_a_spoilt_card(one: Contact, draw: st.DataObject) -> None:
    data = bytearray(card.write_card(one))
    for _ in range(draw.draw(st.integers(1, 3))):
        place = draw.draw(st.integers(0, len(data) - 1))
        data[place : place + draw.draw(st.integers(0, 3))] = draw.draw(
            st.sampled_from([b"", b"\r\n", b"\n", b";", b"\\", b" ", b"\xff", b"\x01", b"X:"])
        )
    found = card.read_usual(bytes(data), one.path)
    if found is not None:
        assert found == card.read_card(bytes(data), one.path).contact
