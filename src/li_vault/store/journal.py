"""The note of a snapshot that is being made visible: which commit was there, which comes.

It is only a hint: without it the index tells the same, but for what a user staged.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from li_vault.store import incoming
from li_vault.store.repo import NOBODY, Repo


class Note(NamedTuple):
    """What the journal says: the tip before (None: no commit yet) and after."""

    old: str | None
    new: str


def _file(repo: Repo) -> Path:
    return repo.private / "unfinished"


def write(repo: Repo, note: Note) -> None:
    """Note durably what is about to become visible."""
    spare = incoming.folder(repo) / "unfinished"
    with spare.open("w", encoding="ascii") as file:
        file.write(f"{note.old or NOBODY} {note.new}\n")
        file.flush()
        os.fsync(file.fileno())
    spare.replace(_file(repo))
    incoming.sync_folder(repo.private)


def read(repo: Repo) -> Note | None:
    """What a killed run left noted, if it can be read."""
    try:
        words = _file(repo).read_text("ascii", "replace").split()
    except FileNotFoundError:
        return None
    if len(words) != 2 or {len(word) for word in words} != {len(NOBODY)}:
        return None
    return Note(None if words[0] == NOBODY else words[0], words[1])


def erase(repo: Repo) -> None:
    """The snapshot is finished."""
    _file(repo).unlink(missing_ok=True)
