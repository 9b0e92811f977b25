"""What lies in a folder that may be an export: by names, and of pages by their first bytes.

A folder is looked into, and those directly in it; whatever is no export of LinkedIn's is left
alone and not opened.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from li_vault.host import archives

_LINKEDINS = re.compile(r".*LinkedInDataExport.*", re.IGNORECASE)
_ZIP = re.compile(r".*\.zip(?: ?\(\d+\))?", re.IGNORECASE)
_LIST = re.compile(
    r".*connections.*\.csv|linkedin_connections_export.*\.vcf", re.IGNORECASE | re.DOTALL
)
_LIST_NAME = "connections.csv"
_PAGE = re.compile(r".*\.json", re.IGNORECASE | re.DOTALL)
_FOREIGN = re.compile(r".*\.(?:vcf|csv)", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(rb'"snapshotDomain"\s*:\s*"([A-Z_]*)"')
_END = re.compile(rb'"status"\s*:\s*404')
_HEAD = 4096
_NAMED = 8


class Find(NamedTuple):
    """An export in a folder.

    Attributes:
        kind: A file of its own, an unpacked archive, or pages that are one list.
        folder: The folder that it lies in, or is.
        paths: The file; what lies in the unpacked archive; the pages.
    """

    kind: Literal["file", "unpacked", "pages"]
    folder: Path
    paths: tuple[Path, ...]


class _Found(NamedTuple):
    """What one folder holds, sorted by what it may be."""

    certain: list[Find]
    unnamed_zips: list[Find]
    foreign: list[Find]


def exports_in(folder: Path) -> list[Find]:
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
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "it holds " + ", ".join(repr(name[-60:]) for name in names[:_NAMED]) + more


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not archives.is_clutter(path.name)]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def _below(folder: Path) -> _Found:
    """What a folder in the folder holds; nothing, if it may not be entered."""
    try:
        return _look(_entries(folder), folder)
    except PermissionError:
        return _Found([], [], [])


def _look(entries: Sequence[Path], folder: Path) -> _Found:
    files = [path for path in entries if path.is_file()]
    zips = [path for path in files if _ZIP.fullmatch(path.name)]
    named = [path for path in zips if _LINKEDINS.match(path.name)]
    lists = [path for path in files if _LIST.fullmatch(path.name)]
    pages = _pages([path for path in files if _PAGE.fullmatch(path.name)])
    found = [Find("pages", folder, tuple(pages))] if pages else []
    other_zips = [] if named else zips
    is_archive = any(path.name.lower() == _LIST_NAME for path in files)
    if is_archive and len(lists) + len(named) + len(other_zips) == 1:
        return _Found([Find("unpacked", folder, tuple(entries)), *found], [], [])
    found += [Find("file", folder, (path,)) for path in (*named, *lists)]
    foreign = [path for path in files if _FOREIGN.fullmatch(path.name) and path not in lists]
    return _Found(
        found,
        [Find("file", folder, (path,)) for path in other_zips],
        [Find("file", folder, (path,)) for path in foreign],
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
