"""Folders that are new as a whole: written aside while git stores the objects, then renamed.

Writing 30,000 files takes as long as storing them does. Both are done at once where nothing is in
the way: the folder is not there yet. Until its commit is visible it lies in `.git/li-vault/`,
where nothing reads it; a run that is killed leaves it there, and the next command removes it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from li_vault.store.repo import Repo

ENOUGH = 1000
"""With fewer files it is not worth a thread."""

Edits = Mapping[str, bytes | None]


class Prepared:
    """Folders that are being written aside; made by `begin`."""

    def __init__(self, repo: Repo, folders: Mapping[str, Mapping[str, bytes]]) -> None:
        self._repo = repo
        self._folders = folders
        self._whole: set[str] = set()
        self._stopped = False
        self._thread = Thread(target=self._write)
        self._thread.start()

    def __bool__(self) -> bool:
        """Whether any folder is written aside."""
        return bool(self._folders)

    def _write(self) -> None:
        # What can't be written here is written, or complained of, where it belongs.
        with suppress(OSError):
            for name, files in self._folders.items():
                place = _aside(self._repo) / name
                place.mkdir(mode=0o755, parents=True)
                if self._fill(place, files):
                    self._whole.add(name)

    def _fill(self, place: Path, files: Mapping[str, bytes]) -> bool:
        prefix = f"{place}{os.sep}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        for name, data in files.items():
            if self._stopped:
                return False
            handle = os.open(prefix + name, flags, 0o644)
            try:
                if os.write(handle, data) != len(data):
                    return False
            finally:
                os.close(handle)
        return True

    def place(self) -> set[str]:
        """Put the folders into the work tree; the names of those that are there now."""
        self._thread.join()
        placed = set()
        for name in self._whole:
            with suppress(OSError):  # someone made one meanwhile: then files are brought one by one
                (_aside(self._repo) / name).rename(self._repo.path / name)
                placed.add(name)
        clear(self._repo)
        return placed

    def drop(self) -> None:
        """Stop, and remove what was written: nothing of it will become visible."""
        self._stopped = True
        self._thread.join()
        clear(self._repo)


def begin(repo: Repo, edits: Sequence[Edits]) -> Prepared:
    """Begin to write the folders that these edits, one upon the other, make new as a whole."""
    clear(repo)
    state: dict[str, bytes | None] = {}
    for edit in edits:
        state.update(edit)
    folders: dict[str, dict[str, bytes]] = {}
    for path, data in state.items():
        name, _, file = path.partition("/")
        if data is not None and file and "/" not in file:
            folders.setdefault(name, {})[file] = data
    new = {
        name: files
        for name, files in folders.items()
        if len(files) >= ENOUGH and not os.path.lexists(repo.path / name)
    }
    return Prepared(repo, new)


def clear(repo: Repo) -> bool:
    """Remove what lies aside; whether there was anything."""
    place = _aside(repo)
    if not place.exists():
        return False
    shutil.rmtree(place, ignore_errors=True)
    return True


def _aside(repo: Repo) -> Path:
    return repo.private / "folders"
