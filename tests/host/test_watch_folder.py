"""Folders on other machines, and programs that are run beside."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isolation import CHECKOUT
from li_vault.host import watch_folder

MOUNTS = "/dev/vda / ext4 rw 0 0\nnas:/x {0}/far nfs4 rw 0 0\nnas:/y {0}/a\\040b cifs rw 0 0\n"


def test_folders_on_other_machines_are_polled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("far/below", "a b", "near"):
        (tmp_path / name).mkdir(parents=True)
    assert not watch_folder.is_far(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "far")
    read = Path.read_text

    def told(path: Path, *args: str) -> str:
        return MOUNTS.format(tmp_path) if str(path) == "/proc/self/mounts" else read(path, *args)

    monkeypatch.setattr(Path, "read_text", told)
    monkeypatch.setattr(sys, "platform", "linux")
    found = {name: watch_folder.is_far(tmp_path / name)
             for name in ("far", "far/below", "link", "a b", "near")}  # fmt: skip
    assert found == {"far": True, "far/below": True, "link": True, "a b": True, "near": False}


def test_a_program_beside_is_ended_with_us(tmp_path: Path) -> None:
    mark = tmp_path / "ended"
    inner = f"trap 'touch {mark}; exit' TERM; touch {mark}.begun; while :; do sleep 0.05; done"
    code = f"""
import signal
from li_vault.host import watch_folder
def end(*_): raise SystemExit(3)
signal.signal(signal.SIGTERM, end)
watch_folder.run_watched(["sh", "-c", {inner!r}])
"""
    process = subprocess.Popen((sys.executable, "-c", code), cwd=CHECKOUT)
    until = time.monotonic() + 30
    while not (tmp_path / "ended.begun").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 3
    assert mark.exists()
