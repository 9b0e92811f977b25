"""Why a history could not be had from a source, out of git's own words: damage, or no way to it."""

from __future__ import annotations

import os
import re

from li_vault.errors import BadVault, GitFailed, LiVaultError
from li_vault.store import addresses, local

_DAMAGE = re.compile(
    r"(?<!connection )corrupt(?!ed mac)|fsck error|unable to read|bad object|inflate|zlib|"
    r"did not send all necessary objects|unresolved delta|not our ref|"
    r"did not receive expected object|missing (?:blob|tree|commit)|"
    r"invalid (?:sha1 pointer|object)|packed object|pack-objects died|bad tree|bad signature|"
    r"is too small|cannot read existing object|could not parse (?:object|commit)|not a tree",
    re.IGNORECASE,
)
BACK = "Restore from another copy; git fsck there tells what is lost."


class Empty(BadVault):
    """There is a repository, but it has no branch: nothing was ever pushed to it."""


def without_main(url: str, heads: tuple[int, str, str]) -> LiVaultError:
    """The error for a source that has no branch `main`; says what `git ls-remote` found there."""
    status, out, words = heads
    if status:
        return failure(url, words)
    found = [line.rpartition("refs/heads/")[2] for line in out.splitlines()]
    names = [name for name in found if name and name.isprintable()]
    shown = addresses.shown(url)
    if not names:
        return Empty(
            f"{shown} holds no snapshot: it has no branch that can be read.",
            "Was anything ever pushed there (li-vault push)? And does the address lead to a "
            "repository? To git, a web page to log in at looks like an empty one.",
        )
    return BadVault(
        f"{shown} has no branch main, but {', '.join(names[:5])}; a vault's snapshots are on main.",
        f"If {names[0]} is a vault's, there: git branch -m {names[0]} main. Then run it again.",
    )


def failure(url: str, words: str) -> LiVaultError:
    """The error for a fetch that failed: there is no way to it, or it is damaged."""
    return (
        _no_way(url, words)
        or _no_vault(url, words)
        or GitFailed(
            f"{addresses.shown(url)} can't be fetched: {words or 'git gave no reason'}",
            "Check the address and your access to it: git ls-remote tells more. Then run it again.",
        )
    )


def _no_way(url: str, words: str) -> LiVaultError | None:
    """The error where the source may be as it should be, and can't be had; None if it is not so."""
    shown = addresses.shown(url)
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return GitFailed(f"The disk is full: {words}", "Free some space, then run it again.")
    if "dubious ownership" in words or "unsafe repository" in words:
        return GitFailed(
            f"git refuses {shown}, since someone else owns it: {words}",
            "If you trust it, do what git says: git config --global --add safe.directory …",
        )
    if "permission denied" in words.lower() or _is_forbidden(url):
        return GitFailed(
            f"{shown} may not be read: {words or 'permission denied'}",
            "See whose it is, and that you may read all of it; then run it again.",
        )
    return None


def _no_vault(url: str, words: str) -> LiVaultError | None:
    """The error where the source is damaged, or nothing of ours; None if it is not so."""
    shown = addresses.shown(url)
    if "mismatched algorithms" in words or "unknown object format" in words:
        return BadVault(
            f"{shown} uses other object ids than a vault, which uses sha1: {words}",
            "It is no vault of li-vault's. Restore from another copy.",
        )
    path = addresses.local_path(url)
    if path is not None and "not appear to be a git repository" in words:
        return BadVault(f"{shown} is not a git repository.", "Name a vault, or a remote of one.")
    if _DAMAGE.search(words):
        return BadVault(f"{shown} is damaged, and nothing was restored: {words}", BACK)
    return None


def _is_forbidden(url: str) -> bool:
    """Whether it is a folder of this machine of which the user may not read everything."""
    whole = local.folder(url)
    if whole is None:
        return False
    there = [path for path in (whole, *local.used(whole)) if path.exists()]
    return not all(os.access(path, os.R_OK | os.X_OK) for path in there)
