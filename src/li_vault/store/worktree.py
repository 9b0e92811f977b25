"""The files beside `.git`: brought up to a commit, and compared with it.

A file is only replaced or removed if it holds what some earlier state of the vault put there (or
the torn rest of an interrupted write); anything else was written by hand and stays.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from li_vault.errors import BadVault, GitFailed
from li_vault.store import folder, history, incoming
from li_vault.store.repo import Repo


@dataclass(slots=True)
class HandEdits:
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


def hand_edits(repo: Repo) -> HandEdits:
    """Compare the work tree with HEAD: one `git status`, and the files that it names.

    Raises:
        BadVault: A path is unmerged.
    """
    return _sorted(repo, repo.run(*_LOOK))


def looking(repo: Repo) -> Callable[[], HandEdits]:
    """Begin `hand_edits`, so that the caller can do something else while git looks.

    Git looks with one thread, since its usual twenty would take the caller's processor. Returns
    a function that waits for git and returns what it found; it must be called.
    """
    finish = repo.begin("-c", "core.preloadIndex=false", *_LOOK)
    return lambda: _sorted(repo, finish())


def _sorted(repo: Repo, status: bytes) -> HandEdits:
    """What git's status says, sorted by what it means for a vault."""
    found = HandEdits()
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


def _judge(repo: Repo, found: HandEdits, path: str, before: str) -> None:
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


def settle(
    repo: Repo,
    states: Sequence[str | None],
    known: Mapping[str, bytes] | None = None,
    taken: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
    done: Collection[str] = (),
    changes: history.Changes | None = None,
) -> list[str]:
    """Bring the work tree from the first of these states to the last.

    Args:
        repo: The vault's repository.
        states: Commits in the order in which they were made; None is "nothing yet".
        known: Bytes by blob id that need not be read from the repository.
        taken: Ids of what was written by hand and may be written over, by path.
        only: Other paths are left as they are; None is no limit.
        done: Folders that are as they should be already.
        changes: What differs between the one state and the other, where that was begun.

    Returns:
        The paths that were left alone, since they hold something else: written by hand.

    Raises:
        BadVault: A file can't be written; what is done is kept, the rest can be done again.
    """
    before: dict[str, set[str | None]] = {}
    after: dict[str, str | None] = {}
    # Naming what is left to git spares reading 30,000 entries that are done.
    names = _top_level(repo, states) - set(done) if done else set()
    steps: Iterable[Iterable[history.Change]] = ()
    if changes is not None:
        steps = (changes(),)
    elif names or not done:
        steps = (history.changed(repo, a, b, sorted(names)) for a, b in pairwise(states))
    for step in steps:
        for change in step:
            if only is None or change.path in only:
                before.setdefault(change.path, set()).add(change.before)
                after[change.path] = change.after
    for path, ident in (taken or {}).items():
        if path in after:
            before[path].add(ident)
    return _bring(repo, before, after, known or {})


def _top_level(repo: Repo, states: Sequence[str | None]) -> set[str]:
    """The names of everything at the root of these commits."""
    ask = ("ls-tree", "-z", "--name-only", "--full-tree")
    trees = [repo.run(*ask, state).decode("utf-8", "surrogateescape") for state in states if state]
    return {name for tree in trees for name in tree.split("\0")[:-1]}


def restore(repo: Repo, paths: Iterable[str], *, seen: Mapping[str, bytes] | None = None) -> None:
    """Bring single files back to what HEAD says; written by hand, they stay unless in `seen`.

    Args:
        repo: The vault's repository.
        paths: Paths in the vault; those that HEAD does not have are ignored.
        seen: Bytes that may be written over, by path.

    Raises:
        BadVault: A file can't be written.
    """
    wanted = set(paths)
    head = history.tip(repo)
    if not wanted or head is None:
        return
    tree = history.files(repo, head, sorted(wanted) if len(wanted) < _FEW else ())
    after: dict[str, str | None] = {path: tree[path] for path in wanted if path in tree}
    before: dict[str, set[str | None]] = {path: {None} for path in after}
    for path, data in (seen or {}).items():
        if path in after:
            before[path].add(history.blob_id(data))
    _bring(repo, before, after, {})
    incoming.clear(repo)


def ids(repo: Repo, paths: Sequence[str]) -> list[str]:
    """The blob ids of what lies at these paths, read by git; none if one of them can't be read."""
    asked = "\n".join(paths).encode("utf-8", "surrogateescape") + b"\n"
    try:
        out = repo.run("hash-object", "--no-filters", "--stdin-paths", stdin=asked)
    except GitFailed:
        return []
    return out.decode("ascii").split()


def write(repo: Repo, files: Mapping[str, bytes]) -> list[str]:
    """Write files that are not there yet; the paths where other ones are, which stay.

    Raises:
        BadVault: A file can't be written.
    """
    ids = {path: history.blob_id(data) for path, data in files.items()}
    before: dict[str, set[str | None]] = {path: {None} for path in files}
    known = {ids[path]: data for path, data in files.items()}
    kept = _bring(repo, before, dict(ids), known)
    incoming.clear(repo)
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
    contents.update(zip(lacking, history.read(repo, lacking), strict=True))
    folders: dict[str, list[str]] = {}
    for path in after:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    kept: list[str] = []
    for name, paths in folders.items():
        try:
            with folder.opened(repo, name) as place:
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
