from __future__ import annotations

import os
import struct
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import CSV, PROFILE, TODAY, Members, one, opened, put, refused, zipped
from li_vault.errors import BadExport
from li_vault.formats.tables.export import Export
from li_vault.host import open_exports, zips

# --- names and days ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Basic_LinkedInDataExport_11-20-2026.zip",
        "Complete_LinkedInDataExport_11-20-2026.zip.zip",
        "Basic_LinkedInDataExport_11-20-2026.zip (1).zip",
        "Basic_LinkedInDataExport_11-20-2026 (1).zip",
        "LinkedInDataExport_11-20-2026",
        "basic_linkedindataexport_11-20-2026.ZIP",
    ],
)
def test_day_in_name(name: str) -> None:
    assert open_exports.named_on(name) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "name", ["Basic_LinkedInDataExport_20-11-2026.zip", "Connections.csv", "11-20-2026.zip"]
)
def test_no_day_in_name(name: str) -> None:
    assert open_exports.named_on(name) is None


def test_loose_file(tmp_path: Path) -> None:
    path = put(tmp_path / "mine.csv", CSV)
    os.utime(path, (0, datetime(2026, 10, 31, 23, 59, tzinfo=UTC).timestamp()))
    export = one(path)
    assert export == Export(
        "mine.csv", {"mine.csv": CSV}, ("mine.csv",), False, None, None, date(2026, 10, 31)
    )


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_file_day_is_utc_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    path = put(tmp_path / "mine.csv", CSV)
    os.utime(path, (0, datetime(2026, 10, 31, 0, 1, tzinfo=UTC).timestamp()))
    assert one(path).dated_on == date(2026, 10, 31)


def test_loose_file_takes_day_from_unpacked_folder(tmp_path: Path) -> None:
    path = put(tmp_path / "Basic_LinkedInDataExport_11-20-2026" / "Connections.csv", CSV)
    assert one(path).named_on == date(2026, 11, 20)


def test_standard_input() -> None:
    export = one("-", CSV)
    assert (export.source, export.files, export.dated_on) == ("-", {"-": CSV}, TODAY)
    assert one("-", zipped(("Connections.csv", CSV))).files == {"Connections.csv": CSV}
    refused("-", "no standard input")


# --- archives ------------------------------------------------------------------------------


def test_archive_under_any_name(tmp_path: Path) -> None:
    data = zipped(("Connections.csv", CSV), ("Profile.csv", PROFILE), ("messages.csv", b"x"))
    export = one(put(tmp_path / "no ending", data))
    assert export.files == {"Connections.csv": CSV, "Profile.csv": PROFILE}
    assert export.listing == ("Connections.csv", "Profile.csv", "messages.csv")
    assert export.packed
    assert export.stamped_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    "members",
    [
        [("Export/connections.CSV", CSV), ("__MACOSX/Export/._connections.CSV", b"x")],
        [("a/b/connections.CSV", CSV), ("a/.DS_Store", b"x"), ("a/b/._Connections.csv", b"y")],
        [("connections.CSV", CSV), ("old/Connections.csv", b"older, but lower down")],
        [("connections.CSV", CSV), ("all_connections.csv", b"x"), ("Connections.csv.bak", b"x")],
        [("Basic_LinkedInDataExport_11-20-2026.zip", zipped(("connections.CSV", CSV)))],
    ],
    ids=["one folder down", "two down", "shallower", "exact base name", "zip in zip"],
)
def test_where_the_member_is(members: Members) -> None:
    assert one("-", zipped(*members)).files == {"connections.CSV": CSV}


def test_three_zips_deep_is_not_looked_into() -> None:
    inner = zipped(("b.zip", zipped(("Connections.csv", CSV))))
    assert one("-", zipped(("a.zip", inner))).files == {}


def test_empty_archive_is_an_export_without_files() -> None:
    export = one("-", zipped())
    assert (export.files, export.listing, export.stamped_on) == ({}, (), None)


@pytest.mark.parametrize("year", [1980, 2002, 2099])
def test_implausible_stamps_do_not_count(year: int) -> None:
    assert one("-", zipped(("Connections.csv", CSV), stamp=(year, 1, 1))).stamped_on is None


@pytest.mark.parametrize(
    "name",
    ["../Connections.csv", "/Connections.csv", "a/../Connections.csv", "C:/Connections.csv",
     "a\\Connections.csv", "..\\Connections.csv"],
)  # fmt: skip
def test_names_that_lead_out(name: str) -> None:
    refused("-", "leads out of the archive", zipped((name, CSV)))


