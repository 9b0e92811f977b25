"""What the tree of a vault may hold: ordinary files in the places of the layout, nothing else.

A tree that came from elsewhere is looked at before any file of it is written. git itself allows
much that harms on the way to disk: symbolic links, submodules, attributes that run filters, names
that mean something else to another file system.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from li_vault.core import layout

FILE: Final = "100644"
"""The mode of an ordinary file in git's trees."""

FOLDER: Final = "040000"
"""The mode of a folder in git's trees."""

LONGEST: Final = 255
"""Bytes that a file's name may have on every usual file system."""

_KINDS: Final = {
    "120000": "a symbolic link",
    "160000": "a submodule",
    "100755": "an executable file",
    "100664": "a file that a group may write",
}
_HARMFUL = frozenset('\\:*?"<>|')
_FOLDERS = (*layout.FOLDERS, layout.EXPORTS)
_ROOT = (layout.MARKER, *layout.fixed_files())


class Entry(NamedTuple):
    """One entry of a tree: its mode in six octal digits, its object's id, its whole path."""

    mode: str
    ident: str
    path: str


def problems(entries: Iterable[Entry], attributes: str) -> Iterator[str]:
    """What in a tree has no place in a vault, in words that begin with the path.

    Args:
        entries: Everything in the tree, folders included.
        attributes: The id that the fixed `.gitattributes` has.
    """
    seen: set[str] = set()
    for entry in entries:
        path = entry.path
        shown = path if path.isprintable() else ascii(path)
        key = unicodedata.normalize("NFC", path).casefold()
        if key in seen:
            yield f"{shown} is there twice, in names that some file systems take for one"
        seen.add(key)
        why = _misplaced(entry)
        if why:
            yield f"{shown} {why}"
        elif path == ".gitattributes" and entry.ident != attributes:
            yield f"{shown} does not hold the text that every vault has there"


def _misplaced(entry: Entry) -> str:
    """Why an entry has no place in a vault; empty if it has."""
    if entry.mode == FOLDER:
        return "" if entry.path in _FOLDERS else "is a folder that no vault has"
    if entry.mode != FILE:
        kind = _KINDS.get(entry.mode, f"something of mode {entry.mode}")
        return f"is {kind}, not an ordinary file"
    folder, slash, file = entry.path.partition("/")
    return _misplaced_in(folder, file) if slash else _misplaced_at_the_root(folder)


def _misplaced_at_the_root(file: str) -> str:
    """Why an ordinary file has no place beside `vault.toml`; one that a user committed may have.

    A folder of the user's may not: it could be a repository of its own, whose configuration git
    would run for whoever enters it.
    """
    if file in _FOLDERS:
        return "is a file in place of a folder"
    plain = file in _ROOT or _is_plain(file)
    return "" if plain else "has a name that means something else on some systems"


def _misplaced_in(folder: str, file: str) -> str:
    """Why an ordinary file has no place in a folder of the root; empty if it has."""
    if folder not in _FOLDERS or "/" in file:
        return "lies in a folder that no vault has"
    if not _is_plain(file):
        return "has a name that means something else on some systems"
    if folder in layout.FOLDERS and not layout.is_card(f"{folder}/{file}"):
        return "is no vCard file, among the cards"
    return ""


def _is_plain(file: str) -> bool:
    """Whether a file's name is only a name, on every usual file system."""
    return (
        file.isprintable()
        and not _HARMFUL.intersection(file)
        and not file.startswith(".")
        and not file.endswith((".", " "))
        and len(file.encode("utf-8", "surrogateescape")) <= LONGEST
    )
