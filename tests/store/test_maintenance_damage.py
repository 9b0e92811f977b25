"""Every bit of what a vault's `.git` needs: flipped, it is found; whole, nothing is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from isolation import CHECKOUT
from li_vault.store import maintenance, repo
from li_vault.store.repo import Repo
from li_vault.store.write import new_vault
from outside import git


@pytest.fixture
def kept(tmp_path: Path) -> Repo:
    """A repository with a loose commit, packed references and a remote's branch."""
    made = repo.create_repo(tmp_path / "vault")
    git(made.path, "commit", "-q", "--allow-empty", "-m", "one")
    git(made.path, "remote", "add", "nas", "/nowhere")
    git(made.path, "update-ref", "refs/remotes/nas/main", "HEAD")
    git(made.path, "pack-refs", "--all")
    return made


def _flipped(data: bytes, bit: int) -> bytes:
    found = bytearray(data)
    found[bit // 8] ^= 1 << bit % 8
    return bytes(found)


def test_nothing_is_said_of_a_whole_one(kept: Repo) -> None:
    assert list(maintenance.git_file_faults(kept)) == []
    git(kept.path, "commit", "-q", "--allow-empty", "-m", "two")
    git(kept.path, "stash", "list")
    git(kept.path, "gc", "-q")
    assert list(maintenance.git_file_faults(kept)) == []


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["HEAD", "packed-refs"])
def test_every_bit_of_a_small_file(kept: Repo, name: str) -> None:
    path = kept.git_dir / name
    data = path.read_bytes()
    missed = []
    for bit in range(len(data) * 8):
        path.write_bytes(_flipped(data, bit))
        if not list(maintenance.git_file_faults(kept)):
            missed.append(bit)
    # Another commit's id is well formed: that there is no such commit, git's own check tells.
    ids = [bit for bit in missed if chr(data[bit // 8]) in "0123456789abcdef"]
    assert missed == ids
    assert bool(ids) == (name == "packed-refs")


def test_what_a_killed_verify_left_is_removed(kept: Repo) -> None:
    with new_vault.scratch_folder(kept) as place:
        (place / "0").mkdir()
        assert place.parent.stat().st_mode & 0o777 == 0o700
        new_vault.clear_scratch(kept)  # somebody is at work there
        assert (place / "0").exists()
    assert not place.exists()
    place.mkdir()
    (place / "left").write_text("x")
    new_vault.clear_scratch(kept)
    assert not place.exists()


def test_a_few_flips_in_whole_vaults() -> None:
    bench = CHECKOUT / "tests" / "bench" / "bitflips.py"
    done = subprocess.run(
        [sys.executable, str(bench), "12"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split() == ["all", "12", "0", "0"]
