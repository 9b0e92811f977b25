"""A vault made aside and moved into its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from li_vault.errors import BadVault
from li_vault.store import state
from li_vault.store.repo import Repo
from li_vault.store.write import quarantine

_NAME = ".li-vault-restore"


class StagingPlace(NamedTuple):
    """A place for a vault to be made in.

    Attributes:
        is_inside: Whether it lies in `target`: then only `.git` moves, and the files are written
            afterwards, which any li-vault command finishes if this one is killed.
    """

    vault: Path
    target: Path
    is_inside: bool


def require_empty_folder(target: Path) -> None:
    """See that a folder is absent or empty, but for what a killed run left.

    Raises:
        BadVault: It is not.
    """
    try:
        others = sorted(entry.name for entry in target.iterdir() if entry.name != _NAME)
    except FileNotFoundError:
        return
    except NotADirectoryError as error:
        raise BadVault(f"{target} is not a folder.", "Name a new or empty folder.") from error
    except OSError as error:
        words = f"{target} can't be looked into: {error.strerror}."
        raise BadVault(words, "Name a new or empty folder.") from error
    if ".git" in others:
        words = f"{target} is not empty: there is a git repository already."
        raise BadVault(words, f"Look at it with li-vault status --vault '{target}'; or name a "
                       "new or empty folder.")  # fmt: skip
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        words = f"{target} is not empty: it holds {others[0]!r}{more}."
        raise BadVault(words, "Name a new or empty folder.")


@contextmanager
def reserve_staging(target: Path) -> Iterator[StagingPlace]:
    """Reserve a place for a vault; however the block ends, nothing of it stays behind.

    Raises:
        BadVault: The folder is not empty, can't be made, or someone else is at work there.
    """
    target = Path(os.path.realpath(target))
    require_empty_folder(target)
    is_inside = target.is_dir() and not _can_be_replaced(target)
    place = target / _NAME
    if not is_inside:
        place = target.parent / f"{_NAME}-{crc32(os.fsencode(target.name)):08x}"
    made = [folder for folder in place.parents if not folder.exists()]
    try:
        with suppress(FileExistsError):
            place.mkdir(mode=0o700, parents=True)
        place.chmod(0o700)
        (place / ".git").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        _leave(place, made)
        words = f"The vault can't be begun in {target}: {error.strerror}."
        raise BadVault(words, "Choose another folder, or mend the permissions.") from error
    with state.hold_lock(Repo(place)):
        try:
            require_empty_folder(target)
            shutil.rmtree(place / "vault", ignore_errors=True)
            yield StagingPlace(place / "vault", target, is_inside)
        finally:
            _leave(place, made)


def _leave(place: Path, made: list[Path]) -> None:
    """Remove the place, and the folders that were made for it and hold nothing else."""
    shutil.rmtree(place, ignore_errors=True)
    for folder in made:
        with suppress(OSError):
            folder.rmdir()


def _can_be_replaced(target: Path) -> bool:
    """Whether another folder can be renamed to an empty one without anyone losing ground."""
    if os.name != "posix" or target.is_mount() or not os.access(target.parent, os.W_OK):
        return False
    with suppress(OSError):
        return not Path.cwd().is_relative_to(target)
    return False


def move_into_place(berth: StagingPlace) -> None:
    """Move what was made to where it belongs, by one renaming.

    Raises:
        BadVault: Someone else put something there meanwhile, or the system refuses.
    """
    try:
        if berth.is_inside:
            berth.target.chmod(0o700)
            (berth.vault / ".git").rename(berth.target / ".git")
            quarantine.sync_folder(berth.target)
        else:
            berth.vault.rename(berth.target)
            quarantine.sync_folder(berth.target.parent)
    except OSError as error:
        words = f"The vault can't be put to {berth.target}: {error.strerror}."
        raise BadVault(words, "Name a new or empty folder.") from error


NAME = "verify"
_COPIES = "copies"


@contextmanager
def scratch_folder(repo: Repo, timeout: float = 30.0) -> Iterator[Path]:
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
    with state.hold_lock(Repo(place), timeout=timeout):
        shutil.rmtree(copies, ignore_errors=True)
        try:
            copies.mkdir(mode=0o700)
            yield copies
        finally:
            shutil.rmtree(copies, ignore_errors=True)


def clear_scratch(repo: Repo) -> None:
    """Remove what a killed run left, unless another one is at work there."""
    place = repo.private / NAME
    if (place / _COPIES).exists():
        with suppress(BadVault), state.hold_lock(Repo(place), timeout=0):
            shutil.rmtree(place / _COPIES, ignore_errors=True)


def remove_work_files(repo: Repo) -> None:
    """Take the files of a copy away, and leave its objects."""
    for path in repo.path.iterdir():
        if path == repo.git_dir:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
