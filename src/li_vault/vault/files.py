"""The files beside `.git`, every byte of them, against the commit that they should hold."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from li_vault.core import layout
from li_vault.core.damage import Finding
from li_vault.store import history, worktree
from li_vault.vault.opened import Vault

_RESTORED = "Nothing is lost, the commit has it: git restore -- '{path}'"


class WorkTree(NamedTuple):
    """How a vault's files differ from its newest commit.

    Attributes:
        edited: Cards that were edited by hand; no damage.
        missing: Files that are not there, or empty, as a power cut leaves them.
        unusable: Paths where no ordinary file can be read.
        strays: Number of files that the vault does not know.
        files: Number of files whose bytes were compared.
    """

    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    strays: int = 0
    files: int = 0


def compared(vault: Vault, tip: str, *, quick: bool) -> tuple[WorkTree, list[Finding]]:
    """Compare the files with a commit; unless it is to be quick, byte by byte.

    A file that differs while its size and times are as git left them was written by nobody: that
    is damage, and neither git nor a snapshot would see it.

    Raises:
        BadVault: A path is unmerged.
    """
    seen = worktree.hand_edits(vault.repo)
    known = {*seen.modified, *seen.deleted, *seen.broken, *seen.strays}
    tree = history.files(vault.repo, tip)
    differing = (
        [] if quick else _differing(vault, {p: i for p, i in tree.items() if p not in known})
    )
    found = WorkTree(
        edited=tuple(sorted(filter(layout.is_card, seen.modified))),
        missing=tuple(sorted(seen.deleted)),
        unusable=tuple(sorted(seen.broken)),
        strays=len(seen.strays),
        files=0 if quick else len(tree),
    )
    words = "differs from the newest commit, though nobody wrote to it: its size and times are old"
    return found, [
        Finding("work-tree", tip, path, f"{path} {words}.", _RESTORED.format(path=path))
        for path in differing
    ]


def differing(vault: Vault, tip: str) -> list[str]:
    """The files that a restored vault does not have as the commit has them."""
    return _differing(vault, history.files(vault.repo, tip))


def _differing(vault: Vault, tree: Mapping[str, str]) -> list[str]:
    return sorted(path for path, ident in tree.items() if _id_of(vault.path / path) != ident)


def _id_of(path: Path) -> str:
    """The blob id of an ordinary file; empty if there is none."""
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            return history.blob_id(path.read_bytes())
    except OSError:
        return ""
    return ""
