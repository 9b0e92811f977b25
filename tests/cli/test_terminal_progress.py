"""The progress bar: none in vain, and none too late."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest

from li_vault.cli import terminal as terminal_module
from li_vault.cli.terminal import progress_bar


class _Terminal(io.StringIO):
    """A standard error that is looked at."""

    def isatty(self) -> bool:
        return True


def shown(what: str, done: int, total: int, *, quiet: bool = False) -> str:
    """What is drawn for work that is told of once."""
    with redirect_stderr(_Terminal()) as terminal, progress_bar(quiet=quiet) as told:
        told(what, done, total)
    return terminal.getvalue()


@pytest.fixture(autouse=True)
def _can_move_its_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_short_work_has_no_bar() -> None:
    assert shown("Recording", 1, 2) == ""


def test_long_work_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_module, "_AFTER", 0)
    drawn = shown("Recording", 1, 2)
    assert "Recording" in drawn
    assert "50%" in drawn


def test_work_of_unknown_length_is_told_at_once() -> None:
    assert "Packing the history" in shown("Packing the history", 0, 0)


def test_nobody_who_reads_json_gets_one() -> None:
    assert shown("Packing the history", 0, 0, quiet=True) == ""
