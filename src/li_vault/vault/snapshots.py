"""The snapshots among the commits of a history."""

from __future__ import annotations

from collections.abc import Iterable

from li_vault.core import messages
from li_vault.core.timeline import Snapshot
from li_vault.errors import BadVault
from li_vault.store import history
from li_vault.store.history import Commit
from li_vault.store.repo import EMAIL, Repo


def among(commits: Iterable[Commit]) -> list[Snapshot]:
    """The snapshots among commits, in their order."""
    found = []
    for one in commits:
        record = messages.read(one.message) if one.author == EMAIL else None
        if record is not None:
            found.append(Snapshot(one.id, record))
    return found


def require_one_line(repo: Repo, log: Iterable[Commit]) -> None:
    """See that no snapshot stands beside the line of first parents, where nobody would see it.

    Raises:
        BadVault: A merge that is not li-vault's has one on its other side.
    """
    for one in log:
        if len(one.parents) < 2 or one.author == EMAIL:
            continue
        first, second = one.parents[:2]
        hidden = among(history.commits(repo, second, without=first))
        if hidden:
            raise BadVault(
                f"The merge {one.id[:10]} hides the snapshot of {hidden[0].record.taken_on}, which "
                "stands beside the others and not among them.",
                f"In the vault: git reset --keep {first[:10]}, then li-vault sync. What was "
                "committed since stays in git reflog.",
            )
