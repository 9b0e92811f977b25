"""Commits recorded: all or none, by one compare-and-swap of the branch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import BadVault, GitFailed, LiVaultError
from li_vault.store import history, maintenance
from li_vault.store.repo import MAIN, NOBODY, OWN_EMAIL, Repo
from li_vault.store.write import quarantine, recovery, worktree
from li_vault.store.write.index import (
    apply_entries,
    diff_index,
    index_signature,
    prepare_index,
    swap_in,
    update_index,
)

IDENTITY = f"li-vault <{OWN_EMAIL}>"
"""Author and committer of everything that li-vault records."""

_ATTEMPTS = 3


class CommitDraft(NamedTuple):
    """One commit to be.

    Attributes:
        edits: Path in the vault -> the file's new bytes, None to remove it. Paths that are not
            named stay as they are.
        message: The commit's message; recorded as UTF-8, exactly as it is.
        day: Author's and committer's date: noon UTC of this day.
    """

    edits: Mapping[str, bytes | None]
    message: str
    day: date


class CommitListener(NamedTuple):
    """Callbacks while commits are recorded.

    Attributes:
        progress: Called with how many edits are stored so far; ends with all of them.
        meanwhile: Called, if files change, once everything is recorded and git is at work.
        repacking: Called before the whole history is packed anew, which can take many seconds.
    """

    progress: Callable[[int], None] | None = None
    meanwhile: Callable[[], None] = lambda: None
    repacking: Callable[[], None] = lambda: None


SILENT = CommitListener()


def record_commits(
    repo: Repo,
    drafts: Sequence[CommitDraft],
    *,
    seen: Mapping[str, bytes] | None = None,
    listener: CommitListener = SILENT,
    upon: str | None = None,
    joins: str | None = None,
) -> list[str]:
    """Commit the drafts, one on the other, all or none; then bring work tree and index along.

    The caller holds the lock and has called `recovery.recover`. The same drafts on the same
    HEAD give the same commit ids everywhere.

    Args:
        drafts: At least none; oldest first.
        seen: Bytes that lie in the work tree, by path, which these drafts take up and which may
            therefore be written over; everything else that was written by hand stays.
        upon: The commit that the drafts follow, in place of the newest: a history that came from
            elsewhere, which becomes that of `main`.
        joins: A commit whose history the last draft's is to hold as well: its second parent.

    Returns:
        The ids of the new commits, oldest first.

    Raises:
        BadVault: Someone else moved `main` meanwhile (nothing changed), or files or index could
            not be written (recorded all the same; the next command finishes it).
        GitFailed: git failed, the disk is full: nothing changed.
    """
    old = history.main_tip(repo)
    base = upon or old
    if not drafts and base == old:
        return []
    mark = index_signature(repo)
    is_clean = not diff_index(repo, old)
    taken = {path: history.blob_id(data) for path, data in (seen or {}).items()}
    try:
        build = partial(_build, repo, (old, base), drafts, is_clean=is_clean, joins=joins)
        commits, known, index = build(progress=listener.progress)
        new = commits[-1] if commits else str(base)
        recovery.write_entry(repo, recovery.JournalEntry(old, new, taken))
        quarantine.migrate(repo)
        _swap(repo, old, new)
    except OSError as error:
        recovery.erase_entry(repo)
        raise GitFailed(
            f"The snapshot can't be written: {error.strerror or error}; nothing changed.",
            "Free some space, or mend the permissions; then run it again.",
        ) from error
    if commits:
        _keep_alive(repo, (*commits, *known), build)
    if base != old or any(draft.edits for draft in drafts):
        states = (old, *commits) if base == old else (old, base, *commits)
        worktree.checkout(repo, states, known, taken)
        if not (is_clean and swap_in(repo, index, mark, new, listener.meanwhile)):
            update_index(repo, states)
    recovery.mark_finished(repo)
    quarantine.clear_quarantine(repo)
    maintenance.repack_if_needed(repo, listener.repacking)
    return commits


def _build(
    repo: Repo,
    ends: tuple[str | None, str | None],
    drafts: Sequence[CommitDraft],
    *,
    is_clean: bool,
    joins: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[str], dict[str, bytes], Path]:
    """Write all objects into quarantine; the commits, the blobs by id, the index of the last.

    `ends` are the newest commit, which the index shows, and the one that the drafts follow.
    """
    old, base = ends
    env = quarantine.create_quarantine(repo)
    ids = quarantine.store_blobs(repo, [draft.edits for draft in drafts], env, progress)
    index = prepare_index(repo, empty=not is_clean)
    if base and (not is_clean or base != old):
        # What both have in common keeps what git knows of its files.
        kept = ("-m", "-i") if is_clean else ()
        repo.run("read-tree", *kept, base, env={"GIT_INDEX_FILE": str(index)})
    env["GIT_INDEX_FILE"] = str(index)
    commits: list[str] = []
    tip = base
    for draft in drafts:
        entries = {p: None if data is None else ids[data] for p, data in draft.edits.items()}
        apply_entries(repo, index, entries, env)
        # Ids hardly compress, and repacking makes differences of them.
        quick = ("-c", "core.looseCompression=0")
        # Every entry is a blob that was just stored, or that an earlier commit has.
        tree = repo.run(*quick, "write-tree", "--missing-ok", env=env).decode("ascii").strip()
        also = (joins,) if joins and draft is drafts[-1] else ()
        text = _text(tree, [one for one in (tip, *also) if one], draft)
        ask = ("hash-object", "-t", "commit", "-w", "--stdin")
        tip = repo.run(*ask, stdin=text, env=env).decode("ascii").strip()
        commits.append(tip)
    return commits, {ident: data for data, ident in ids.items()}, index


def _text(tree: str, parents: Sequence[str], draft: CommitDraft) -> bytes:
    """A commit object's text; `git commit-tree` would do, but for what it may do to a message."""
    day = draft.day
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines += [f"{role} {IDENTITY} {noon} +0000" for role in ("author", "committer")]
    return "\n".join((*lines, "", draft.message)).encode("utf-8", "surrogateescape")


