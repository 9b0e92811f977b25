"""Whether an export in a folder has arrived whole."""

from __future__ import annotations

import hashlib
import math
import os
import re
import stat
import time
from collections.abc import Collection
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.errors import BadUsage
from li_vault.formats.tables.export import Export
from li_vault.host import user_folders, zips

_EXPORT = re.compile(r".*LinkedInDataExport.*|Connections.*\.csv", re.IGNORECASE)
_BEGIN, _WITHIN = "connections", "linkedindataexport"  # what all of these, and their parts, have
_UNFINISHED = (".part", ".crdownload", ".download", ".partial", ".tmp", ".opdownload")
_LIST = "Connections.csv"
_HEAD = 4096
_PART = 1 << 20  # bytes
_QUIET = {"zip": 1.0, "list": 10.0}
"""Seconds without a change after which one has arrived. A list has no end that could be looked for,
and its writer may pause between two pieces."""
_ABANDONED = 3600.0
"""Seconds after which a file without its end counts as arrived, and is reported as cut off."""


class StatSignature(NamedTuple):
    """What a file looked like, without opening it: size in bytes, times in ns."""

    size: int
    modified: int
    changed: int


def require_folder(folder: Path) -> None:
    """See that there is a folder, and that it can be looked into.

    Raises:
        BadUsage: There is none, or it can't.
    """
    try:
        with os.scandir(folder):
            return
    except FileNotFoundError:
        words = f"There is no folder {folder}."
    except OSError as error:
        words = f"The folder {folder} can't be looked into: {error.strerror}."
    raise BadUsage(words, "Name the folder that your browser saves to: li-vault watch FOLDER")


def is_readable(folder: Path) -> bool:
    """Whether there is a folder that can be looked into."""
    try:
        require_folder(folder)
    except BadUsage:
        return False
    return True


def is_named_like_one(name: str) -> bool:
    """Whether something of this name may be an export, or a part of one."""
    return _EXPORT.fullmatch(name) is not None


def export_candidates(folder: Path) -> list[Path]:
    """What is named like an export there and is no part of one, sorted by name.

    Raises:
        OSError: The folder can't be read.
    """
    # At rest this is all that is done, and a folder may hold 20,000 other files.
    listed = ((name, name.lower()) for name in os.listdir(folder))  # noqa: PTH208 - quicker
    names = {name for name, low in listed if low.startswith(_BEGIN) or _WITHIN in low}
    return [folder / name for name in sorted(names) if _may_be_whole(name, names)]


def _may_be_whole(name: str, names: Collection[str]) -> bool:
    if not is_named_like_one(name) or name.lower().endswith(_UNFINISHED):
        return False
    # Firefox keeps an empty file of the final name beside the part that grows.
    return not any(name + ending in names for ending in _UNFINISHED)


def newest_export(folder: Path) -> Path | None:
    """The newest thing there that is named like an export and has arrived; None without one.

    Newest by modification time, of two at the same time the later name.
    """
    found = []
    try:
        for path in export_candidates(folder):
            status = path.stat()
            if path.is_dir() or status.st_size:
                found.append((status.st_mtime_ns, path.name))
    except OSError:
        return None
    return folder / max(found)[1] if found else None


def list_file(path: Path) -> Path:
    """The file whose bytes an export is known by: itself, or the list in an unpacked archive."""
    return path / _LIST if path.is_dir() else path


def stat_signature(path: Path) -> StatSignature | None:
    """What a file looks like now; None if there is no regular file."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return StatSignature(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def export_digest(path: Path) -> str:
    """What an export is known by: SHA-256 of its bytes, in hex.

    Of more than any list may have it is that of the size, the beginning and the end: an archive's
    end holds the sums of all its members, and nothing else so large is read.

    Raises:
        OSError: It can't be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size <= zips.MAX_FILE:
            return hashlib.file_digest(file, "sha256").hexdigest()
        found = hashlib.sha256(b"%d\n" % size + file.read(_PART))
        file.seek(-_PART, os.SEEK_END)
        found.update(file.read(_PART))
        return found.hexdigest()


def _kind(path: Path) -> Literal["zip", "half a zip", "list", "empty"] | None:
    """What a file is by its first bytes, and a zip by its last ones."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if zips.is_zip(head):
            return "zip" if zips.is_whole_zip(file) else "half a zip"
    if not head:
        return "empty"
    return "list" if _is_list(path.name, head) else None


class DownloadWatcher:
    """A folder of downloads, and what has arrived in it.

    A file has arrived if it is a zip with its end, or a list, and has not changed for a while.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first_seen: dict[Path, tuple[StatSignature, float]] = {}
        """Of files whose times lie ahead: since when each looks as it does, by our own clock."""

    def settle(self) -> dict[Path, bool]:
        """What may be an export there, and whether it has arrived.

        What would have arrived in a moment is waited for, but not for ever.

        Raises:
            OSError: The folder can't be read.
        """
        until = time.monotonic() + 1.5 * _QUIET["list"]
        while True:
            found = {path: self.wait(list_file(path)) for path in export_candidates(self._folder)}
            soon = max((one for one in found.values() if one and math.isfinite(one)), default=0.0)
            if not soon or time.monotonic() + soon > until:
                return {path: one == 0 for path, one in found.items() if one is not None}
            time.sleep(soon + 0.01)

    def arrived(self) -> set[tuple[Path, StatSignature]]:
        """What has arrived, and what it looks like; nothing if the folder is gone."""
        there = self._there().items()
        return {(path, seen) for path, seen in there if seen and self.wait(path) == 0}

    def unfinished(self) -> float | None:
        """Seconds until the next thing will have arrived; None if nothing is arriving."""
        return min((one for path in self._there() if (one := self.wait(path))), default=None)

    def wait(self, path: Path) -> float | None:
        """Seconds until an export at `list_file` has arrived, if nothing more comes; 0 if it has.

        Infinite while it has no end; None for what is no export.
        """
        seen = stat_signature(path)
        if seen is None:
            return None
        quiet = self._quiet(path, seen)
        try:
            kind = _kind(path)
        except PermissionError:  # to be told of: by its name it is one
            return max(0.0, _QUIET["list"] - quiet)
        except OSError:
            return None
        if kind in ("empty", "half a zip"):
            if quiet <= _ABANDONED:
                return math.inf
            return None if kind == "empty" else 0.0
        return None if kind is None else max(0.0, _QUIET[kind] - quiet)

    def _there(self) -> dict[Path, StatSignature | None]:
        try:
            return {
                path: stat_signature(path)
                for path in map(list_file, export_candidates(self._folder))
            }
        except OSError:
            return {}

    def _quiet(self, path: Path, seen: StatSignature) -> float:
        """Seconds since the last change.

        What a browser writes may get the server's date, and another machine's clock may be ahead.
        If no time of the file can be believed, it is as long as we have seen the file so.
        """
        now = time.time()
        past = [one for one in (seen.modified / 1e9, seen.changed / 1e9) if one <= now]
        if past:
            return now - max(past)
        before, since = self._first_seen.get(path, (None, 0.0))
        if before != seen:
            since = time.monotonic()
            self._first_seen[path] = (seen, since)
        return time.monotonic() - since


def _is_list(name: str, head: bytes) -> bool:
    """Whether these first bytes are those of a list that some format reads."""
    whole = head[: head.rfind(b"\n")] if len(head) == _HEAD else head
    found = Export(name, {name: whole}, (name,), False, None, None, user_folders.today())
    from li_vault.formats import registry  # what only remembers arrivals reads none

    return any(one.claims(found) for one in registry.FORMATS)
