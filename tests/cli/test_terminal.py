"""On a terminal: the newest export is asked about, and the usual vault begins by itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import desktops
import outside
from isolation import Samples
from outside import Call, git

Session = Callable[..., tuple[int, str]]


@pytest.fixture
def terminal() -> Session:
    """Runs li-vault on a terminal of its own, which types `keys`; status and what it showed."""

    def run(*args: object, keys: bytes = b"") -> tuple[int, str]:
        variables = {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"}
        return desktops.run(*args, keys=keys, env=variables)

    return run


def test_the_newest_export_is_taken_when_agreed(
    terminal: Session, home: Path, sample: Samples, call: Call
) -> None:
    downloads = home / "Downloads"
    downloads.mkdir()
    for age, path in enumerate((sample.newest, sample.older)):
        (downloads / path.name).write_bytes(path.read_bytes())
        os.utime(downloads / path.name, (1790000000 - age, 1790000000 - age))
    vault = home / ".local/share/li-vault"
    status, shown = terminal("snapshot", keys=b"n\n")
    assert (status, vault.exists()) == (1, False), shown
    assert f"{sample.newest.name}?" in shown
    assert "Nothing was recorded" in shown
    status, shown = terminal("snapshot", keys=b"\n")
    assert status == 0, shown
    assert f"Began a vault in {vault}" in shown
    assert git(vault, "log", "-1", "--format=%cs").strip() == "2026-11-20"
    found = outside.one_object(call("status", "--json"))
    assert found["vault"] == str(vault)


def test_a_mistyped_place_begins_nothing_on_a_terminal_either(
    terminal: Session, home: Path, sample: Samples
) -> None:
    status, shown = terminal("snapshot", sample.newest, "--vault", home / "mistyped")
    assert status == 5, shown
    assert not (home / "mistyped").exists()


@pytest.mark.parametrize(
    ("number", "keys", "ended"), [(None, b"\x03\n", 130), (signal.SIGTERM, b"\n", 143)]
)
@pytest.mark.parametrize(
    ("args", "question"), [(("snapshot",), b"[Y/n]"), (("fetch", "--login"), b"Token")]
)
def test_an_end_at_any_question_is_an_end(
    args: tuple[str, ...], question: bytes, number: int | None, keys: bytes, ended: int,
    home: Path, sample: Samples,
) -> None:  # fmt: skip
    downloads = home / "Downloads"
    downloads.mkdir()
    (downloads / sample.newest.name).write_bytes(sample.newest.read_bytes())
    status, shown = desktops.run(*args, env={}, keys=keys, question=question, sent=number)
    assert status == ended, shown
    assert not (home / ".local/share/li-vault").exists()
