"""Many exports in one call: one history in the order of their days, all of it or nothing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

import outside
from network import Network
from outside import Call, git

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
NAMES = ("Ada Example", "Berta Muster", "Carl Exempel", "Dora Sample", "Emil Esempio")


@pytest.fixture
def network() -> Network:
    return Network(seed=23, people=40)


@pytest.fixture
def archives(home: Path, network: Network) -> list[Path]:
    found = [outside.write(home / "exports", network)]
    for _ in range(5):
        network.advance()
        found.append(outside.write(home / "exports", network))
    return found


def a_list(people: int, *, position: str = "Weaver") -> bytes:
    rows = [
        f"{name.split()[0]},{name.split()[1]},https://www.linkedin.com/in/{name[:4].lower()},,"
        f"Zanth,{position},01 Jan 2020\n"
        for name in NAMES[:people]
    ]
    return (HEADER + "".join(rows)).encode()


def put(path: Path, data: bytes, day: str = "2026-10-20") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    moment = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    return path


def ids(vault: Path) -> list[str]:
    return git(vault, "rev-list", "HEAD").split()


@pytest.mark.parametrize("kept", [0, 50, 60_000])
def test_any_order_and_any_memory_give_the_same_history(
    call: Call,
    vault_dir: Path,
    tmp_path: Path,
    archives: list[Path],
    kept: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from li_vault.vault.plan import dated_exports

    for archive in archives:
        call("snapshot", archive, "--vault", vault_dir, "--init", "--allow", "gone")
    monkeypatch.setattr(dated_exports, "KEPT", kept)
    shuffled = list(archives)
    Random(kept).shuffle(shuffled)
    other = tmp_path / "other"
    found = outside.one_object(
        call("snapshot", *shuffled, "--vault", other, "--init", "--allow", "gone", "--json")
    )
    assert ids(other) == ids(vault_dir)
    assert [one["commit"] for one in found["snapshots"]] == ids(other)[::-1]
    assert [one["source"] for one in found["snapshots"]] == [path.name for path in archives]
    assert found["passed_over"] == []
    third = tmp_path / "third"
    folder = archives[0].parent
    call("snapshot", folder, "--vault", third, "--init", "--allow", "gone")
    assert ids(third) == ids(vault_dir)


def test_a_folder_again_records_nothing(call: Call, vault_dir: Path, archives: list[Path]) -> None:
    folder = archives[0].parent
    call("snapshot", folder, "--vault", vault_dir, "--init", "--allow", "gone")
    before = outside.state(vault_dir)
    found = outside.one_object(call("snapshot", folder, "--vault", vault_dir, "--json"))
    assert [one["already_recorded"] for one in found["snapshots"]] == [True] * len(archives)
    assert outside.state(vault_dir) == before


def test_one_refused_is_named_and_nothing_is_recorded(
    call: Call, vault_dir: Path, archives: list[Path], home: Path
) -> None:
    call("snapshot", archives[0], "--vault", vault_dir, "--init")
    before = outside.state(vault_dir)
    empty = put(home / "LinkedInDataExport_12-25-2026" / "Connections.csv", HEADER.encode())
    said = call(
        "snapshot", archives[2], empty, archives[1], "--vault", vault_dir, "--json",
        "--allow", "gone", status=4,
    )  # fmt: skip
    outside.is_refused(said, 4, "empty", "Connections.csv")
    broken = put(home / "exports" / "Connections (1).csv", b'First Name,Last Name\n"x')
    said = call("snapshot", broken.parent, "--vault", vault_dir, "--json", status=3)
    outside.is_refused(said, 3, "", "Connections (1).csv")
    assert outside.state(vault_dir) == before


def test_of_one_day_only_the_fuller_is_recorded(call: Call, vault_dir: Path, home: Path) -> None:
    basic = put(home / "a" / "Connections.csv", a_list(4))
    complete = put(home / "b" / "Connections (1).csv", a_list(5))
    found = outside.one_object(
        call("snapshot", basic, complete, "--vault", vault_dir, "--init", "--json")
    )
    assert [one["source"] for one in found["snapshots"]] == ["Connections (1).csv"]
    (passed,) = found["passed_over"]
    assert (passed["source"], passed["taken_on"]) == ("Connections.csv", "2026-10-20")
    assert "5 people instead of 4" in passed["reason"]
    assert len(ids(vault_dir)) == 1
    said = call("snapshot", basic, complete, "--vault", vault_dir).out
    assert "Connections.csv: passed over; Connections (1).csv was made on the same day" in said
    assert len(ids(vault_dir)) == 1


def test_of_one_day_and_as_many_people_the_order_given_does_not_matter(
    call: Call, vault_dir: Path, tmp_path: Path, home: Path
) -> None:
    one = put(home / "a" / "Connections.csv", a_list(4))
    other = put(home / "b" / "Connections.csv", a_list(4, position="Abbot"))
    call("snapshot", one, other, "--vault", vault_dir, "--init")
    call("snapshot", other, one, "--vault", tmp_path / "other", "--init")
    assert ids(vault_dir) == ids(tmp_path / "other")
    assert len(ids(vault_dir)) == 1


def test_the_same_bytes_twice_are_one_snapshot(call: Call, vault_dir: Path, home: Path) -> None:
    one = put(home / "a" / "Connections.csv", a_list(4))
    other = put(home / "b" / "Connections.csv", a_list(4))
    found = outside.one_object(
        call("snapshot", one, other, "--vault", vault_dir, "--init", "--json")
    )
    assert len(found["snapshots"]) == 2
    assert found["passed_over"] == []
    assert len(ids(vault_dir)) == 1


def test_partial_lists_of_one_day_are_all_recorded(call: Call, vault_dir: Path, home: Path) -> None:
    call("snapshot", put(home / "Connections.csv", a_list(5)), "--vault", vault_dir, "--init")
    one = put(home / "a" / "Connections.csv", a_list(1, position="Abbot"), "2026-11-20")
    rows = a_list(5, position="Prior").decode().splitlines(keepends=True)
    other = put(home / "b" / "Connections.csv", (rows[0] + rows[-1]).encode(), "2026-11-20")
    args = ("--vault", vault_dir, "--partial", "--json", "--allow", "changed")
    found = outside.one_object(call("snapshot", one, other, *args))
    assert [one["changed"] for one in found["snapshots"]] == [1, 1]
    assert len(outside.cards(vault_dir)) == 5


def test_a_folder_for_each_export(call: Call, vault_dir: Path, home: Path) -> None:
    for number in range(1, 6):
        put(home / "all" / f"{number}" / "Connections.csv", a_list(number), f"2026-0{number}-20")
    put(home / "all" / "photos" / "list.csv", b"not ours")
    found = outside.one_object(
        call("snapshot", home / "all", "--vault", vault_dir, "--init", "--json")
    )
    assert [one["contacts"] for one in found["snapshots"]] == [1, 2, 3, 4, 5]
    assert [one["source"] for one in found["snapshots"]] == list("12345")
    assert len(outside.cards(vault_dir)) == 5
