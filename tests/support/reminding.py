"""What tests of `remind` share: its day, and what the health check heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from monitors import Monitor

DAY = date(2027, 1, 10)
"""The day of the vault's first snapshot."""

Remind = Callable[..., dict[str, Any]]
"""`remind` some days after it: `remind(31, status=4)`; what it said."""


def paths(monitor: Monitor) -> list[str]:
    """Where the health check was told, in turn: `""`, `/fail` or `/1`."""
    return [one.path.removeprefix("/uuid-of-nobody") for one in monitor.pings]
