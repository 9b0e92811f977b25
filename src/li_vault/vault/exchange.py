"""What a command that records something does with remotes: fetch first, push last.

All that it takes is imported where there are remotes: without one, a command starts no slower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from li_vault.store import readiness
from li_vault.vault.opened import Vault

if TYPE_CHECKING:
    from li_vault.store.remote import Outcome
    from li_vault.vault.meeting import Met, Seen

Look = Callable[[], "Seen"]
"""Waits for what the remotes were found to have."""


def is_wanted(vault: Vault, *, push: bool, dry_run: bool) -> bool:
    """Whether remotes are to be asked at all: what is not to be pushed is not fetched either."""
    return push and not dry_run and readiness.may_have_remotes(vault.repo)


def seeing(vault: Vault, wanted: bool) -> AbstractContextManager[Look | None]:
    """Begin to look what the remotes have, while the caller does something else."""
    if not wanted:
        return nullcontext()
    from li_vault.vault import meeting

    return meeting.seeing(vault)


def take_over(vault: Vault, look: Look | None) -> Met | None:
    """Take over what follows on our history; the caller holds the lock."""
    if look is None:
        return None
    from li_vault.vault import meeting

    return meeting.take_over(vault, look())


def push(
    vault: Vault,
    met: Met | None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Mapping[str, Outcome]:
    """Push to all remotes, if they were looked at; what became of each."""
    if met is None:
        return {}
    from li_vault.vault import offsite

    return offsite.push(vault, progress=progress, against=met.outcomes)
