"""What each commit changed of people's jobs, kept in `.git/li-vault/` by the ids of commits.

It is kept as snapshots are recorded, and made from the cards for the few commits that came in
otherwise. What a commit changed can't change under its id, so nothing here grows old.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from li_vault.core import careers, vault_layout
from li_vault.core.careers import Chapter
from li_vault.core.chronicle import Chronicle
from li_vault.store import history, state
from li_vault.store.history import Commit
from li_vault.vault.vault import Vault

_NAME = "chronicle"
_FEW = 8
"""So many chapters are made at once if they are missing; each takes as long as a comparison."""


class Past(NamedTuple):
    """What is known of the way from one commit to another.

    Attributes:
        chronicle: Has the chapters of all commits on the way.
        way: Their ids, oldest first.
    """

    chronicle: Chronicle
    way: list[str]


def keep(vault: Vault, chapters: Iterable[tuple[str, Chapter | None]]) -> None:
    """Keep what commits changed, by their ids; None for one of which nothing is to be kept."""
    new = [(ident, chapter) for ident, chapter in chapters if chapter is not None]
    if new:
        _keep(vault, _kept(vault), new)


def between(vault: Vault, before: str, after: str) -> Past | None:
    """What is known of the way from one commit to another.

    None if there is no such way back by first parents, or if too much of it is not known.
    """
    log = vault.commits(after)
    way = list(takewhile(lambda one: one.id != before, log))
    if len(way) == len(log):
        return None
    chronicle = _kept(vault)
    missing = [one for one in way if one.id not in chronicle]
    if len(missing) > _FEW:
        return None
    if missing:
        _keep(vault, chronicle, [(one.id, _made(vault, one)) for one in missing])
    return Past(chronicle, [one.id for one in reversed(way)])


def _kept(vault: Vault) -> Chronicle:
    return Chronicle(state.load_state(vault.repo, _NAME) or b"")


def _keep(vault: Vault, chronicle: Chronicle, new: Iterable[tuple[str, Chapter]]) -> None:
    chronicle.add(new)
    state.save_state(vault.repo, _NAME, bytes(chronicle))


def _made(vault: Vault, one: Commit) -> Chapter:
    """What a commit changed, by its cards and those of its first parent."""
    changes = history.changed(vault.repo, one.parents[0], one.id, vault_layout.FOLDERS)
    there = [(c.path, c.before, c.after) for c in changes if c.before and c.after]
    before = [(path, ident) for path, ident, _ in there if vault_layout.is_card(path)]
    after = [(path, ident) for path, _, ident in there if vault_layout.is_card(path)]
    contacts = list(vault.read_in_turn([*before, *after]))
    pairs = zip(contacts[: len(before)], contacts[len(before) :], strict=True)
    return careers.chapter(
        {change.path for change in changes}, [(was, now) for was, now in pairs if was and now]
    )
