"""`watch`: exports are recorded as they arrive, once, and nothing else is touched."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
import threading
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import outside
from desktops import Desktop
from isolation import Samples
from li_vault.host import downloads
from network import Network
from outside import Call


def ripe(path: Path, minutes: int = 10) -> Path:
    """A file that was written some time ago, as far as it can be told."""
    past = time.time() - 60 * minutes
    for place in (path, *path.rglob("*")):
        os.utime(place, (past, past))
    return path


def looked(call: Call, vault: Path) -> dict[str, Any]:
    """What one look at the Downloads folder came to."""
    return outside.one_object(call("watch", "--once", "--vault", vault, "--json"))


def test_what_lies_in_downloads_is_recorded_once(
    call: Call, vault: Path, folder: Path, sample: Samples
) -> None:
    for path in (sample.newest, sample.older):
        shutil.copy(path, folder)
    said = looked(call, vault)
    assert said["folder"] == str(folder)
    assert [one["state"] for one in said["arrivals"]] == ["recorded", "recorded"]
    days = [one["snapshots"][0]["taken_on"] for one in said["arrivals"]]
    assert days == ["2026-10-20", "2026-11-20"]
    assert outside.commits(vault) == 2
    again = looked(call, vault)
    assert (again["arrivals"], again["arriving"], again["remotes"]) == ([], [], {})
    assert "Nothing new" in call("watch", "--once", "--vault", vault).out
    # Its bytes under another name, on another day, are the same export.
    shutil.copy(sample.newest, folder / "Basic_LinkedInDataExport_11-20-2026.zip (1).zip")
    assert "Nothing new" in call("watch", folder, "--once", "--vault", vault).out
    assert outside.commits(vault) == 2


def test_without_its_memory_it_looks_again_and_records_nothing(
    call: Call, vault: Path, folder: Path, sample: Samples
) -> None:
    shutil.copy(sample.newest, folder)
    call("watch", "--once", "--vault", vault)
    memory = vault / ".git" / "li-vault" / "arrivals"
    for spoilt in (None, b"", b"[{}]", b"[1]", b"{", b'[{"digest": 3}]'):
        memory.unlink()
        if spoilt is not None:
            memory.write_bytes(spoilt)
        said = looked(call, vault)
        assert [one["state"] for one in said["arrivals"]] == ["already"]
    assert outside.commits(vault) == 1


def test_a_list_taken_out_of_its_archive_is_no_export_of_a_later_day(
    call: Call, vault: Path, folder: Path, sample: Samples
) -> None:
    shutil.copy(sample.newest, folder)
    call("watch", "--once", "--vault", vault)
    with zipfile.ZipFile(sample.newest) as archive:
        (folder / "Connections.csv").write_bytes(archive.read("Connections.csv"))
    said = looked(call, vault)
    assert [one["state"] for one in said["arrivals"]] == ["already"]
    assert outside.commits(vault) == 1


def test_years_of_old_exports_are_told_of_in_one_word(
    call: Call, vault: Path, folder: Path, desktop: Desktop
) -> None:
    network = Network(seed=86, people=40, day=date(2026, 1, 10))
    old = [(network.archive_name, network.archive())]
    for _ in range(5):
        network.advance()
        old.append((network.archive_name, network.archive()))
    name, data = old.pop()
    (folder / name).write_bytes(data)
    call("watch", "--once", "--vault", vault)
    for name, data in old:
        (folder / name).write_bytes(data)
    said = outside.one_object(call("watch", "--once", "--vault", vault, "--json", status=4))
    assert [one["rule"] for one in said["arrivals"]] == ["older"] * 5
    titles = [title for title, _ in desktop.await_shown(2)]
    assert titles == ["LinkedIn contacts recorded", "5 exports were not recorded"]
    assert "li-vault rebuild" in call("status", "--vault", vault).out


def test_an_unpacked_archive_and_a_list(
    call: Call, vault: Path, folder: Path, tmp_path: Path
) -> None:
    network = Network(seed=81, people=60)
    unpacked = folder / network.archive_name.removesuffix(".zip")  # as Safari leaves it
    unpacked.mkdir()
    for name, data in network.members().items():
        (unpacked / name).write_bytes(data)
    said = looked(call, vault)
    assert [one["state"] for one in said["arrivals"]] == ["recorded"]
    network.advance()
    (folder / "Connections (2).csv").write_bytes(network.connections())
    said = looked(call, vault)
    assert [one["source"] for one in said["arrivals"]] == ["Connections (2).csv"]
    assert outside.commits(vault) == 2


def test_nothing_else_is_opened(
    call: Call, vault: Path, folder: Path, sample: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sample.newest, folder)
    for name in ("letter.pdf", "backup.zip", "contacts.vcf", "x.crdownload", "Connections.xlsx"):
        (folder / name).write_bytes(b"secret")
    os.mkfifo(folder / "Connections of a pipe.csv")
    foreign = folder / "Connections-to-my-database.csv"
    foreign.write_bytes(b"host,port\nlocalhost,5432\n" + b"x" * 100_000)
    opened: list[str] = []
    sizes: list[int] = []

    def hear(event: str, args: tuple[object, ...]) -> None:
        if event == "open" and str(args[0]).startswith(str(folder)):
            opened.append(Path(str(args[0])).name)

    sys.addaudithook(hear)
    real = downloads._is_list

    def look(name: str, head: bytes) -> bool:
        sizes.append(len(head))
        return real(name, head)

    monkeypatch.setattr(downloads, "_is_list", look)
    said = looked(call, vault)
    assert len(said["arrivals"]) == 1
    assert set(opened) == {sample.newest.name, foreign.name}
    assert set(sizes) == {4096}


@pytest.mark.parametrize("ending", [".crdownload", ".part", ".download", ".opdownload"])
def test_what_a_browser_still_writes_is_left(
    ending: str, call: Call, vault: Path, folder: Path, sample: Samples
) -> None:
    part = folder / f"{sample.newest.name}{ending}"
    shutil.copy(sample.newest, part)
    (folder / sample.newest.name).touch()  # Firefox does
    ripe(folder)
    assert "Nothing new" in call("watch", "--once", "--vault", vault).out
    part.rename(folder / sample.newest.name)
    call("watch", "--once", "--vault", vault)
    assert outside.commits(vault) == 1


def test_half_a_zip_is_waited_for_and_then_told(
    call: Call, vault: Path, folder: Path, sample: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = folder / sample.newest.name
    half.write_bytes(sample.newest.read_bytes()[:-300])
    said = looked(call, vault)
    assert (said["arrivals"], said["arriving"]) == ([], [half.name])
    monkeypatch.setattr(downloads, "_ABANDONED", -1.0)
    said = outside.one_object(call("watch", "--once", "--vault", vault, "--json", status=3))
    assert [one["state"] for one in said["arrivals"]] == ["unreadable"]
    assert "its end is missing" in said["arrivals"][0]["message"]
    assert "Nothing new" in call("watch", "--once", "--vault", vault).out, "told once"
    shutil.copy(sample.newest, half)
    call("watch", "--once", "--vault", vault)
    assert outside.commits(vault) == 1


def test_half_a_zip_that_holds_a_whole_one_is_half_a_zip(
    call: Call, vault: Path, folder: Path
) -> None:
    """The end of the inner one is not that of the file, wherever the download stands."""
    old, new = Network(seed=87, people=30), Network(seed=88, people=40)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("old.zip", old.archive())
        archive.writestr("Connections.csv", new.connections())
    data = packed.getvalue()
    end = data.index(b"PK\x05\x06") + 22
    place = folder / new.archive_name
    for cut in (end - 1, end, end + 18, len(data) - 1):
        place.write_bytes(data[:cut])
        time.sleep(1.1)
        said = looked(call, vault)
        assert (said["arrivals"], said["arriving"]) == ([], [place.name])
        refused = call("snapshot", place, "--vault", vault, "--json", status=3)
        outside.is_refused(refused, 3, "", "its end is missing")
    place.write_bytes(data)
    call("watch", "--once", "--vault", vault)
    assert (vault / "exports" / "Connections.csv").read_bytes() == new.connections()


@pytest.mark.timeout(60)
def test_a_file_larger_than_any_list_is_not_read(
    call: Call, vault: Path, folder: Path, sample: Samples
) -> None:
    """Nor is an archive, but for its ends and the list in it; both are told of once."""
    size = 1 << 38  # nothing on the disk: it would take many minutes to read
    huge = folder / "Connections.csv"
    huge.write_bytes(Network(seed=82, people=80).connections())
    os.truncate(huge, size)
    archive = folder / sample.newest.name
    shutil.copy(sample.newest, archive)
    with zipfile.ZipFile(archive, "a") as file:
        file.fp.seek(size)  # type: ignore[union-attr]
        file.start_dir = size
        file.writestr("Videos.bin", b"")
    said = outside.one_object(call("watch", "--once", "--vault", vault, "--json", status=3))
    states = {one["source"]: one["state"] for one in said["arrivals"]}
    assert states == {huge.name: "unreadable", archive.name: "recorded"}
    assert "larger than 256 MB" in str(said["arrivals"])
    assert "Nothing new" in call("watch", "--once", "--vault", vault).out


def test_what_may_not_be_read_is_told_once_and_recorded_when_it_may(
    call: Call, vault: Path, folder: Path, sample: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = ripe(Path(shutil.copy(sample.newest, folder)))
    past = time.time() - 600
    with monkeypatch.context() as patched:
        patched.setitem(downloads._QUIET, "list", 0.0)
        for module, name in ((io, "open"), (os, "open")):  # root may read everything
            real = getattr(module, name)

            def opened(path: Any, *args: Any, real: Any = real, **more: Any) -> Any:
                if str(path) == str(closed):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
                return real(path, *args, **more)

            patched.setattr(module, name, opened)
        said = outside.one_object(call("watch", "--once", "--vault", vault, "--json", status=3))
        assert [one["state"] for one in said["arrivals"]] == ["unreadable"]
        assert "Permission denied" in said["arrivals"][0]["message"]
        assert "Nothing new" in call("watch", "--once", "--vault", vault).out
        assert str(closed) in call("status", "--vault", vault).out.splitlines()[-1]
    os.utime(closed, (past, past))  # as chmod does, it changes the entry's time
    assert call("watch", "--once", "--vault", vault).out.startswith("Recorded")
    said = outside.one_object(call("status", "--vault", vault, "--json"))
    assert said["not_recorded"] == []


def test_a_clock_that_was_set_back_hurries_nothing(
    call: Call, vault: Path, folder: Path, sample: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = folder / sample.newest.name
    whole = folder / f"Basic_{sample.older.name}"
    half.write_bytes(sample.newest.read_bytes()[:-300])
    shutil.copy(sample.older, whole)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 7200)
    said = looked(call, vault)
    assert said["arriving"] == [half.name]
    assert [one["source"] for one in said["arrivals"]] == [whole.name], "it was seen to be quiet"


def test_a_list_that_grows_after_a_pause_is_left(call: Call, vault: Path, folder: Path) -> None:
    """Its writer closes it after each piece, and pauses for less than a list has to be quiet."""
    data = Network(seed=82, people=80).connections()
    path = folder / "Connections.csv"
    path.write_bytes(data[: len(data) // 2])  # within a row
    more = threading.Timer(8.0, lambda: path.write_bytes(data))
    more.start()
    said = looked(call, vault)
    more.join()
    assert (said["arrivals"], said["arriving"]) == ([], [path.name])
    said = looked(call, vault)
    assert [one["state"] for one in said["arrivals"]] == ["recorded"]
    assert (vault / "exports" / path.name).read_bytes() == data


def test_a_guard_is_never_overridden(call: Call, vault: Path, folder: Path) -> None:
    network = Network(seed=83, people=120)
    outside.write(folder, network)
    call("watch", "--once", "--vault", vault)
    before = outside.state(vault)
    network.advance()
    members = {"Connections.csv": Network(seed=84, people=100).connections()}
    refused = folder / network.archive_name
    refused.write_bytes(network.archive(members))
    said = outside.one_object(call("watch", "--once", "--vault", vault, "--json", status=4))
    (one,) = said["arrivals"]
    assert (one["state"], one["rule"]) == ("refused", "gone")
    assert f"li-vault snapshot {refused} --allow gone: they would be" in one["hint"]
    assert outside.state(vault) == before
    assert "Nothing new" in call("watch", "--once", "--vault", vault).out, "told once"
    # It stays in status until a snapshot is recorded, or until it is gone from the folder.
    said = outside.one_object(call("status", "--check", "--vault", vault, "--json", status=1))
    assert [one["rule"] for one in said["not_recorded"]] == ["gone"]
    shown = call("status", "--vault", vault).out
    assert len(shown.splitlines()) == 5
    assert f"li-vault snapshot {refused} --allow gone" in shown
    # One that is refused keeps no other away, and is not settled by what came along with it.
    (vault / ".git" / "li-vault" / "arrivals").unlink()
    network.advance()
    outside.write(folder, network)
    assert call("watch", "--once", "--vault", vault, status=4).status == 4
    said = outside.one_object(call("status", "--vault", vault, "--json"))
    assert [one["rule"] for one in said["not_recorded"]] == ["gone"]
    network.advance()
    outside.write(folder, network)
    assert call("watch", "--once", "--vault", vault).status == 0
    assert outside.commits(vault) == 3
    said = outside.one_object(call("status", "--vault", vault, "--json"))
    assert said["not_recorded"] == []


def test_a_remote_that_is_away_keeps_nothing_from_being_recorded(
    call: Call, vault: Path, folder: Path, sample: Samples, tmp_path: Path
) -> None:
    nas = tmp_path / "nas.git"
    call("remote", "add", "nas", nas, "--create", "--vault", vault)
    nas.rename(tmp_path / "away")
    shutil.copy(sample.newest, folder)
    said = outside.one_object(call("watch", "--once", "--vault", vault, "--json", status=7))
    assert said["remotes"]["nas"]["state"] == "failed"
    assert outside.commits(vault) == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["no-such-folder", "--once"], "There is no folder"),
        (["--json"], "watch has no end"),
        (["one", "two"], "unexpected extra argument"),
    ],
)
def test_wrong_use(args: list[str], words: str, call: Call, vault: Path, folder: Path) -> None:
    assert words in (said := call("watch", *args, "--vault", vault, status=2)).err + said.out
