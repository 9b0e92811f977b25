"""The whole command line, called in this process."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import desktops
from desktops import Desktop
from isolation import Outcome
from li_vault.host import user_folders
from outside import Call

TODAY = date(2028, 1, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks of these tests live in a time that is no future, whenever the tests run."""
    monkeypatch.setattr(user_folders, "today", lambda: TODAY)


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A desktop with a real service for notices; this process and its children find it."""
    with desktops.desktop(tmp_path / "desktop") as found:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found.bus)
        yield found


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Calls li-vault as `run` does, but in this process, which takes no time to start.

    `status` is what it must end with; None takes any.
    """
    from li_vault.cli import app
    from li_vault.cli.commands import group

    def run(*args: object, status: int | None = 0) -> Outcome:
        capsys.readouterr()
        ended = app.run(group, [str(arg) for arg in args])
        said = capsys.readouterr()
        outcome = Outcome(ended, said.out, said.err)
        assert "Traceback" not in said.err
        assert status is None or ended == status, outcome
        return outcome

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    gc.enable()
