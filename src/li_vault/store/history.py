"""Commits, trees and blobs, read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from hashlib import sha1
from itertools import islice
from typing import IO, NamedTuple

from li_vault.errors import BadVault, GitFailed, LiVaultError, NotFound
from li_vault.store import sealed
from li_vault.store.repo import MAIN, NOBODY, Repo

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The SHA-1 id of a tree without entries; every git knows it."""

_FORMAT = "%H%x00%T%x00%P%x00%ct%x00%ae%x00%B%x00"
_DIFF = ("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", "--raw")
_AT_ONCE = 4
"""So many paths are asked about side by side, each by a git of its own."""
_LOG = ("log", "--first-parent", "--no-notes", "--no-decorate", "--no-color", "-z")


class Commit(NamedTuple):
    """One commit of a vault.

    Attributes:
        id: Its SHA-1 id, 40 hex digits.
        day: The day of its committer's date, in UTC; `date.max` if that is no day at all.
        author: The author's address; `li-vault@localhost` for what li-vault recorded.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    message: str
    day: date
    author: str


class PathChange(NamedTuple):
    """A path whose file differs between two trees; ids of blobs, None where it is absent."""

    path: str
    before: str | None
    after: str | None


class TouchedCommit(NamedTuple):
    """A commit, and what it changed of the paths that were asked for."""

    commit: Commit
    changes: tuple[PathChange, ...]


def main_tip(repo: Repo) -> str | None:
    """The id of the newest commit on `main`, or None before the first."""
    with suppress(OSError, UnicodeDecodeError):
        text = repo.git_dir.joinpath(MAIN).read_text("ascii").strip()
        if len(text) == len(NOBODY):
            return text
    out = repo.run("rev-parse", "--verify", "-q", MAIN, ok=(0, 1))
    return out.decode("ascii").strip() or None


def resolve(repo: Repo, revision: str) -> str:
    """The id of the commit that a git revision names (`HEAD~2`, a branch, an id, `:/words`).

    Raises:
        NotFound: There is no such commit.
    """
    if revision.isprintable():
        # All that follows `:/` is searched for in messages, and what is found is a commit.
        commit = revision if revision.startswith(":/") else f"{revision}^{{commit}}"
        ask = ("rev-parse", "--verify", "-q", "--end-of-options", commit)
        out = repo.run(*ask, ok=(0, 1, 128)).decode("ascii").strip()
        if len(out) == len(NOBODY):
            return out
    raise NotFound(
        f"There is no commit {revision!r} in the vault.",
        "A day is written 2026-11-23, 2026-11, 2026 or '90 days ago'; li-vault log lists the "
        "snapshots.",
    )


def commits(
    repo: Repo, start: str = MAIN, *, limit: int | None = None, without: str | None = None
) -> Iterator[Commit]:
    """The commits from `start` back to the first, newest first, by first parents."""
    count = () if limit is None else (f"--max-count={limit}",)
    if start == MAIN and main_tip(repo) is None:
        return
    ends = (start,) if without is None else (start, f"^{without}")
    with _Output(repo, *_LOG, *count, "--format=" + _FORMAT, "--end-of-options", *ends) as out:
        fields = _fields(out)
        while len(record := list(islice(fields, 7))) == 7:
            yield _commit(record)


def _commit(record: Sequence[str]) -> Commit:
    ident, tree, parents, stamp, author, message = record[:6]
    return Commit(ident.lstrip("\n"), tree, tuple(parents.split()), message, _day(stamp), author)


def _day(stamp: str) -> date:
    """The day of a time that git knows; `date.max` for the many of its times that are no day."""
    try:
        return datetime.fromtimestamp(int(stamp), UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.max


def touching(repo: Repo, start: str, paths: Sequence[str]) -> list[TouchedCommit]:
    """The commits up to `start` that touched any of the paths, newest first.

    A merge counts as what it changed in its first parent.
    """
    raw = ("--raw", "--no-renames", "--no-abbrev", "--diff-merges=first-parent")
    ask = (*_LOG, *raw, "--format=" + _FORMAT, "--end-of-options", start, "--")
    if not paths:
        return []
    if len(paths) > _AT_ONCE:
        return _touches(repo.run(*ask, *paths))
    # The paths that a commit changed are known to git's commit graph, but git asks it about one
    # path at a time only.
    asked: list[tuple[str, ...]] = [("rev-list", "--first-parent", "--end-of-options", start)]
    asked += [(*ask, path) for path in paths]
    order, *outputs = _finished([repo.begin(*args) for args in asked])
    found: dict[str, TouchedCommit] = {}
    for out in outputs:
        for touch in _touches(out):
            known = found.get(touch.commit.id)
            changes = (*known.changes, *touch.changes) if known else touch.changes
            found[touch.commit.id] = TouchedCommit(touch.commit, changes)
    return [found[ident] for ident in order.decode("ascii").split() if ident in found]


def _finished(begun: Iterable[Callable[[], bytes]]) -> list[bytes]:
    """The outputs of gits that were begun; all have ended, also where one failed."""
    outputs: list[bytes] = []
    failures: list[LiVaultError] = []
    for finish in begun:
        try:
            outputs.append(finish())
        except LiVaultError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return outputs


def _touches(out: bytes) -> list[TouchedCommit]:
    """The commits of `git log --raw -z`, with what each changed."""
    fields = out.decode("utf-8", "surrogateescape").split("\0")
    found: list[TouchedCommit] = []
    place = 0
    while place + 6 < len(fields):
        commit = _commit(fields[place : place + 6])
        place += 6
        changes: list[PathChange] = []
        while place < len(fields) and (not fields[place] or fields[place].lstrip("\n")[:1] == ":"):
            if fields[place]:
                changes.append(_change(fields[place].lstrip("\n"), fields[place + 1]))
                place += 1
            place += 1
        found.append(TouchedCommit(commit, tuple(changes)))
    return found


def _change(raw: str, path: str) -> PathChange:
    """One entry of git's raw diff format: `:mode mode id id status`, and its path."""
    _, _, before, after, _ = raw.split(" ")
    return PathChange(
        path, None if before == NOBODY else before, None if after == NOBODY else after
    )


