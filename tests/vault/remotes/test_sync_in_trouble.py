"""Two machines whose vaults are brought together while something goes wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import machines
import outside
from machines import Machines, add_line, is_whole, sync, take, tip
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=29, people=30)


@pytest.fixture
def two(call: Call, tmp_path: Path, home: Path, network: Network) -> Machines:
    return machines.made(call, tmp_path, machines.four_months(home, network))


def _parted(call: Call, two: Machines) -> None:
    """A has pushed April, B has March alone and a note."""
    take(call, two.a, two.months[3])
    card = sorted((two.b / "contacts").glob("*.vcf"))[4]
    add_line(card, "NOTE:Written on B")
    take(call, two.b, two.months[2], "--no-push")


def _copies(two: Machines, place: Path) -> tuple[Path, Path]:
    """B and the remote once more, so that something can be tried upon them."""
    shutil.rmtree(place, ignore_errors=True)
    b, bare = place / "b", place / "bare.git"
    shutil.copytree(two.b, b, symlinks=True)
    shutil.copytree(two.bare, bare, symlinks=True)
    git(b, "config", "remote.origin.url", str(bare))
    return b, bare


@pytest.mark.sweep
@pytest.mark.parametrize("parted", [True, False], ids=["replayed", "taken-over"])
def test_killed_at_any_step_it_is_finished_or_done_again(
    parted: bool, call: Call, two: Machines, tmp_path: Path
) -> None:
    if parted:
        _parted(call, two)
    else:
        take(call, two.a, two.months[1])
        take(call, two.a, two.months[3])
    old = tip(two.b)
    place = tmp_path / "place"
    b, bare = _copies(two, place)
    steps = machines.killed(["sync", "--vault", str(b)], 0)
    new = tip(b)
    assert new == tip(bare) != old
    assert steps > 20
    seen = set()
    for number in sorted({*range(steps // 3, steps, max(1, steps // 12)), steps - 3, steps}):
        b, bare = _copies(two, place)
        machines.killed(["sync", "--vault", str(b)], number)
        call("status", "--vault", b)
        assert tip(b) in {old, new}
        seen.add(tip(b))
        assert git(b, "status", "--porcelain") == ""
        sync(call, b)
        assert tip(b) == tip(bare) == new
        is_whole(b)
    assert seen == {old, new}


def test_a_snapshot_that_is_killed_while_it_takes_over_loses_no_edit(
    call: Call, two: Machines, tmp_path: Path
) -> None:
    for month in two.months[1:3]:
        take(call, two.a, month)
    came = git(two.a, "diff", "--name-only", "--diff-filter=M", "HEAD~2", "HEAD", "--", "contacts")
    add_line(two.b / came.split()[0], "NOTE:In the way")
    place = tmp_path / "place"
    b, bare = _copies(two, place)
    args = ["snapshot", str(two.months[3]), "--allow", "gone", "--vault", str(b)]
    steps = machines.killed(args, 0)
    new = tip(b)
    assert new == tip(bare)
    tips = set()
    for number in range(steps // 4, steps, max(1, steps // 9)):
        b, bare = _copies(two, place)
        machines.killed(args, number)
        call("status", "--vault", b)
        tips.add(tip(b))
        call(*args)
        assert tip(b) == tip(bare) == new
        assert "NOTE:In the way" in git(b, "grep", "-h", "NOTE:", "main", "--", "*.vcf")
        is_whole(b)
    assert len(tips) > 1


def test_hand_edits_outlive_what_comes_in(call: Call, two: Machines) -> None:
    take(call, two.a, two.months[1])
    take(call, two.a, two.months[3])
    changed = git(two.a, "diff", "--name-only", "--diff-filter=M", "HEAD~2", "HEAD", "--",
                  "contacts").split()  # fmt: skip
    same = sorted({one.name for one in (two.b / "contacts").iterdir()})
    quiet = next(name for name in same if f"contacts/{name}" not in changed)
    add_line(two.b / changed[0], "NOTE:In the way")
    add_line(two.b / "contacts" / quiet, "NOTE:Out of the way")
    git(two.b, "add", f"contacts/{quiet}")
    found = outside.one_object(call("push", "--vault", two.b, "--json"))
    assert found["taken_over"] == {"origin": 2}
    before = outside.cards(two.a)[Path(changed[0]).name].replace(b"END:VCARD\r\n", b"")
    now = (two.b / changed[0]).read_bytes()
    assert now.startswith(before)
    assert b"NOTE:In the way" in now
    assert b"NOTE:Out of the way" in (two.b / "contacts" / quiet).read_bytes()
    found = take(call, two.b, two.months[3])
    assert tip(two.b) == tip(two.bare)
    assert "NOTE:Out of the way" in git(two.b, "show", f"HEAD:contacts/{quiet}")
    is_whole(two.b)


def test_an_edit_out_of_the_way_stays_uncommitted(call: Call, two: Machines) -> None:
    take(call, two.a, two.months[1])
    came = git(two.a, "diff", "--name-only", "HEAD~1", "HEAD")
    quiet = next(one for one in sorted((two.b / "contacts").iterdir()) if one.name not in came)
    add_line(quiet, "NOTE:Mine")
    call("push", "--vault", two.b)
    assert tip(two.b) == tip(two.a)
    assert git(two.b, "status", "--porcelain") == f" M contacts/{quiet.name}\n"


def test_where_both_corrected_the_later_day_stands(call: Call, two: Machines) -> None:
    name = next(
        one.name
        for one in sorted((two.a / "contacts").iterdir())
        if b"\r\nTITLE:" in one.read_bytes()
    )
    _correct(two.a / "contacts" / name, b"TITLE:Later")
    _correct(two.b / "contacts" / name, b"TITLE:Earlier")
    add_line(two.b / "contacts" / name, "NOTE:Kept")
    git(two.a, "commit", "-qam", "On a day of its own")  # today, as git's clock has it
    call("push", "--vault", two.a)
    said = call("push", "--vault", two.b, status=7)
    assert "li-vault sync" in said.out
    found = sync(call, two.b)
    assert [tuple(one.values())[2:] for one in found["conflicts"]] == [
        ("position", "Later", "Earlier")
    ]
    assert found["edited"] == 1
    shown = outside.one_object(call("show", name, "--vault", two.b, "--json"))
    assert shown["person"]["position"] == "Later"
    card = (two.b / "contacts" / name).read_text("utf-8")
    assert "NOTE:Kept" in card
    assert "X-LI-EXPORT-TITLE:" in card
    assert tip(two.b) == tip(two.bare)
    is_whole(two.b)


def _correct(card: Path, title: bytes) -> None:
    lines = card.read_bytes().split(b"\r\n")
    card.write_bytes(b"\r\n".join(title if x.startswith(b"TITLE:") else x for x in lines))


def test_another_history_is_refused(call: Call, two: Machines, tmp_path: Path, home: Path) -> None:
    other = tmp_path / "other"
    strangers = outside.write(home / "other", Network(seed=5, people=12))
    take(call, other, strangers, "--init")
    call("remote", "add", "origin", two.bare, "--vault", other)
    before = tip(other)
    found = sync(call, other, status=5)["error"]
    assert "nothing in common" in found["message"]
    assert "li-vault restore" in found["hint"]
    found = take(call, other, strangers, status=7)
    assert "li-vault restore" in found["remotes"]["origin"]["reason"]
    assert tip(other) == before


def test_a_vault_that_was_only_begun_takes_all(call: Call, two: Machines, tmp_path: Path) -> None:
    third = tmp_path / "third"
    call("init", third)
    call("remote", "add", "origin", two.bare, "--vault", third)
    found = sync(call, third)
    assert found["remotes"]["origin"]["was"] == "behind"
    assert tip(third) == tip(two.bare)
    is_whole(third)


def test_a_remote_that_is_away_hinders_nothing(call: Call, two: Machines) -> None:
    two.bare.rename(two.bare.with_suffix(".away"))
    found = take(call, two.b, two.months[1], status=7)
    assert found["commit"] == tip(two.b)
    assert found["remotes"]["origin"]["state"] == "failed"
    assert sync(call, two.b, status=7)["remotes"]["origin"]["was"] is None
    call("sync", "nobody", "--vault", two.b, status=2)


def test_what_is_no_sound_vault_is_not_taken_over(
    call: Call, two: Machines, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", "-b", "main", str(two.bare), str(work))
    (work / "contacts" / "evil.vcf").symlink_to("/etc/passwd")
    git(work, "add", ".")
    git(work, "commit", "-qm", "A link")
    git(work, "push", "-q", "origin", "main")
    before = tip(two.b)
    assert "symbolic link" in sync(call, two.b, status=5)["error"]["message"]
    assert tip(two.b) == before
    found = take(call, two.b, two.months[1], status=7)
    assert found["commit"] == tip(two.b)
    assert "symbolic link" in found["remotes"]["origin"]["reason"]
    is_whole(two.b)


def test_each_machine_reaches_another_remote_alone(
    call: Call, two: Machines, tmp_path: Path
) -> None:
    """B has pushed to its own disk what A does not know: that copy is not stuck afterwards."""
    nas = tmp_path / "nas.git"
    call("remote", "add", "nas", nas, "--create", "--vault", two.b)
    take(call, two.a, two.months[3])
    git(two.b, "config", "remote.origin.url", str(tmp_path / "away.git"))
    found = take(call, two.b, two.months[2], status=7)
    assert found["remotes"]["nas"]["state"] == "pushed"
    git(two.b, "config", "remote.origin.url", str(two.bare))
    found = sync(call, two.b)
    assert {one["state"] for one in found["remotes"].values()} == {"pushed"}
    assert tip(nas) == tip(two.bare) == tip(two.b)
    assert len(git(two.b, "log", "-1", "--format=%P").split()) == 2
    sync(call, two.a)
    assert tip(two.a) == tip(two.b)
    for vault in (two.a, two.b):
        is_whole(vault)
        call("verify", "--vault", vault)
    found = sync(call, two.b)
    assert [one["was"] for one in found["remotes"].values()] == ["same", "same"]


def test_both_at_once_the_slower_one_does_it_again(
    call: Call, two: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from li_vault.store.write import commit

    _parted(call, two)
    third = tmp_path / "third"
    call("restore", two.bare, third)
    record = commit.record_commits

    def slower(*args: object, **more: object) -> list[str]:
        done = record(*args, **more)  # type: ignore[arg-type]
        if "upon" in more:
            add_line(min((third / "contacts").iterdir()), "NOTE:Quicker")
            git(third, "commit", "-qam", "Quicker")
            git(third, "push", "-q", "origin", "main")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(commit, "record_commits", slower)
        found = sync(call, two.b, status=7)
    assert found["remotes"]["origin"]["state"] == "refused"
    assert "li-vault sync origin" in found["remotes"]["origin"]["reason"]
    found = sync(call, two.b)
    assert tip(two.b) == tip(two.bare)
    whole = git(two.b, "grep", "-h", "NOTE:", "main", "--", "*.vcf")
    assert "Quicker" in whole
    assert "Written on B" in whole
    is_whole(two.b)
