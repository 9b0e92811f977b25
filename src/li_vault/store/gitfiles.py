"""The files of `.git` that a vault needs, looked at without git: their form and their checksums.

Git reads most damage out of its own way: a pack's index is made good by the pack, a reference in
other letters still means the same commit. Here every bit counts. Sources: gitformat-pack(5),
gitformat-index(5), gitformat-commit-graph(5), gitrepository-layout(5).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import LiVaultError
from li_vault.store.repo import MAIN, Repo, config

_REF = re.compile(rb"[0-9a-f]{40}\n")
_SYMBOLIC = re.compile(rb"ref: (refs/[!-~]+)\n")
_PACKED = re.compile(rb"[0-9a-f]{40} refs/[^\x00-\x20\x7f~^:?*\[\\]+|\^[0-9a-f]{40}")
_HEADER = b"# pack-refs with:"
_TRAITS = frozenset((b"peeled", b"fully-peeled", b"sorted"))
_HEAD = f"ref: {MAIN}\n".encode()
_SEALED = (".pack", ".idx", ".rev", ".bitmap", ".mtimes")
_CHECKSUM = 20
_CHUNK = 1 << 20
_MADE_ANEW = ("index", "commit-graph", "graph-", "multi-pack-index", ".rev", ".bitmap", ".mtimes")


class Fault(NamedTuple):
    """A file of `.git` that is damaged.

    Attributes:
        kind: `ref` or `file`.
        path: The file, from the vault's folder on.
        words: What was found.
        can_be_made: Whether git can make the file anew out of the others.
    """

    kind: str
    path: str
    words: str
    can_be_made: bool = False


def faults(repo: Repo) -> Iterator[Fault]:
    """All damage that the files of a repository show by themselves."""
    yield from _of_head(repo)
    yield from _of_refs(repo)
    for path in _with_checksums(repo):
        words = _checksum(path)
        if words:
            can_be_made = any(part in path.name for part in _MADE_ANEW)
            yield Fault("file", _shown(repo, path), words, can_be_made)
    yield from _of_loose(repo)


def _of_head(repo: Repo) -> Iterator[Fault]:
    data = _bytes(repo.git_dir / "HEAD")
    if data == _HEAD:
        return
    found = _SYMBOLIC.fullmatch(data)
    if found is not None:
        name = found[1].decode("ascii")
        if (repo.git_dir / name).is_file() or f" {name}\n".encode() in _packed(repo):
            return  # another branch, which exists: whoever checked it out knows
    elif _REF.fullmatch(data):
        return  # a detached HEAD; whether there is such a commit, git tells
    yield Fault("ref", ".git/HEAD", f"it does not say `ref: {MAIN}`")


def _of_refs(repo: Repo) -> Iterator[Fault]:
    """Branches and tags: in the one form that git writes, of a remote that there is."""
    refs = repo.git_dir / "refs"
    for path in sorted(refs.rglob("*")) if refs.is_dir() else ():
        if path.is_dir() or path.name.endswith(".lock"):
            continue
        data = _bytes(path)
        if not _REF.fullmatch(data) and not _SYMBOLIC.fullmatch(data):
            yield Fault("ref", _shown(repo, path), "it is not the id of a commit, as git writes it")
    packed = _packed(repo)
    lines = packed.split(b"\n")
    if packed and lines[-1]:
        yield Fault("ref", ".git/packed-refs", "it is cut off in its last line")
    for number, line in enumerate(lines[:-1], 1):
        if number == 1 and line.startswith(_HEADER):
            fits = set(line[len(_HEADER) :].split()) <= _TRAITS and line.endswith(b" ")
        else:
            fits = _PACKED.fullmatch(line) is not None
        if not fits:
            yield Fault("ref", ".git/packed-refs", f"its line {number} is nothing that git writes")
    yield from _of_names(repo, packed)


def _of_names(repo: Repo, packed: bytes) -> Iterator[Fault]:
    """References under another name: git keeps a log of each, and a remote's `main` is there."""
    refs = repo.git_dir / "refs"
    there = {
        path.relative_to(repo.git_dir).as_posix() for path in refs.rglob("*") if path.is_file()
    }
    for line in packed.decode("utf-8", "surrogateescape").split("\n"):
        there.add(line.partition(" ")[2])
    logs = repo.git_dir / "logs"
    for path in sorted((logs / "refs").rglob("*")):
        name = path.relative_to(logs).as_posix()
        if path.is_file() and name not in there and name != "refs/stash" and _bytes(path):
            yield Fault("ref", f".git/{name}", "it is missing, though git has a log of it")
    with suppress(LiVaultError):
        remotes = {key.rpartition(".")[0] for key in config(repo, "remote")}
        of_remotes = sorted(name for name in there if name.startswith("refs/remotes/"))
        for name in of_remotes:
            if not any(name.startswith(f"refs/remotes/{one}/") for one in remotes):
                yield Fault("ref", f".git/{name}", "there is no remote of that name")
        for one in sorted(remotes):
            start = f"refs/remotes/{one}/"
            if any(name.startswith(start) for name in of_remotes) and start + "main" not in there:
                yield Fault("ref", f".git/{start}main", "it is missing, and others are there")


