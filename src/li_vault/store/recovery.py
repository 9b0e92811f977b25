"""What a killed run left is finished or forgotten by the next command."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from li_vault.errors import GitFailed
from li_vault.store import history, incoming, journal, prepared, staging, worktree
from li_vault.store.repo import EMAIL, MAIN, Repo

_LOOK_BACK = 16
_PATIENCE = 5.0
_PATIENCE_NOTED = 1.0

Staged = Mapping[str, tuple[str | None, str | None]]


def is_unfinished(repo: Repo) -> bool:
    """Whether there may be something to recover; needs no lock, and changes nothing."""
    if incoming.folder(repo).exists() or journal.read(repo) or journal.doubtful(repo):
        return True
    head = history.tip(repo)
    try:
        return head is not None and bool(staging.against(repo, head))
    except GitFailed:  # a damaged index, which can be made again
        return True


def recover(repo: Repo) -> str:
    """Finish or forget what a killed run left; the caller holds the lock.

    Hand edits in the work tree and what the user staged are kept. Cheap if nothing is wrong:
    one comparison of the index with HEAD.

    Returns:
        A sentence of what was done, or "".

    Raises:
        BadVault: A path is unmerged, or files can't be written.
    """
    is_left = incoming.clear(repo) | prepared.clear(repo) | staging.free_our_lock(repo)
    note = journal.read(repo)
    _free_ref_locks(repo, _PATIENCE_NOTED if note else _PATIENCE)
    head = history.tip(repo)
    taken: Mapping[str, str] = {}
    if note and note.new == head:
        states, taken = _between(repo, note.old, head), note.taken
    else:
        states = _left_behind(repo, head)
    if not states:
        journal.erase(repo)
        after_boot = _after_power_cut(repo, head)
        if after_boot:
            return after_boot
        return "Removed what an interrupted snapshot left behind." if is_left or note else ""
    incoming.begin(repo)
    journal.write(repo, journal.Note(states[0], str(head), taken))
    kept = worktree.settle(repo, states, taken=taken)
    staging.catch_up(repo, states)
    journal.finish(repo)
    incoming.clear(repo)
    rest = f"; {len(kept)} files edited by hand were kept" if kept else ""
    return f"Finished an interrupted snapshot{rest}."


def _after_power_cut(repo: Repo, head: str | None) -> str:
    """Write the files again that a power cut took back, though the last snapshot was finished."""
    found = journal.doubtful(repo)
    if found is None:
        return ""
    note, finished = found
    lost: list[str] = []
    if note.new == head:
        seen = worktree.hand_edits(repo)
        paths = (*seen.modified, *seen.deleted, *seen.strays)
        lost = [path for path in paths if _is_as_old(repo.path / path, finished)]
    states = _between(repo, note.old, note.new)
    kept = worktree.settle(repo, states, taken=note.taken, only=lost) if lost else []
    incoming.clear(repo)
    journal.trust(repo)
    if lost and len(kept) < len(lost):
        return "Wrote files again that a power cut may have taken back."
    return ""


def _is_as_old(path: Path, finished: int) -> bool:
    """Whether a file was last written before that time in nanoseconds, or is not there."""
    try:
        return path.lstat().st_mtime_ns <= finished
    except OSError:
        return True


def _between(repo: Repo, old: str | None, new: str) -> list[str | None]:
    """The states from `old` to `new`, both included."""
    states: list[str | None] = []
    for one in history.commits(repo, new):
        if one.id == old:
            break
        states.append(one.id)
    return [old, *reversed(states)]


def _free_ref_locks(repo: Repo, patience: float) -> None:
    """Remove locks on the branch that a killed git left.

    A git at work holds them for milliseconds. One that stays for `patience` seconds is stale,
    and without this no snapshot could ever be recorded again.
    """
    for lock in (repo.git_dir / f"{MAIN}.lock", repo.git_dir / "HEAD.lock"):
        born = _born(lock)
        if born is None:
            continue
        age = time.time() - born / 1e9
        time.sleep(patience - min(max(age, 0.0), patience))
        if _born(lock) == born:
            lock.unlink(missing_ok=True)


def _born(lock: Path) -> int | None:
    try:
        return lock.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _left_behind(repo: Repo, head: str | None) -> list[str | None]:
    """The states from the one that the index still shows up to HEAD; empty if it shows HEAD.

    Only states that li-vault itself went past count: what a user staged is the user's.
    """
    if head is None:
        return []
    try:
        staged = staging.against(repo, head)
    except GitFailed:
        if not staging.is_broken(repo):
            raise
        (repo.git_dir / "index").unlink(missing_ok=True)
        staged = staging.against(repo, head)
    if not staged:
        return []
    return _same_tree(repo, head) or _with_more_staged(repo, head, staged)


def _same_tree(repo: Repo, head: str) -> list[str | None]:
    """The states from the one whose tree is exactly the index's."""
    env = incoming.begin(repo)
    env["GIT_INDEX_FILE"] = str(staging.prepare(repo))
    tree = repo.run("write-tree", env=env).decode("ascii").strip()
    incoming.clear(repo)
    states: list[str | None] = []
    for one in history.commits(repo, head):
        states.append(one.id)
        if one.tree == tree and len(states) > 1:
            return states[::-1]
        if one.author != EMAIL:
            return []
    return [None, *reversed(states)] if tree == history.EMPTY_TREE else []


def _with_more_staged(repo: Repo, head: str, staged: Staged) -> list[str | None]:
    """The same where the user staged something since; looks back a few commits."""
    states: list[str | None] = [head]
    best: list[str | None] = []
    entries: dict[str, str | None] = {}
    previous = head
    for one in history.commits(repo, head, limit=_LOOK_BACK + 1):
        if one.id != head:
            entries.update({c.path: c.before for c in history.changed(repo, one.id, previous)})
            states.append(one.id)
            if entries and _shows(staged, entries):
                best = states[::-1]
            previous = one.id
        if one.author != EMAIL:
            break
    return best


def _shows(staged: Staged, entries: Mapping[str, str | None]) -> bool:
    """Whether the index holds all these entries in place of HEAD's."""
    return all(path in staged and staged[path][1] == ident for path, ident in entries.items())
