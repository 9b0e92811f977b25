"""A place where a vault is made unseen, until it is whole and moves to where it belongs.

It lies beside the folder that the vault will be, or inside where that folder can't be replaced
(someone stands in it, or a disk is mounted there). A run that is killed leaves it behind; the next
one for the same folder removes it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from li_vault.errors import BadVault
from li_vault.store import incoming, lock
from li_vault.store.repo import Repo

_NAME = ".li-vault-restore"


class Berth(NamedTuple):
    """A place for a vault to be made in.

    Attributes:
        vault: The folder to make it in; not there yet.
        target: The folder that it will be.
        is_inside: Whether it lies in `target`: then only `.git` moves, and the files are written
            afterwards, which any li-vault command finishes if this one is killed.
    """

    vault: Path
    target: Path
    is_inside: bool


def require_room(target: Path) -> None:
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
def reserved(target: Path) -> Iterator[Berth]:
    """Reserve a place for a vault; however the block ends, nothing of it stays behind.

    Raises:
        BadVault: The folder is not empty, can't be made, or someone else is at work there.
    """
    target = Path(os.path.realpath(target))
    require_room(target)
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
    with lock.hold(Repo(place)):
        try:
            require_room(target)
            shutil.rmtree(place / "vault", ignore_errors=True)
            yield Berth(place / "vault", target, is_inside)
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


def land(berth: Berth) -> None:
    """Move what was made to where it belongs, by one renaming.

    Raises:
        BadVault: Someone else put something there meanwhile, or the system refuses.
    """
    try:
        if berth.is_inside:
            berth.target.chmod(0o700)
            (berth.vault / ".git").rename(berth.target / ".git")
            incoming.sync_folder(berth.target)
        else:
            berth.vault.rename(berth.target)
            incoming.sync_folder(berth.target.parent)
    except OSError as error:
        words = f"The vault can't be put to {berth.target}: {error.strerror}."
        raise BadVault(words, "Name a new or empty folder.") from error
