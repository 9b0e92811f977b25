from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import invented
from invented import plain
from li_vault.errors import BadVault
from li_vault.store.repo import create_repo, open_repo
from li_vault.store.write import commit, recovery, worktree


def test_nothing_was_edited(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    found = worktree.worktree_changes(repo)
    assert not found
    assert found == worktree.WorktreeChanges()


def test_every_kind_of_hand_edit(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (vault_dir / invented.path(0)).write_bytes(b"mine")
    (vault_dir / invented.path(1)).unlink()
    (vault_dir / "contacts" / "näme with space.txt").write_bytes(b"stray")
    (vault_dir / "vault.toml").write_bytes(b"format = 1\nowner = 1\n")
    os.utime(vault_dir / invented.path(2), (1, 1))  # touched only
    (vault_dir / invented.path(3)).chmod(0o755)  # made executable only
    found = worktree.worktree_changes(repo)
    assert found
    assert found.modified == {invented.path(0): b"mine", "vault.toml": b"format = 1\nowner = 1\n"}
    assert found.deleted == [invented.path(1)]
    assert found.strays == ["contacts/näme with space.txt"]
    assert found.broken == {}


def test_an_edit_of_the_same_length_in_the_same_instant(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (vault_dir / invented.path(0)).write_bytes(invented.card(0).replace(b"Weaver", b"Dyeing"))
    assert list(worktree.worktree_changes(repo).modified) == [invented.path(0)]


def test_staged_edits_are_edits_all_the_same(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (vault_dir / invented.path(0)).write_bytes(b"mine")
    (vault_dir / "contacts" / "new.vcf").write_bytes(b"new")
    (vault_dir / invented.path(1)).unlink()
    plain(vault_dir, "add", "-A")
    plain(vault_dir, "rm", "-q", "--cached", invented.path(2))
    plain(vault_dir, "rm", "-q", "--cached", invented.path(3))
    (vault_dir / invented.path(3)).write_bytes(b"mine, too")
    found = worktree.worktree_changes(repo)
    assert found.modified == {invented.path(0): b"mine", invented.path(3): b"mine, too"}
    assert found.deleted == [invented.path(1)]
    assert found.strays == ["contacts/new.vcf"]


def test_what_cannot_be_a_card(vault_dir: Path, tmp_path: Path) -> None:
    repo = invented.begin(vault_dir)
    for number in range(4):
        (vault_dir / invented.path(number)).unlink()
    (vault_dir / invented.path(0)).symlink_to(tmp_path)
    (vault_dir / invented.path(1)).mkdir()
    (vault_dir / invented.path(1) / "inner").write_bytes(b"")
    os.mkfifo(vault_dir / invented.path(2))
    found = worktree.worktree_changes(repo)
    assert found.broken == {
        invented.path(0): "a symbolic link in place of a file",
        invented.path(1): "a folder in place of a file",
        invented.path(2): "a pipe in place of a file",
    }
    assert found.deleted == [invented.path(3)]


def test_a_link_in_place_of_a_folder(vault_dir: Path, tmp_path: Path) -> None:
    repo = invented.begin(vault_dir)
    shutil.move(vault_dir / "contacts", tmp_path / "elsewhere")
    (vault_dir / "contacts").symlink_to(tmp_path / "elsewhere")
    before = invented.card(0)
    assert worktree.worktree_changes(repo).broken == {
        "contacts": "a symbolic link in place of a folder"
    }
    with pytest.raises(BadVault, match="could be written"):
        commit.record_commits(repo, [invented.second()])
    assert (tmp_path / "elsewhere" / Path(invented.path(0)).name).read_bytes() == before


def test_unmerged_paths(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    ident = plain(vault_dir, "rev-parse", "HEAD:vault.toml").strip()
    stages = "".join(f"100644 {ident} {stage}\tvault.toml\n" for stage in (1, 2, 3))
    repo.run("update-index", "--force-remove", "vault.toml")
    repo.run("update-index", "--index-info", stdin=stages.encode())
    with pytest.raises(BadVault, match=r"vault\.toml is unmerged"):
        worktree.worktree_changes(repo)
    with pytest.raises(BadVault, match=r"vault\.toml is unmerged"):
        recovery.recover(open_repo(vault_dir))


def test_restore(vault_dir: Path) -> None:
    repo = invented.begin(vault_dir)
    (vault_dir / invented.path(0)).unlink()
    (vault_dir / invented.path(1)).write_bytes(b"seen")
    (vault_dir / invented.path(2)).write_bytes(b"changed since")
    worktree.restore_files(
        repo,
        [invented.path(0), invented.path(1), invented.path(2), "contacts/unknown.vcf"],
        seen={invented.path(1): b"seen", invented.path(2): b"seen"},
    )
    found = worktree.worktree_changes(repo)
    assert found.modified == {invented.path(2): b"changed since"}
    assert not found.deleted
    assert not found.strays
    worktree.restore_files(repo, [])


def test_write(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    (vault_dir / "a").write_bytes(b"mine")
    (vault_dir / "c").write_bytes(b"same")
    assert worktree.write_new_files(repo, {"a": b"1", "b/d": b"2", "c": b"same"}) == ["a"]
    assert invented.files(repo) == {"a": b"mine", "b/d": b"2", "c": b"same"}


def test_folders_and_links_in_the_way_are_kept(vault_dir: Path, tmp_path: Path) -> None:
    repo = invented.begin(vault_dir)
    target = tmp_path / "target"
    target.write_bytes(invented.card(0))
    (vault_dir / invented.path(0)).unlink()
    (vault_dir / invented.path(0)).symlink_to(target)
    (vault_dir / invented.path(9)).mkdir()
    commit.record_commits(repo, [invented.second()])
    assert (vault_dir / invented.path(0)).is_symlink()
    assert target.read_bytes() == invented.card(0)
    assert (vault_dir / invented.path(9)).is_dir()
