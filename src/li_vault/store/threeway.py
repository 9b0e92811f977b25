"""Two changed versions of one text become one, as `git merge-file` does it."""

from __future__ import annotations

from contextlib import suppress

from li_vault.errors import GitFailed
from li_vault.store import incoming
from li_vault.store.repo import Repo


def merged(repo: Repo, base: bytes, one: bytes, other: bytes) -> bytes | None:
    """The base with what both versions changed; None if they meet, or it is no text.

    The caller holds the lock: git reads the three from the quarantine, which is emptied.
    """
    try:
        incoming.begin(repo)
        paths = [incoming.folder(repo) / part for part in ("one", "base", "other")]
        # It ends with the number of places where they meet, and with 255 for what is no text.
        with suppress(OSError, GitFailed):
            for path, data in zip(paths, (one, base, other), strict=True):
                path.write_bytes(data)
            return repo.run("merge-file", "-p", "-q", "--", *map(str, paths))
    finally:
        incoming.clear(repo)
    return None
