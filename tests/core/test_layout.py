from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given

import people
from li_vault.core import layout
from li_vault.core.layout import Marker


def test_the_marker() -> None:
    assert layout.marker() == (
        b"# Marks this folder as a vault of LinkedIn contacts; README.md tells more.\nformat = 1\n"
    )
    assert layout.marker('Ada "A" \\ Ł').decode().splitlines()[1:] == [
        "format = 1",
        'owner = "Ada \\"A\\" \\\\ Ł"',
    ]


@given(people.texts)
def test_the_marker_is_toml_and_is_read_again(owner: str) -> None:
    data = layout.marker(owner)
    assert tomllib.loads(data.decode())["format"] == 1
    assert layout.read_marker(data) == Marker(1, owner)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"format", b"format = 'one'", b"format = true", b"format = 1\nowner = 3"],
)
def test_what_is_no_marker(data: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        layout.read_marker(data)


def test_a_newer_marker_is_read() -> None:
    """What it means is for the vault to say."""
    assert layout.read_marker(b"format = 2\nnew = []\n") == Marker(2)


def test_the_fixed_files() -> None:
    files = layout.fixed_files()
    assert files[".gitattributes"] == b"* -text\n*.vcf whitespace=cr-at-eol\n"
    readme = files["README.md"].decode()
    for place in ("contacts/", "former/", "exports/", "vault.toml", "git clone -b main"):
        assert place in readme
    assert "\r" not in readme
    assert len(re.findall(r"^```", readme, re.MULTILINE)) % 2 == 0


@pytest.mark.parametrize(
    ("path", "is_card"),
    [
        ("contacts/a.vcf", True),
        ("former/a.VCF", True),
        ("contacts/a.txt", False),
        ("contacts/sub/a.vcf", False),
        ("exports/a.vcf", False),
        ("a.vcf", False),
        ("contacts", False),
    ],
)
def test_is_card(path: str, is_card: bool) -> None:
    assert layout.is_card(path) == is_card


def test_a_card_has_a_twin_place() -> None:
    name = people.PATH.partition("/")[2]
    assert layout.twin(people.contact()) == (f"contacts/{name}", f"former/{name}")
