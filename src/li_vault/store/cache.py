"""Derived bytes in `.git/li-vault/`, which can be thrown away at any time."""

from __future__ import annotations

import os
from contextlib import suppress

from li_vault.store.repo import Repo


def load(repo: Repo, name: str, size: int = -1) -> bytes | None:
    """The bytes saved under a name, at most `size` of them; None if there are none."""
    with suppress(OSError), (repo.private / name).open("rb") as file:
        return file.read(size)
    return None


def save(repo: Repo, name: str, data: bytes) -> None:
    """Save bytes under a name; a vault that can't be written simply has no cache."""
    new = repo.private / f"{name}.{os.getpid()}"
    with suppress(OSError):
        repo.private.mkdir(mode=0o700, exist_ok=True)
        try:
            new.write_bytes(data)
            new.replace(repo.private / name)
        finally:
            new.unlink(missing_ok=True)
