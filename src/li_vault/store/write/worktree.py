"""The work tree: what differs from HEAD, and files checked out."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import BadVault, GitFailed
from li_vault.store import history
from li_vault.store.repo import Repo
from li_vault.store.write import quarantine


@dataclass(slots=True)
class WorktreeChanges:
    """How the work tree differs from HEAD.

    Attributes:
        modified: Tracked files with other bytes: path -> the bytes there.
        deleted: Tracked files that are not there, or that are empty or NUL throughout.
        strays: Files that are there and not in HEAD (ignored ones are not listed).
        broken: Paths where no ordinary file can be read: path -> why, in words.
    """

    modified: dict[str, bytes] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.modified or self.deleted or self.broken)


def worktree_changes(repo: Repo) -> WorktreeChanges:
    """Compare the work tree with HEAD: one `git status`, and the files that it names.

    Raises:
        BadVault: A path is unmerged.
    """
    return _sorted(repo, repo.run(*_LOOK))


def worktree_changes_async(repo: Repo) -> Callable[[], WorktreeChanges]:
    """Begin `hand_edits`, so that the caller can do something else while git looks.

    Git looks with one thread, since its usual twenty would take the caller's processor. Returns
    a function that waits for git and returns what it found; it must be called.
    """
    finish = repo.begin("-c", "core.preloadIndex=false", *_LOOK)
    return lambda: _sorted(repo, finish())


def _sorted(repo: Repo, status: bytes) -> WorktreeChanges:
    found = WorktreeChanges()
    tracked: dict[str, str] = {}
    untracked: list[str] = []
    for line in status.decode("utf-8", "surrogateescape").split("\0"):
        if line.startswith("1 "):
            _, _, _, _, _, _, before, _, path = line.split(" ", 8)
            tracked[path] = before
        elif line.startswith("? "):
            untracked.append(line[2:])
        elif line.startswith("u "):
            raise BadVault(
                f"{line.split(' ', 10)[-1]} is unmerged.",
                "Resolve it, then git add and git commit it.",
            )
    for path, before in tracked.items():
        _judge(repo, found, path, before)
    known = set(tracked)
    found.strays += [path for path in untracked if path not in known]
    return found


def _judge(repo: Repo, found: WorktreeChanges, path: str, before: str) -> None:
    """Sort one path that git names into `found`."""
    is_new = not before.strip("0")
    parent = path.rpartition("/")[0]
    if parent and (repo.path / parent).is_symlink():
        found.broken[parent] = "a symbolic link in place of a folder"
        return
    try:
        kind = os.lstat(repo.path / path).st_mode
        if not stat.S_ISREG(kind):
            found.broken[path] = f"{_KINDS.get(stat.S_IFMT(kind), 'something')} in place of a file"
            return
        data = (repo.path / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if not is_new:
            found.deleted.append(path)
        return
    except OSError as error:
        found.broken[path] = f"it can't be read: {error.strerror}"
        return
    if is_new:
        found.strays.append(path)
    elif not data.strip(b"\0"):
        # What a power cut leaves of a file that git had written: syncing 30,000 files at every
        # snapshot would be the other way to be safe from it.
        found.deleted.append(path)
    elif history.blob_id(data) != before:
        found.modified[path] = data


_LOOK = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--no-column")

_FEW = 100
"""So many paths can be named to git one by one."""

_KINDS = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}


def checkout(
    repo: Repo,
    states: Sequence[str | None],
    known: Mapping[str, bytes] | None = None,
    taken: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
) -> list[str]:
    """Bring the work tree from the first of these states to the last.

    Args:
        states: Commits in the order in which they were made; None is "nothing yet".
        taken: Ids of what was written by hand and may be written over, by path.
        only: Other paths are left as they are; None is no limit.

    Returns:
        The paths that were left alone, since they hold something else: written by hand.

    Raises:
        BadVault: A file can't be written; what is done is kept, the rest can be done again.
    """
    before: dict[str, set[str | None]] = {}
    after: dict[str, str | None] = {}
    for start, end in pairwise(states):
        for change in history.changed(repo, start, end):
            if only is None or change.path in only:
                before.setdefault(change.path, set()).add(change.before)
                after[change.path] = change.after
    for path, ident in (taken or {}).items():
        if path in after:
            before[path].add(ident)
    return _bring(repo, before, after, known or {})


def restore_files(
    repo: Repo, paths: Iterable[str], *, seen: Mapping[str, bytes] | None = None
) -> None:
    """Bring single files back to what HEAD says; written by hand, they stay unless in `seen`.

    Args:
        seen: Bytes that may be written over, by path.

    Raises:
        BadVault: A file can't be written.
    """
    wanted = set(paths)
    head = history.main_tip(repo)
    if not wanted or head is None:
        return
    tree = history.files(repo, head, sorted(wanted) if len(wanted) < _FEW else ())
    after: dict[str, str | None] = {path: tree[path] for path in wanted if path in tree}
    before: dict[str, set[str | None]] = {path: {None} for path in after}
    for path, data in (seen or {}).items():
        if path in after:
            before[path].add(history.blob_id(data))
    _bring(repo, before, after, {})
    quarantine.clear_quarantine(repo)


def worktree_blob_ids(repo: Repo, paths: Sequence[str]) -> list[str]:
    """The blob ids of what lies at these paths, read by git; none if one of them can't be read."""
    asked = "\n".join(paths).encode("utf-8", "surrogateescape") + b"\n"
    try:
        out = repo.run("hash-object", "--no-filters", "--stdin-paths", stdin=asked)
    except GitFailed:
        return []
    return out.decode("ascii").split()


