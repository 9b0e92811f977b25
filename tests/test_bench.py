"""The bench runs, and can say that a limit is broken. What it measures is asked for by hand."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from isolation import CHECKOUT
from li_vault.formats import writers

BENCH = CHECKOUT / "tests" / "bench" / "run.py"
HISTORY = BENCH.with_name("history.py")


def bench(*args: str | Path, script: Path = BENCH) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), *map(str, args)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("ratio", "at_least", "verdict"),
    [
        (1.0, False, "ok"),
        (1.01, False, "BROKEN"),
        (1.0, True, "ok"),
        (0.99, True, "BROKEN"),
        (None, False, "not measured"),
    ],
)
def test_a_limit_can_be_broken(
    ratio: float | None, at_least: bool, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH.parent))
    parts = runpy.run_path(str(BENCH))
    row = parts["Row"]("what", "ours", "theirs", ratio, 1.0, at_least)
    assert row.verdict == verdict
    assert verdict in parts["table"]([row]).splitlines()[-1]


def test_a_row_can_be_measured(tmp_path: Path) -> None:
    done = bench("--only", "startup", "--runs", "1", "--scratch", tmp_path)
    assert "li-vault --version" in done.stdout, done.stderr
    assert not list(tmp_path.iterdir())


def test_a_row_that_is_not_there_is_a_mistake() -> None:
    done = bench("--only", "nonsense")
    assert done.returncode == 2
    assert "startup" in done.stderr


def test_history_can_be_asked(tmp_path: Path) -> None:
    small = ("--people", "60", "--months", "3", "--runs", "1", "--scratch", tmp_path)
    keep = tmp_path / "keep"
    keep.mkdir()
    done = bench(*small, "--keep", keep, script=HISTORY)
    assert "log CONTACT" in done.stdout, done.stderr
    assert "find" in done.stdout
    assert "diff of first and last in a restored vault, asked again" in done.stdout
    assert ".git after all" in done.stdout
    again = bench(*small, "--keep", keep, "--only", "packed", script=HISTORY)
    assert "month" not in again.stderr, again.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["keep"]


def test_a_question_that_is_not_there_is_a_mistake() -> None:
    done = bench("--only", "nonsense", script=HISTORY)
    assert done.returncode == 2
    assert "packed" in done.stderr


def test_writing_can_be_measured_in_every_format(tmp_path: Path) -> None:
    script = BENCH.with_name("export.py")
    done = bench("--people", "60", "--runs", "1", "--scratch", tmp_path, script=script)
    for name in (*writers.NAMES, "vcf-4.0"):
        assert f"| {name}: contacts -> bytes" in done.stdout, done.stderr
        assert f"| li-vault export {name} (" in done.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("found", "at_least", "kept"), [(0.9, False, True), (1.0, False, False), (1.0, True, True)]
)
def test_a_limit_of_the_habit_can_be_broken(
    found: float, at_least: bool, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH.parent))
    row = runpy.run_path(str(BENCH.parent / "habit.py"))["Row"]("what", found, 1.0, "s", at_least)
    assert row.is_kept is kept
    assert str(row).endswith("ok" if kept else "BROKEN")
