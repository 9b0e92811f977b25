from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import people
from li_vault.core import fields
from li_vault.core.fields import CategorisedChange
from li_vault.core.model import Person

ADA = Person(
    "Ada", "Byron", "https://www.linkedin.com/in/ada", ("ada@example.com",),
    company="Quov", position="Poet",
)  # fmt: skip


def pieces(**changes: Any) -> list[CategorisedChange]:
    after = ADA._replace(**changes)
    return fields.categorise(ADA, after, fields.field_changes(ADA, after))


@pytest.mark.parametrize(
    ("changes", "piece"),
    [
        ({"company": "Zanth"}, ("moved company", "Quov", "Zanth")),
        ({"company": ""}, ("moved company", "Quov", "")),
        ({"company": "Zanth", "position": "Boss"}, ("moved company", "Poet, Quov", "Boss, Zanth")),
        ({"company": "", "position": ""}, ("moved company", "Poet, Quov", "")),
        ({"company": "", "position": "Boss"}, ("moved company", "Poet, Quov", "Boss (no company)")),
        ({"position": "Boss"}, ("new role", "Poet", "Boss (Quov)")),
        ({"position": ""}, ("new role", "Poet", "")),
        ({"last_name": "Lovelace"}, ("renamed", "Ada Byron", "Ada Lovelace")),
        ({"first_name": "", "last_name": "Ada Byron"}, ("renamed", "Byron, Ada", "Ada Byron, ")),
        ({"full_name": "Countess"}, ("renamed", "Ada Byron", "Countess")),
        ({"emails": ("a@b",)}, ("new address", "ada@example.com", "a@b")),
        ({"emails": ("ada@example.com", "a@b")}, ("new address", "", "a@b")),
        ({"emails": ()}, ("address withdrawn", "ada@example.com", "")),
        ({"emails": ("Ada@Example.COM", "a@b")}, ("new address", "", "a@b")),
        ({"emails": ("a@b", "ADA@example.com")}, ("new address", "", "a@b")),
        ({"url": "https://www.linkedin.com/in/b%C3%A9"}, ("new profile URL", "ada", "bé")),
        ({"url": ""}, ("new profile URL", "ada", "")),
        ({"phones": ("+44",)}, ("other changes", "", "phones: +44")),
        ({"connected_on": "2024-01-01"}, ("other changes", "", "connected on: 2024-01-01")),
        ({"extra": (("Tags", "x"), ("A", "y"))}, ("other changes", "", "A: y; Tags: x")),
    ],
)
def test_one_change(changes: dict[str, object], piece: tuple[str, str, str]) -> None:
    assert pieces(**changes) == [piece]


def test_a_position_without_a_company_is_not_taken_for_one() -> None:
    assert fields.describe_move("K1", "", "", "P1")[1:] == ("K1", "P1 (no company)")
    assert fields.describe_move("", "P1", "K1", "")[1:] == ("P1 (no company)", "K1")
    assert fields.describe_move("", "", "K1", "P1")[1:] == ("", "P1, K1")
    assert fields.describe_move("K1", "P1", "", "P1")[1:] == ("K1", "")


def test_no_change() -> None:
    assert pieces() == []


def test_several_changes_come_in_the_order_of_the_kinds() -> None:
    found = pieces(
        phones=("+44",), url="", emails=(), last_name="Lovelace", position="Boss", company="Zanth"
    )
    assert [piece.kind for piece in found] == [
        "moved company", "renamed", "address withdrawn", "new profile URL", "other changes"
    ]  # fmt: skip
    assert [piece.word for piece in found] == ["jobs", "names", "emails", "urls", "other"]


@given(people.persons(), people.persons())
def test_every_change_is_told(before: Person, after: Person) -> None:
    changes = fields.field_changes(before, after)
    found = fields.categorise(before, after, changes)
    assert {piece.word for piece in found} == {fields.category(change.field) for change in changes}
    assert [piece.kind for piece in found] == [
        kind for kind in fields.CHANGE_KINDS if kind in {piece.kind for piece in found}
    ]
