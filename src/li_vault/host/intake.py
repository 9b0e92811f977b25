"""A path on the command line -> the exports it holds, as bytes in memory.

A file, a zip under any name, an unpacked archive, a folder of several, or standard input. What
the bytes mean is for `formats` to say.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from li_vault.errors import BadExport
from li_vault.formats.base import Export
from li_vault.host import archives

_NAMED = re.compile(r"LinkedInDataExport_(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)", re.IGNORECASE)
"""`Basic_LinkedInDataExport_11-20-2026.zip`: US month first."""
_LIST_NAME = "connections.csv"
_LISTED = 1000

Progress = Callable[[int, int], None]
"""Told how many exports were opened, and of how many."""


def open_exports(
    path: str,
    *,
    wanted: Callable[[str], bool],
    stdin: BinaryIO | None,
    today: date,
    progress: Progress = lambda _done, _total: None,
) -> list[Export]:
    """The exports at `path` (`-`: standard input), those of a folder sorted by name.

    Args:
        path: As it was given on the command line.
        wanted: Says of a base name whether some format reads it out of an archive.
        stdin: The standard input, if there is one.
        today: The UTC day.
        progress: Told how far the opening of a folder's exports is.

    Raises:
        BadExport: Not there, not readable, not a file, too large, or a broken archive.
    """
    if path == "-":
        return [_of_stdin(stdin, wanted, today)]
    if not path:
        raise _missing(path)  # not the current folder, as Path("") would have it
    place = Path(path)
    try:
        if place.is_dir():
            return _of_folder(place, wanted, today, progress)
        return [_of_file(place, wanted, today)]
    except FileNotFoundError:
        raise _missing(path) from None
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadExport(
            f"{path!r} can't be read: {words}.",
            "Nothing changed. Check its name and permissions.",
        ) from None


def _missing(path: str) -> BadExport:
    return BadExport(f"There is no file {path!r}.", "Nothing changed. Check its name and folder.")


def named_on(name: str) -> date | None:
    """The day in an archive's name, which LinkedIn writes month first; None if it is none."""
    found = _NAMED.search(name)
    if found is None:
        return None
    month, day, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_stdin(stdin: BinaryIO | None, wanted: archives.Wanted, today: date) -> Export:
    if stdin is None:
        raise BadExport("There is no standard input to read.", "Name the export's file instead.")
    data = stdin.read(archives.MAX_FILE + 1)
    _refuse_large(len(data), "-")
    return _of_stream(io.BytesIO(data), "-", wanted, today, named=None, dated=today)


def _of_file(place: Path, wanted: archives.Wanted, today: date, source: str = "") -> Export:
    # A list taken from an unpacked archive: its folder still has the archive's name.
    named = named_on(place.name)
    if named is None and place.name.lower() == _LIST_NAME:
        named = named_on(place.absolute().parent.name)
    with _opened(place) as file:
        dated = _day_of(file, today)
        found = _of_stream(file, shown(place), wanted, today, named=named, dated=dated)
    return found._replace(source=source or found.source)


def _of_stream(
    file: BinaryIO,
    source: str,
    wanted: archives.Wanted,
    today: date,
    *,
    named: date | None,
    dated: date,
) -> Export:
    """An archive is read where it lies, however large; a loose file as a whole."""
    is_archive = archives.is_archive(file.read(4))
    file.seek(0)
    if not is_archive:
        return Export(source, {source: _all_of(file, source)}, (source,), False, named, None, dated)
    inside = archives.read(file, source=source, wanted=wanted, today=today)
    listing = inside.listing[:_LISTED]
    return Export(source, inside.files, listing, True, named, inside.stamped_on, dated)


def _of_folder(
    folder: Path, wanted: archives.Wanted, today: date, progress: Progress
) -> list[Export]:
    """An unpacked archive is one export; of a folder of archives, lists and pages each is one."""
    from li_vault.host import folders  # most exports are a file

    finds = folders.exports_in(folder)
    if not finds:
        raise BadExport(
            f"The folder {shown(folder)!r} holds no Connections.csv and no zip: "
            f"{folders.what_is_there(folder)}.",
            "Nothing changed. Name the export itself, or the folder that it was unpacked into.",
        )
    found = []
    for number, find in enumerate(finds):
        progress(number, len(finds))
        if find.kind == "file":
            (place,) = find.paths
            # Of several folders with the same file in each, the folder tells which one is meant.
            nested = place.parent != folder
            source = f"{shown(place.parent)}/{shown(place)}" if nested else ""
            found.append(_of_file(place, wanted, today, source))
        elif find.kind == "unpacked":
            found.append(_of_unpacked(find.folder, find.paths, wanted, today))
        else:
            found.append(_of_pages(find.folder, find.paths, today))
    return found


def _of_unpacked(
    folder: Path, entries: Sequence[Path], wanted: archives.Wanted, today: date
) -> Export:
    source = shown(folder)
    paths = {path.name: path for path in entries}
    files: dict[str, bytes] = {}
    dated = today
    for name in archives.pick(paths, wanted, source).values():
        with _opened(paths[name]) as file:
            files[name] = _all_of(file, name)
            if name.lower() == _LIST_NAME:
                dated = _day_of(file, today)
    named = named_on(folder.absolute().name) or named_on(folder.absolute().parent.name)
    return Export(source, files, tuple(paths)[:_LISTED], True, named, None, dated)


def _of_pages(folder: Path, pages: Sequence[Path], today: date) -> Export:
    """The saved pages of the portability API in one folder: one list, made when the last was."""
    files: dict[str, bytes] = {}
    days: list[date] = []
    for page in pages:
        with _opened(page) as file:
            files[shown(page)] = _all_of(file, shown(page))
            days.append(_day_of(file, today))
        _refuse_large(sum(map(len, files.values())), shown(folder))
    named = named_on(folder.absolute().name)
    return Export(shown(folder), files, tuple(files)[:_LISTED], True, named, None, max(days))


@contextmanager
def _opened(place: Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading; never waits for a pipe that nobody writes to."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise BadExport(
                f"{shown(place)!r} is neither a file nor a folder.",
                "Nothing changed. Name the export's file, or `-` to read standard input.",
            )
        yield file


def _all_of(file: BinaryIO, source: str) -> bytes:
    _refuse_large(file.seek(0, os.SEEK_END), source)  # before so much of it is in memory
    file.seek(0)
    data = file.read(archives.MAX_FILE + 1)
    _refuse_large(len(data), source)
    return data


def _refuse_large(size: int, source: str) -> None:
    if size > archives.MAX_FILE:
        raise BadExport(
            f"{source!r} is larger than {archives.MAX_FILE // 1024 // 1024} MB.",
            "Nothing changed. LinkedIn's lists are far smaller: hand over its own file.",
        )


def _day_of(file: BinaryIO, today: date) -> date:
    """The UTC day of the last change; `today` where the disk says what no calendar has."""
    try:
        return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC).date()
    except (ValueError, OverflowError):
        return today


def shown(place: Path) -> str:
    """The base name, as text that can be written anywhere."""
    name = place.name or place.absolute().name or str(place)
    return os.fsencode(name).decode("utf-8", "replace")
