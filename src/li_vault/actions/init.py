"""`init`: begin a vault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from li_vault import vault
from li_vault.store import plant
from li_vault.vault import Vault


class Result(NamedTuple):
    """A vault that was begun, or was there already; `hooks` tells what became of each hook."""

    path: Path
    created: bool
    hooks: Mapping[str, str]


def run(path: Path, hooks: Path, command: str) -> tuple[Vault, Result]:
    """Begin a vault at a folder and plant the hooks; what is already there stays.

    Args:
        path: The vault's folder.
        hooks: The folder of the hooks that came with the program.
        command: How a hook calls this program.
    """
    before = (path / ".git" / "li-vault").exists() and (path / "vault.toml").exists()
    made = vault.create(path)
    return made, Result(path, not before, plant.plant(made.repo, hooks, command))
