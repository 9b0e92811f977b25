"""Exports that were seen before, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.core.snapshot import Snapshot, Trailers
from li_vault.formats.tables import export
from li_vault.host.downloads import StatSignature
from li_vault.store import state
from li_vault.store.repo import Repo

_NAME = "arrivals"
_KEPT = 1000

Fate = Literal["recorded", "already", "refused", "unreadable"]


class SeenFile(NamedTuple):
    """An export that was looked at: a file, or what LinkedIn's API gave.

    Attributes:
        path: Where it was seen last; "" if LinkedIn's API gave it.
        mark: What it looked like there (`host.downloads.StatSignature`); of the API's, zeros.
        rule: The guard's rule that refused it, or "".
        message: Why it was not recorded, or "".
        hint: What to do about that, or "".
        after: The commit of the snapshot that was the newest of a full list then, or "".
        ahead_on: The day of the look if the export was of a later one, else "": one of the two is
            wrong, and it may be the clock, so that it is looked at again on another day.
        day: The ISO day that the export was made, or "" if it could not be read.
    """

    digest: str
    path: str
    mark: StatSignature
    fate: Fate
    rule: str = ""
    message: str = ""
    hint: str = ""
    after: str = ""
    ahead_on: str = ""
    day: str = ""

    def is_settled(self, today: date) -> bool:
        """Whether it need not be looked at again."""
        return self.ahead_on in ("", today.isoformat())

    @property
    def is_open(self) -> bool:
        """Whether it was not recorded, and somebody has to look at it."""
        return self.fate in ("refused", "unreadable")

    def is_older(self, last: str) -> bool:
        """Whether it is a file with a list of before the last snapshot, which can be left alone.

        Args:
            last: ISO day of the last snapshot, or "".
        """
        if not self.path or self.ahead_on or self.fate == "unreadable":
            return False
        return self.rule == "older" or bool(self.day and self.day < last)

    def is_waiting(self, last: str) -> bool:
        """Whether somebody has to decide about it; `last` is the ISO day of the last snapshot."""
        return self.is_open and not self.is_older(last)

    @property
    def is_there(self) -> bool:
        """Whether it can still be had: the file lies there, or LinkedIn can be asked again."""
        return not self.path or Path(self.path).exists()

    def is_superseded(self, newest: Snapshot | None) -> bool:
        """Whether a list was recorded since that is not older than what was not recorded.

        Args:
            newest: The newest snapshot of a full list, or None.
        """
        if newest is None or newest.commit == self.after:
            return False
        return newest.record.taken_on >= self.day


@dataclass
class SeenFiles:
    """All files that were looked at, by their digests, oldest first."""

    entries: dict[str, SeenFile] = field(default_factory=dict)

    def at(self, path: Path, mark: StatSignature) -> SeenFile | None:
        """The entry of a file that has not changed since; it need not be read."""
        found = (one for one in self.entries.values() if one.path == str(path))
        return next((one for one in found if one.mark == mark), None)

    def note(self, entry: SeenFile) -> None:
        """Note what became of a file, as the newest."""
        self.entries.pop(entry.digest, None)
        self.entries[entry.digest] = entry

    def open(self, newest: Snapshot | None) -> list[SeenFile]:
        """What still has to be looked at: it lies there, and nothing came in its place.

        Args:
            newest: The newest snapshot of a full list, or None.
        """
        last_at = {one.path: one for one in self.entries.values()}  # one may lie there no longer
        return [
            one
            for one in last_at.values()
            if one.is_open and one.is_there and not one.is_superseded(newest)
        ]


def newest_full_list(snapshots: Iterable[Snapshot]) -> Snapshot | None:
    """The newest snapshot of a full list: what came from an address book takes no list's place.

    Args:
        snapshots: Newest first.
    """
    return next((one for one in snapshots if _is_full(one.record)), None)


def _is_full(record: Trailers) -> bool:
    if record.listed:
        return record.listed == "full"
    return export.lists_everyone(record.kind) is not False


def load_seen_files(repo: Repo) -> SeenFiles:
    """What was seen in the folders of a vault; nothing if that can't be read."""
    try:
        entries = [_entry(row) for row in state.load_state(repo, _NAME) or ()]
    except (TypeError, AttributeError):
        return SeenFiles()
    return SeenFiles({one.digest: one for one in entries})


def save_seen_files(repo: Repo, seen: SeenFiles) -> None:
    """Keep the newest of what was seen."""
    kept = list(seen.entries.values())[-_KEPT:]
    state.save_state(repo, _NAME, [one._asdict() for one in kept])


def _entry(row: Mapping[str, object]) -> SeenFile:
    entry = SeenFile(**row)  # type: ignore[arg-type]
    return entry._replace(mark=StatSignature(*entry.mark))
