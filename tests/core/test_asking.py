from __future__ import annotations

import pytest

from li_vault.core import asking
from li_vault.core.asking import BadQuery, Part
from li_vault.core.model import Contact, Person
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
        (["Zürich", "engineer"], (Part("", "zurich"), Part("", "engineer"))),
        (["zürich engineer"], (Part("", "zurich"), Part("", "engineer"))),
        (['"head  of"'], (Part("", "head of"),)),
        (['a "head of" b'], (Part("", "a"), Part("", "head of"), Part("", "b"))),
        (["company:Quo"], (Part("company", "quo"),)),
        (["COMPANY:Quo", "x"], (Part("company", "quo"), Part("", "x"))),
        (['company:"Big Co" x'], (Part("company", "big co"), Part("", "x"))),
        (["company:Big Co"], (Part("company", "big co"),)),
        (["org:x", "title:y", "emails:z"],
         (Part("company", "x"), Part("position", "y"), Part("email", "z"))),
        (["https://www.linkedin.com/in/ada"], (Part("", "https://www.linkedin.com/in/ada"),)),
        (["10:30"], (Part("", "10:30"),)),
        (['"foo:bar"'], (Part("", "foo:bar"),)),
        (["name:a company:b"], (Part("name", "a"), Part("company", "b"))),
        (["company: quo"], (Part("company", "quo"),)),
        (["x company:Big Co"], (Part("", "x"), Part("company", "big"), Part("", "co"))),
    ],
)  # fmt: skip
def test_what_is_asked(arguments: list[str], parts: tuple[Part, ...]) -> None:
    assert asking.parsed(arguments) == parts


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
        asking.parsed([argument])
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
    assert asking.fitting(BOTH, asking.parsed([argument])) == found
