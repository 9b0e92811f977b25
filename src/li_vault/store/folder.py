"""Writing the files of one folder, without ever writing over someone's own work."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from li_vault.store import history, incoming
from li_vault.store.repo import Repo

_EVERYWHERE = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _EVERYWHERE
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _EVERYWHERE
_PART = 1 << 16
_BY_HANDLE = {os.open, os.unlink, os.rename} <= os.supports_dir_fd


class Folder:
    """A folder of the work tree that is open for writing; made by `opened`."""

    def __init__(self, handle: int | None, prefix: str, spare: Path) -> None:
        self._handle = handle
        self._prefix = prefix
        self._spare = str(spare)

    def bring(self, name: str, before: set[str | None], data: bytes | None) -> bool:
        """Make the file `name` hold `data`, or be absent if that is None.

        Args:
            name: The file's name in this folder.
            before: The blob ids that the vault itself put there earlier; None for "no file".
            data: What it shall hold.

        Returns:
            False if something else is there, written by hand: then it is left alone.
        """
        path = self._prefix + name
        if data is not None and None in before:
            with suppress(FileExistsError):
                self._create(path, data)
                return True
        found = self._content(path)
        if found == data and not isinstance(found, _Odd):
            return True
        if isinstance(found, _Odd):
            return data is None and found.is_folder
        if data is None:
            if history.blob_id(found or b"") not in before:
                return False
            os.unlink(path, dir_fd=self._handle)
        elif found is None:
            self._create(path, data)
        elif history.blob_id(found) in before or _is_torn(found, data, before):
            self._replace(path, data)
        else:
            return False
        return True

    def _create(self, path: str, data: bytes) -> None:
        handle = os.open(path, _WRITE_NEW, 0o644, dir_fd=self._handle)
        try:
            if os.write(handle, data) != len(data):
                _write_rest(handle, data)
        except OSError:
            os.unlink(path, dir_fd=self._handle)
            raise
        finally:
            os.close(handle)

    def _replace(self, path: str, data: bytes) -> None:
        handle = os.open(self._spare, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _EVERYWHERE, 0o644)
        try:
            _write_rest(handle, data)
        finally:
            os.close(handle)
        os.replace(self._spare, path, dst_dir_fd=self._handle)

    def _content(self, path: str) -> bytes | _Odd | None:
        try:
            handle = os.open(path, _READ, dir_fd=self._handle)
        except FileNotFoundError:
            return None
        except OSError:  # a symbolic link, or nothing that this user may read
            return _Odd(is_folder=False)
        try:
            kind = os.fstat(handle).st_mode
            if not stat.S_ISREG(kind):
                return _Odd(is_folder=stat.S_ISDIR(kind))
            parts = []
            while part := os.read(handle, _PART):
                parts.append(part)
            return b"".join(parts)
        finally:
            os.close(handle)


class _Odd(NamedTuple):
    """Something that is no ordinary file."""

    is_folder: bool


@contextmanager
def opened(repo: Repo, name: str) -> Iterator[Folder]:
    """Open a folder of the work tree for writing, made if need be; "" is the root.

    Raises:
        OSError: It can't be made, or something else is in its place.
    """
    place = repo.path / name if name else repo.path
    spare = incoming.folder(repo)
    spare.mkdir(mode=0o700, exist_ok=True)
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not _BY_HANDLE:
        yield Folder(None, f"{place}{os.sep}", spare / "file")
        return
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield Folder(handle, "", spare / "file")
    finally:
        os.close(handle)


def _write_rest(handle: int, data: bytes) -> None:
    """Write all of `data` from its beginning; a full disk makes short writes first."""
    os.lseek(handle, 0, os.SEEK_SET)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _is_torn(found: bytes, data: bytes, before: set[str | None]) -> bool:
    """Whether this is what an interrupted write of `data` leaves.

    A kill leaves the beginning of a new file; a power cut may leave it empty or filled with NUL.
    None of them holds anything that `data` does not.
    """
    start = found.rstrip(b"\0")
    return not start or (None in before and len(start) < len(data) and data.startswith(start))
