"""Files beside the cards, changed on two machines: `sync` loses nothing of either, and tells."""

from __future__ import annotations

from pathlib import Path

import pytest

import machines
import outside
from machines import Machines, is_whole, sync, take, tip
from network import Network
from outside import Call, git

LINES = "".join(f"line {number}\n" for number in range(9))
Bytes = bytes | str | None


@pytest.fixture
def two(call: Call, tmp_path: Path, home: Path) -> Machines:
    return machines.made(call, tmp_path, machines.four_months(home, Network(seed=23, people=60)))


def _commit(vault: Path, path: str, data: Bytes) -> None:
    if data is None:
        (vault / path).unlink()
    else:
        (vault / path).write_bytes(data if isinstance(data, bytes) else data.encode())
    git(vault, "add", "-A", path)
    git(vault, "commit", "-qm", "By hand")


def _met(call: Call, two: Machines, path: str, base: Bytes, theirs: Bytes, ours: Bytes) -> object:
    """What `sync` on B says of a file, of which A has pushed one version and B has another."""
    if base is not None:
        _commit(two.a, path, base)
        call("push", "--vault", two.a)
        call("push", "--vault", two.b)
    _commit(two.a, path, theirs)
    call("push", "--vault", two.a)
    _commit(two.b, path, ours)
    take(call, two.b, two.months[1], "--no-push", "--allow", "stranger")
    found = sync(call, two.b)
    assert (found["lost"], found["conflicts"], found["kept"]) == ([], [], [])
    assert tip(two.b) == tip(two.bare)
    is_whole(two.b)
    sync(call, two.a)
    call("verify", "--vault", two.a)
    assert tip(two.a) == tip(two.b)
    return found["files"]


def _copy(two: Machines) -> Path:
    (copy,) = two.a.glob("*.conflict-*")
    return copy


def test_changes_at_different_places_become_one_text(call: Call, two: Machines) -> None:
    theirs, ours = LINES.replace("line 1", "A's"), LINES.replace("line 7", "B's")
    files = _met(call, two, "mine.txt", LINES, theirs, ours)
    assert files == [{"path": "mine.txt", "kept": "both", "copy": None}]
    assert (two.a / "mine.txt").read_text() == theirs.replace("line 7", "B's")


@pytest.mark.parametrize(
    ("base", "theirs", "ours"),
    [(LINES, LINES.replace("4", "A"), LINES.replace("4", "B")), (None, "A\n", "B\n"),
     (b"\0\1", b"\0A", b"\0B"), ("", b"\xff\xfeA", b"\xff\xfeB")],
    ids=["same-line", "both-new", "binary", "no-utf-8"],
)  # fmt: skip
def test_where_they_meet_both_files_are_there(
    base: Bytes, theirs: str | bytes, ours: str | bytes, call: Call, two: Machines
) -> None:
    files = _met(call, two, "mine.txt", base, theirs, ours)
    copy = _copy(two)
    assert files == [{"path": "mine.txt", "kept": "theirs", "copy": copy.name}]
    assert copy.name.startswith("mine.conflict-")
    assert copy.suffix == ".txt"
    for path, data in ((two.a / "mine.txt", theirs), (copy, ours)):
        assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize(
    ("theirs", "ours", "kept"), [("A\n", None, "theirs"), (None, "B\n", "ours")]
)
def test_what_one_took_away_and_the_other_changed_stays(
    theirs: Bytes, ours: Bytes, kept: str, call: Call, two: Machines
) -> None:
    files = _met(call, two, "mine.txt", LINES, theirs, ours)
    assert files == [{"path": "mine.txt", "kept": kept, "copy": None}]
    assert (two.a / "mine.txt").read_text() == (theirs or ours)


def test_what_one_side_changed_or_both_alike_is_no_meeting(call: Call, two: Machines) -> None:
    _commit(two.a, "same.txt", "One\n")
    _commit(two.b, "same.txt", "One\n")
    call("push", "--vault", two.a)
    _commit(two.b, "theirs.txt", "B's alone\n")
    assert sync(call, two.b)["files"] == []
    sync(call, two.a)
    assert _met(call, two, "mine.txt", LINES, LINES + "A\n", LINES + "A\n") == []
    assert (two.a / "theirs.txt").read_text() == "B's alone\n"
    assert (two.a / "mine.txt").read_text() == LINES + "A\n"


