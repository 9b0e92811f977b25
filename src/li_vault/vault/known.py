"""What proofs have shown already; an id stands for its content, wherever and whenever it is seen.

Snapshots that were derived again and found right, and cards that the second reader reads as we do,
are kept in `.git/li-vault/`: what a commit or card is made of can't change under its id, so what
came of it can't either. Whether the objects are still what their ids say is looked at every time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from li_vault import __version__
from li_vault.core import layout
from li_vault.store import cache
from li_vault.store.repo import Repo

_DERIVED, _READ = "proved-snapshots", "proved-cards"
_HEADER = f"li-vault {__version__} format {layout.FORMAT}\n".encode()
"""Another version may derive and write otherwise, and has to see for itself."""

_IDS = re.compile(rb"(?:[0-9a-f]{40}\n)*")


@dataclass
class Known:
    """What is proved, by ids.

    Attributes:
        derived_before: Commits of snapshots that an earlier call derived and found right.
        read_before: Cards that the second reader read in an earlier call.
        derived: Commits of snapshots that this call derived, whatever was found.
        right: Those of them with which nothing was wrong.
        read: Cards that the second reader read in this call.
    """

    derived_before: frozenset[str] = frozenset()
    read_before: frozenset[str] = frozenset()
    derived: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def is_derived(self, commit: str) -> bool:
        """Whether a snapshot need not be derived any more."""
        return commit in self.derived or commit in self.derived_before

    def is_read(self, card: str) -> bool:
        """Whether the second reader need not be asked about a card any more."""
        return card in self.read or card in self.read_before


def load(repo: Repo) -> Known:
    """What earlier proofs of this vault and its copies have shown."""
    return Known(_load(repo, _DERIVED), _load(repo, _READ))


def keep(repo: Repo, known: Known) -> None:
    """Keep for later proofs what this one has shown."""
    _keep(repo, _DERIVED, known.derived_before, known.right)
    _keep(repo, _READ, known.read_before, known.read)


def _load(repo: Repo, name: str) -> frozenset[str]:
    data = cache.load(repo, name) or b""
    ids = data.removeprefix(_HEADER)
    if len(ids) == len(data) or _IDS.fullmatch(ids) is None:
        return frozenset()
    return frozenset(ids.decode("ascii").split())


def _keep(repo: Repo, name: str, before: frozenset[str], now: set[str]) -> None:
    if now - before:
        lines = "".join(f"{ident}\n" for ident in sorted(before | now))
        cache.save(repo, name, _HEADER + lines.encode("ascii"))
