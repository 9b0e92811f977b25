from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from exports import CSV, PROFILE, TODAY, one, opened, put, refused, zipped
from li_vault.formats import registry
from li_vault.host import open_exports

PAGE = b'{"paging":{"start":%d},"elements":[{"snapshotDomain":"CONNECTIONS","snapshotData":[]}]}'


def test_unpacked_archive(tmp_path: Path) -> None:
    folder = tmp_path / "Basic_LinkedInDataExport_11-20-2026"
    put(folder / "Connections.csv", CSV)
    put(folder / "Profile.csv", PROFILE)
    put(folder / "._Connections.csv", b"x")
    put(folder / "Jobs" / "Saved Jobs.csv", b"x")
    export = one(folder)
    assert export.source == folder.name
    assert export.files == {"Connections.csv": CSV, "Profile.csv": PROFILE}
    assert export.named_on == date(2026, 11, 20)
    assert export.packed
    assert one(tmp_path) == export  # one folder down


def test_folder_of_several(tmp_path: Path) -> None:
    put(tmp_path / "Basic_LinkedInDataExport_11-20-2026.zip", zipped(("Connections.csv", CSV)))
    put(tmp_path / "Basic_LinkedInDataExport_10-20-2026" / "Connections.csv", CSV)
    put(tmp_path / "Connections (1).csv", CSV)
    put(tmp_path / "holiday.zip", b"PK\x03\x04 no export")
    put(tmp_path / "letter.txt", b"x")
    assert [export.source for export in opened(tmp_path)] == [
        "Basic_LinkedInDataExport_10-20-2026",
        "Basic_LinkedInDataExport_11-20-2026.zip",
        "Connections (1).csv",
    ]


def test_folder_of_nothing(tmp_path: Path) -> None:
    put(tmp_path / "letter.txt", b"x")
    refused(tmp_path, "no Connections.csv and no zip")


def test_folder_of_folders(tmp_path: Path) -> None:
    old = "linkedin_connections_export_microsoft_outlook.csv"
    put(tmp_path / "2012" / old, CSV)
    put(tmp_path / "2013" / "linkedin_connections_export (1).vcf", b"BEGIN:VCARD")
    put(tmp_path / "2019" / "Basic_LinkedInDataExport_11-20-2019.zip", zipped(("x.csv", CSV)))
    put(tmp_path / "2020" / "Connections.csv", CSV)
    put(tmp_path / "2020" / "Profile.csv", PROFILE)
    put(tmp_path / "deep" / "down" / "Connections.csv", CSV)
    put(tmp_path / "photos" / "holiday.zip", zipped(("x", b"y")))
    put(tmp_path / "people.vcf", b"BEGIN:VCARD")
    (tmp_path / "round").symlink_to(tmp_path)
    exports = opened(tmp_path)
    assert [export.source for export in exports] == [
        f"2012/{old}",
        "2013/linkedin_connections_export (1).vcf",
        "2019/Basic_LinkedInDataExport_11-20-2019.zip",
        "2020",
    ]
    assert [list(export.files) for export in exports[:2]] == [
        [old],
        ["linkedin_connections_export (1).vcf"],
    ]
    assert exports[2].named_on == date(2019, 11, 20)


def test_pages_of_a_folder_are_one_export(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    for number in range(3):
        put(pages / f"page{number}.json", PAGE % number)
    end = b'{"status":404,"message":"No data found for this memberId"}'
    put(pages / "page3.json", end)
    put(pages / "package.json", b'{"name":"something else"}')
    put(pages / "profile.json", PAGE.replace(b"CONNECTIONS", b"PROFILE") % 0)
    export = one(pages)
    assert list(export.files) == ["page0.json", "page1.json", "page2.json", "page3.json"]
    assert export.packed
    assert export.source == "pages"
    assert one(tmp_path) == export
    put(tmp_path / "Connections (1).csv", CSV)
    assert [found.source for found in opened(tmp_path)] == ["Connections (1).csv", "pages"]


def test_a_lone_answer_of_the_end_is_no_page(tmp_path: Path) -> None:
    put(tmp_path / "page0.json", b'{"status":404}')
    refused(tmp_path, r"it holds 'page0.json'")


def test_foreign_lists_count_only_alone(tmp_path: Path) -> None:
    put(tmp_path / "people.vcf", b"BEGIN:VCARD")
    put(tmp_path / "letter.txt", b"x")
    assert one(tmp_path).files == {"people.vcf": b"BEGIN:VCARD"}
    put(tmp_path / "bank.csv", b"x")
    refused(tmp_path, r"it holds 'bank.csv', 'letter.txt', 'people.vcf'")
    put(tmp_path / "Connections.csv", CSV)
    assert one(tmp_path).files == {"Connections.csv": CSV}


def test_empty_folder(tmp_path: Path) -> None:
    refused(tmp_path, "it is empty")


def test_what_is_no_export_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "Connections (1).csv", CSV)
    for name in ("bank.csv", "letter.txt", "holiday.mp4"):
        put(tmp_path / name, b"x")
    names: list[str] = []
    real = os.open

    def noted(path: Path, flags: int) -> int:
        names.append(Path(path).name)
        return real(path, flags)

    monkeypatch.setattr(os, "open", noted)
    assert one(tmp_path).source == "Connections (1).csv"
    assert names == ["Connections (1).csv"]
    os.mkfifo(tmp_path / "pipe.json")
    put(tmp_path / "big.json", b" " * 10_000 + PAGE % 0)
    assert one(tmp_path).source == "Connections (1).csv"


def test_progress_is_told(tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path / f"Connections ({number}).csv", CSV)
    told: list[tuple[int, int]] = []
    open_exports.open_exports(
        str(tmp_path),
        wanted=registry.is_wanted_member,
        stdin=None,
        today=TODAY,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 3), (1, 3), (2, 3)]
