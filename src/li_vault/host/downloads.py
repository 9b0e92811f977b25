"""New exports in the Downloads folder, known by their names."""

from __future__ import annotations

import re
from pathlib import Path

import platformdirs

_EXPORT = re.compile(r".*LinkedInDataExport.*|Connections.*\.csv", re.IGNORECASE)
_UNFINISHED = (".part", ".crdownload", ".download", ".partial", ".tmp", ".opdownload")


def folder() -> Path:
    """The user's Downloads folder, as the platform names it."""
    return Path(platformdirs.user_downloads_dir())


def newest(folder: Path) -> Path | None:
    """The newest thing there that is named like an export and has arrived; None without one.

    Newest by modification time, of two at the same time the later name.
    """
    try:
        names = {path.name: path for path in folder.iterdir()}
    except OSError:
        return None
    found = []
    for name, path in names.items():
        if not _EXPORT.fullmatch(name) or name.lower().endswith(_UNFINISHED):
            continue
        # Firefox keeps an empty file of the final name beside the part that grows.
        if any(name + ending in names for ending in _UNFINISHED):
            continue
        try:
            status = path.stat()
        except OSError:
            continue
        if path.is_dir() or status.st_size:
            found.append((status.st_mtime_ns, name))
    return names[max(found)[1]] if found else None
