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


def _cards(vault: Path) -> str:
    return git(vault, "grep", "-h", ".", "main", "--", "contacts", "former").replace("\r", "")


def _three(vault: Path) -> tuple[str, str, str]:
    """The file names of one present and of two former contacts."""
    one, other = sorted((vault / "former").glob("*.vcf"))[:2]
    return max((vault / "contacts").glob("*.vcf")).name, one.name, other.name


@pytest.fixture
def grown(call: Call, two: Machines) -> Machines:
    """Both have March, so that two people are former."""
    for vault in (two.a, two.b):
        take(call, vault, two.months[3])
    assert len(list((two.b / "former").glob("*.vcf"))) >= 2
    return two


@pytest.mark.parametrize("committed", [False, True])
def test_a_note_on_whom_the_other_machine_took_in_is_kept(
    committed: bool, call: Call, grown: Machines
) -> None:
    present, former, _ = _three(grown.a)
    _mend(call, grown.a, "same", (present, former))
    machines.add_line(grown.b / "former" / former, "NOTE:Written on B")
    machines.add_line(grown.b / "contacts" / present, "NOTE:And on the other")
    if committed:
        git(grown.b, "commit", "-qam", "Noted")
    found = machines.sync(call, grown.b)
    assert (found["lost"], found["conflicts"]) == ([], [])
    assert found["edits"] == 2
    whole = _cards(grown.b)
    assert whole.count("NOTE:Written on B") == whole.count("NOTE:And on the other") == 1
    assert tip(grown.b) == tip(grown.bare)
    is_whole(grown.b)


def test_both_made_the_same_third_one_with_somebody(call: Call, grown: Machines) -> None:
    """A says that one is three, B that three is two: then all three are one."""
    present, one, other = _three(grown.a)
    _mend(call, grown.a, "same", (present, one))
    machines.add_line(grown.b / "former" / other, "NOTE:Written on B")
    call("same", one, other, "--no-push", "--vault", grown.b)
    found = machines.sync(call, grown.b)
    assert (found["lost"], found["mended"]) == ([], 1)
    whole = _cards(grown.b)
    assert whole.count("NOTE:Written on B") == 1
    assert len({_uid(call, grown.b, file) for file in (present, one, other)}) == 1
    is_whole(grown.b)


def test_one_can_not_be_two_people_of_the_newest_list(call: Call, grown: Machines) -> None:
    """Each machine made somebody former one with another one who is listed."""
    present, former, _ = _three(grown.a)
    another = min((grown.b / "contacts").glob("*.vcf")).name
    _mend(call, grown.a, "same", (present, former))
    call("same", another, former, "--no-push", "--vault", grown.b)
    found = machines.sync(call, grown.b)
    assert found["mended"] == 0
    assert ["newest list" in one["reason"] for one in found["lost"]] == [True]
    assert {path.name for path in (grown.b / "contacts").glob("*.vcf")} >= {another}
    assert _uid(call, grown.b, another) != _uid(call, grown.b, present)
    is_whole(grown.b)
    assert call("sync", "--vault", grown.b).out == "origin: up to date\n"


def _uid(call: Call, vault: Path, file: str) -> str:
    found = outside.one_object(call("show", file, "--json", "--vault", vault))
    return str(found["person"]["uid"])


@pytest.mark.parametrize("renamed", [False, True])
def test_a_card_that_was_taken_away_by_a_commit_is_put_back_and_told(
    renamed: bool, call: Call, grown: Machines
) -> None:
    present, _, _ = _three(grown.a)
    machines.add_line(grown.a / "contacts" / present, "NOTE:Written on A")
    take(call, grown.a, grown.months[3])
    if renamed:
        git(grown.b, "mv", f"contacts/{present}", "contacts/renamed.vcf")
    else:
        git(grown.b, "rm", "-q", f"contacts/{present}")
    git(grown.b, "commit", "-qm", "Gone")
    found = machines.sync(call, grown.b)
    assert found["put_back"] == [f"contacts/{present}"]
    assert "NOTE:Written on A" in (grown.b / "contacts" / present).read_text("utf-8")
    assert not (grown.b / "contacts" / "renamed.vcf").exists()
    is_whole(grown.b)
