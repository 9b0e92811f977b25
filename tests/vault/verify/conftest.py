"""A vault of three months, and a copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from network import Network
from outside import Call


@pytest.fixture
def network() -> Network:
    return Network(seed=41, people=30)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    for _ in range(2):
        network.advance(pace=3)
        call("snapshot", outside.write(home, network), "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def copied(call: Call, vault: Path, tmp_path: Path) -> Path:
    """The remote `nas` of the vault, which has everything."""
    bare = tmp_path / "nas.git"
    call("remote", "add", "nas", bare, "--create", "--vault", vault)
    call("push", "--vault", vault)
    return bare
