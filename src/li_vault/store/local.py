"""Folders of this machine that addresses lead to: which one it is, and what git uses of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from li_vault.errors import BadUsage
from li_vault.store import addresses

_ENDINGS = ("/.git", "", ".git/.git", ".git")
_GITFILE = "gitdir: "


def folder(url: str, start: Path | None = None) -> Path | None:
    """The whole path of an address on this machine, None for every other.

    Args:
        url: The address.
        start: Where a relative path begins; by default the current folder.

    Raises:
        BadUsage: It is in the home of a user who is not there.
    """
    path = addresses.local_path(url)
    if path is None:
        return None
    try:
        return ((start or Path()) / Path(path).expanduser()).absolute()
    except RuntimeError as error:
        who = path.partition("/")[0]
        raise BadUsage(f"There is no user {who} on this machine.", "Write the path.") from error


def used(path: Path) -> tuple[Path, ...]:
    """The folders that git reads and writes if it is led to a path; none if there is no repository.

    `nas` may mean `nas/.git` or `nas.git`, `.git` may be a file that leads elsewhere, and a linked
    work tree has its objects in another repository (git's path.c, `enter_repo` and setup.c).
    """
    git_dir = _git_dir(path)
    if git_dir is None:
        return ()
    named = (path,) if _is(path, stat.S_ISDIR) else ()
    common = _common(git_dir)
    return tuple(dict.fromkeys((*named, git_dir, common, common / "objects")))


def _git_dir(path: Path) -> Path | None:
    whole = str(path).rstrip("/") or "/"
    for ending in _ENDINGS:
        found = Path(whole + ending)
        if _is(found, stat.S_ISREG):
            led = found.parent / _word(found, _GITFILE)
            return led if _is_repository(led) else None
        if _is_repository(found):
            return found
    return None


def _is_repository(git_dir: Path) -> bool:
    parts = (_common(git_dir) / "objects", _common(git_dir) / "refs")
    return os.path.lexists(git_dir / "HEAD") and all(_is(one, stat.S_ISDIR) for one in parts)


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    with suppress(OSError):
        return kind(path.stat().st_mode)
    return False


def _common(git_dir: Path) -> Path:
    return git_dir / _word(git_dir / "commondir")


def _word(file: Path, start: str = "") -> str:
    """The one line of a file of git's, behind its first word; "" without one."""
    with suppress(OSError):
        line = os.fsdecode(file.read_bytes()).rstrip("\r\n")
        return line.removeprefix(start) if line.startswith(start) else ""
    return ""
