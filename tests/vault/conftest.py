"""The whole program, on a day that is no future of any invented network."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _today(fixed_today: None) -> None:
    pass
