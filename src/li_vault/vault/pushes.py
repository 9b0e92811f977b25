"""What is pending goes to the remotes, once what they have besides is taken over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from li_vault.store.remote import Outcome
from li_vault.vault import handwork, meeting, offsite
from li_vault.vault.meeting import Met
from li_vault.vault.opened import Vault

_TIMEOUT = 120.0
"""Seconds for what remotes have besides: nothing else waits for it."""


class Pushed(NamedTuple):
    """What became of a push.

    Attributes:
        remotes: What became of each remote, by name.
        taken: Number of snapshots that were taken over first, by remote.
    """

    remotes: Mapping[str, Outcome]
    taken: Mapping[str, int] = {}


def push(
    vault: Vault,
    names: Collection[str] = (),
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Pushed:
    """Push to the named remotes, or to all, once what they have besides is taken over.

    Raises:
        BadUsage: There is no remote of that name.
        BadVault: A card of the newest commit is broken.
    """
    vault.tidy()
    handwork.require_whole(vault)
    progress("Fetching", 0, 1)
    seen = meeting.see(vault, names, _TIMEOUT)
    met = Met(outcomes={**(seen.against or {}), **meeting.silent(seen)})
    if meeting.is_news(vault, seen):
        with vault.writing():
            met = meeting.take_over(vault, seen)
    return Pushed(offsite.push(vault, names, progress, met.outcomes), met.taken)
