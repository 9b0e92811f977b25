from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from li_vault.host import downloads


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_newest_download(tmp_path: Path) -> None:
    assert downloads.newest_export(tmp_path) is None
    assert downloads.newest_export(tmp_path / "missing") is None
    for age, name in enumerate(
        ["letter.txt", "Connections (2).csv", "Basic_LinkedInDataExport_11-20-2026.zip", "b.zip"]
    ):
        os.utime(put(tmp_path / name, b"x"), (0, 1000 - age))
    newest = downloads.newest_export(tmp_path)
    assert newest is not None
    assert newest.name == "Connections (2).csv"


@pytest.mark.parametrize("ending", ["part", "crdownload", "download"])
def test_unfinished_downloads_do_not_count(tmp_path: Path, ending: str) -> None:
    put(tmp_path / "Complete_LinkedInDataExport_11-20-2026.zip", b"")
    put(tmp_path / "Basic_LinkedInDataExport_11-20-2026.zip", b"x")
    put(tmp_path / f"Basic_LinkedInDataExport_11-20-2026.zip.{ending}", b"x")
    assert downloads.newest_export(tmp_path) is None


def test_a_list_has_arrived_once_it_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, watcher = tmp_path / "Connections.csv", downloads.DownloadWatcher(tmp_path)
    path.write_bytes(b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n")
    written = path.stat().st_ctime
    for seconds, rest in ((0.5, 9.5), (7.0, 3.0), (11.0, 0.0)):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: written + seconds)
        assert watcher.wait(path) == pytest.approx(rest, abs=0.1)
    assert {place for place, _ in watcher.arrived()} == {path}
