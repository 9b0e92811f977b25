"""A vault that can't be used: none there, someone else's, half done, locked, no room, no git."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import outside
from isolation import CHECKOUT, Run
from network import Network
from outside import Call, git


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    network = Network(seed=5, people=80)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


def _missing(path: Path) -> None:
    pass


def _plain_folder(path: Path) -> None:
    path.mkdir()


def _foreign(path: Path) -> None:
    path.mkdir()
    git(path, "init", "-q")
    (path / "code.py").write_text("pass\n")
    git(path, "add", ".")
    git(path, "commit", "-qm", "Work")


def _bare(path: Path) -> None:
    git(path.parent, "init", "-q", "--bare", str(path))


def _full_folder(path: Path) -> None:
    path.mkdir()
    (path / "letter.txt").write_text("dear")


def _file(path: Path) -> None:
    path.write_text("a file")


COMMANDS = ["status", "log", "find", "diff", "push", "snapshot", "remote list"]


@pytest.mark.parametrize("make", [_missing, _plain_folder, _foreign, _bare, _full_folder, _file])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_vault(
    command: str, make: Callable[[Path], None], call: Call, tmp_path: Path
) -> None:
    path = tmp_path / "thing"
    make(path)
    before = outside.state(path) if path.is_dir() else {}
    args: list[object] = [*command.split()]
    if command == "snapshot":
        args.append(outside.write(tmp_path, Network(seed=1, people=30)))
    said = call(*args, "--vault", path, "--json", status=None)
    outside.is_refused(said, 5, "", "vault|no folder|bare|thing")
    assert (outside.state(path) if path.is_dir() else {}) == before


@pytest.mark.parametrize("make", [_foreign, _bare, _file, _full_folder])
def test_no_vault_is_begun_over_something_else(
    make: Callable[[Path], None], call: Call, tmp_path: Path
) -> None:
    path = tmp_path / "thing"
    make(path)
    before = outside.state(path) if path.is_dir() else {}
    archive = outside.write(tmp_path, Network(seed=1, people=30))
    for args in (["init", path], ["snapshot", archive, "--init", "--vault", path]):
        said = call(*args, "--json", status=None)
        outside.is_refused(said, 5, "", "vault|empty|made|repository")
        assert (outside.state(path) if path.is_dir() else {}) == before


def _merge(vault: Path) -> str:
    git(vault, "checkout", "-qb", "side")
    git(vault, "commit", "-q", "--allow-empty", "-m", "Side")
    git(vault, "checkout", "-q", "main")
    git(vault, "commit", "-q", "--allow-empty", "-m", "Main")
    git(vault, "merge", "--no-commit", "--no-ff", "side")
    return "merge"


def _rebase(vault: Path) -> str:
    (vault / ".git" / "rebase-merge").mkdir()
    return "rebase"


def _detached(vault: Path) -> str:
    git(vault, "checkout", "-q", "--detach")
    return "git checkout main"


def _branch(vault: Path) -> str:
    git(vault, "checkout", "-qb", "other")
    return "git checkout main"


@pytest.mark.parametrize("spoil", [_merge, _rebase, _detached, _branch])
def test_something_half_done_of_the_users(
    spoil: Callable[[Path], str], call: Call, vault: Path, home: Path
) -> None:
    words = spoil(vault)
    network = Network(seed=5, people=80)
    network.advance()
    archive = outside.write(home, network)
    before = outside.state(vault)
    said = call("snapshot", archive, "--vault", vault, status=5)
    assert words in said.err
    assert outside.state(vault) == before
    call("status", "--vault", vault)
    assert words in call("doctor", "--vault", vault, status=1).out


def test_a_shallow_clone(call: Call, vault: Path, home: Path, tmp_path: Path) -> None:
    network = Network(seed=5, people=80)
    network.advance()
    archive = outside.write(home, network)
    call("snapshot", archive, "--vault", vault)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{vault}", str(clone))
    network.advance()
    said = call("snapshot", outside.write(home, network), "--vault", clone, status=5)
    assert "--unshallow" in said.err


def test_a_vault_locked_by_a_live_process(call: Call, vault: Path, home: Path) -> None:
    git(vault, "config", "li-vault.lockTimeout", "0.2")
    code = (
        "import sys, time, pathlib\n"
        "from li_vault.store import repo, state\n"
        "with state.hold_lock(repo.open_repo(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    network = Network(seed=5, people=80)
    network.advance()
    archive = outside.write(home, network)
    before = outside.state(vault)
    with subprocess.Popen(
        [sys.executable, "-c", code, vault],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "src")},
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        said = call("snapshot", archive, "--vault", vault, "--json", status=None)
        outside.is_refused(said, 5, "", f"process {holder.pid}")
        assert outside.state(vault) == before
        call("status", "--vault", vault)
        assert holder.stdin is not None
        holder.stdin.close()
    call("snapshot", archive, "--vault", vault)


@pytest.mark.parametrize("version", [None, "2.20.0"])
def test_git_is_missing_or_too_old(
    version: str | None, run: Run, vault: Path, home: Path, tmp_path: Path
) -> None:
    stub = tmp_path / "bin"
    stub.mkdir()
    if version:
        (stub / "git").write_text(f"#!/bin/sh\necho git version {version}\n")
        (stub / "git").chmod(0o755)
    archive = outside.write(home, Network(seed=5, people=80))
    before = outside.state(vault)
    env = {"PATH": str(stub)}
    calls: list[list[str | Path]] = [
        ["status", "--vault", vault],
        ["snapshot", archive, "--vault", vault],
        ["init", tmp_path / "new"],
        ["snapshot", archive, "--init", "--vault", tmp_path / "new"],
    ]
    for args in calls:
        said = run(*args, "--json", env=env)
        outside.is_refused(said, 5, "", "2.20.0" if version else "git was not found")
        assert "2.36" in said.out
    assert outside.state(vault) == before
    assert not (tmp_path / "new" / "contacts").exists()
    said = run("doctor", "--vault", vault, env=env)
    assert said.status == 1
    assert "wrong" in said.out


def test_a_file_system_that_is_full(run: Run, tmp_path: Path, home: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk))
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be made here")
    try:
        network = Network(seed=5, people=60)
        vault = disk / "vault"
        said = run("snapshot", outside.write(home, network), "--init", "--vault", vault)
        assert said.status == 0, said.err
        before = git(vault, "rev-parse", "HEAD")
        (disk / "ballast").write_bytes(bytes(4096))
        left = os.statvfs(disk)
        (disk / "ballast").write_bytes(bytes((left.f_bavail - 4) * left.f_bsize))
        network.promote(0.4)
        network.advance(pace=2)
        archive = outside.write(home, network)
        said = run("snapshot", archive, "--vault", vault, "--json")
        error = outside.one_object(said)["error"]
        assert said.status in (5, 6), said
        assert "space" in f"{error['message']} {error['hint']}".lower()
        assert git(vault, "rev-parse", "HEAD") == before
        assert git(vault, "status", "--porcelain") == ""
        (disk / "ballast").unlink()
        assert run("snapshot", archive, "--vault", vault).status == 0
        assert git(vault, "status", "--porcelain") == ""
        assert git(vault, "fsck", "--full", "--strict", "--no-progress") == ""
    finally:
        subprocess.run(("umount", str(disk)), check=True)
