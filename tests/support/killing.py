"""Kills a recorder at its n-th step, for every n, and looks at what the next command makes of it.

Run as a program: `killing.py FOLDER SCENARIO METHOD PART PARTS`. The methods:

- `write`: before every write of Python's. Audit events tell of each before it happens: files
  opened for writing, renamed, removed, folders made, gits started.
- `after-git`, `amid-git`: once a git has done its work, or a few milliseconds after its start. A
  `git` that comes first on PATH does that.

Each round copies a prepared vault, forks, and kills the whole process group, gits included.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import invented
from invented import plain
from li_vault.store import history, state
from li_vault.store.repo import Repo, create_repo, open_repo
from li_vault.store.write import commit, recovery, worktree
from li_vault.store.write.commit import CommitDraft

_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "subprocess.Popen"}
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FROM_NOTHING = {"first", "large"}
_BY_HAND = invented.card(4, extra="NOTE:typed in by hand")


class _Countdown:
    """Kills this process and its children when the n-th write is about to happen."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        flags = args[2] if event == "open" and len(args) > 2 else 0
        if event in _WRITES or (isinstance(flags, int) and flags & _WRITE_FLAGS):
            self.left -= 1
            if not self.left:
                os.killpg(0, signal.SIGKILL)


def prepare(place: Path, scenario: str) -> Repo:
    """A vault before the snapshot that is going to be killed."""
    repo = create_repo(place)
    if scenario not in _FROM_NOTHING:
        commit.record_commits(repo, [invented.first()])
        (place / invented.path(4)).write_bytes(_BY_HAND)
    if scenario == "staged":
        (place / invented.path(5)).write_bytes(invented.card(5, "By hand"))
        plain(place, "add", invented.path(5))
    if scenario == "recovery":
        invented.cut_off(repo, drafts(scenario))
    (repo.git_dir / "hooks").mkdir()
    shutil.copy2(invented.HOOKS / "pre-commit", repo.git_dir / "hooks")
    return repo


def drafts(scenario: str) -> list[CommitDraft]:
    """What is recorded: one commit, or several that change the same card more than once."""
    if scenario == "large":
        return [invented.first()]
    if scenario == "alone":
        return [invented.second()]
    if scenario == "first":
        return [invented.first(), invented.second()]
    edits: dict[str, bytes | None] = {
        invented.path(0): invented.card(0, "Net maker"),
        invented.path(1): invented.card(1, "Back"),
    }
    third = CommitDraft(edits, "Snapshot 2026-03-20: third\n", invented.day(3))
    return [invented.second(), third]


def write(place: Path, scenario: str) -> None:
    """What a snapshot does: lock, recover, record; the recovery alone in its own scenario."""
    repo = open_repo(place)
    with state.hold_lock(repo):
        recovery.recover(repo)
        if scenario != "recovery":
            commit.record_commits(repo, drafts(scenario))


_GIT = """#!/bin/sh
number=1
until mkdir '{base}/'$number 2>/dev/null; do number=$((number + 1)); done
[ $number = {number} ] || exec '{git}' "$@"
exec 3<&0
'{git}' "$@" <&3 &
{pause}
kill -9 0
"""


def _lay_git(base: Path, number: int, method: str) -> None:
    """Put a git first on PATH whose n-th call kills everyone.

    Each call takes a number by making a folder, since gits work side by side.
    """
    pause = "wait" if method == "after-git" else f"sleep 0.00{number % 5}"
    text = _GIT.format(base=base, git=shutil.which("git"), number=number, pause=pause)
    base.mkdir()
    (base / "git").write_text(text, "utf-8")
    (base / "git").chmod(0o755)
    os.environ["PATH"] = f"{base}{os.pathsep}{os.environ['PATH']}"


def killed(place: Path, scenario: str, method: str, number: int) -> bool:
    """Write in a process group that is killed at its n-th step; False if there were fewer."""
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        if method == "write":
            sys.addaudithook(_Countdown(number))
        else:
            _lay_git(place.with_suffix(".bin"), number, method)
        write(place, scenario)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"the recorder failed at {number}")
    if method == "write":
        return os.WIFSIGNALED(status)
    # A git whose rest is not wanted is ended by the recorder, before it can kill anyone.
    return (place.with_suffix(".bin") / str(number)).exists()


def judge(
    place: Path, scenario: str, old: str | None, new: str, *, no_journal: bool, further: bool
) -> None:
    """Hold the vault against what is promised after a kill at any instant."""
    repo = open_repo(place)
    head = history.main_tip(repo)
    assert head in {old, new}, head
    if no_journal:
        shutil.rmtree(repo.private)
        if head is None:  # nothing but an empty repository is left: `create` begins it again
            create_repo(place)
    index_is_old = head == new and plain(place, "diff", "--cached", "--name-only").strip()
    if index_is_old and scenario != "staged":
        words = plain(place, "commit", "-qam", "by hand", fails=True)
        assert "a snapshot is not finished" in words or "index.lock" in words, words
        assert history.main_tip(repo) == head
    with state.hold_lock(repo):
        recovery.recover(repo)
        assert recovery.recover(repo) == ""
    assert history.main_tip(repo) == head
    expected = {} if head is None else invented.tree(repo)
    staged = ""
    if scenario not in _FROM_NOTHING:
        expected[invented.path(4)] = _BY_HAND
    if scenario == "staged":
        expected[invented.path(5)] = invented.card(5, "By hand")
        staged = f"{invented.path(5)}\n"
    assert invented.files(repo) == expected
    if head is not None:
        assert plain(place, "diff", "--cached", "--name-only") == staged
        assert plain(place, "status", "--porcelain", "-uall").count("\n") == len(
            worktree.worktree_changes(repo).modified
        )
    if not further:
        return
    with state.hold_lock(repo):
        if head == old and scenario != "recovery":
            commit.record_commits(repo, drafts(scenario))
    assert history.main_tip(repo) == new
    assert invented.is_whole(repo), sorted(repo.private.iterdir())


def main(base: Path, scenario: str, method: str, part: int, parts: int) -> None:
    """Kill at every step whose number belongs to this part; print how many there were."""
    ready = base / "ready"
    old = history.main_tip(prepare(ready, scenario))
    whole = base / "whole"
    shutil.copytree(ready, whole, symlinks=True)
    write(whole, scenario)
    new = history.main_tip(open_repo(whole))
    assert new
    number = part
    while True:
        number += parts
        place = base / str(number)
        shutil.copytree(ready, place, symlinks=True)
        if not killed(place, scenario, method, number):
            break
        twin = base / f"{number}-no-journal"
        shutil.copytree(place, twin, symlinks=True)
        is_new = history.main_tip(open_repo(place)) == new
        try:
            further = number % 3 == 0  # the same again for the most part, and slow
            judge(place, scenario, old, new, no_journal=False, further=further)
            if is_new or number % 5 == 0:  # before the swap there is hardly a difference
                judge(twin, scenario, old, new, no_journal=True, further=further)
        except BaseException:
            sys.stderr.write(f"killed at step {number} ({method})\n")
            raise
        shutil.rmtree(place)
        shutil.rmtree(twin)
    sys.stdout.write(f"{number}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