def test_several_commits_of_one_file_leave_one_copy(call: Call, two: Machines) -> None:
    _commit(two.b, "mine.txt", "B's first\n")
    take(call, two.b, two.months[1], "--no-push")
    _commit(two.a, "mine.txt", "A's\n")
    call("push", "--vault", two.a)
    _commit(two.b, "mine.txt", "B's last\n")
    found = sync(call, two.b)
    assert [one["kept"] for one in found["files"]] == ["theirs"]
    sync(call, two.a)
    assert _copy(two).read_text() == "B's last\n"
    assert (two.a / "mine.txt").read_text() == "A's\n"


def test_the_texts_of_the_vault_itself(call: Call, two: Machines) -> None:
    readme = (two.a / "README.md").read_text()
    _commit(two.a, "README.md", "Of A's\n" + readme)
    theirs = (two.a / "vault.toml").read_text() + "# A's\n"
    files = _met(call, two, "vault.toml", None, theirs, '# B\'s\nformat = 1\nowner = "B"\n')
    assert [one["kept"] for one in files] == ["theirs"]  # type: ignore[attr-defined]
    assert (two.a / "vault.toml").read_text() == theirs
    assert 'owner = "B"' in _copy(two).read_text()
    assert (two.a / "README.md").read_text() == "Of A's\n" + readme
    _commit(two.b, "vault.toml", "# B's\n" + theirs)
    _commit(two.b, "README.md", "Of A's\n" + readme + "Of B's\n")
    _commit(two.a, "README.md", "Of A's, too\n" + readme)
    call("push", "--vault", two.a)
    assert [one["kept"] for one in sync(call, two.b)["files"]] == ["both"]
    sync(call, two.a)
    assert (two.a / "vault.toml").read_text() == "# B's\n" + theirs
    assert (two.a / "README.md").read_text() == "Of A's, too\n" + readme + "Of B's\n"


def test_a_marker_of_which_no_vault_could_be_opened_is_not_taken(call: Call, two: Machines) -> None:
    """Each half is sound; together they name the owner twice."""
    marker = "\n".join(["format = 1", *(f"# {n}" for n in range(9)), ""])
    theirs = 'owner = "A"\n' + marker
    ours = marker + 'owner = "B"\n'
    files = _met(call, two, "vault.toml", marker, theirs, ours)
    assert [one["kept"] for one in files] == ["theirs"]  # type: ignore[attr-defined]
    assert (two.a / "vault.toml").read_text() == theirs
    assert _copy(two).read_text() == ours


def test_originals_and_attributes_stay_and_that_is_told(call: Call, two: Machines) -> None:
    before = (two.b / "exports" / "Connections.csv").read_bytes()
    _commit(two.b, "exports/Connections.csv", before + b"Evil,Row\n")
    _commit(two.b, ".gitattributes", "*.vcf text\n")
    _commit(two.b, "exports/2009.csv", "kept by hand\n")
    take(call, two.a, two.months[1])
    found = sync(call, two.b)
    assert sorted(one["path"] for one in found["lost"]) == [
        ".gitattributes", "exports/Connections.csv"
    ]  # fmt: skip
    assert (two.b / "exports" / "2009.csv").read_text() == "kept by hand\n"
    assert b"Evil" not in (two.b / "exports" / "Connections.csv").read_bytes()
    is_whole(two.b)
    call("restore", two.bare, two.b.with_name("again"))


def test_what_is_not_committed_stays_and_that_is_told(call: Call, two: Machines) -> None:
    readme = (two.a / "README.md").read_text()
    _commit(two.a, "README.md", "Of A's\n" + readme)
    _commit(two.a, "notes.txt", "A's\n")
    take(call, two.a, two.months[1])
    (two.b / "README.md").write_text(readme + "Of B's\n")
    (two.b / "notes.txt").write_text("B's\n")
    found = sync(call, two.b)
    assert found["taken_over"] == {"origin": 1}
    assert sorted(found["kept"]) == ["README.md", "notes.txt"]
    assert (two.b / "README.md").read_text() == readme + "Of B's\n"
    assert (two.b / "notes.txt").read_text() == "B's\n"
    said = call("sync", "--vault", two.b).out
    assert "Left as it is: notes.txt (changed by hand)" in said


def test_the_text_tells_of_them(call: Call, two: Machines) -> None:
    _commit(two.a, "mine.txt", "A\n")
    call("push", "--vault", two.a)
    _commit(two.b, "mine.txt", "B\n")
    before = outside.state(two.b)
    said = call("sync", "--dry-run", "--vault", two.b).out
    assert "mine.txt: changed on both; the remote's stays, this machine's is mine.conflict-" in said
    after = outside.state(two.b)
    assert {name for name in before if before[name] != after.get(name)} <= {
        name for name in before if name.startswith((".git/refs/remotes", ".git/logs/refs/remotes"))
    }
    assert "mine.conflict-" in call("sync", "--vault", two.b).out
