"""fsck, repacking, and the sizes of a repository."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import GitFailed, LiVaultError
from li_vault.store import state
from li_vault.store.repo import MAIN, Repo, read_settings

_ID = re.compile(r"(?<![-\w])[0-9a-f]{40}\b")  # the name of a pack is none
_REF = re.compile(r"error: (HEAD|refs/\S+): (?:invalid sha1 pointer|not a commit)")
_ASK = ("fsck", "--full", "--strict", "--no-dangling", "--no-progress", "--no-reflogs")
_IDLE = ("notice:", "hint:", "warning:")


class ObjectFault(NamedTuple):
    """What git found wrong.

    Attributes:
        ident: The object that is missing or damaged; empty if git names none.
    """

    ident: str
    words: str
    ref: str = ""


def fsck_faults(repo: Repo) -> list[ObjectFault]:
    """Let git read every object and follow every link; one fault for each object it names.

    Raises:
        BadVault: git is not there.
    """
    # Without the index, whose damage would end it before it has looked at anything.
    process = repo.start(*_ASK, env={"GIT_INDEX_FILE": str(repo.private / "no-index")})
    try:
        out, err = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode == 0:
        return []
    by_object: dict[str, list[str]] = {}
    refs: list[ObjectFault] = []
    for line in (out + err).decode("utf-8", "replace").splitlines():
        words = "".join(filter(str.isprintable, line.strip()))
        if not words or words.startswith(_IDLE):
            continue
        ids = _ID.findall(words)
        # "broken link from tree X" is followed by "to blob Y": the second one is what is lost.
        if words.startswith("broken link from"):
            continue
        leading = _REF.match(words)
        if leading is not None:
            refs.append(ObjectFault("", words, leading[1]))
            continue
        by_object.setdefault(ids[-1] if ids else "", []).append(words)
    if not by_object and not refs:
        ended = f"git fsck ended with status {process.returncode} and gave no reason"
        return [ObjectFault("", ended)]
    return refs + [
        ObjectFault(ident, "; ".join(dict.fromkeys(words))) for ident, words in by_object.items()
    ]


def object_type(repo: Repo, ident: str) -> str:
    """`blob`, `tree`, `commit` or `tag`; empty if the object can't be read."""
    try:
        return repo.run("cat-file", "-t", ident, ok=(0, 1, 128)).decode("ascii", "replace").strip()
    except GitFailed:
        return ""


def count_objects(repo: Repo) -> int:
    """Number of objects, loose and packed."""
    counts = _counts(repo)
    return counts["count"] + counts["in-pack"]


def is_ancestor(repo: Repo, old: str, new: str) -> bool:
    """Whether a commit is another one or in its history; False if one of them is not here."""
    for one in (old, new):
        if repo.run("cat-file", "-t", one, ok=(0, 1, 128)).strip() != b"commit":
            return False
    process = repo.start("merge-base", "--is-ancestor", old, new)
    process.communicate()
    return process.returncode == 0


_OID = re.compile(rb"[0-9a-f]{40}\n")
_SYMBOLIC = re.compile(rb"ref: (refs/[!-~]+)\n")
_PACKED = re.compile(rb"[0-9a-f]{40} refs/[^\x00-\x20\x7f~^:?*\[\\]+|\^[0-9a-f]{40}")
_HEADER = b"# pack-refs with:"
_TRAITS = frozenset((b"peeled", b"fully-peeled", b"sorted"))
_HEAD = f"ref: {MAIN}\n".encode()
_SEALED = (".pack", ".idx", ".rev", ".bitmap", ".mtimes")
_CHECKSUM = 20
_CHUNK = 1 << 20
_MADE_ANEW = ("index", "commit-graph", "graph-", "multi-pack-index", ".rev", ".bitmap", ".mtimes")


class GitFileFault(NamedTuple):
    """A file of `.git` that is damaged.

    Attributes:
        can_be_made: Whether git can make the file anew out of the others.
    """

    kind: str
    path: str
    words: str
    can_be_made: bool = False


def git_file_faults(repo: Repo) -> Iterator[GitFileFault]:
    """Damage in files of `.git` that `git fsck` says nothing of, or that would end it.

    fsck reads every object; HEAD, packed-refs, the index and what is made anew it passes over.
    """
    yield from _of_head(repo)
    yield from _of_refs(repo)
    for path in _with_checksums(repo):
        words = _checksum(path)
        if words:
            can_be_made = any(part in path.name for part in _MADE_ANEW)
            yield GitFileFault("file", _shown(repo, path), words, can_be_made)


def _of_head(repo: Repo) -> Iterator[GitFileFault]:
    data = _bytes(repo.git_dir / "HEAD")
    if data == _HEAD:
        return
    found = _SYMBOLIC.fullmatch(data)
    if found is not None:
        name = found[1].decode("ascii")
        if (repo.git_dir / name).is_file() or f" {name}\n".encode() in _packed(repo):
            return  # another branch, which exists: whoever checked it out knows
    elif _OID.fullmatch(data):
        return  # a detached HEAD; whether there is such a commit, git tells
    yield GitFileFault("ref", ".git/HEAD", f"it does not say `ref: {MAIN}`")


