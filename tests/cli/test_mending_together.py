"""`same` and `apart` on two machines with one vault: fetched first, pushed last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import machines
import outside
from machines import Machines, is_whole, take, tip
from network import Network
from outside import Call, git


@pytest.fixture
def two(call: Call, tmp_path: Path, home: Path) -> Machines:
    return machines.made(call, tmp_path, machines.four_months(home, Network(seed=23, people=60)))


def _mend(
    call: Call, vault: Path, kind: str, words: tuple[str, str], *more: object, status: int = 0
) -> dict[str, Any]:
    said = call(kind, *words, "--json", "--vault", vault, *more, status=status)
    return outside.one_object(said)


def _both(vault: Path) -> tuple[str, str]:
    """The file names of someone former and someone present."""
    return (
        min((vault / "former").glob("*.vcf")).name,
        max((vault / "contacts").glob("*.vcf")).name,
    )


def test_it_is_decided_upon_what_the_other_machine_pushed(call: Call, two: Machines) -> None:
    """Nobody is in former/ on B before March, which A alone has recorded."""
    take(call, two.a, two.months[2])
    former, present = _both(two.a)
    assert not (two.b / "former" / former).exists()
    found = _mend(call, two.b, "same", (former, present))
    assert found["taken_over"] == {"origin": 1}
    assert found["remotes"]["origin"]["state"] == "pushed"
    assert git(two.b, "rev-parse", "main~1").strip() == tip(two.a)
    assert tip(two.b) == tip(two.bare) == found["commit"]
    is_whole(two.b)
    taken = _mend(call, two.a, "apart", (former, present))
    assert taken["taken_over"] == {"origin": 0}
    assert (taken["already"], taken["remotes"]["origin"]["state"]) == (False, "pushed")
    assert outside.cards(two.a, "former").keys() >= {former}
    said = call("same", former, present, "--vault", two.b).out
    assert "Took over what was done by hand from origin." in said
    is_whole(two.a)


def test_what_the_other_machine_has_mended_is_done_already(call: Call, two: Machines) -> None:
    for vault in (two.a, two.b):
        take(call, vault, two.months[2])
    words = _both(two.a)
    _mend(call, two.a, "same", words)
    found = _mend(call, two.b, "same", words)
    assert (found["already"], found["commit"], found["taken_over"]) == (True, None, {"origin": 0})
    assert found["remotes"]["origin"]["state"] == "up-to-date"
    assert tip(two.a) == tip(two.b)


def test_where_both_recorded_it_is_recorded_here_alone(call: Call, two: Machines) -> None:
    take(call, two.a, two.months[3])
    take(call, two.b, two.months[2], "--no-push")
    theirs = tip(two.bare)
    found = _mend(call, two.b, "same", _both(two.b), status=7)
    assert found["commit"] == tip(two.b) != theirs
    assert found["taken_over"] == {}
    assert found["remotes"]["origin"]["state"] == "refused"
    assert "li-vault sync origin" in found["remotes"]["origin"]["reason"]
    assert tip(two.bare) == theirs
    done = machines.sync(call, two.b)
    assert (done["mended"], done["lost"]) == (1, [])
    assert tip(two.b) == tip(two.bare)
    is_whole(two.b)


def test_offline_it_goes_on(call: Call, two: Machines, tmp_path: Path) -> None:
    take(call, two.b, two.months[2])
    two.bare.rename(tmp_path / "away")
    found = _mend(call, two.b, "same", _both(two.b), status=7)
    assert found["commit"] == tip(two.b)
    assert found["remotes"]["origin"]["state"] == "failed"
    (tmp_path / "away").rename(two.bare)
    call("push", "--vault", two.b)
    assert tip(two.bare) == tip(two.b)


@pytest.mark.parametrize("option", ["--no-push", "--dry-run"])
def test_what_is_not_to_be_pushed_is_not_fetched(call: Call, two: Machines, option: str) -> None:
    for vault in (two.a, two.b):
        take(call, vault, two.months[2])
    take(call, two.a, two.months[3])
    known = git(two.b, "rev-parse", "origin/main")
    found = _mend(call, two.b, "same", _both(two.b), option)
    assert (found["taken_over"], found["remotes"]) == ({}, {})
    assert git(two.b, "rev-parse", "origin/main") == known
