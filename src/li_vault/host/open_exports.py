"""From a path to exports: a file, a zip, a folder, standard input."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from li_vault.errors import BadExport
from li_vault.formats.tables.export import Export
from li_vault.host.zips import MAX_FILE, MemberFilter, is_clutter, is_zip, pick_members, read_zip

_NAMED = re.compile(r"LinkedInDataExport_(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)", re.IGNORECASE)
"""`Basic_LinkedInDataExport_11-20-2026.zip`: US month first."""
_LIST_NAME = "connections.csv"
_LISTED = 1000


def open_exports(
    path: str,
    *,
    wanted: Callable[[str], bool],
    stdin: BinaryIO | None,
    today: date,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Export]:
    """The exports at `path` (`-`: standard input), those of a folder sorted by name.

    `wanted` says of a base name whether some format reads it out of an archive.

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


def _of_stdin(stdin: BinaryIO | None, wanted: MemberFilter, today: date) -> Export:
    if stdin is None:
        raise BadExport("There is no standard input to read.", "Name the export's file instead.")
    data = stdin.read(MAX_FILE + 1)
    _refuse_large(len(data), "-")
    return _of_stream(io.BytesIO(data), "-", wanted, today, named=None, dated=today)


def _of_file(place: Path, wanted: MemberFilter, today: date, source: str = "") -> Export:
    # A list taken from an unpacked archive: its folder still has the archive's name.
    named = named_on(place.name)
    if named is None and place.name.lower() == _LIST_NAME:
        named = named_on(place.absolute().parent.name)
    with _opened(place) as file:
        dated = _day_of(file, today)
        found = _of_stream(file, printable_name(place), wanted, today, named=named, dated=dated)
    return found._replace(source=source or found.source)


def _of_stream(
    file: BinaryIO,
    source: str,
    wanted: MemberFilter,
    today: date,
    *,
    named: date | None,
    dated: date,
) -> Export:
    """An archive is read where it lies, however large; a loose file as a whole."""
    is_archive = is_zip(file.read(4))
    file.seek(0)
    if not is_archive:
        return Export(source, {source: _all_of(file, source)}, (source,), False, named, None, dated)
    inside = read_zip(file, source=source, wanted=wanted, today=today)
    listing = inside.listing[:_LISTED]
    return Export(source, inside.files, listing, True, named, inside.stamped_on, dated)


def _of_folder(
    folder: Path, wanted: MemberFilter, today: date, progress: Callable[[int, int], None]
) -> list[Export]:
    """An unpacked archive is one export; of a folder of archives, lists and pages each is one."""
    finds = exports_in(folder)
    if not finds:
        raise BadExport(
            f"The folder {printable_name(folder)!r} holds no Connections.csv and no zip: "
            f"{what_is_there(folder)}.",
            "Nothing changed. Name the export itself, or the folder that it was unpacked into.",
        )
    found = []
    for number, find in enumerate(finds):
        progress(number, len(finds))
        if find.kind == "file":
            (place,) = find.paths
            # Of several folders with the same file in each, the folder tells which one is meant.
            nested = place.parent != folder
            source = f"{printable_name(place.parent)}/{printable_name(place)}" if nested else ""
            found.append(_of_file(place, wanted, today, source))
        elif find.kind == "unpacked":
            found.append(_of_unpacked(find.folder, find.paths, wanted, today))
        else:
            found.append(_of_pages(find.folder, find.paths, today))
    return found


def _of_unpacked(
    folder: Path, entries: Sequence[Path], wanted: MemberFilter, today: date
) -> Export:
    source = printable_name(folder)
    paths = {path.name: path for path in entries}
    files: dict[str, bytes] = {}
    dated = today
    for name in pick_members(paths, wanted, source).values():
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
            files[printable_name(page)] = _all_of(file, printable_name(page))
            days.append(_day_of(file, today))
        _refuse_large(sum(map(len, files.values())), printable_name(folder))
    named = named_on(folder.absolute().name)
    return Export(
        printable_name(folder), files, tuple(files)[:_LISTED], True, named, None, max(days)
    )


@contextmanager
def _opened(place: Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading; never waits for a pipe that nobody writes to."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise BadExport(
                f"{printable_name(place)!r} is neither a file nor a folder.",
                "Nothing changed. Name the export's file, or `-` to read standard input.",
            )
        yield file


def _all_of(file: BinaryIO, source: str) -> bytes:
    _refuse_large(file.seek(0, os.SEEK_END), source)  # before so much of it is in memory
    file.seek(0)
    data = file.read(MAX_FILE + 1)
    _refuse_large(len(data), source)
    return data


def _refuse_large(size: int, source: str) -> None:
    if size > MAX_FILE:
        raise BadExport(
            f"{source!r} is larger than {MAX_FILE // 1024 // 1024} MB.",
            "Nothing changed. LinkedIn's lists are far smaller: hand over its own file.",
        )


def _day_of(file: BinaryIO, today: date) -> date:
    """The UTC day of the last change; `today` where the disk says what no calendar has."""
    try:
        return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC).date()
    except (ValueError, OverflowError):
        return today