def changed(
    repo: Repo, before: str | None, after: str | None, folders: Sequence[str] = ()
) -> list[PathChange]:
    """What differs between two commits or trees, by path; None is the empty tree."""
    if before is None and after is not None:  # much quicker than a comparison with nothing
        return [
            PathChange(path, None, ident) for path, ident in files(repo, after, folders).items()
        ]
    return _changes(repo.run(*_DIFF, before or EMPTY_TREE, after or EMPTY_TREE, "--", *folders))


def _changes(raw_diff: bytes) -> list[PathChange]:
    fields = raw_diff.decode("utf-8", "surrogateescape").split("\0")
    return [_change(raw, path) for raw, path in zip(fields[0::2], fields[1::2], strict=False)]


def files(repo: Repo, treeish: str, folders: Sequence[str] = ()) -> dict[str, str]:
    """The files of a commit or tree: path -> blob id; only those in `folders`, if given."""
    out = repo.run("ls-tree", "-r", "-z", "--full-tree", treeish, "--", *folders)
    lines = out.decode("utf-8", "surrogateescape").split("\0")
    # "100644 blob <40 digits>\t<path>"
    return {line[53:]: line[12:52] for line in lines if line.startswith("100")}


def entries(repo: Repo, treeish: str, paths: Sequence[str]) -> dict[str, str]:
    """The ids of files and folders of a commit or tree, by path; those that exist.

    A path that ends with a slash stands for everything directly in that folder.
    """
    out = repo.run("ls-tree", "-z", "--full-tree", treeish, "--", *paths)
    lines = out.decode("utf-8", "surrogateescape").split("\0")
    # "100644 blob <40 digits>\t<path>" or "040000 tree …"
    return {line[53:]: line[12:52] for line in lines[:-1]}


def blob_id(data: bytes) -> str:
    """The id that git gives to these bytes as a file: 40 hex digits."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def read_objects(repo: Repo, ids: Iterable[str]) -> Iterator[bytes]:
    """The bytes of these objects, in the order asked.

    Raises:
        BadVault: One of them is missing or damaged; its id is named.
    """
    asked = list(ids)
    if not asked:
        return
    process = repo.start("cat-file", "--batch", "--buffer")
    stdin, out, err = sealed.streams(process)

    def ask() -> None:
        with suppress(OSError, ValueError):
            stdin.write("\n".join(asked).encode("ascii") + b"\n")
            stdin.close()

    # git answers while it is still being asked: both ends must be served at once.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        for ident in asked:
            header = out.readline().split()
            if len(header) != 3:
                raise _lost(ident, header, err if not header else None)
            size = int(header[2])
            data = out.read(size + 1)
            if len(data) != size + 1:
                raise _lost(ident, [], err)
            yield data[:-1]
    finally:
        sealed.stop_git(process)
        asking.join()


def _lost(ident: str, header: list[bytes], err: IO[bytes] | None) -> BadVault:
    why = err.read().decode("utf-8", "replace").strip() if err else header[-1].decode()
    return BadVault(
        f"The object {ident} of the vault can't be read: {why or 'git ended early'}.",
        "The repository is damaged. Restore it from a remote: li-vault restore URL DIR",
    )


def read_file(repo: Repo, treeish: str, path: str) -> bytes | None:
    """The bytes of one file in a commit or tree; None if it has no such file."""
    return read_files(repo, [(treeish, path)])[0]


def read_files(repo: Repo, places: Sequence[tuple[str, str]]) -> list[bytes | None]:
    """The bytes of files, each of a commit or tree and a path; None where there is no such file."""
    asked = "".join(f"{treeish}:{path}\n" for treeish, path in places)
    out = repo.run("cat-file", "--batch", stdin=asked.encode("utf-8", "surrogateescape"))
    found: list[bytes | None] = []
    start = 0
    for _ in places:
        end = out.index(b"\n", start)
        header = out[start:end].split(b" ")  # "<id> <kind> <size>", or the question and "missing"
        start = end + 1
        if header[-1].isdigit() and header[-2] in (b"blob", b"tree"):
            size = int(header[-1])
            found.append(out[start : start + size] if header[-2] == b"blob" else None)
            start += size + 1
        else:
            found.append(None)
    return found


class _Output:
    """The standard output of a sealed git, as a stream that can be left early."""

    def __init__(self, repo: Repo, *args: str) -> None:
        self._verb = args[0]
        self._process = repo.start(*args)

    def __enter__(self) -> IO[bytes]:
        stdin, out, _ = sealed.streams(self._process)
        stdin.close()
        return out

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        out, err = sealed.streams(self._process)[1:]
        try:
            if kind is None and not out.read(1):
                words = err.read()
                status = self._process.wait()
                if status:
                    raise sealed.git_failure(self._verb, status, words)
        finally:
            sealed.stop_git(self._process)


def _fields(out: IO[bytes]) -> Iterator[str]:
    rest = b""
    while chunk := out.read1(1 << 16):  # type: ignore[attr-defined]  # a BufferedReader
        *whole, rest = (rest + chunk).split(b"\0")
        yield from (part.decode("utf-8", "surrogateescape") for part in whole)
    if rest:
        raise GitFailed("git log ended in the middle of a commit.", "Run it again.")
