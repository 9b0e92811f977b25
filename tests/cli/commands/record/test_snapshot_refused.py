"""Everything that is refused: its exit status, its words, its hint, and that nothing changed."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

import outside
from isolation import Run
from network import Network
from outside import Call, git

SOMEONE = "Profile.csv"


class Bad(NamedTuple):
    """A bad export: its file's name and bytes, and what must be said of it."""

    name: str
    data: bytes
    status: int
    words: str
    rule: str = ""


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _exports() -> dict[str, Bad]:
    network = Network(seed=5, people=80)
    network.advance()
    whole, archive = network.connections(), network.archive()
    head = whole[: whole.index(b"Connected On") + len(b"Connected On")]
    rows = whole[len(head) :].split(b"\n")[1:]
    open_quote = whole[: -len(rows[-1])] + b'"Ada,' + rows[-1]
    cut_off = whole[: len(head) + 300].rpartition(b",")[0]
    half = b"\n".join([head, *rows[::2]])
    google = (
        b"Name,Given Name,Family Name,Group Membership,E-mail 1 - Value\n"  # of before 2024
        b"Ada Lovelace,Ada,Lovelace,* myContacts,ada@example.com\n"
    )
    without = {name: data for name, data in network.members().items() if name != "Connections.csv"}
    older = Network(seed=5, people=80, day=date(2026, 9, 1))
    stranger = Network(seed=99, people=104, day=date(2026, 11, 20))
    del stranger.people[:24]  # those whom every network begins with
    owner = b"First Name,Last Name\nSomebody,Else\n"
    return {
        "empty file": Bad("Connections.csv", b"", 3, "empty"),
        "only blanks": Bad("Connections.csv", b"\n \n\n", 3, ""),
        "header only": Bad("Connections.csv", head, 4, "nobody|no person", "empty"),
        "header and newline": Bad("Connections.csv", head + b"\n", 4, "", "empty"),
        "nameless only": Bad("Connections.csv", head + b"\n,,,,,,03 Mar 2021", 4, "", "empty"),
        "html": Bad("Connections.csv", b"<!DOCTYPE html><html>Sign in</html>", 3, "web page"),
        "google": Bad("contacts.csv", google, 3, "Google"),
        "another csv": Bad("other.csv", b"Name,Department,Phone\nx,y,1\n", 3, "'Department'"),
        "binary": Bad("Connections.csv", bytes(range(256)) * 40, 3, ""),
        "an image": Bad("Connections.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), 3, ""),
        "unclosed quote": Bad("Connections.csv", open_quote, 3, "quotation mark"),
        "cut off": Bad("Connections.csv", cut_off, 3, "cut|end|middle"),
        "truncated zip": Bad("x.zip", archive[: len(archive) // 2], 3, "zip|archive"),
        "damaged zip": Bad("x.zip", archive[:200] + bytes(400) + archive[600:], 3, ""),
        "no connections": Bad(network.archive_name, _zip(without), 3, "Connections.csv"),
        "empty zip": Bad("x.zip", _zip({}), 3, ""),
        "bomb": Bad("x.zip", _zip({"Connections.csv": bytes(600 << 20)}), 3, "times its size"),
        "in the future": Bad("Basic_LinkedInDataExport_11-20-2031.zip", archive, 2, "2031-11-20"),
        "older": Bad(older.archive_name, older.archive(), 4, "2026-10-20", "older"),
        "half is missing": Bad("Connections.csv", half, 4, "former/", "gone"),
        "someone else's people": Bad(
            stranger.archive_name, stranger.archive({"Connections.csv": stranger.connections()}),
            4, "known", "stranger",
        ),
        "another owner": Bad(
            network.archive_name, network.archive({**network.members(), SOMEONE: owner}),
            4, "owner", "stranger",
        ),
    }  # fmt: skip


BAD = _exports()


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    network = Network(seed=5, people=80)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.mark.parametrize("name", BAD)
def test_a_bad_export_changes_nothing(name: str, call: Call, vault: Path, tmp_path: Path) -> None:
    bad = BAD[name]
    path = tmp_path / bad.name
    path.write_bytes(bad.data)
    os.utime(path, (1795176000, 1795176000))
    before = outside.state(vault)
    said = call("snapshot", path, "--vault", vault, "--json", status=None)
    outside.is_refused(said, bad.status, bad.rule, bad.words)
    told = call("snapshot", path, "--vault", vault, status=bad.status)
    assert told.out == ""
    assert told.err.startswith("Error: ")
    assert "What to do: " in told.err
    if bad.rule and bad.rule != "older":
        assert f"--allow {bad.rule}" in told.err
        assert f"`{bad.rule}`" in told.err
    assert outside.state(vault) == before
    if bad.rule not in {"gone", "stranger", "older"}:
        new = tmp_path / "new" / "vault"
        call("snapshot", path, "--init", "--vault", new, status=bad.status)
        assert not new.exists() or bad.rule == "empty"
        assert not (new / "contacts").exists()


@pytest.mark.parametrize("rule", ["gone", "stranger"])
def test_a_guard_gives_way_when_told(rule: str, call: Call, vault: Path, tmp_path: Path) -> None:
    bad = BAD["half is missing" if rule == "gone" else "someone else's people"]
    path = tmp_path / bad.name
    path.write_bytes(bad.data)
    allowed = ["--allow", rule] + (["--allow", "gone"] if rule == "stranger" else [])
    if rule == "stranger":
        call("snapshot", path, "--vault", vault, "--allow", rule, status=4)
    said = call("snapshot", path, "--vault", vault, *allowed, "--taken-on", "2026-11-20", "--json")
    assert outside.one_object(said)["gone"] > 10
    assert git(vault, "fsck", "--full", "--strict", "--no-progress") == ""


def test_the_older_one_can_not_be_allowed(call: Call, vault: Path, tmp_path: Path) -> None:
    path = tmp_path / BAD["older"].name
    path.write_bytes(BAD["older"].data)
    said = call("snapshot", path, "--allow", "older", "--vault", vault, status=2)
    assert "one call" in said.err


@pytest.mark.parametrize(
    ("cell", "words"),
    [(b"the day after", "day"), (b"32 Jan 2024", "day"), (b"1 Jan 1999", "2003")],
)
def test_a_row_with_no_day_is_skipped_counted_and_told(
    cell: bytes, words: str, call: Call, vault_dir: Path, tmp_path: Path
) -> None:
    network = Network(seed=5, people=30)
    path = tmp_path / "Connections.csv"
    odd = b"\nAda,Example,https://www.linkedin.com/in/ada-example,,Engines,Poet," + cell
    path.write_bytes(network.connections() + odd)
    said = call("snapshot", path, "--init", "--vault", vault_dir, "--json")
    found = outside.one_object(said)
    total = sum(found[k] for k in ("contacts", "nameless", "duplicates", "unmatched"))
    assert found["rows"] == total + len(found["skipped"]) == len(network.rows()) + 1
    (skip,) = found["skipped"]
    assert words in skip["reason"]
    assert skip["row"] == len(network.rows()) + 1
    assert "Li-Skipped: 1\n" in git(vault_dir, "log", "--format=%B")


def _folder(path: Path) -> None:
    path.mkdir()


def _missing(path: Path) -> None:
    pass


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _circle(path: Path) -> None:
    path.symlink_to(path)  # unreadable for everyone, root as well


@pytest.mark.parametrize("make", [_missing, _folder, _pipe, _circle])
def test_what_is_no_file(
    make: Callable[[Path], None], call: Call, vault: Path, tmp_path: Path
) -> None:
    path = tmp_path / "thing"
    make(path)
    before = outside.state(vault)
    outside.is_refused(
        call("snapshot", path, "--vault", vault, "--json", status=None), 3, "", "thing"
    )
    assert outside.state(vault) == before


def test_no_export_is_named(call: Call, vault: Path, home: Path) -> None:
    said = call("snapshot", "--vault", vault, status=2)
    assert "Downloads" in said.err
    outside.write(home / "Downloads", Network(seed=5, people=80))
    said = call("snapshot", "--vault", vault, "--json", status=2)
    assert "Basic_LinkedInDataExport_10-20-2026.zip" in said.out


def test_standard_input(run: Run, vault: Path) -> None:
    data = Network(seed=5, people=80).connections()
    said = run("snapshot", "-", "--vault", vault, "--taken-on", "2026-10-20", stdin=data)
    assert said.status == 0, said.err
    assert "already recorded" in said.out
    assert run("snapshot", "-", "-", "--vault", vault, stdin=data).status == 2
    assert run("snapshot", "-", "--vault", vault, stdin=b"").status == 3


HOSTILE = [
    ("../../etc", "passwd"),
    ("CON", ""),
    ("=cmd|' /C calc'!A0", "+1"),
    ("Line\nbreak", "END:VCARD\r\nBEGIN:VCARD"),
    ("-rf", "--help"),
    (".git", "config"),
    ("\x1b[31mred", "\u202egnp"),
    ("a" * 300, "b" * 300),
    ("%00", "NUL"),
    ("$(touch pwned)", "`id`"),
]


def test_hostile_names_are_only_names(
    call: Call, vault_dir: Path, tmp_path: Path, home: Path
) -> None:
    import csv

    path = tmp_path / "Connections.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On".split(",")
        )
        for number, (first, last) in enumerate(HOSTILE):
            url = f"https://www.linkedin.com/in/../../x{number}%2F..%2Fy"
            writer.writerow([first, last, url, "", first, last, "01 Jan 2024"])
    said = call("snapshot", path, "--init", "--vault", vault_dir, "--json")
    found = outside.one_object(said)
    assert found["added"] == len(HOSTILE)
    cards = outside.cards(vault_dir)
    assert len(cards) == len(HOSTILE)
    assert all(data.count(b"END:VCARD") - data.count(b":END:VCARD") <= 3 for data in cards.values())
    assert all(data.count(b"\r\nEND:VCARD\r\n") == 1 for data in cards.values())
    names = {outside.clean(f"{first} {last}") for first, last in HOSTILE}
    people = outside.one_object(call("find", "--json", "--vault", vault_dir))["people"]
    assert {person["name"] for person in people} == names
    assert "\x1b" not in call("find", "--vault", vault_dir).out
    assert not (home / "pwned").exists()
    assert git(vault_dir, "fsck", "--full", "--strict", "--no-progress") == ""
