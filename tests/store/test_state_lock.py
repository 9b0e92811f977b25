from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from li_vault.errors import BadVault
from li_vault.store import state
from li_vault.store.repo import create_repo

_HOLD = """
import sys, time
from pathlib import Path
from li_vault.store import repo, state
with state.hold_lock(repo.open_repo(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(100)
"""


@contextmanager
def _holder(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(place)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_live_holder_is_named(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    told: list[int] = []
    with (
        _holder(vault_dir) as process,
        pytest.raises(BadVault, match=rf"locked by a live process \(process {process.pid}\)"),
        state.hold_lock(repo, timeout=0.8, wait_notice=lambda: told.append(1)),
    ):
        pass
    assert told == [1]


def test_a_killed_holder_holds_nothing(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    with _holder(vault_dir) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with state.hold_lock(repo, timeout=0):
            assert (repo.private / "holder").read_text("ascii") == f"{os.getpid()}\n"
    assert not (repo.private / "holder").exists()


def test_it_can_be_taken_again(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    (repo.private).rmdir()
    for _ in range(2):
        with state.hold_lock(repo, timeout=0):
            assert repo.private.stat().st_mode & 0o777 == 0o700
    with pytest.raises(ZeroDivisionError), state.hold_lock(repo):
        raise ZeroDivisionError
    with state.hold_lock(repo, timeout=0):
        pass


def test_a_vault_that_cannot_be_written(vault_dir: Path) -> None:
    repo = create_repo(vault_dir)
    repo.private.rmdir()
    repo.private.write_bytes(b"")  # root may write anywhere: only this stops it
    with pytest.raises(BadVault, match="can't be written"), state.hold_lock(repo):
        pass
