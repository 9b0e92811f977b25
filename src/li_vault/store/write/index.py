"""The index: compared with a commit, prepared aside, swapped in."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from li_vault.errors import BadVault, GitFailed
from li_vault.store import history
from li_vault.store.repo import NOBODY, Repo
from li_vault.store.write import quarantine

_OURS = b"li-vault\n"
_PATIENCE = 3.0
_ATTEMPTS = 3


def _index(repo: Repo) -> Path:
    return repo.git_dir / "index"


def index_signature(repo: Repo) -> tuple[int, ...]:
    """What identifies one state of the index file; empty if there is none."""
    try:
        seen = _index(repo).stat()
    except FileNotFoundError:
        return ()
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino)


def diff_index(repo: Repo, head: str | None) -> dict[str, tuple[str | None, str | None]]:
    """Where the index differs from the commit `head`: path -> blob ids (there, in the index).

    Raises:
        BadVault: A path is unmerged.
    """
    now = index_signature(repo)
    if head and repo.clean_index == (now, head):
        return {}
    found: dict[str, tuple[str | None, str | None]] = {}
    if head is None:
        out = repo.run("ls-files", "--stage", "-z").decode("utf-8", "surrogateescape")
        found = {line[50:]: (None, line[7:47]) for line in out.split("\0")[:-1]}
    else:
        ask = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", head, "--")
        fields = repo.run(*ask).decode("utf-8", "surrogateescape").split("\0")
        for raw, path in zip(fields[0::2], fields[1::2], strict=False):
            _, _, before, after, status = raw.split(" ")
            if status == "U":
                raise BadVault(
                    f"{path} is unmerged.", "Resolve it, then git add and git commit it."
                )
            found[path] = (
                None if before == NOBODY else before,
                None if after == NOBODY else after,
            )
    if head and not found:
        repo.clean_index = (now, head)
    return found


def is_index_broken(repo: Repo) -> bool:
    """Whether git can't read the index file at all."""
    try:
        repo.run("ls-files", "--", ".git")
    except GitFailed as error:
        return "index" in error.message
    return False


def prepare_index(repo: Repo, *, empty: bool = False) -> Path:
    """Begin the next index in the quarantine: a copy of the real one, or an empty one.

    The time stamp is copied, too: git takes files that changed within it for possibly changed.
    """
    place = quarantine.quarantine_folder(repo)
    place.mkdir(mode=0o700, exist_ok=True)
    target = place / "index"
    target.unlink(missing_ok=True)
    if not empty and _index(repo).exists():
        shutil.copy2(_index(repo), target)
    return target


def apply_entries(
    repo: Repo,
    index: Path,
    entries: Mapping[str, str | None],
    env: Mapping[str, str] | None = None,
) -> None:
    """Set entries of a prepared index: path -> blob id, None for removal."""
    lines = [
        f"100644 {ident}\t{path}\0" if ident else f"0 {NOBODY}\t{path}\0"
        for path, ident in entries.items()
    ]
    if lines:
        repo.run(
            "update-index",
            "-z",
            "--index-info",
            stdin="".join(lines).encode("utf-8", "surrogateescape"),
            env={**(env or {}), "GIT_INDEX_FILE": str(index)},
        )


def swap_in(
    repo: Repo,
    index: Path,
    seen: tuple[int, ...],
    head: str,
    meanwhile: Callable[[], None] = lambda: None,
) -> bool:
    """Put a prepared index in the real one's place; False if that changed since `seen`.

    Before that it is noted in it which files are as it says, so that git need not read them.

    Raises:
        BadVault: Another git command holds the index's lock for three seconds.
    """
    ask = ("update-index", "-q", "--refresh")
    finish = repo.begin(*ask, env={"GIT_INDEX_FILE": str(index)}, ok=(0, 1))
    try:
        meanwhile()
    finally:
        finish()
    lock = repo.git_dir / "index.lock"
    _take(repo, lock)
    try:
        if index_signature(repo) != seen:
            return False
        index.replace(_index(repo))
        repo.clean_index = (index_signature(repo), head)
    finally:
        lock.unlink(missing_ok=True)
    return True


def update_index(repo: Repo, states: Sequence[str | None]) -> None:
    """Bring the real index from the first to the last state, keeping what the user staged.

    Raises:
        BadVault: Other git commands keep the index in motion.
    """
    for _ in range(_ATTEMPTS):
        seen = index_signature(repo)
        staged = diff_index(repo, states[-1])
        entries = dict(_behind(repo, states, staged))
        if not entries:
            return
        index = prepare_index(repo)
        apply_entries(repo, index, entries)
        if swap_in(repo, index, seen, states[-1] or ""):
            if staged.keys() != entries.keys():
                repo.clean_index = None
            return
    raise BadVault(
        "Other git commands keep changing the vault's index.",
        "Wait for them to end; any li-vault command then finishes this.",
    )


def _behind(
    repo: Repo, states: Sequence[str | None], staged: Mapping[str, tuple[str | None, str | None]]
) -> Iterator[tuple[str, str | None]]:
    """The differences from the last state that are only an earlier state's entries."""
    for one, other in pairwise(states):
        for change in history.changed(repo, one, other):
            there, here = staged.get(change.path, (None, None))
            if here == change.before and there != here:
                yield change.path, there


def _take(repo: Repo, lock: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError as error:
            if time.monotonic() > deadline:
                raise BadVault(
                    f"Another git command is at work in {repo.path}: {lock} is there.",
                    "Wait for it to end; if none runs, remove that file. Then run li-vault again.",
                ) from error
            time.sleep(0.05)
        else:
            try:
                os.write(handle, _OURS)
            finally:
                os.close(handle)
            return


def free_index_lock(repo: Repo) -> bool:
    """Remove the index's lock if a killed run of ours left it; the caller is the only writer."""
    lock = repo.git_dir / "index.lock"
    try:
        ours = lock.read_bytes() == _OURS
    except FileNotFoundError:
        return False
    if ours:
        lock.unlink(missing_ok=True)
    return ours
