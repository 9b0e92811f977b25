"""`push`: what is pending goes to the remotes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from li_vault.store.remote import Outcome
from li_vault.vault import Vault, offsite


class Result(NamedTuple):
    """What became of each remote, by name."""

    remotes: Mapping[str, Outcome]


def run(vault: Vault, names: Collection[str]) -> Result:
    """Push to the named remotes, or to all.

    Raises:
        BadUsage: There is no remote of that name.
        GitFailed: Every remote that was asked for failed.
    """
    vault.tidy()
    return Result(offsite.push(vault, names))
