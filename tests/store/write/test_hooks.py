from __future__ import annotations

import os
from pathlib import Path

import pytest

import invented
from li_vault.errors import BadVault
from li_vault.store.repo import create_repo, read_settings
from li_vault.store.write import hooks


def test_hooks_are_planted_once(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    assert hooks.install_hooks(repo, invented.HOOKS, "/opt/li-vault") == {
        "pre-commit": "planted",
        "pre-push": "planted",
    }
    assert read_settings(repo)["command"] == "/opt/li-vault"
    assert hooks.install_hooks(repo, invented.HOOKS) == {"pre-commit": "kept", "pre-push": "kept"}
    assert read_settings(repo)["command"] == "/opt/li-vault"
    for name in hooks.HOOKS:
        assert os.access(repo.git_dir / "hooks" / name, os.X_OK)
        assert (repo.git_dir / "hooks" / name).read_bytes() == (invented.HOOKS / name).read_bytes()


def test_someone_elses_hook_stays_and_our_old_one_is_renewed(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    folder = repo.git_dir / "hooks"
    folder.mkdir()
    (folder / "pre-commit").write_bytes(b"#!/bin/sh\necho mine\n")
    (folder / "pre-push").write_bytes(b"#!/bin/sh\n# li-vault hook: pre-push\n# of old\n")
    assert hooks.install_hooks(repo, invented.HOOKS) == {
        "pre-commit": "someone else's",
        "pre-push": "planted",
    }
    assert (folder / "pre-commit").read_bytes() == b"#!/bin/sh\necho mine\n"
    assert sorted(found.name for found in folder.iterdir()) == ["pre-commit", "pre-push"]


def test_a_link_is_someone_elses(vault_dir: Path, tmp_path: Path) -> None:
    repo = create_repo(vault_dir)
    (repo.git_dir / "hooks").mkdir()
    (repo.git_dir / "hooks" / "pre-commit").symlink_to(tmp_path / "nowhere")
    assert hooks.install_hooks(repo, invented.HOOKS)["pre-commit"] == "someone else's"


def test_a_lost_executable_bit_is_mended(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    hooks.install_hooks(repo, invented.HOOKS)
    (repo.git_dir / "hooks" / "pre-commit").chmod(0o644)
    assert hooks.install_hooks(repo, invented.HOOKS)["pre-commit"] == "planted"
    assert os.access(repo.git_dir / "hooks" / "pre-commit", os.X_OK)


def test_hooks_that_are_not_there(vault_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(BadVault, match="can't be planted"):
        hooks.install_hooks(create_repo(vault_dir), tmp_path)
