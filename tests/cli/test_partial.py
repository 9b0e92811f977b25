"""Lists that are not everyone, and lists that lack a column."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=41, people=120)


def test_a_partial_list_moves_and_adds_nobody(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    network.people[0].facts = network.people[0].facts._replace(position="Abbot")
    newcomers = len(network.people)
    network.advance(pace=0)
    network._meet(network.day)
    head, *rows = network.connections().rsplit(b"Connected On\n", 1)
    some = b"".join(
        row + b"\n"
        for row in rows[0].split(b"\n")
        if row.startswith((b"Brilan", b"Dovena", network.people[newcomers].facts.first.encode()))
    )
    path = home / "Connections.csv"
    path.write_bytes(head + b"Connected On\n" + some)
    args = ("snapshot", path, "--vault", vault_dir, "--taken-on", "2026-11-20", "--json")
    call(*args, status=4)
    before = outside.cards(vault_dir).keys()
    found = outside.one_object(call(*args, "--partial"))
    assert (found["added"], found["changed"], found["gone"]) == (0, 1, 0)
    assert found["contacts"] + found["unmatched"] == found["rows"]
    assert found["unmatched"] >= 1
    assert outside.cards(vault_dir).keys() == before
    assert not (vault_dir / "former").exists()
    changed = git(vault_dir, "diff", "--name-only", "HEAD~1", "--", "contacts").split()
    assert len(changed) == 1


def test_a_column_that_is_not_there_empties_nothing(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    before = outside.cards(vault_dir)
    path = home / "Connections.csv"
    path.write_bytes(network.connections_2018())
    args = ("snapshot", path, "--vault", vault_dir, "--taken-on", "2026-11-20", "--json")
    found = outside.one_object(call(*args))
    assert found["kind"] == "linkedin-connections/2018"
    assert {k: found[k] for k in ("changed", "added", "gone")} == dict.fromkeys(
        ("changed", "added", "gone"), 0
    )
    assert outside.cards(vault_dir) == before
    network.advance()
    found = outside.one_object(
        call("snapshot", outside.write(home, network), "--vault", vault_dir, "--json",
             "--taken-on", "2026-12-20")
    )  # fmt: skip
    assert found["gone"] <= 3
    assert found["added"] <= 3


def test_a_column_that_appears_is_kept_and_is_no_alarm(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    path = home / "Connections.csv"
    path.write_bytes(network.connections_2018())
    call("snapshot", path, "--init", "--vault", vault_dir, "--taken-on", "2026-10-20")
    text = network.connections().decode()
    above, rows = text.split("Connected On\n", 1)
    lines = rows.split("\n")
    more = "\n".join(f"{line},{'Yes' if not line.startswith(',,') else ''}" for line in lines)
    path.write_text(above + "Connected On,Följer\n" + more, encoding="utf-8", newline="")
    args = ("snapshot", path, "--vault", vault_dir, "--taken-on", "2026-11-20", "--json")
    found = outside.one_object(call(*args))
    assert (found["added"], found["gone"]) == (0, 0)
    assert found["changed"] == found["contacts"]
    person = outside.one_object(call("show", "brilan", "--json", "--vault", vault_dir))["person"]
    assert person["extra"] == {"Följer": "Yes"}
    data = (vault_dir / person["path"]).read_bytes()
    assert outside.vcard(data).fn.value == person["name"]
    (line,) = [one for one in data.split(b"\r\n") if b":Yes" in one]
    assert line.startswith(b"X-LI-")
    assert "Följer".encode() in line
