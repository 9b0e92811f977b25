from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from li_vault.host import user_folders


def test_today_is_a_day_of_utc() -> None:
    before = datetime.now(UTC).date()
    assert user_folders.today() in {before, before + timedelta(days=1)}


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12"])
def test_today_does_not_depend_on_the_zone(zone: str) -> None:
    """One of these two zones is always in another day than UTC."""
    before = datetime.now(UTC).date()
    shown = subprocess.run(
        [sys.executable, "-c", "from li_vault.host.user_folders import today; print(today())"],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert shown in {before.isoformat(), (before + timedelta(days=1)).isoformat()}