def _swap(repo: Repo, old: str | None, new: str) -> None:
    """The one moment at which everything becomes visible."""
    try:
        repo.run("update-ref", "-m", "li-vault: snapshot", MAIN, new, old or NOBODY)
    except LiVaultError as error:
        now = history.main_tip(repo)
        if now == new:
            return
        recovery.erase_entry(repo)
        if now != old:
            raise BadVault(
                "Someone else committed to the vault meanwhile; nothing was recorded.",
                "Run it again.",
            ) from error
        raise


def _keep_alive(repo: Repo, ids: Iterable[str], write_again: Callable[[], object]) -> None:
    """See that no concurrent `git gc --prune=now` dropped the objects before the swap."""
    asked = "\n".join(ids).encode("ascii") + b"\n"
    for _ in range(_ATTEMPTS):
        out = repo.run("cat-file", "--batch-check=%(objecttype)", "--buffer", stdin=asked)
        if b" missing" not in out:
            return
        write_again()
        quarantine.migrate(repo)
    raise GitFailed(
        "Objects of the new snapshot vanish as they are written.",
        "See that no git gc runs in the vault, then run li-vault doctor.",
    )


def merge_file(repo: Repo, base: bytes, one: bytes, other: bytes) -> bytes | None:
    """The base with what both versions changed; None if they meet, or it is no text.

    The caller holds the lock: git reads the three from the quarantine, which is emptied.
    """
    try:
        quarantine.create_quarantine(repo)
        paths = [quarantine.quarantine_folder(repo) / part for part in ("one", "base", "other")]
        # It ends with the number of places where they meet, and with 255 for what is no text.
        with suppress(OSError, GitFailed):
            for path, data in zip(paths, (one, base, other), strict=True):
                path.write_bytes(data)
            return repo.run("merge-file", "-p", "-q", "--", *map(str, paths))
    finally:
        quarantine.clear_quarantine(repo)
    return None
