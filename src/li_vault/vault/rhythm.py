"""How often a snapshot is wanted, and when the next one is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from li_vault.core.timeline import Snapshot
from li_vault.vault.opened import Vault

MONTH = 31
"""Days after which a snapshot is due, by default.

`git config li-vault.everyDays` sets another number, and `schedule install --every` one that goes
before it.
"""

SCHEDULED = "li-vault.scheduledDays"


class Due(NamedTuple):
    """Where a vault is in its rhythm.

    Attributes:
        last: The newest snapshot, or None.
        age_days: Days since the day of it; None without one.
        on: The day on which the next one is due.
        is_overdue: Whether that day is over, or there is no snapshot.
    """

    last: Snapshot | None
    age_days: int | None
    on: date
    is_overdue: bool

    @property
    def taken_on(self) -> str | None:
        """The ISO day of the newest snapshot, or None."""
        return self.last.record.taken_on if self.last else None


def days(vault: Vault) -> int:
    """Days from one snapshot to the next."""
    for key in ("scheduleddays", "everydays"):
        said = vault.settings.get(key, "")
        if said.isdecimal() and said.isascii() and int(said):
            return min(int(said), 36_500)
    return MONTH


def due(vault: Vault, today: date, snapshots: Sequence[Snapshot] | None = None) -> Due:
    """Where a vault is in its rhythm.

    Args:
        vault: The vault.
        today: The current day.
        snapshots: Its snapshots, newest first, if they were read already.
    """
    if snapshots is None:
        snapshots = vault.snapshots()
    if not snapshots:
        return Due(None, None, today, True)
    made_on = date.fromisoformat(snapshots[0].record.taken_on)
    on = made_on + timedelta(days=days(vault))
    return Due(snapshots[0], (today - made_on).days, on, today > on)
