"""Machines that recorded different months, and one month both, end with one history by `sync`."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

import machines
import outside
from machines import Machines, add_line, is_whole, sync, take, tip
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=23, people=60)


@pytest.fixture
def two(call: Call, tmp_path: Path, home: Path, network: Network) -> Machines:
    return machines.made(call, tmp_path, machines.four_months(home, network))


@pytest.fixture
def alone(call: Call, two: Machines, tmp_path: Path) -> Path:
    """A vault of one machine that recorded every month in its turn."""
    for month in two.months:
        take(call, tmp_path / "alone", month, "--init")
    return tmp_path / "alone"


def _original(archive: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
        (name,) = (one for one in opened.namelist() if one.endswith("Connections.csv"))
        return opened.read(name)


def _days(vault: Path) -> list[str]:
    """The days of the snapshots, oldest first."""
    messages = git(vault, "log", "--reverse", "--format=%B", "main")
    return re.findall(r"^Li-Taken-On: (\S+)$", messages, re.MULTILINE)


def _is_all(vault: Path, two: Machines, alone: Path, network: Network) -> None:
    """Every month is in the history, and everyone has the one UID and file of a single machine."""
    is_whole(vault)
    assert machines.originals(vault) == {_original(month) for month in two.months}
    for folder in ("contacts", "former"):
        assert outside.cards(vault, folder).keys() == outside.cards(alone, folder).keys()
    people = sorted(outside.known(network).values())
    shown = [outside.vcard(data) for data in outside.cards(vault).values()]
    told = sorted(
        (one.n.value.given, one.n.value.family, one.x_li_connected_on.value) for one in shown
    )
    assert told == sorted((one.first, one.last, one.connected_on) for one in people)


def _is_still(call: Call, vaults: list[Path]) -> None:
    """One more `sync` changes nothing anywhere."""
    before = tip(vaults[0])
    for vault in vaults:
        found: dict[str, Any] = sync(call, vault)
        assert found["remotes"]["origin"] == {"was": "same", "state": "up-to-date", "reason": None}
        assert (found["commit"], found["before"], found["taken_over"]) == (before, None, {})
        assert tip(vault) == before


@pytest.mark.parametrize("quicker", ["a", "b"])
def test_two_machines_with_one_month_on_both(
    quicker: str, call: Call, two: Machines, alone: Path, network: Network
) -> None:
    """February on A alone, March on B alone, April on both; whoever is slower does it again."""
    one, other = (two.a, two.b) if quicker == "a" else (two.b, two.a)
    own = {two.a: two.months[1], two.b: two.months[2]}
    for vault in (two.a, two.b):
        take(call, vault, own[vault], "--no-push")
        take(call, vault, two.months[3], "--no-push")
    assert tip(two.a) != tip(two.b)
    call("push", "--vault", one)
    found = sync(call, other)
    assert (found["shared"], found["again"], len(found["replayed"])) == (1, 1, 1)
    assert (found["lost"], found["conflicts"], found["files"]) == ([], [], [])
    sync(call, one)
    assert tip(one) == tip(other) == tip(two.bare)
    for vault in (one, other):
        _is_all(vault, two, alone, network)
        call("verify", "--vault", vault)
    assert _days(one)[-1] == max(_days(alone))
    assert set(_days(one)) == set(_days(alone))
    assert len(_days(one)) == 5  # April once more upon the month that came late
    _is_still(call, [one, other])


def test_three_machines_in_turn(
    call: Call, two: Machines, alone: Path, network: Network, tmp_path: Path
) -> None:
    """A: February, April. B: March, April. C: February and March. Each has noted something."""
    third = tmp_path / "third"
    call("restore", two.bare, third)
    three = [two.a, two.b, third]
    own = {two.a: (1, 3), two.b: (2, 3), third: (1, 2)}
    names = sorted(outside.cards(two.a).keys() & outside.cards(alone).keys())
    for number, vault in enumerate(three):
        add_line(vault / "contacts" / names[0], f"NOTE:On the same card by {vault.name}")
        add_line(vault / "contacts" / names[number + 1], f"NOTE:By {vault.name} alone")
        for month in own[vault]:
            take(call, vault, two.months[month], "--no-push")
    for vault in (*three, *three):
        found = sync(call, vault)
        assert (found["lost"], found["conflicts"]) == ([], [])
        assert found["remotes"]["origin"]["state"] in {"pushed", "up-to-date"}
    assert {tip(vault) for vault in three} == {tip(two.bare)}
    for vault in three:
        _is_all(vault, two, alone, network)
        cards = outside.cards(vault)
        for number, by in enumerate(three):
            assert f"NOTE:On the same card by {by.name}".encode() in cards[names[0]]
            assert f"NOTE:By {by.name} alone".encode() in cards[names[number + 1]]
    assert _days(third)[-1] == max(_days(alone))
    call("verify", "--vault", third)
    _is_still(call, three)


def test_killed_in_the_middle_and_done_again(
    call: Call, two: Machines, alone: Path, network: Network
) -> None:
    """Killed four times in a row, each a little later, and then left to end."""
    for vault, own in ((two.a, two.months[1]), (two.b, two.months[2])):
        take(call, vault, own, "--no-push")
        take(call, vault, two.months[3], "--no-push")
    card = min((two.b / "contacts").iterdir())
    add_line(card, "NOTE:Not committed")
    call("push", "--vault", two.a)
    for number in (25, 40, 60, 75):
        assert machines.killed(["sync", "--vault", str(two.b)], number) == number
        assert "NOTE:Not committed" in card.read_text("utf-8")
    found = sync(call, two.b)
    assert found["lost"] == []
    assert tip(two.b) == tip(two.bare)
    assert "NOTE:Not committed" in git(two.b, "show", f"main:contacts/{card.name}")
    _is_all(two.b, two, alone, network)
    sync(call, two.a)
    _is_still(call, [two.a, two.b])
