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


COLUMNS = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Mobile Phone,"
    "E-mail Address"
)


def an_address_book(network: Network, people: int) -> bytes:
    """The first few of a network as Outlook has them, and two whom LinkedIn does not know."""
    known = []
    for number, one in enumerate(network.shown()[:people]):
        first, last, company = (
            part.replace('"', '""') for part in (one.facts.first, one.facts.last, one.facts.company)
        )
        more = f"+46 8 111 {number},{number}@home.example"
        known.append(f',"{first}",,"{last}",,"{company}",,,{more}\n')
    others = [
        f",{first},,Unheard,,,,,+46 8 112,{first}@home.example\n" for first in ("Pia", "Olle")
    ]
    return "".join((COLUMNS + "\n", *known, *others)).encode()


def test_what_an_address_book_adds_stays(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    before = outside.cards(vault_dir).keys()
    path = home / "people.csv"
    path.write_bytes(an_address_book(network, 10))
    args = ("snapshot", path, "--vault", vault_dir, "--taken-on", "2026-10-25", "--json")
    found = outside.one_object(call(*args))
    assert (found["rows"], found["contacts"], found["unmatched"]) == (12, 10, 2)
    assert (found["added"], found["changed"], found["gone"]) == (0, 10, 0)
    assert "Li-List" not in outside.trailers(git(vault_dir, "log", "-1", "--format=%B"))
    assert outside.cards(vault_dir).keys() == before
    wanted = {one.url: number for number, one in enumerate(network.shown()[:10])}
    for _ in range(3):
        network.advance(pace=0)
        found = outside.one_object(
            call("snapshot", outside.write(home, network), "--vault", vault_dir, "--json")
        )
        assert (found["changed"], found["added"], found["gone"]) == (0, 0, 0)
    people = outside.one_object(call("find", "--vault", vault_dir, "--json"))["people"]
    known = {one["profile_url"]: one for one in people}
    for url, number in wanted.items():
        assert f"+46 8 111 {number}" in known[url]["phones"]
        assert f"{number}@home.example" in known[url]["emails"]
    assert sum(bool(one["phones"]) for one in people) == len(wanted)


def test_an_address_book_as_everyone(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    path = home / "people.csv"
    path.write_bytes(an_address_book(network, 5))
    first = ("--init", "--vault", vault_dir, "--taken-on", "2026-10-01", "--json")
    found = outside.one_object(call("snapshot", path, *first))
    assert (found["added"], found["unmatched"]) == (7, 0)
    assert "Li-List" not in outside.trailers(git(vault_dir, "log", "-1", "--format=%B"))
    call("snapshot", outside.write(home, network), "--vault", vault_dir, "--allow", "gone",
         "--allow", "changed", "--allow", "stranger")  # fmt: skip
    path.write_bytes(an_address_book(network, 5) + b"\n")
    args = ("snapshot", path, "--vault", vault_dir, "--taken-on", "2026-11-25", "--json")
    call(*args, "--complete", status=4)
    found = outside.one_object(call(*args, "--complete", "--allow", "gone", "--allow", "changed"))
    assert (found["contacts"], found["unmatched"]) == (7, 0)
    assert len(outside.cards(vault_dir)) == 7
    said = outside.trailers(git(vault_dir, "log", "-1", "--format=%B"))
    assert said["Li-List"] == "full"


def test_an_address_book_and_a_list_of_one_day(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    path = home / "people.csv"
    path.write_bytes(an_address_book(network, 5))
    archive = outside.write(home, network)
    found = outside.one_object(
        call("snapshot", path, archive, "--init", "--vault", vault_dir, "--json",
             "--taken-on", "2026-10-20")
    )  # fmt: skip
    assert [one["source"] for one in found["snapshots"]] == [archive.name, path.name]
    assert [one["unmatched"] for one in found["snapshots"]] == [0, 2]
    assert found["passed_over"] == []


def test_a_partial_list_again_as_everyone(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    """The same bytes of the same day: what was partial can still be made everyone."""
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    head, rows = network.connections().split(b"Connected On\n")
    path = home / "Connections.csv"
    path.write_bytes(head + b"Connected On\n" + b"\n".join(rows.split(b"\n")[:-3]))
    args = ("snapshot", path, "--vault", vault_dir, "--taken-on", "2026-11-20", "--json")
    found = outside.one_object(call(*args, "--partial"))
    assert (found["gone"], found["unmatched"]) == (0, 0)
    assert outside.one_object(call(*args, "--partial"))["already_recorded"] is True
    found = outside.one_object(call(*args, "--complete", "--allow", "gone"))
    assert found["gone"] >= 1
    assert outside.one_object(call(*args))["already_recorded"] is True


def test_a_text_that_was_cut_is_no_change_when_it_is_longer(
    call: Call, vault_dir: Path, home: Path, network: Network
) -> None:
    whole = "Head of " + "very " * 30 + "long words"
    path = home / "Connections.csv"
    args = ("snapshot", path, "--vault", vault_dir, "--init", "--json", "--taken-on")
    someone = network.shown()[3]
    data = network.connections().decode()
    line = next(row for row in data.split("\n") if f"/{someone.url.rpartition('/')[2]}," in row)
    cells = [someone.facts.first, someone.facts.last, someone.url, "", "Zanth"]
    date = line.rpartition(",")[2]

    def put(position: str) -> None:
        row = ",".join([*cells, position, date])
        path.write_bytes(data.replace(line, row).encode())

    put(whole[:100].strip())
    call(*args, "2026-10-20")
    for day, position in (("2026-11-20", whole), ("2026-12-20", whole[:100].strip())):
        put(position)
        found = outside.one_object(call(*args, day))
        assert (found["changed"], found["added"], found["gone"]) == (0, 0, 0)
    shown = outside.one_object(call("show", someone.url, "--vault", vault_dir, "--json"))
    assert shown["person"]["position"] == whole
