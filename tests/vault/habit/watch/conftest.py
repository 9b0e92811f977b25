"""An empty vault, and the Downloads folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from outside import Call


@pytest.fixture
def vault(call: Call, vault_dir: Path) -> Path:
    call("init", vault_dir)
    return vault_dir


@pytest.fixture
def folder(home: Path) -> Path:
    """The Downloads folder, by the platform's own settings."""
    place = home / "Downloads"
    place.mkdir()
    return place
