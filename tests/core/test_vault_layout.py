from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given

import people
from li_vault.core import vault_layout
from li_vault.core.vault_layout import Marker


def test_the_marker() -> None:
    assert vault_layout.marker_bytes() == (
        b"# Marks this folder as a vault of LinkedIn contacts; README.md tells more.\nformat = 1\n"
    )
    assert vault_layout.marker_bytes('Ada "A" \\ Ł').decode().splitlines()[1:] == [
        "format = 1",
        'owner = "Ada \\"A\\" \\\\ Ł"',
    ]


@given(people.texts)
def test_the_marker_is_toml_and_is_read_again(owner: str) -> None:
    data = vault_layout.marker_bytes(owner)
    assert tomllib.loads(data.decode())["format"] == 1
    assert vault_layout.read_marker(data) == Marker(1, owner)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"format", b"format = 'one'", b"format = true", b"format = 1\nowner = 3"],
)
def test_what_is_no_marker(data: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        vault_layout.read_marker(data)


def test_a_newer_marker_is_read() -> None:
    """What it means is for the vault to say."""
    assert vault_layout.read_marker(b"format = 2\nnew = []\n") == Marker(2)


def test_the_fixed_files() -> None:
    files = vault_layout.fixed_files()
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
    assert vault_layout.is_card(path) == is_card


def test_a_card_has_a_twin_place() -> None:
    name = people.PATH.partition("/")[2]
    assert vault_layout.possible_paths(people.contact()) == (f"contacts/{name}", f"former/{name}")
