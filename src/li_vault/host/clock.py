"""What day it is: the one place that asks."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """The current day in UTC, the zone of every day in a vault."""
    return datetime.now(UTC).date()
