from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import invented
from invented import plain
from isolation import CHECKOUT
from li_vault.errors import BadVault
from li_vault.store import history
from li_vault.store.repo import Repo, create_repo, open_repo
from li_vault.store.write import commit, recovery, worktree
from li_vault.store.write import index as index_module

_KILLING = CHECKOUT / "tests" / "support" / "killing.py"


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("scenario", "method", "part", "parts"),
    [
        *(("second", "write", part, 2) for part in range(2)),
        ("first", "write", 0, 3),  # not every step: they are slow
        ("staged", "write", 0, 4),
        ("large", "write", 0, 3),
        ("large", "after-git", 0, 1),
        ("alone", "write", 0, 3),
        ("alone", "amid-git", 0, 1),
        ("recovery", "write", 0, 3),
        ("recovery", "amid-git", 0, 1),
        ("second", "after-git", 0, 1),
        ("second", "amid-git", 0, 1),
        ("first", "after-git", 0, 1),
        ("staged", "amid-git", 0, 1),
    ],
)
def test_a_kill_at_any_instant(
    tmp_path: Path, scenario: str, method: str, part: int, parts: int
) -> None:
    done = subprocess.run(
        [sys.executable, str(_KILLING), str(tmp_path), scenario, method, str(part), str(parts)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10  # it was killed more than a few times


def _cut_off(place: Path) -> Repo:
    """A vault whose branch has moved on, and whose index and work tree have not."""
    repo = invented.begin(place)
    invented.cut_off(repo, [invented.second()])
    return open_repo(place)


@pytest.mark.parametrize("noted", [True, False])
def test_the_work_tree_is_brought_up(vault_dir: Path, noted: bool) -> None:
    repo = _cut_off(vault_dir)
    head = history.main_tip(repo)
    if noted:
        old = history.resolve(repo, "HEAD~1")
        (repo.private / "unfinished").write_text(f"{old} {head}\n", "ascii")
        assert recovery.read_entry(repo) == recovery.JournalEntry(old, str(head))
    assert recovery.is_unfinished(repo)
    assert recovery.recover(repo) == "Finished an interrupted snapshot."
    assert not recovery.is_unfinished(repo)
    assert history.main_tip(repo) == head
    assert invented.files(repo) == invented.tree(repo)
    assert plain(vault_dir, "status", "--porcelain") == ""
    assert invented.is_whole(repo)


@pytest.mark.parametrize("rest", [b"", b"BEGIN:VC", b"BEGIN:VCARD\r\n" + b"\0" * 30, b"\0" * 200])
def test_a_torn_file_is_written_again(vault_dir: Path, rest: bytes) -> None:
    repo = _cut_off(vault_dir)
    (vault_dir / invented.path(9)).write_bytes(rest)
    assert recovery.recover(repo) == "Finished an interrupted snapshot."
    assert invented.files(repo) == invented.tree(repo)


def test_hand_edits_survive(vault_dir: Path) -> None:
    repo = _cut_off(vault_dir)
    mine = {invented.path(0): b"mine", invented.path(9): b"mine, too", "contacts/x": b"stray"}
    for path, data in mine.items():
        (vault_dir / path).write_bytes(data)
    assert recovery.recover(repo) == (
        "Finished an interrupted snapshot; 2 files edited by hand were kept."
    )
    assert invented.files(repo) == {**invented.tree(repo), **mine}
    found = worktree.worktree_changes(repo)
    assert found.modified == {path: mine[path] for path in list(mine)[:2]}
    assert found.strays == ["contacts/x"]
    assert recovery.recover(repo) == ""


def test_a_change_that_the_user_staged_is_no_interrupted_snapshot(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    commit.record_commits(repo, [invented.second()])
    (vault_dir / invented.path(0)).write_bytes(invented.card(0))  # as before the last snapshot
    plain(vault_dir, "add", "-A")
    before = plain(vault_dir, "status", "--porcelain")
    assert recovery.recover(repo) == ""
    assert plain(vault_dir, "status", "--porcelain") == before != ""


def test_a_commit_of_the_users_own_is_left_alone(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    commit.record_commits(repo, [invented.second()])
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "mine")
    plain(vault_dir, "read-tree", "-m", "HEAD~1")
    plain(vault_dir, "commit", "-q", "--allow-empty", "-m", "mine again")
    assert recovery.recover(repo) == ""


@pytest.mark.parametrize("damage", [b"", b"DIRC", b"garbage" * 40])
def test_a_lost_or_damaged_index_is_made_again(vault_dir: Path, damage: bytes) -> None:
    repo = invented.begin(vault_dir)
    commit.record_commits(repo, [invented.second()])
    (vault_dir / invented.path(3)).write_bytes(b"mine")
    index = repo.git_dir / "index"
    index.unlink()
    if damage:
        index.write_bytes(damage)
    again = open_repo(vault_dir)
    assert recovery.is_unfinished(again)
    assert recovery.recover(again)
    assert plain(vault_dir, "status", "--porcelain") == f" M {invented.path(3)}\n"
    assert (vault_dir / invented.path(3)).read_bytes() == b"mine"
    assert invented.is_whole(again)


def test_locks_that_our_killed_git_left_are_removed(vault_dir: Path) -> None:
    repo = _cut_off(vault_dir)
    head, old = history.main_tip(repo), history.resolve(repo, "HEAD~1")
    (repo.private / "unfinished").write_text(f"{old} {head}\n", "ascii")
    locks = [repo.git_dir / "refs/heads/main.lock", repo.git_dir / "HEAD.lock"]
    for place in locks:
        place.write_bytes(b"")
    (repo.git_dir / "index.lock").write_bytes(b"li-vault\n")
    assert recovery.recover(repo)
    assert not any(place.exists() for place in locks)
    assert not (repo.git_dir / "index.lock").exists()


def test_the_lock_of_another_git_is_respected(
    vault_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = _cut_off(vault_dir)
    place = repo.git_dir / "index.lock"
    place.write_bytes(b"")
    monkeypatch.setattr(index_module, "_PATIENCE", 0.1)
    with pytest.raises(BadVault, match="Another git"):
        recovery.recover(repo)
    assert place.exists()
    place.unlink()
    assert recovery.recover(repo)
    assert plain(vault_dir, "status", "--porcelain") == ""


def test_a_killed_first_snapshot_whose_traces_were_thrown_away(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    repo.run("hash-object", "-w", "--stdin", stdin=b"an object without a reference")
    shutil.rmtree(repo.private)
    again = create_repo(vault_dir)
    assert recovery.recover(again) == ""
    commit.record_commits(again, [invented.first()])
    assert invented.is_whole(again)


def test_nothing_to_recover_costs_nothing(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    before = {found: found.stat().st_mtime_ns for found in repo.git_dir.rglob("*")}
    assert not recovery.is_unfinished(repo)
    assert recovery.recover(repo) == ""
    assert {found: found.stat().st_mtime_ns for found in repo.git_dir.rglob("*")} == before


@pytest.fixture
def powerless(vault_dir: Path) -> Repo:
    """A vault after a power cut: the index reached the disk, the files did not."""
    repo = invented.begin(vault_dir)
    kept = invented.files(repo)
    commit.record_commits(repo, [invented.second()])
    for path, data in kept.items():
        (vault_dir / path).write_bytes(data)
        os.utime(vault_dir / path, (1, 1))
    (vault_dir / invented.path(9)).write_bytes(b"")
    os.utime(vault_dir / invented.path(9), (1, 1))
    (vault_dir / invented.path(1, "former")).unlink()
    return open_repo(vault_dir)


def _start_anew(repo: Repo) -> None:
    """As if the machine had been started anew since."""
    note = repo.private / "settled"
    stamp = note.stat().st_mtime_ns
    note.write_text(" ".join([*note.read_text("ascii").split()[:2], "another-boot"]), "ascii")
    os.utime(note, ns=(stamp, stamp))


def test_a_power_cut_after_the_end(powerless: Repo) -> None:
    """The index is up to date and the journal done; only the machine's boot tells."""
    _start_anew(powerless)
    assert recovery.is_unfinished(powerless)
    assert recovery.recover(powerless) == "Wrote files again that a power cut may have taken back."
    assert invented.files(powerless) == invented.tree(powerless)
    assert plain(powerless.path, "status", "--porcelain") == ""
    assert not recovery.is_unfinished(powerless)
    assert recovery.recover(powerless) == ""


def test_what_was_done_by_hand_before_the_power_cut_survives(powerless: Repo) -> None:
    """Even a card that was set back to its old words, and a file that was put back."""
    mine = {
        invented.path(0): invented.card(0),
        invented.path(9): b"mine",
        invented.path(1): invented.card(1),
        invented.path(3): b"mine, too",
    }
    for path, data in mine.items():
        (powerless.path / path).write_bytes(data)
    _start_anew(powerless)
    assert recovery.recover(powerless)
    assert invented.files(powerless) == {**invented.tree(powerless), **mine}


def test_within_one_boot_nothing_is_doubted(powerless: Repo) -> None:
    before = invented.files(powerless)
    if not Path("/proc/sys/kernel/random/boot_id").exists():
        pytest.skip("this system has no id of its boot")
    assert not recovery.is_unfinished(powerless)
    assert recovery.recover(powerless) == ""
    assert invented.files(powerless) == before
