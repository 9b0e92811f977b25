"""Everyone at the newest commit, kept in `.git/li-vault/` so that no card need be read.

Two files: the whole roster at some commit, and what has become different since; so a small
snapshot writes little. Both are named by the ids of the trees that hold the cards.
"""

from __future__ import annotations

from dataclasses import dataclass

from li_vault.core import packing
from li_vault.core.model import Roster
from li_vault.store import cache
from li_vault.store.repo import Repo

_WHOLE = "roster"
_SINCE = "roster-since"
_SHARE = 8
"""The whole roster is written anew once the difference is larger than one part in so many."""


@dataclass(slots=True)
class Memory:
    """What one vault has in mind. A key is one line that names the trees, without its end."""

    repo: Repo
    _key: bytes = b""
    _whole: Roster | None = None
    _size: int = 0

    def recall(self, key: bytes) -> Roster | None:
        """The roster that was kept by this key; None if there is none, or it is damaged."""
        data = cache.load(self.repo, _WHOLE)
        if data is None:
            return None
        whole_key, _, packed = data.partition(b"\n")
        since = b""
        if whole_key != key:
            since = cache.load(self.repo, _SINCE) or b""
            begins = whole_key + b"\n" + key + b"\n"
            if not since.startswith(begins):
                return None
            since = since[len(begins) :]
        whole = packing.unpack(packed)
        if whole is None:
            return None
        self._key, self._whole, self._size = whole_key, whole, len(packed)
        return packing.unpack(since, whole) if since else whole

    def keep(self, key: bytes, roster: Roster) -> None:
        """Keep a roster by this key, instead of what was kept."""
        if self._whole is not None:
            since = packing.pack(roster, self._whole)
            if len(since) * _SHARE < self._size:
                cache.save(self.repo, _SINCE, self._key + b"\n" + key + b"\n" + since)
                return
        packed = packing.pack(roster)
        self._key, self._whole, self._size = key, roster, len(packed)
        cache.save(self.repo, _WHOLE, key + b"\n" + packed)
