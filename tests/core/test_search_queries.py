from __future__ import annotations

import pytest

from li_vault.core import search
from li_vault.core.model import Contact, Person
from li_vault.core.search import BadQuery, QueryPart
from people import UID


def known(*own: str, **facts: object) -> Contact:
    """Someone in a vault, with lines of the user's own."""
    one = Person("Łucja", "Example", "https://www.linkedin.com/in/%C5%82ucja-x")._replace(**facts)  # type: ignore[arg-type]
    return Contact(UID, "contacts/a.vcf", one, one, (), own)


ONE = known(
    "NOTE:Met in Köln",
    "CATEGORIES:Friends",
    "ORG:Own Works;Attic",
    emails=("head@quov.example",),
    position="Head of Tides",
    connected_on="2024-01-31",
)
TWO = known(company="Quov & Sons", position="Of the head", phones=("+44 20",))._replace(
    former_urls=("https://www.linkedin.com/in/two-old",)
)
BOTH = [ONE, TWO]


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ([], ()),
        (["", "  "], ()),
        (["Zürich", "engineer"], (QueryPart("", "zurich"), QueryPart("", "engineer"))),
        (["zürich engineer"], (QueryPart("", "zurich"), QueryPart("", "engineer"))),
        (['"head  of"'], (QueryPart("", "head of"),)),
        (['a "head of" b'], (QueryPart("", "a"), QueryPart("", "head of"), QueryPart("", "b"))),
        (["company:Quo"], (QueryPart("company", "quo"),)),
        (["COMPANY:Quo", "x"], (QueryPart("company", "quo"), QueryPart("", "x"))),
        (['company:"Big Co" x'], (QueryPart("company", "big co"), QueryPart("", "x"))),
        (["company:Big Co"], (QueryPart("company", "big co"),)),
        (
            ["org:x", "title:y", "emails:z"],
            (QueryPart("company", "x"), QueryPart("position", "y"), QueryPart("email", "z")),
        ),
        (["https://www.linkedin.com/in/ada"], (QueryPart("", "https://www.linkedin.com/in/ada"),)),
        (["10:30"], (QueryPart("", "10:30"),)),
        (['"foo:bar"'], (QueryPart("", "foo:bar"),)),
        (["name:a company:b"], (QueryPart("name", "a"), QueryPart("company", "b"))),
        (["company: quo"], (QueryPart("company", "quo"),)),
        (
            ["x company:Big Co"],
            (QueryPart("", "x"), QueryPart("company", "big"), QueryPart("", "co")),
        ),
    ],
)
def test_what_is_asked(arguments: list[str], parts: tuple[QueryPart, ...]) -> None:
    assert search.parse_query(arguments) == parts


@pytest.mark.parametrize(
    ("argument", "said", "hint"),
    [
        ("employer:x", "no field 'employer'", "company"),
        ("employer:Big Co", "no field 'employer'", "company"),
        ('"head of', "no end", '"'),
        ('company:"head of', "no end", '"'),
        ("company:", "Nothing follows company:", "company:word"),
        ('company:""', "Nothing follows company:", "company:word"),
    ],
)
def test_what_can_not_be_understood(argument: str, said: str, hint: str) -> None:
    with pytest.raises(BadQuery, match=said) as caught:
        search.parse_query([argument])
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("argument", "found"),
    [
        ("", BOTH),
        ("head", BOTH),
        ('"head of"', [ONE]),
        ('"lucja example"', BOTH),
        ("position:head", BOTH),
        ('position:"head of"', [ONE]),
        ("email:head", [ONE]),
        ("company:quov", [TWO]),
        ("quov", BOTH),
        ("company:own", [ONE]),
        ("company:attic", [ONE]),
        ("name:łucja", BOTH),
        ("name:lucja position:tides", [ONE]),
        ("name:head", []),
        ("phone:+44", [TWO]),
        ("url:ucja-x", BOTH),
        ("url:two-old", [TWO]),
        ("connected:2024-01", [ONE]),
        ("note:koln", [ONE]),
        ("koln friends", [ONE]),
        ("tag:friend", [ONE]),
        (f"uid:{UID[:8]}", BOTH),
        # A phrase stands within one field.
        ('"example quov"', []),
        ("koln quov&", []),
    ],
)
def test_who_fits(argument: str, found: list[Contact]) -> None:
    assert search.filter_by_query(BOTH, search.parse_query([argument])) == found
