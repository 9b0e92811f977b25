"""`watch` without end: slow downloads, folders that go and come back, looks that fail."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import outside
import servers
from desktops import Desktop
from isolation import Samples
from li_vault.host import downloads, watch_folder
from li_vault.store import state
from li_vault.store.repo import Repo
from network import Network
from outside import Call, git

PROGRAM = (sys.executable, "-P", "-m", "li_vault")


def await_commits(vault: Path, number: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while outside.commits(vault) < number:
        assert time.monotonic() < until, f"{outside.commits(vault)} commits"
        time.sleep(0.05)


def await_words(said: Callable[[], str], words: str, number: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while said().count(words) < number:
        assert time.monotonic() < until, said()
        time.sleep(0.05)


@contextmanager
def watching(vault: Path, said: Path, **env: str) -> Iterator[Callable[[], str]]:
    """A `watch` without end; returns what it said."""
    with said.open("wb") as out:
        process = subprocess.Popen(
            (*PROGRAM, "watch", "--vault", str(vault)),
            stdout=out,
            stderr=out,
            env=os.environ | env,
            cwd=Path.home() / "Downloads",
        )
    try:
        until = time.monotonic() + 60
        while "Watching" not in said.read_text():
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.05)
        yield said.read_text
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    assert "Traceback" not in said.read_text()


def test_a_list_that_is_closed_between_its_pieces_is_recorded_once(
    vault: Path, folder: Path, tmp_path: Path
) -> None:
    lines = Network(seed=85, people=100).connections().splitlines(keepends=True)
    with watching(vault, tmp_path / "said"):
        for start in range(0, len(lines), 25):
            with (folder / "Connections.csv").open("ab") as file:
                file.writelines(lines[start : start + 25])
            time.sleep(2)
        await_commits(vault, 1)
        # The files follow once the branch has moved.
        recorded = git(vault, "cat-file", "blob", "main:exports/Connections.csv")
        assert recorded == b"".join(lines).decode()
        assert outside.commits(vault) == 1


def test_a_folder_that_tells_nobody_is_polled(
    vault: Path, folder: Path, sample: Samples, tmp_path: Path
) -> None:
    with watching(vault, tmp_path / "said", WATCHFILES_FORCE_POLLING="1") as said:
        time.sleep(2)
        shutil.copy(sample.newest, folder)
        await_commits(vault, 1)
        assert said().count("Recorded") <= 1


def _write_slowly(
    path: Path, data: bytes, *, parts: int, pause: float, meanwhile: Callable[[], None]
) -> None:
    with path.open("wb") as file:
        for at in range(0, len(data), len(data) // parts):
            file.write(data[at : at + len(data) // parts])
            file.flush()
            time.sleep(pause)
            meanwhile()


def test_a_slow_download_is_recorded_once(
    vault: Path, folder: Path, sample: Samples, tmp_path: Path
) -> None:
    """As a browser does it: a part that grows, and takes its name at the end."""
    bare = servers.bare(tmp_path / "remotes" / "copy.git")
    git(vault, "remote", "add", "copy", str(bare))
    git(vault, "config", "--add", "li-vault.trusted", str(bare))
    for trap in ("li_vault.py", "click.py", "json.py"):  # whoever sends files runs nothing
        (folder / trap).write_text("raise SystemExit('run out of Downloads')")

    def recorded(number: int) -> None:
        assert outside.commits(vault) == number

    with watching(vault, tmp_path / "said") as said:
        data = sample.newest.read_bytes()
        part = folder / f"{sample.newest.name}.crdownload"
        _write_slowly(part, data, parts=8, pause=0.3, meanwhile=partial(recorded, 0))
        part.rename(folder / sample.newest.name)
        await_commits(vault, 1)
        # curl writes under the final name, with pauses.
        second = folder / "Basic_LinkedInDataExport_11-21-2026.zip"
        inner = git(vault, "show", "main:exports/Connections.csv").encode()
        archive = Network(seed=85, people=20).archive({"Connections.csv": inner})
        _write_slowly(second, archive, parts=3, pause=1.5, meanwhile=partial(recorded, 1))
        await_commits(vault, 2)
        until = time.monotonic() + 30
        while said().count("copy: pushed") < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert said().count("Recorded") == 2
        assert git(bare, "rev-list", "--count", "--all").strip() == "2"


def test_a_look_that_failed_is_made_again(
    call: Call, vault: Path, folder: Path, sample: Samples, monkeypatch: pytest.MonkeyPatch,
    desktop: Desktop,
) -> None:  # fmt: skip
    shutil.copy(sample.newest, folder)
    downloads.DownloadWatcher(folder).settle()
    git(vault, "config", "li-vault.lockTimeout", "0.1")

    def wakes(*_: object) -> Iterator[None]:
        with state.hold_lock(Repo(vault), timeout=5):
            yield
            yield
            yield
        assert outside.commits(vault) == 0
        yield
        assert outside.commits(vault) == 1
        with state.hold_lock(Repo(vault), timeout=5):
            shutil.copy(sample.older, folder)
            downloads.DownloadWatcher(folder).settle()
            yield

    monkeypatch.setattr(watch_folder, "watch_arrivals", wakes)
    said = call("watch", "--vault", vault)
    assert said.err.count("is locked by a live process") == 2, "once as long as it lasts"
    assert said.err.count("That is over; watching") == 1
    titles = [title for title, _ in desktop.await_shown(3)]
    trouble = "LinkedIn contacts: something needs you"
    assert titles == [trouble, "LinkedIn contacts recorded", trouble]


def test_a_folder_that_goes_and_comes_back(
    vault: Path, folder: Path, sample: Samples, tmp_path: Path, desktop: Desktop
) -> None:
    with watching(vault, tmp_path / "said") as said:
        for number in (1, 2):
            folder.rename(tmp_path / f"away-{number}")
            await_words(said, "There is no folder", number)
            time.sleep(6)  # it looks for it again
            folder.mkdir()
            await_words(said, "That is over; watching", number)
        shutil.copy(sample.newest, folder)
        await_commits(vault, 1, seconds=20)
        folder.rename(tmp_path / "away-3")  # another one is in its place at once
        folder.mkdir()
        time.sleep(2)
        shutil.copy(sample.older, folder)
        await_words(said, "`older`", 1)
        assert said().count("There is no folder") == 2
    titles = [title for title, _ in desktop.await_shown(4)]
    assert titles[:3] == ["LinkedIn contacts: something needs you"] * 2 + [
        "LinkedIn contacts recorded"
    ]
