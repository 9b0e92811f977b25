"""Two machines with one vault: fetched first, taken over, and brought together by `sync`."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

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


def _connections(archive: Path) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
        (name,) = (one for one in opened.namelist() if one.endswith("Connections.csv"))
        return opened.read(name)


class Parted(NamedTuple):
    """Both machines with histories that have parted, and what one machine alone would have.

    Attributes:
        two: Both; A has pushed, B has not.
        noted: Names of two cards on which was written: the first on both.
        mend: The trailer of a `same` that was done on B.
        alone: A vault that recorded every month.
    """

    two: Machines
    noted: list[str]
    mend: str
    alone: Path


@pytest.fixture
def parted(call: Call, two: Machines, tmp_path: Path) -> Parted:
    """A: January, February, April; B: January, February, March and a `same`; notes on both."""
    alone = tmp_path / "alone"
    for month in two.months:
        take(call, alone, month, "--init")
    noted = [name for name in outside.cards(two.a) if name in outside.cards(alone)][:2]
    for vault in (two.a, two.b):
        take(call, vault, two.months[1], "--no-push")
    assert tip(two.a) == tip(two.b)
    add_line(two.a / "contacts" / noted[0], "NOTE:Written on A")
    add_line(two.b / "contacts" / noted[0], "NOTE:Written on B")
    add_line(two.b / "contacts" / noted[1], "TEL;TYPE=CELL:+358 40 1234567")
    take(call, two.b, two.months[2], "--no-push")
    gone = min((two.b / "former").glob("*.vcf"))
    here = max((two.b / "contacts").glob("*.vcf"))
    call("same", here.name, gone.name, "--no-push", "--vault", two.b)
    mend = re.search(r"^Li-Same: .*$", git(two.b, "log", "-1", "--format=%B"), re.MULTILINE)
    assert mend is not None
    take(call, two.a, two.months[3])
    assert tip(two.bare) == tip(two.a)
    return Parted(two, noted, mend[0], alone)


def test_where_both_recorded_nothing_is_pushed(call: Call, parted: Parted) -> None:
    two = parted.two
    before = tip(two.bare)
    for found in (
        take(call, two.b, two.months[2], status=7),
        outside.one_object(call("push", "--vault", two.b, "--json", status=7)),
    ):
        assert found["remotes"]["origin"]["state"] == "refused"
        assert "li-vault sync origin" in found["remotes"]["origin"]["reason"]
        assert found["taken_over"] == {}
    assert tip(two.bare) == before


def test_a_dry_run_tells_what_sync_then_does(call: Call, parted: Parted) -> None:
    two = parted.two
    before = outside.state(two.b)
    told = sync(call, two.b, "--dry-run")
    assert "Would put on top" in call("sync", "--dry-run", "--vault", two.b).out
    after = outside.state(two.b)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert all(name.startswith((".git/objects/", ".git/refs/remotes/", ".git/logs/refs/remotes"))
               for name in changed)  # fmt: skip
    found = sync(call, two.b)
    for key in ("taken_over", "replayed", "shared", "again", "edits", "mended", "conflicts"):
        assert told[key] == found[key]
    assert told["remotes"]["origin"]["was"] == "diverged"


def test_two_machines_end_with_one_history(call: Call, parted: Parted) -> None:
    two = parted.two
    theirs, before = tip(two.bare), tip(two.b)
    found = sync(call, two.b)
    assert found["remotes"]["origin"] == {"was": "diverged", "state": "pushed", "reason": None}
    assert found["replayed"] == ["2026-12-20"]
    assert (found["edits"], found["mended"], found["again"]) == (2, 1, 1)
    assert (found["lost"], found["conflicts"]) == ([], [])
    assert found["before"] == before == git(two.b, "rev-parse", "refs/li-vault/before-sync").strip()
    assert tip(two.b) == tip(two.bare) == found["commit"]
    assert git(two.b, "merge-base", tip(two.b), theirs).strip() == theirs
    is_whole(two.b)
    assert machines.originals(two.b) == {_connections(month) for month in two.months}
    card = (two.b / "contacts" / parted.noted[0]).read_text("utf-8")
    assert "NOTE:Written on A" in card
    assert "NOTE:Written on B" in card
    assert "+358 40 1234567" in (two.b / "contacts" / parted.noted[1]).read_text("utf-8")
    assert parted.mend in git(two.b, "log", "--format=%B", "main")
    assert outside.cards(two.b).keys() == outside.cards(parted.alone).keys()
    former = outside.cards(parted.alone, "former").keys()
    assert len(former - outside.cards(two.b, "former").keys()) == 1  # whom `same` took in
    last = outside.trailers(git(two.b, "log", "-1", "--format=%B"))
    assert last["Li-Taken-On"] == "2027-01-20"


def test_the_other_machine_takes_it_over(
    call: Call, parted: Parted, network: Network, tmp_path: Path, home: Path
) -> None:
    two = parted.two
    sync(call, two.b)
    network.advance()
    found = take(call, two.a, outside.write(home, network))
    assert found["taken_over"] == {"origin": 2}
    assert found["remotes"]["origin"]["state"] == "pushed"
    said = call("sync", "--vault", two.b).out
    assert "Took over 1 snapshot from origin." in said
    assert "origin: up to date" in said
    assert tip(two.a) == tip(two.b) == tip(two.bare)
    for folder in ("contacts", "former"):
        assert outside.cards(two.a, folder) == outside.cards(two.b, folder)
    for vault in (two.a, two.b):
        is_whole(vault)
        call("verify", "--vault", vault)
    rebuilt = tmp_path / "rebuilt"
    call("rebuild", "--into", rebuilt, "--vault", two.b)
    assert outside.cards(rebuilt).keys() == outside.cards(two.b).keys()
    days = git(rebuilt, "log", "--format=%cs", "--grep=^Snapshot").split()
    assert days == sorted(days, reverse=True)
    assert len(days) == 5


def test_whom_both_met_under_two_addresses_has_the_remotes_uid(
    call: Call, tmp_path: Path, home: Path
) -> None:
    network = Network(seed=41, people=60)
    months = [outside.write(home, network)]
    met = max(network.advance().added)
    months.append(outside.write(home, network))
    network.advance()
    network.people[met].slug += "-since-april"
    months.append(outside.write(home, network))
    two = machines.made(call, tmp_path, months)
    take(call, two.b, months[1], "--no-push")
    (new,) = set(outside.cards(two.b)) - set(outside.cards(two.a))
    add_line(two.b / "contacts" / new, "NOTE:Met at the fair")
    take(call, two.a, months[2])
    assert new not in outside.cards(two.a)
    found = sync(call, two.b)
    assert found["edits"] == found["edited"] == 1
    assert outside.cards(two.b).keys() == outside.cards(two.a).keys()
    noted = git(two.b, "grep", "-l", "NOTE:Met at the fair", "main", "--", "contacts").split()
    assert len(noted) == 1
    is_whole(two.b)


def test_the_same_mend_on_both_is_done_once(call: Call, parted: Parted) -> None:
    two = parted.two
    sync(call, two.b)
    call("push", "--vault", two.a)
    cards = sorted((two.a / "contacts").glob("*.vcf"))
    gone = sorted((two.a / "former").glob("*.vcf"))
    assert gone
    add_line(two.b / "contacts" / cards[3].name, "NOTE:So that both part")
    for vault in (two.a, two.b):
        call("same", cards[0].name, gone[0].name, "--no-push", "--vault", vault)
    call("push", "--vault", two.a)
    found = sync(call, two.b)
    assert (found["mended"], found["lost"], found["edits"]) == (0, [], 1)
    assert git(two.b, "log", "--format=%s", "main").count("Mended by hand") == 2
    is_whole(two.b)
