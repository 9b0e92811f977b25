"""Packs are consolidated as snapshots add up.

Each snapshot leaves a pack of its changed cards and, loose, one whole new tree of `contacts/`: 2.4
MB at 30,000 people with 1 % changed. After twelve of them the repository is 1.9 times as large as
after `git gc`; with this, which costs 0.3 s at every third, 1.2 times.

A card in a small pack can't be stored as the difference from its older self in a large one, and
once it is stored otherwise git keeps it so. Therefore everything is compared anew whenever the
history has grown by 12 %: some seconds, ten times in ten years at 30,000 people with 2 % changed
a month, after which it is as small as git makes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from li_vault.errors import LiVaultError
from li_vault.store import cache
from li_vault.store.repo import Repo

PACKS = 4
"""With so many packs they are consolidated."""

_REPACKED = "repacked"
"""The cache that holds how many objects there were when all were last compared anew."""

_GROWN = 1.12
_DAY = 86400.0


def consolidate(repo: Repo, notice: Callable[[], None] = lambda: None) -> bool:
    """Repack what the last snapshots left, once there is enough; the caller holds the lock.

    Small packs and reachable loose objects go into one pack; large packs mostly, and unreachable
    objects always, stay as they are. The commit graph learns which paths each commit changed,
    which makes a person's history quick. That it fails is no harm: nothing is lost, and the next
    snapshot tries again.

    Args:
        repo: The vault's repository.
        notice: Called before everything is compared anew.

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
    """Repack the small packs, or compare everything anew if the history has grown enough.

    Raises:
        GitFailed: It could not be done.
    """
    counts = _counts(repo)
    objects = counts["count"] + counts["in-pack"]
    known = cache.load(repo, _REPACKED) or b""
    compared = int(known) if known.isdigit() else 0
    if not compared:
        cache.save(repo, _REPACKED, b"%d" % objects)
    if not compared or objects < compared * _GROWN:
        repo.run("repack", "-d", "-q", "--geometric=2")
        return
    notice()
    repo.run("repack", "-a", "-d", "-f", "-q", "--keep-unreachable", "--window-memory=64m")
    cache.save(repo, _REPACKED, b"%d" % objects)


def _counts(repo: Repo) -> dict[str, int]:
    """What `git count-objects -v` counts: objects, and sizes in steps of 1,024 bytes."""
    out = repo.run("count-objects", "-v").decode("ascii")
    pairs = (line.split(": ", 1) for line in out.splitlines() if ": " in line)
    return {name: int(number) for name, number in pairs if number.isdecimal()}


def size(repo: Repo) -> int:
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
