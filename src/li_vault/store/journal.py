"""The note of a snapshot that is being made visible: which commit was there, which comes.

Without it the index tells which commits those are, but for what a user staged; it alone tells which
files the snapshot has taken up as they were edited, and may therefore write over.

A note is kept once its snapshot is finished, together with the machine's boot. After a power cut
files can be as they were before, although the index says otherwise; to wait until each is on the
disk would take longer than all the rest. So the next command after another boot looks at them
once more.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from li_vault.store import incoming
from li_vault.store.repo import NOBODY, Repo


class Note(NamedTuple):
    """What the journal says.

    Attributes:
        old: The tip before; None if there was no commit yet.
        new: The tip after.
        taken: The blob ids of files with hand edits that the commits between take up, by path.
    """

    old: str | None
    new: str
    taken: Mapping[str, str] = {}


def _file(repo: Repo) -> Path:
    return repo.private / "unfinished"


def _settled(repo: Repo) -> Path:
    return repo.private / "settled"


def _boot() -> str:
    """What tells one run of this machine from the next; empty where the system has no such id."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def write(repo: Repo, note: Note) -> None:
    """Note durably what is about to become visible."""
    spare = incoming.folder(repo) / "unfinished"
    taken = "".join(f"{ident} {path}\0" for path, ident in note.taken.items())
    with spare.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(f"{note.old or NOBODY} {note.new} {_boot()}\n{taken}")
        file.flush()
        os.fsync(file.fileno())
    spare.replace(_file(repo))
    incoming.sync_folder(repo.private)


def read(repo: Repo) -> Note | None:
    """What a killed run left noted, if it can be read."""
    return _read(_file(repo))[0]


def _read(file: Path) -> tuple[Note | None, str]:
    try:
        line, _, rest = file.read_bytes().decode("utf-8", "surrogateescape").partition("\n")
    except FileNotFoundError:
        return None, ""
    words = line.split()
    if len(words) < 2 or {len(word) for word in words[:2]} != {len(NOBODY)}:
        return None, ""
    entries = (entry.partition(" ") for entry in rest.split("\0")[:-1])
    taken = {path: ident for ident, _, path in entries}
    return Note(None if words[0] == NOBODY else words[0], words[1], taken), "".join(words[2:])


def finish(repo: Repo) -> None:
    """The snapshot is finished; its files reach the disk when the system sees fit.

    Where the system has no id of its boot, this waits for them.
    """
    if not _boot() and hasattr(os, "sync"):
        os.sync()
    file = _file(repo)
    os.utime(file)  # files that are newer than this were not written by the snapshot
    file.replace(_settled(repo))


def doubtful(repo: Repo) -> tuple[Note, int] | None:
    """The last finished snapshot, if the machine was started anew since.

    Returns:
        Its note, and when it was finished, in nanoseconds as files are stamped.
    """
    note, boot = _read(_settled(repo))
    if note is None or boot == _boot():
        return None
    return note, _settled(repo).stat().st_mtime_ns


def erase(repo: Repo) -> None:
    """Forget what was noted."""
    _file(repo).unlink(missing_ok=True)


def trust(repo: Repo) -> None:
    """The last snapshot's files are known to be on the disk."""
    _settled(repo).unlink(missing_ok=True)