def _of_refs(repo: Repo) -> Iterator[GitFileFault]:
    """Branches and tags: in the one form that git writes, of a remote that there is."""
    refs = repo.git_dir / "refs"
    for path in sorted(refs.rglob("*")) if refs.is_dir() else ():
        if path.is_dir() or path.name.endswith(".lock"):
            continue
        data = _bytes(path)
        if not _OID.fullmatch(data) and not _SYMBOLIC.fullmatch(data):
            yield GitFileFault(
                "ref", _shown(repo, path), "it is not the id of a commit, as git writes it"
            )
    packed = _packed(repo)
    lines = packed.split(b"\n")
    if packed and lines[-1]:
        yield GitFileFault("ref", ".git/packed-refs", "it is cut off in its last line")
    for number, line in enumerate(lines[:-1], 1):
        if number == 1 and line.startswith(_HEADER):
            fits = set(line[len(_HEADER) :].split()) <= _TRAITS and line.endswith(b" ")
        else:
            fits = _PACKED.fullmatch(line) is not None
        if not fits:
            yield GitFileFault(
                "ref", ".git/packed-refs", f"its line {number} is nothing that git writes"
            )
    yield from _of_names(repo, packed)


def _of_names(repo: Repo, packed: bytes) -> Iterator[GitFileFault]:
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
            yield GitFileFault("ref", f".git/{name}", "it is missing, though git has a log of it")
    with suppress(LiVaultError):
        remotes = {key.rpartition(".")[0] for key in read_settings(repo, "remote")}
        of_remotes = sorted(name for name in there if name.startswith("refs/remotes/"))
        for name in of_remotes:
            if not any(name.startswith(f"refs/remotes/{one}/") for one in remotes):
                yield GitFileFault("ref", f".git/{name}", "there is no remote of that name")
        for one in sorted(remotes):
            start = f"refs/remotes/{one}/"
            if any(name.startswith(start) for name in of_remotes) and start + "main" not in there:
                yield GitFileFault(
                    "ref", f".git/{start}main", "it is missing, and others are there"
                )


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
        return f"it can't be read: {error.strerror}"
    if told == digest.digest() or (path.name == "index" and not told.strip(b"\0")):
        return ""  # index.skipHash writes no checksum
    return "its bytes are not those that were written: its checksum differs"


def _bytes(path: Path) -> bytes:
    """The bytes of a file; none if it can't be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _shown(repo: Repo, path: Path) -> str:
    return path.relative_to(repo.path).as_posix()


PACKS = 4
"""With so many packs they are consolidated."""

_REPACKED = "repacked"
"""The cache that holds how many objects there were when all were last compared anew."""

_GROWN = 1.12
_DAY = 86400.0


def repack_if_needed(repo: Repo, notice: Callable[[], None] = lambda: None) -> bool:
    """Repack what the last snapshots left, once there is enough; the caller holds the lock.

    Small packs and reachable loose objects go into one pack; large packs mostly, and unreachable
    objects always, stay as they are. The commit graph learns which paths each commit changed,
    which makes a person's history quick. That it fails is no harm: nothing is lost, and the next
    snapshot tries again.

    Returns:
        Whether it was due and done.
    """
    packs = repo.git_dir / "objects" / "pack"
    if sum(1 for _ in packs.glob("*.pack")) < PACKS:
        return False
    with suppress(OSError):
        _sweep(packs)
    try:
        _repack(repo, notice)
        repo.run("commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
    except LiVaultError:
        return False
    return True


def _repack(repo: Repo, notice: Callable[[], None]) -> None:
    """Repack the small packs, or compare everything anew if the history has grown enough."""
    objects = count_objects(repo)
    known = state.load_state(repo, _REPACKED)
    compared = known if isinstance(known, int) else 0
    if not compared:
        state.save_state(repo, _REPACKED, objects)
    if not compared or objects < compared * _GROWN:
        repo.run("repack", "-d", "-q", "--geometric=2")
        return
    notice()
    repo.run("repack", "-a", "-d", "-f", "-q", "--keep-unreachable", "--window-memory=64m")
    state.save_state(repo, _REPACKED, objects)


def _counts(repo: Repo) -> dict[str, int]:
    """What `git count-objects -v` counts: objects, and sizes in steps of 1,024 bytes."""
    out = repo.run("count-objects", "-v").decode("ascii")
    pairs = (line.split(": ", 1) for line in out.splitlines() if ": " in line)
    return {name: int(number) for name, number in pairs if number.isdecimal()}


def history_size(repo: Repo) -> int:
    """Bytes that the whole history takes on this disk, in steps of 1,024: packs and loose objects.

    A remote takes about as much, or less once it has packed them.
    """
    counts = _counts(repo)
    return 1024 * (counts["size"] + counts["size-pack"])


def _sweep(packs: Path) -> None:
    """Remove temporary packs of a git that was killed more than a day ago."""
    for pattern in ("tmp_*", ".tmp-*"):
        for path in packs.glob(pattern):
            if path.stat().st_mtime < time.time() - _DAY:
                path.unlink()
