"""The journal of a commit in progress; a killed run finished or undone."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import GitFailed
from li_vault.store import history
from li_vault.store.repo import MAIN, NOBODY, OWN_EMAIL, Repo
from li_vault.store.write import index, quarantine, worktree

_LOOK_BACK = 16
_PATIENCE = 5.0
_PATIENCE_NOTED = 1.0

Staged = Mapping[str, tuple[str | None, str | None]]


def is_unfinished(repo: Repo) -> bool:
    """Whether there may be something to recover; needs no lock, and changes nothing."""
    if quarantine.quarantine_folder(repo).exists() or read_entry(repo) or unsynced_entry(repo):
        return True
    head = history.main_tip(repo)
    try:
        return head is not None and bool(index.diff_index(repo, head))
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
    is_left = quarantine.clear_quarantine(repo) | index.free_index_lock(repo)
    note = read_entry(repo)
    _free_ref_locks(repo, _PATIENCE_NOTED if note else _PATIENCE)
    head = history.main_tip(repo)
    taken: Mapping[str, str] = {}
    if note and note.new == head:
        states, taken = _between(repo, note.old, head), note.taken
    else:
        states = _left_behind(repo, head)
    if not states:
        erase_entry(repo)
        after_boot = _after_power_cut(repo, head)
        if after_boot:
            return after_boot
        return "Removed what an interrupted snapshot left behind." if is_left or note else ""
    quarantine.create_quarantine(repo)
    write_entry(repo, JournalEntry(states[0], str(head), taken))
    kept = worktree.checkout(repo, states, taken=taken)
    index.update_index(repo, states)
    mark_finished(repo)
    quarantine.clear_quarantine(repo)
    rest = f"; {len(kept)} files edited by hand were kept" if kept else ""
    return f"Finished an interrupted snapshot{rest}."


def _after_power_cut(repo: Repo, head: str | None) -> str:
    """Write the files again that a power cut took back, though the last snapshot was finished."""
    found = unsynced_entry(repo)
    if found is None:
        return ""
    note, finished = found
    lost: list[str] = []
    if note.new == head:
        seen = worktree.worktree_changes(repo)
        paths = (*seen.modified, *seen.deleted, *seen.strays)
        lost = [path for path in paths if _is_as_old(repo.path / path, finished)]
    states = _between(repo, note.old, note.new)
    kept = worktree.checkout(repo, states, taken=note.taken, only=lost) if lost else []
    quarantine.clear_quarantine(repo)
    mark_synced(repo)
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
        staged = index.diff_index(repo, head)
    except GitFailed:
        if not index.is_index_broken(repo):
            raise
        (repo.git_dir / "index").unlink(missing_ok=True)
        staged = index.diff_index(repo, head)
    if not staged:
        return []
    return _same_tree(repo, head) or _with_more_staged(repo, head, staged)


def _same_tree(repo: Repo, head: str) -> list[str | None]:
    env = quarantine.create_quarantine(repo)
    env["GIT_INDEX_FILE"] = str(index.prepare_index(repo))
    tree = repo.run("write-tree", env=env).decode("ascii").strip()
    quarantine.clear_quarantine(repo)
    states: list[str | None] = []
    for one in history.commits(repo, head):
        states.append(one.id)
        if one.tree == tree and len(states) > 1:
            return states[::-1]
        if one.author != OWN_EMAIL:
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
        if one.author != OWN_EMAIL:
            break
    return best


def _shows(staged: Staged, entries: Mapping[str, str | None]) -> bool:
    """Whether the index holds all these entries in place of HEAD's."""
    return all(path in staged and staged[path][1] == ident for path, ident in entries.items())


class JournalEntry(NamedTuple):
    """What the journal says.

    Attributes:
        old: The tip before; None if there was no commit yet.
        taken: The blob ids of files with hand edits that the commits between take up, by path.
    """

    old: str | None
    new: str
    taken: Mapping[str, str] = {}


def _file(repo: Repo) -> Path:
    return repo.private / "unfinished"


def _settled(repo: Repo) -> Path:
    return repo.private / "settled"


def _boot() -> str:
    """What tells one run of this machine from the next; empty where the system has no such id."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def write_entry(repo: Repo, note: JournalEntry) -> None:
    """Note durably what is about to become visible."""
    spare = quarantine.quarantine_folder(repo) / "unfinished"
    taken = "".join(f"{ident} {path}\0" for path, ident in note.taken.items())
    with spare.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(f"{note.old or NOBODY} {note.new} {_boot()}\n{taken}")
        file.flush()
        os.fsync(file.fileno())
    spare.replace(_file(repo))
    quarantine.sync_folder(repo.private)


def read_entry(repo: Repo) -> JournalEntry | None:
    """What a killed run left noted, if it can be read."""
    return _read(_file(repo))[0]


def _read(file: Path) -> tuple[JournalEntry | None, str]:
    try:
        line, _, rest = file.read_bytes().decode("utf-8", "surrogateescape").partition("\n")
    except FileNotFoundError:
        return None, ""
    words = line.split()
    if len(words) < 2 or {len(word) for word in words[:2]} != {len(NOBODY)}:
        return None, ""
    entries = (entry.partition(" ") for entry in rest.split("\0")[:-1])
    taken = {path: ident for ident, _, path in entries}
    return JournalEntry(None if words[0] == NOBODY else words[0], words[1], taken), "".join(
        words[2:]
    )


def mark_finished(repo: Repo) -> None:
    """The snapshot is finished; its files reach the disk when the system sees fit.

    Where the system has no id of its boot, this waits for them.
    """
    if not _boot() and hasattr(os, "sync"):
        os.sync()
    file = _file(repo)
    os.utime(file)  # files that are newer than this were not written by the snapshot
    file.replace(_settled(repo))


def unsynced_entry(repo: Repo) -> tuple[JournalEntry, int] | None:
    """The last finished snapshot, if the machine was started anew since.

    Returns:
        Its note, and when it was finished, in nanoseconds as files are stamped.
    """
    note, boot = _read(_settled(repo))
    if note is None or boot == _boot():
        return None
    return note, _settled(repo).stat().st_mtime_ns


def erase_entry(repo: Repo) -> None:
    """Forget what was noted."""
    _file(repo).unlink(missing_ok=True)


def mark_synced(repo: Repo) -> None:
    """The last snapshot's files are known to be on the disk."""
    _settled(repo).unlink(missing_ok=True)
