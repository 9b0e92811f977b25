from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest

import li_vault
from li_vault.errors import LiVaultError
from li_vault.host import user_folders


def test_the_installed_version_is_that_of_the_package() -> None:
    assert metadata.version("li-vault") == li_vault.__version__


@pytest.mark.parametrize("name", ["pre-commit", "pre-push", "pre-receive"])
def test_the_hooks_are_there_and_executable(name: str) -> None:
    hook = user_folders.hooks_folder() / name
    assert hook.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert os.access(hook, os.X_OK)


def test_hooks_inside_the_package_are_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_folders, "_PACKAGE", tmp_path / "src" / "li_vault")
    with pytest.raises(LiVaultError, match="hooks are missing"):
        user_folders.hooks_folder()
    outer, inner = tmp_path / "hooks", tmp_path / "src" / "li_vault" / "hooks"
    for folder in (outer, inner):
        folder.mkdir(parents=True)
        (folder / "pre-receive").write_bytes(b"")
        assert user_folders.hooks_folder() == folder
