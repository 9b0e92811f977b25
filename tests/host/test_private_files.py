from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from li_vault.errors import BadUsage
from li_vault.host import private_files

posix = pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o177, 0o777])
def test_a_file_is_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        private_files.write_private(tmp_path / "out.csv", b"one")
    finally:
        os.umask(before)
    assert (tmp_path / "out.csv").read_bytes() == b"one"
    assert mode(tmp_path / "out.csv") == 0o600


@posix
def test_an_open_file_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")
    path.chmod(0o666)
    private_files.write_private(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    private_files.write_private(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@posix
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    private_files.write_private(pipe, b"through")
    reader.join()
    assert got == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_failed_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device") as caught:
        private_files.write_private(path, b"new")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_an_interrupt_leaves_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        private_files.write_private(tmp_path / "out.csv", b"new")
    assert not list(tmp_path.iterdir())


_KILLED = """
import os, signal, sys
from pathlib import Path
from li_vault.host import private_files
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
private_files.write_private(Path(sys.argv[1]), b"new")
"""


@posix
def test_a_kill_leaves_the_old_file_and_litter_that_the_next_write_takes_away(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")
    ended = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    (half,) = set(tmp_path.iterdir()) - {path}
    mine = tmp_path / ".notes.part"
    running = half.with_name(f".other.li-vault-{os.getpid()}-00000000.part")
    for other in (mine, running):
        other.write_bytes(b"of somebody else")
    private_files.write_private(tmp_path / "another.csv", b"whole")
    assert {p.name for p in tmp_path.iterdir()} == {
        "out.csv", "another.csv", mine.name, running.name
    }  # fmt: skip


@pytest.mark.parametrize("name", [".", "missing/out.csv"])
def test_what_can_not_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadUsage) as caught:
        private_files.write_private(tmp_path / name, b"x")
    assert caught.value.hint
    assert not list(tmp_path.iterdir())


def test_long_names_can_be_written(tmp_path: Path) -> None:
    private_files.write_private(tmp_path / ("ü" * 127), b"long")
    assert (tmp_path / ("ü" * 127)).read_bytes() == b"long"


@posix
def test_folders_are_private_all_the_way(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    before = os.umask(0)
    try:
        assert private_files.private_folder(deep) == deep
    finally:
        os.umask(before)
    assert [mode(p) for p in (deep, deep.parent, deep.parent.parent)] == [0o700] * 3


@posix
def test_an_open_folder_is_closed_and_the_one_above_is_left(tmp_path: Path) -> None:
    above = tmp_path / "above"
    above.mkdir()
    above.chmod(0o755)
    (above / "vault").mkdir()
    (above / "vault").chmod(0o777)
    private_files.private_folder(above / "vault")
    assert (mode(above), mode(above / "vault")) == (0o755, 0o700)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadUsage):
            private_files.private_folder(path)


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    private_files.write_private(path, b"one", replace=False)
    with pytest.raises(BadUsage, match="is there already") as caught:
        private_files.write_private(path, b"two", replace=False)
    assert "--force" in caught.value.hint
    assert path.read_bytes() == b"one"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    assert path.stat().st_nlink == 1


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_that_came_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    """Whoever makes the file between the look and the writing keeps it."""
    path = tmp_path / "out.csv"

    def link(*_: object) -> None:
        raise OSError("this file system has no links")

    if has_links:
        monkeypatch.setattr(private_files, "require_free", lambda _: None)
        path.write_bytes(b"theirs")
        with pytest.raises(FileExistsError):
            private_files.write_private(path, b"ours", replace=False)
        assert path.read_bytes() == b"theirs"
    else:
        monkeypatch.setattr(os, "link", link)
        private_files.write_private(path, b"ours", replace=False)
        assert path.read_bytes() == b"ours"
        with pytest.raises(BadUsage, match="is there already"):
            private_files.write_private(path, b"again", replace=False)
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="is a folder"):
        private_files.write_private(tmp_path, b"one", replace=False)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadUsage, match="is there already"):
        private_files.require_free(tmp_path / "dangling")
