"""Packs are consolidated as snapshots add up.

Each snapshot leaves a pack of its changed cards and, loose, one whole new tree of `contacts/`: 2.4
MB at 30,000 people with 1 % changed. After twelve of them the repository is 1.9 times as large as
after `git gc`; with this, which costs 0.3 s at every fourth, 1.2 times.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from li_vault.errors import LiVaultError
from li_vault.store.repo import Repo

PACKS = 5
"""With so many packs they are consolidated."""

_DAY = 86400.0


def consolidate(repo: Repo) -> bool:
    """Repack what the last snapshots left, once there is enough; the caller holds the lock.

    Small packs and reachable loose objects go into one pack; large packs and unreachable objects
    stay as they are. The commit graph learns which paths each commit changed, which makes
    a person's history quick. That it fails is no harm: nothing is lost, and the next snapshot
    tries again.

    Returns:
        Whether it was due and done.
    """
    packs = repo.git_dir / "objects" / "pack"
    if sum(1 for _ in packs.glob("*.pack")) < PACKS:
        return False
    with suppress(OSError):
        _sweep(packs)
    try:
        repo.run("repack", "-d", "-q", "--geometric=2")
        repo.run("commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
    except LiVaultError:
        return False
    return True


def size(repo: Repo) -> int:
    """Bytes that the whole history takes on this disk, in steps of 1,024: packs and loose objects.

    A remote takes about as much, or less once it has packed them.
    """
    out = repo.run("count-objects", "-v").decode("ascii")
    said = dict(line.split(": ", 1) for line in out.splitlines() if ": " in line)
    return 1024 * (int(said["size"]) + int(said["size-pack"]))


def _sweep(packs: Path) -> None:
    """Remove temporary packs of a git that was killed more than a day ago."""
    for pattern in ("tmp_*", ".tmp-*"):
        for path in packs.glob(pattern):
            if path.stat().st_mtime < time.time() - _DAY:
                path.unlink()
