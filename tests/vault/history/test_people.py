"""Whom one means by a name or address of another day than the one that is asked about."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from outside import ADA, IN, KING, Call, Months, Row, git

MIRA: Row = ("Mira", "Oss", f"{IN}mira-v2", "mira@example.com", "Quov", "Tuner", "04 Apr 2021")
VALS: Row = ("Mira", "Vals", f"{IN}mira-v3", "mira@example.com", "Quov", "Tuner", "04 Apr 2021")
NEWER: Row = ("Noa", "Newer", f"{IN}noa", "", "Quov", "Smith", "05 Feb 2025")


@pytest.fixture
def months(call: Call, vault_dir: Path, home: Path) -> Months:
    """Mira has another name and address from the second month on; Noa comes in the third."""
    made = Months(call, vault_dir, home)
    made.snapshot(MIRA)
    made.snapshot(VALS)
    made.snapshot(VALS, NEWER)
    return made


@pytest.mark.parametrize("words", ["mira-v3", "Mira Vals", "vals", f"{IN}mira-v3/", "MIRA-V3"])
def test_who_is_known_by_a_later_name_is_shown_as_of_the_day(months: Months, words: str) -> None:
    shown = months.json("show", words, "--at", "2025-01")
    assert shown["person"]["name"] == "Mira Oss"
    assert shown["person"]["profile_url"] == f"{IN}mira-v2"
    assert shown["at"]["taken_on"] == "2025-01-20"
    assert months.person(words)["name"] == "Mira Vals"


def test_who_left_since_is_shown_as_of_the_day(months: Months) -> None:
    months.snapshot(NEWER)
    assert months.json("show", "mira-v3")["former"] is True
    shown = months.json("show", "mira-v3", "--at", "2025-01")
    assert (shown["person"]["name"], shown["former"]) == ("Mira Oss", False)


def test_who_was_not_there_yet_is_told(months: Months) -> None:
    error = months.json("show", "noa", "--at", "2025-02", status=1)["error"]
    assert error["kind"] == "not-found"
    assert error["message"] == "Noa Newer was not there as of 2025-02; first seen on 2025-03-20."
    assert "li-vault log noa-newer-" in error["hint"]
    error = months.json("show", "nobody", "--at", "2025-02", status=1)["error"]
    assert error["message"] == "No contact matches 'nobody'."


@pytest.mark.parametrize("words", ["Mira Oss", "mira öss", "oss", "OSS, Mira"])
def test_a_name_that_nobody_has_any_more_means_who_had_it(months: Months, words: str) -> None:
    assert months.json("log", words)["name"] == "Mira Vals"
    assert months.person(words)["name"] == "Mira Vals"
    assert months.json("show", words, "--at", "2025-03")["person"]["name"] == "Mira Vals"
    assert months.json("show", words, "--at", "2025-01")["person"]["name"] == "Mira Oss"


def test_a_part_of_a_word_is_no_former_name(months: Months) -> None:
    assert months.json("log", "os nova", status=1)["error"]["kind"] == "not-found"
    assert months.json("log", "mir oss", status=1)["error"]["kind"] == "not-found"
    assert months.json("log", "!", status=1)["error"]["kind"] == "not-found"
    assert months.json("log", "mira-v9", status=1)["error"]["kind"] == "not-found"


def test_several_who_once_had_a_name_are_listed(months: Months) -> None:
    months.snapshot(VALS, (NEWER[0], "Oss", *NEWER[2:]))
    months.snapshot(VALS, NEWER)
    said = months.json("show", "oss", status=2)["error"]["message"]
    assert "2 contacts match 'oss':" in said
    assert "Mira Vals" in said
    assert "Noa Newer" in said
    assert months.person("noa oss")["name"] == "Noa Newer"


def test_who_became_one_or_two_since_is_who_it_was_then(
    call: Call, vault_dir: Path, home: Path
) -> None:
    months = Months(call, vault_dir, home)
    months.snapshot(ADA)
    months.snapshot(KING)
    months.json("same", "ada-l", "countess-king")
    for words in ("countess-king", "Augusta King"):
        shown = months.json("show", words, "--at", "2025-01")["person"]
        assert shown["name"] == "Ada Lovelace"
    months.json("apart", "ada-l", "countess-king")
    assert months.json("show", "ada-l", "--at", "2025-01")["person"]["name"] == "Ada Lovelace"
    error = months.json("show", "countess-king", "--at", "2025-01", status=1)["error"]
    assert "first seen on 2025-02-20" in error["message"]


def test_a_card_that_could_not_be_read_then_is_told(months: Months) -> None:
    path = months.card("mira-v3")
    whole = path.read_bytes()
    path.write_bytes(whole[:60])
    git(months.folder, "commit", "-qam", "spoilt", "--no-verify")
    path.write_bytes(whole.replace(b"Quov", b"Zanth"))
    git(months.folder, "commit", "-qam", "mended", "--no-verify")
    error = months.json("show", "mira-v3", "--at", "HEAD~1", status=5)["error"]
    assert path.name in error["message"]


def test_a_history_that_lacks_something_tells_of_no_former_name(
    months: Months, tmp_path: Path
) -> None:
    name = months.card("mira-v3").name
    objects = months.folder / ".git" / "objects"
    for pack in objects.glob("pack/*.pack"):
        moved = pack.rename(tmp_path / pack.name)
        with moved.open("rb") as data:
            unpack = ("git", "-C", months.folder, "unpack-objects", "-q")
            subprocess.run(unpack, stdin=data, check=True)
    old = git(months.folder, "rev-parse", f"HEAD~2:contacts/{name}").strip()
    assert months.person("Mira Oss")["name"] == "Mira Vals"
    (objects / old[:2] / old[2:]).unlink()
    for words in ("Mira Oss", "nobody"):
        assert months.json("show", words, status=1)["error"]["kind"] == "not-found"
    assert months.person("mira-v3")["name"] == "Mira Vals"