def write_new_files(repo: Repo, files: Mapping[str, bytes]) -> list[str]:
    """Write files that are not there yet; the paths where other ones are, which stay.

    Raises:
        BadVault: A file can't be written.
    """
    ids = {path: history.blob_id(data) for path, data in files.items()}
    before: dict[str, set[str | None]] = {path: {None} for path in files}
    known = {ids[path]: data for path, data in files.items()}
    kept = _bring(repo, before, dict(ids), known)
    quarantine.clear_quarantine(repo)
    return kept


def _bring(
    repo: Repo,
    before: Mapping[str, set[str | None]],
    after: Mapping[str, str | None],
    known: Mapping[str, bytes],
) -> list[str]:
    """Write and remove files; the paths of those that someone else wrote."""
    contents = dict(known)
    lacking = list({ident for ident in after.values() if ident and ident not in contents})
    contents.update(zip(lacking, history.read_objects(repo, lacking), strict=True))
    folders: dict[str, list[str]] = {}
    for path in after:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    kept: list[str] = []
    for name, paths in folders.items():
        try:
            with open_folder(repo, name) as place:
                for path in paths:
                    ident = after[path]
                    data = None if ident is None else contents[ident]
                    if not place.bring(path.rpartition("/")[2], before[path], data):
                        kept.append(path)
        except OSError as error:
            raise BadVault(
                f"Not all files of the vault could be written: {error.strerror or error}.",
                "Free some space, or mend the permissions; then run any li-vault command.",
            ) from error
    return kept


_EVERYWHERE = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _EVERYWHERE
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _EVERYWHERE
_PART = 1 << 16
_BY_HANDLE = {os.open, os.unlink, os.rename} <= os.supports_dir_fd


class OpenFolder:
    """A folder of the work tree that is open for writing; made by `opened`."""

    def __init__(self, handle: int | None, prefix: str, spare: Path) -> None:
        self._handle = handle
        self._prefix = prefix
        self._spare = str(spare)

    def bring(self, name: str, before: set[str | None], data: bytes | None) -> bool:
        """Make the file `name` hold `data`, or be absent if that is None.

        Args:
            before: The blob ids that the vault itself put there earlier; None for "no file".

        Returns:
            False if something else is there, written by hand: then it is left alone.
        """
        path = self._prefix + name
        if data is not None and None in before:
            with suppress(FileExistsError):
                self._create(path, data)
                return True
        found = self._content(path)
        if found == data and not isinstance(found, _Odd):
            return True
        if isinstance(found, _Odd):
            return data is None and found.is_folder
        if data is None:
            if history.blob_id(found or b"") not in before:
                return False
            os.unlink(path, dir_fd=self._handle)
        elif found is None:
            self._create(path, data)
        elif history.blob_id(found) in before or _is_torn(found, data, before):
            self._replace(path, data)
        else:
            return False
        return True

    def _create(self, path: str, data: bytes) -> None:
        handle = os.open(path, _WRITE_NEW, 0o644, dir_fd=self._handle)
        try:
            if os.write(handle, data) != len(data):
                _write_rest(handle, data)
        except OSError:
            os.unlink(path, dir_fd=self._handle)
            raise
        finally:
            os.close(handle)

    def _replace(self, path: str, data: bytes) -> None:
        handle = os.open(self._spare, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _EVERYWHERE, 0o644)
        try:
            _write_rest(handle, data)
        finally:
            os.close(handle)
        os.replace(self._spare, path, dst_dir_fd=self._handle)

    def _content(self, path: str) -> bytes | _Odd | None:
        try:
            handle = os.open(path, _READ, dir_fd=self._handle)
        except FileNotFoundError:
            return None
        except OSError:  # a symbolic link, or nothing that this user may read
            return _Odd(is_folder=False)
        try:
            kind = os.fstat(handle).st_mode
            if not stat.S_ISREG(kind):
                return _Odd(is_folder=stat.S_ISDIR(kind))
            parts = []
            while part := os.read(handle, _PART):
                parts.append(part)
            return b"".join(parts)
        finally:
            os.close(handle)


class _Odd(NamedTuple):
    """Something that is no ordinary file."""

    is_folder: bool


@contextmanager
def open_folder(repo: Repo, name: str) -> Iterator[OpenFolder]:
    """Open a folder of the work tree for writing, made if need be; "" is the root.

    Raises:
        OSError: It can't be made, or something else is in its place.
    """
    place = repo.path / name if name else repo.path
    spare = quarantine.quarantine_folder(repo)
    spare.mkdir(mode=0o700, exist_ok=True)
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not _BY_HANDLE:
        yield OpenFolder(None, f"{place}{os.sep}", spare / "file")
        return
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield OpenFolder(handle, "", spare / "file")
    finally:
        os.close(handle)


def _write_rest(handle: int, data: bytes) -> None:
    """Write all of `data` from its beginning; a full disk makes short writes first."""
    os.lseek(handle, 0, os.SEEK_SET)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _is_torn(found: bytes, data: bytes, before: set[str | None]) -> bool:
    """Whether this is what an interrupted write of `data` leaves.

    A kill leaves the beginning of a new file; a power cut may leave it empty or filled with NUL.
    None of them holds anything that `data` does not.
    """
    start = found.rstrip(b"\0")
    return not start or (None in before and len(start) < len(data) and data.startswith(start))
