"""Readers that are not ours make the same of every file: ical.js, vobject, Papa Parse, csv."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

import clients
import outside
from exports import KNOWN, SOMEONE
from li_vault.formats import writers
from li_vault.formats.linkedin import connections
from li_vault.formats.vcard import reader
from network import Network
from outside import Call

Card = dict[str, list[Any]]


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    network = Network(seed=97, people=300)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    network.advance(pace=3)
    typed = b"NOTE:met in Turin\\, twice\\nover tea\r\nBDAY:1980-01-02\r\nEND:"
    card = min((vault_dir / "contacts").iterdir())
    card.write_bytes(card.read_bytes().replace(b"END:", typed))
    call("snapshot", outside.write(home, network), "--vault", vault_dir)
    assert outside.cards(vault_dir, "former")
    return vault_dir


def by_name(jcard: list[Any]) -> Card:
    """The values of a card by property, as ical.js tells them."""
    found: Card = {}
    for name, _, _, *values in jcard[1]:
        found.setdefault(name, []).extend(values)
    return found


def is_same(card: Card, person: dict[str, Any]) -> None:
    """See that a card says of a person what li-vault says."""
    assert card["fn"] == [person["name"]]
    assert card["n"][0][:2] == [person["last_name"] or "", person["first_name"] or ""]
    organisation = [person["company"]] if person["company"] else []
    assert card.get("org", []) == organisation
    assert card.get("title", []) == ([person["position"]] if person["position"] else [])
    assert card.get("email", []) == person["emails"]
    assert card.get("url", []) == [person["profile_url"]]
    assert card["x-li-connected-on"] == [person["connected_on"]]


def people(call: Call, vault: Path, *args: str) -> dict[str, dict[str, Any]]:
    found = outside.one_object(call("find", *args, "--json", "--vault", vault))["people"]
    return {person["uid"]: person for person in found}


def test_thunderbirds_reader_reads_every_card_of_a_vault(call: Call, vault: Path) -> None:
    for folder, option in (("contacts", ()), ("former", ("--former",))):
        paths = sorted((vault / folder).iterdir())
        known = people(call, vault, *option)
        for path, (jcard,) in zip(paths, clients.read_elsewhere("ical.js", *paths), strict=True):
            card = by_name(jcard)
            assert card["version"] == ["3.0"]
            person = known.pop(card["uid"][0])
            assert person["path"] == f"{folder}/{path.name}"
            is_same(card, person)
            assert reader.vobject_objection(path.read_bytes()) == ""  # and so does vobject
        assert not known


@pytest.mark.parametrize("version", writers.VCARDS)
def test_thunderbirds_reader_reads_every_card_that_is_exported(
    version: str, call: Call, vault: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.vcf"
    call("export", "vcf", "--vcard", version, "-o", out, "--vault", vault)
    (jcards,) = clients.read_elsewhere("ical.js", out)
    known = people(call, vault)
    notes = []
    for card in map(by_name, jcards):
        assert card["version"] == [version]
        (uid,) = card["x-li-uid"]
        assert card["uid"] == [uid if version == "3.0" else f"urn:uuid:{uid}"]
        is_same(card, known.pop(uid))
        notes += card.get("note", [])
        if "note" in card:
            assert card["bday"] == ["1980-01-02"]  # jCard's form of either
    assert not known
    assert notes == ["met in Turin, twice\nover tea"]


@pytest.mark.parametrize("version", writers.VCARDS)
def test_someone_with_everything_is_whole_elsewhere(version: str, tmp_path: Path) -> None:
    out = tmp_path / "out.vcf"
    out.write_bytes(writers.write_contacts("vcf", [SOMEONE, KNOWN], version).data)
    ((first, second),) = clients.read_elsewhere("ical.js", out)
    card = by_name(first)
    shown = SOMEONE.shown
    assert card["fn"] == [f"{shown.first_name} {shown.last_name}"]
    assert card["n"][0][:2] == [shown.last_name, shown.first_name]
    assert (card["org"], card["title"]) == ([shown.company], [shown.position])
    assert card["email"] == list(shown.emails)
    assert card["url"] == [shown.url]
    more = by_name(second)
    (note,) = more["note"]
    # Of 3.0, ical.js leaves the backslash that RFC 2426 demands there.
    assert note.replace("\\;", ";") == "Met in Turin\nover , and ; tea"
    assert ("\\" in note) is (version == "3.0")
    assert more["categories"] == ["friends", "chess"]
    if version == "4.0":
        assert more["photo"] == ["data:image/jpeg;base64,/9j/4AAQ"]
        kinds = [params.get("type") for name, params, *_ in second[1] if name == "tel"]
        assert kinds == ["cell"]


@pytest.mark.parametrize("name", ["google-csv", "outlook-csv", "linkedin-csv"])
def test_another_reader_of_csv_agrees_with_pythons(
    name: str, call: Call, vault: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.csv"
    call("export", name, "-o", whole, "--vault", vault)
    some = tmp_path / "some.csv"
    some.write_bytes(writers.write_contacts(name, [SOMEONE, KNOWN]).data)
    for path in (whole, some):
        table = path.read_bytes().decode().removeprefix(connections.NOTES)
        path.write_text(table, encoding="utf-8", newline="")
        (found,) = clients.read_elsewhere("papaparse", path)
        assert found == list(csv.DictReader(io.StringIO(table, newline="")))
        assert len(found) in (2, len(outside.cards(vault)))
