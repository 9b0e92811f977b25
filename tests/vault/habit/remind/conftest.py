"""A vault of a January, and `remind` on any day after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import outside
import websites
from li_vault.host import user_folders
from network import Network
from outside import DAY, Call, Remind, git
from websites import Monitor


@pytest.fixture
def folder(home: Path) -> Path:
    place = home / "Downloads"
    place.mkdir()
    return place


@pytest.fixture
def network() -> Network:
    return Network(seed=90, people=60, day=DAY)


@pytest.fixture
def vault(call: Call, vault_dir: Path, network: Network, tmp_path: Path) -> Path:
    call("snapshot", outside.write(tmp_path, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def monitor(vault: Path) -> Iterator[Monitor]:
    with websites.monitor() as found:
        git(vault, "config", "li-vault.ping", found.address)
        yield found


@pytest.fixture
def remind(call: Call, vault: Path, monkeypatch: pytest.MonkeyPatch) -> Remind:
    """`remind` some days after the first snapshot; what it said."""

    def run(after: int = 0, status: int = 0) -> dict[str, Any]:
        monkeypatch.setattr(user_folders, "today", lambda: DAY + timedelta(after))
        return outside.one_object(call("remind", "--vault", vault, "--json", status=status))

    return run
