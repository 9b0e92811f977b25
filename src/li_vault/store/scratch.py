"""A folder inside the vault's own `.git` where a copy is looked at, and gone afterwards.

Nobody else may enter it, and no one's data lies elsewhere. One that a killed run left is removed
by the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from li_vault.errors import BadVault
from li_vault.store import lock
from li_vault.store.repo import Repo

NAME = "verify"
_COPIES = "copies"


@contextmanager
def held(repo: Repo, timeout: float = 30.0) -> Iterator[Path]:
    """An empty folder of one's own, 0700, until the block ends.

    Raises:
        BadVault: Another process uses it all that time, or it can't be made.
    """
    place = repo.private / NAME
    try:
        (place / ".git").mkdir(mode=0o700, parents=True, exist_ok=True)
        place.chmod(0o700)
    except OSError as error:
        raise BadVault(
            f"There is no room to look at a copy in {place}: {error.strerror}.",
            "See that the vault's .git belongs to you, and that the disk is not full.",
        ) from error
    copies = place / _COPIES
    with lock.hold(Repo(place), timeout=timeout):
        shutil.rmtree(copies, ignore_errors=True)
        try:
            copies.mkdir(mode=0o700)
            yield copies
        finally:
            shutil.rmtree(copies, ignore_errors=True)


def clear(repo: Repo) -> None:
    """Remove what a killed run left, unless another one is at work there."""
    place = repo.private / NAME
    if (place / _COPIES).exists():
        with suppress(BadVault), lock.hold(Repo(place), timeout=0):
            shutil.rmtree(place / _COPIES, ignore_errors=True)


def remove_files(repo: Repo) -> None:
    """Take the files of a copy away, and leave its objects."""
    for path in repo.path.iterdir():
        if path == repo.git_dir:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
