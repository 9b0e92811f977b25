"""A vault, and LinkedIn's portability API on loopback, where waiting takes no time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import member_site
from isolation import Outcome
from member_site import Member
from network import Network
from outside import Call


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> Iterator[Member]:
    """A site with a network's pages; the environment leads there."""
    with member_site.serving(Member(pages=member_site.pages(Network(seed=70, people=180)))) as site:
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        yield site


@pytest.fixture
def call(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """As elsewhere; `fetch` takes the token out of its environment, as no child needs it."""

    def run(*args: object, status: int | None = 0) -> Outcome:
        token = os.environ.get("LI_VAULT_TOKEN")
        said = call(*args, status=status)
        if token and args[0] == "fetch":
            assert "LI_VAULT_TOKEN" not in os.environ or "--login" in args or status == 2
            monkeypatch.setenv("LI_VAULT_TOKEN", token)
        return said

    return run


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting takes a hundredth of its time."""
    real = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: real(seconds / 100))


@pytest.fixture
def vault(call: Call, vault_dir: Path) -> Path:
    call("init", vault_dir)
    return vault_dir