def printable_name(place: Path) -> str:
    """The base name, as text that can be written anywhere."""
    name = place.name or place.absolute().name or str(place)
    return os.fsencode(name).decode("utf-8", "replace")


_LINKEDINS = re.compile(r".*LinkedInDataExport.*", re.IGNORECASE)
_ZIP = re.compile(r".*\.zip(?: ?\(\d+\))?", re.IGNORECASE)
_LIST = re.compile(
    r".*connections.*\.csv|linkedin_connections_export.*\.vcf", re.IGNORECASE | re.DOTALL
)
_FOLDER_LIST_NAME = "connections.csv"
_PAGE = re.compile(r".*\.json", re.IGNORECASE | re.DOTALL)
_FOREIGN = re.compile(r".*\.(?:vcf|csv)", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(rb'"snapshotDomain"\s*:\s*"([A-Z_]*)"')
_END = re.compile(rb'"status"\s*:\s*404')
_HEAD = 4096
_FOLDER_NAMED = 8


class FoundExport(NamedTuple):
    """An export in a folder.

    Attributes:
        kind: A file of its own, an unpacked archive, or pages that are one list.
        paths: The file; what lies in the unpacked archive; the pages.
    """

    kind: Literal["file", "unpacked", "pages"]
    folder: Path
    paths: tuple[Path, ...]


class _FolderContents(NamedTuple):
    """What one folder holds, sorted by what it may be."""

    certain: list[FoundExport]
    unnamed_zips: list[FoundExport]
    foreign: list[FoundExport]


def exports_in(folder: Path) -> list[FoundExport]:
    """The exports in a folder, by name; none if there is nothing that looks like one.

    A zip without LinkedIn's name counts if none has it; a list that is not LinkedIn's, if it is
    the only thing there.

    Raises:
        OSError: The folder can't be read.
    """
    here = _look(_entries(folder), folder)
    if [find.kind for find in here.certain if find.kind != "pages"] == ["unpacked"]:
        return here.certain
    below = [_below(path) for path in _entries(folder) if _is_folder(path)]
    certain = [*here.certain, *(find for found in below for find in found.certain)]
    if not any(_LINKEDINS.match(find.paths[0].name) for find in certain if find.kind == "file"):
        certain += here.unnamed_zips
    deeper = [find for found in below for find in found.unnamed_zips]
    chosen = certain or deeper or (here.foreign if len(here.foreign) == 1 else [])
    return sorted(chosen, key=lambda find: find.paths[0] if find.kind == "file" else find.folder)


def what_is_there(folder: Path) -> str:
    """Some names out of a folder, in words."""
    names = [path.name for path in _entries(folder)]
    if not names:
        return "it is empty"
    more = f" and {len(names) - _FOLDER_NAMED} more" if len(names) > _FOLDER_NAMED else ""
    return "it holds " + ", ".join(repr(name[-60:]) for name in names[:_FOLDER_NAMED]) + more


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not is_clutter(path.name)]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _below(folder: Path) -> _FolderContents:
    """What a folder in the folder holds; nothing, if it may not be entered."""
    try:
        return _look(_entries(folder), folder)
    except PermissionError:
        return _FolderContents([], [], [])


def _look(entries: Sequence[Path], folder: Path) -> _FolderContents:
    files = [path for path in entries if path.is_file()]
    zips = [path for path in files if _ZIP.fullmatch(path.name)]
    named = [path for path in zips if _LINKEDINS.match(path.name)]
    lists = [path for path in files if _LIST.fullmatch(path.name)]
    pages = _pages([path for path in files if _PAGE.fullmatch(path.name)])
    found = [FoundExport("pages", folder, tuple(pages))] if pages else []
    other_zips = [] if named else zips
    is_archive = any(path.name.lower() == _FOLDER_LIST_NAME for path in files)
    if is_archive and len(lists) + len(named) + len(other_zips) == 1:
        return _FolderContents([FoundExport("unpacked", folder, tuple(entries)), *found], [], [])
    found += [FoundExport("file", folder, (path,)) for path in (*named, *lists)]
    foreign = [path for path in files if _FOREIGN.fullmatch(path.name) and path not in lists]
    return _FolderContents(
        found,
        [FoundExport("file", folder, (path,)) for path in other_zips],
        [FoundExport("file", folder, (path,)) for path in foreign],
    )


def _pages(files: Sequence[Path]) -> list[Path]:
    """The files that are pages of connections, with the saved answer that ended them."""
    heads = {path: _head(path) for path in files}
    pages = [path for path, head in heads.items() if _is_page(head)]
    return [path for path in files if path in pages or _END.search(heads[path])] if pages else []


def _is_page(head: bytes) -> bool:
    domain = _DOMAIN.search(head)
    return domain[1] == b"CONNECTIONS" if domain else b'"elements"' in head


def _head(path: Path) -> bytes:
    """The first bytes of a regular file, without the NULs of UTF-16; none if it can't be read."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return b""
            return file.read(_HEAD).replace(b"\0", b"")
    except OSError:
        return b""