def test_same_file_twice() -> None:
    twice = zipped(("a/Connections.csv", CSV), ("b/Connections.csv", CSV))
    refused("-", r"twice: 'a/Connections.csv' and 'b/Connections.csv'", twice)
    refused("-", "twice", zipped(("Connections.csv", CSV), ("connections.csv", CSV)))
    with pytest.warns(UserWarning, match="Duplicate name"):
        same = zipped(("Connections.csv", CSV), ("Connections.csv", CSV))
    refused("-", "two members of the name", same)


def test_cut_off() -> None:
    data = zipped(("Connections.csv", CSV))
    for size in range(4, len(data)):
        refused("-", "broken zip", data[:size])


def test_wrong_checksum() -> None:
    data = bytearray(zipped(("Connections.csv", CSV)))
    at = data.index(b"PK\x01\x02") + 16
    data[at] ^= 1
    refused("-", "broken zip|checksum", bytes(data))


def test_encrypted() -> None:
    data = bytearray(zipped(("Connections.csv", CSV)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    refused("-", "encrypted", bytes(data))


def test_unknown_compression() -> None:
    data = bytearray(zipped(("Connections.csv", CSV)))
    for at in (8, data.index(b"PK\x01\x02") + 10):
        data[at : at + 2] = struct.pack("<H", 97)
    refused("-", "can't unpack", bytes(data))


def test_bomb_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(("Connections.csv", b"\0" * 20_000_000))
    refused("-", "200 times", bomb)
    monkeypatch.setattr(zips, "MAX_FILE", 1_000_000)
    refused("-", "larger than", bomb)


def test_bomb_that_lies_about_its_size() -> None:
    data = bytearray(zipped(("Connections.csv", b"a" * 20_000_000)))
    for at in (22, data.index(b"PK\x01\x02") + 24):
        data[at : at + 4] = struct.pack("<L", 60)
    with pytest.raises(BadExport):
        opened("-", bytes(data))


def test_unwanted_bomb_is_never_unpacked() -> None:
    data = zipped(("messages.csv", b"\0" * 20_000_000), ("Connections.csv", CSV))
    assert one("-", data).files == {"Connections.csv": CSV}


def test_all_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MAX_FILE", len(CSV) + 10)
    refused("-", "larger than", zipped(("Connections.csv", CSV), ("Profile.csv", PROFILE)))


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MAX_MEMBERS", 3)
    refused("-", "holds 4 members", zipped(*((f"{n}.csv", b"") for n in range(4))))


@given(st.data())
def test_no_damage_escapes_as_another_error(data: st.DataObject) -> None:
    broken = bytearray(zipped(("Connections.csv", CSV), ("a.zip", zipped(("x", b"y")))))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(4, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        export = one("-", bytes(broken))
    except BadExport:
        return
    assert export.packed


# --- what is no file -----------------------------------------------------------------------


def test_missing(tmp_path: Path) -> None:
    refused(tmp_path / "not there.csv", "There is no file")
    refused("", "There is no file")
    refused(put(tmp_path / "file", b"x") / "below", "Not a directory")
    refused("nul\0byte", "can't be read")


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "mine.csv", CSV)

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)  # root may read anything
    refused(path, "Permission denied")


def test_pipes_and_devices_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "neither a file nor a folder")
    refused("/dev/null", "neither a file nor a folder")


def test_links(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    refused(tmp_path / "round", "can't be read")
    (tmp_path / "link.csv").symlink_to(put(tmp_path / "mine.csv", CSV))
    assert one(tmp_path / "link.csv").files == {"link.csv": CSV}


def test_loose_file_that_is_too_large(tmp_path: Path) -> None:
    path = put(tmp_path / "Connections.csv", b"")
    os.truncate(path, zips.MAX_FILE + 1)
    refused(path, "larger than 256 MB")


def test_name_that_is_no_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/Jos\xe9.csv"
    with open(path, "wb") as file:  # noqa: PTH123 - pathlib knows no bytes
        file.write(CSV)
    export = one(os.fsdecode(path))
    assert export.source.encode("utf-8") == "Jos\ufffd.csv".encode()


def test_stamp_that_no_calendar_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "mine.csv", CSV)
    mode = path.stat().st_mode
    stamped = os.stat_result((mode, 0, 0, 1, 0, 0, len(CSV), 0, 10**15, 0))
    monkeypatch.setattr(os, "fstat", lambda _: stamped)
    assert one(path).dated_on == TODAY


def test_nothing_is_written(tmp_path: Path) -> None:
    path = put(tmp_path / "a.zip", zipped(("Connections.csv", CSV)))
    opened(path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]
