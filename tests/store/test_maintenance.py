from __future__ import annotations

import os
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.errors import GitFailed
from li_vault.store import maintenance, state
from li_vault.store.repo import Repo
from li_vault.store.write import commit
from li_vault.store.write.commit import CommitDraft, CommitListener


def _packs(repo: Repo) -> int:
    return len(list((repo.git_dir / "objects" / "pack").glob("*.pack")))


def test_packs_do_not_pile_up(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    unreachable = repo.run("hash-object", "-w", "--stdin", stdin=b"nobody's").decode().strip()
    left = repo.git_dir / "objects" / "pack" / "tmp_pack_AbCdEf"
    left.write_bytes(b"PACK")
    os.utime(left, (1, 1))
    fresh = left.with_name("tmp_pack_fresh")
    fresh.write_bytes(b"PACK")
    for number in range(20):
        edits = {invented.path(0): invented.card(0, f"Title {number}")}
        commit.record_commits(repo, [CommitDraft(edits, f"{number}", invented.day(2))])
        assert _packs(repo) <= maintenance.PACKS
    assert (repo.git_dir / "objects" / "info" / "commit-graph").exists()
    assert repo.run("cat-file", "-t", unreachable) == b"blob\n"
    assert not left.exists()
    assert fresh.exists()
    fresh.unlink()
    assert plain(vault_dir, "fsck", "--full", "--strict", "--no-dangling") == ""
    assert not maintenance.repack_if_needed(repo)


def test_what_has_grown_is_compared_anew(vault_dir: Path) -> None:
    """A card that changes often ends up as small differences from its older self."""
    repo = invented.begin(vault_dir)
    unreachable = repo.run("hash-object", "-w", "--stdin", stdin=b"nobody's").decode().strip()
    numbers: list[int] = []
    told: list[int] = []
    for number in range(24):
        edits = {invented.path(n): invented.card(n, f"Title {number}") for n in range(3)}
        draft = CommitDraft(edits, f"{number}", invented.day(2))
        commit.record_commits(
            repo, [draft], listener=CommitListener(repacking=partial(told.append, number))
        )
        known = state.load_state(repo, "repacked")
        numbers += [known] if known else []
    steps = sorted(set(numbers))
    assert numbers == sorted(numbers)
    assert len(steps) >= 3
    assert len(told) == len(steps) - 1
    assert all(new >= old * maintenance._GROWN for old, new in pairwise(steps))
    assert repo.run("cat-file", "-t", unreachable) == b"blob\n"
    assert plain(vault_dir, "fsck", "--full", "--strict", "--no-dangling") == ""
    file = repo.private / "repacked"
    file.write_bytes(b"spoilt")
    for number in range(6):
        edits = {invented.path(0): invented.card(0, f"Again {number}")}
        commit.record_commits(repo, [CommitDraft(edits, f"again {number}", invented.day(2))])
    assert state.load_state(repo, "repacked") > steps[-1]


def test_its_failure_fails_nothing(vault_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = invented.begin(vault_dir)
    run = Repo.run
    monkeypatch.setattr(maintenance, "PACKS", 1)

    def fail(one: Repo, *args: str, **options: object) -> bytes:
        if args[0] == "repack":
            raise GitFailed("no")
        return run(one, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Repo, "run", fail)
    assert commit.record_commits(repo, [invented.second()])
    assert not maintenance.repack_if_needed(repo)


def test_the_size_is_that_of_what_git_keeps(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    large = {"large.bin": os.urandom(3_000_000)}
    commit.record_commits(repo, [CommitDraft(large, "Large", invented.day(2))])
    found = maintenance.history_size(repo)
    objects = [path for path in (repo.git_dir / "objects").rglob("*") if path.is_file()]
    there = sum(path.stat().st_size for path in objects)
    assert there > 3_000_000
    assert abs(found - there) < 4096 * len(objects)  # loose objects count as blocks of the disk