def _packed(repo: Repo) -> bytes:
    return _bytes(repo.git_dir / "packed-refs")


def _with_checksums(repo: Repo) -> list[Path]:
    """The files that end with the SHA-1 of all before it."""
    objects = repo.git_dir / "objects"
    found = [path for path in (objects / "pack").glob("*") if path.suffix in _SEALED]
    found += (objects / "pack").glob("multi-pack-index")
    found += (objects / "info").glob("commit-graph")
    found += (objects / "info" / "commit-graphs").glob("graph-*.graph")
    found += repo.git_dir.glob("index")
    return sorted(found)


def _checksum(path: Path) -> str:
    """What is wrong with a file that ends with its own checksum; empty if nothing is."""
    digest = hashlib.sha1(usedforsecurity=False)
    try:
        rest = path.stat().st_size - _CHECKSUM
        if rest < 0:
            return "it is cut off"
        with path.open("rb") as file:
            while rest > 0:
                chunk = file.read(min(rest, _CHUNK))
                if not chunk:
                    return "it is cut off"
                digest.update(chunk)
                rest -= len(chunk)
            told = file.read()
    except OSError as error:
        return _unreadable(error)
    if told == digest.digest() or (path.name == "index" and not told.strip(b"\0")):
        return ""  # index.skipHash writes no checksum
    return "its bytes are not those that were written: its checksum differs"


def _of_loose(repo: Repo) -> Iterator[Fault]:
    """Objects in files of their own: the bits of the file that git itself never looks at."""
    for path in sorted((repo.git_dir / "objects").glob("[0-9a-f][0-9a-f]/*")):
        if path.name.startswith("tmp_obj_"):
            continue  # what a killed git left; nothing reads it
        try:
            words = _loose(path.parent.name + path.name, path.read_bytes())
        except OSError as error:
            words = _unreadable(error)
        if words:
            yield Fault("file", _shown(repo, path), words)


def _loose(ident: str, raw: bytes) -> str:
    """What is wrong with the bytes of a loose object; empty if nothing is."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(raw)
    except zlib.error:
        return "it can't be decompressed"
    if not stream.eof:
        return "it is cut off"
    if stream.unused_data:
        return "something stands behind the object in it"
    if hashlib.sha1(data, usedforsecurity=False).hexdigest() != ident:
        return "it is another object than its name says"
    return "" if _ends_as_written(raw, data) else "a bit that nothing reads is not as written"


def _ends_as_written(raw: bytes, data: bytes) -> bool:
    """Whether the bits that fill up the last byte of the compressed stream are as zlib has them.

    They carry nothing, and are zero in what every known compressor writes; only a stream that is
    otherwise just what zlib makes of the data is judged by them.
    """
    end = len(raw) - 5  # the last byte before the checksum of four bytes
    for level in (1, -1, 9, 0, 2, 3, 4, 5, 7, 8):
        made = zlib.compress(data, level)
        if made == raw:
            return True
        if len(made) == len(raw) and made[:end] == raw[:end] and made[end + 1 :] == raw[end + 1 :]:
            return False
        if len(data) > _CHUNK:
            break  # only commits and trees lie loose for long; those are small
    return True


def _unreadable(error: OSError) -> str:
    return f"it can't be read: {error.strerror}"


def _bytes(path: Path) -> bytes:
    """The bytes of a file; none if it can't be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _shown(repo: Repo, path: Path) -> str:
    return path.relative_to(repo.path).as_posix()
