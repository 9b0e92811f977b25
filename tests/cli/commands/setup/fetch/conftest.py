"""A vault, and LinkedIn's portability API on loopback, where waiting takes no time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import websites
from network import Network
from outside import Call
from websites import Member


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> Iterator[Member]:
    """A site with a network's pages; the environment leads there."""
    with websites.serving(Member(pages=websites.pages(Network(seed=70, people=180)))) as site:
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        yield site


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting takes a hundredth of its time."""
    real = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: real(seconds / 100))


@pytest.fixture
def vault(call: Call, vault_dir: Path) -> Path:
    call("init", vault_dir)
    return vault_dir
