"""A new vault from what an old one recorded, and from what was found later."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from network import Network
from outside import Call, add_line, git, head, rebuild, record, some_card


@pytest.fixture
def network() -> Network:
    return Network(seed=17, people=60)


@pytest.fixture
def archives(home: Path, network: Network) -> list[Path]:
    return outside.five_months(home, network)


@pytest.fixture
def rebuilt(tmp_path: Path) -> Path:
    return tmp_path / "rebuilt"


def test_snapshots_alone_give_the_same_commits(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    for archive in archives:
        record(call, vault_dir, archive)
    record(call, vault_dir, archives[-1], **{"taken-on": "2027-12-24"})  # still the same then
    before = outside.state(vault_dir)
    found = rebuild(call, vault_dir, rebuilt)
    assert outside.state(vault_dir) == before
    assert head(rebuilt) == head(vault_dir)
    assert [one["commit"] for one in found["snapshots"]] == git(
        rebuilt, "rev-list", "--reverse", "HEAD"
    ).split()
    assert (found["vault"], found["edits"], found["mended"], found["lost"]) == (
        str(rebuilt), 0, 0, [],
    )  # fmt: skip
    assert git(rebuilt, "status", "--porcelain") == ""
    assert git(rebuilt, "fsck", "--full", "--strict", "--no-progress") == ""
    assert (rebuilt.stat().st_mode & 0o777) == 0o700
    assert git(rebuilt, "remote") == ""
    call("snapshot", archives[-1], "--vault", rebuilt, "--taken-on", "2027-12-25")


def test_exports_found_later_take_their_place(
    call: Call, vault_dir: Path, rebuilt: Path, tmp_path: Path, archives: list[Path]
) -> None:
    for archive in (archives[1], archives[3]):
        record(call, vault_dir, archive)
    add_line(some_card(vault_dir, 3), "NOTE:Met in Lund")
    record(call, vault_dir, archives[4])
    found = rebuild(call, vault_dir, rebuilt, archives[2], archives[0])
    days = [one["taken_on"] for one in found["snapshots"]]
    assert days == sorted(days)
    assert len(days) == 5
    assert [one["taken_on_from"] for one in found["snapshots"]] == [
        "name", "record", "name", "record", "record",
    ]  # fmt: skip
    assert found["lost"] == []
    assert found["edits"] == 1
    assert "Met in Lund" in git(rebuilt, "grep", "-h", "NOTE", "HEAD", "--", "*.vcf")
    whole = tmp_path / "whole"
    record(call, whole, *archives)
    assert outside.cards(rebuilt).keys() == outside.cards(whole).keys()
    assert outside.cards(rebuilt, "former").keys() == outside.cards(whole, "former").keys()
    differing = [n for n, data in outside.cards(whole).items() if outside.cards(rebuilt)[n] != data]
    assert len(differing) <= 1  # the one with the note


@pytest.mark.parametrize("option", ["--partial", "--complete"])
def test_how_a_list_was_taken_is_kept(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, network: Network, option: str
) -> None:
    record(call, vault_dir, outside.write(home, network))
    network.advance()
    archive = outside.write(home, network)
    call("snapshot", archive, "--vault", vault_dir, option)
    said = outside.trailers(git(vault_dir, "log", "-1", "--format=%B"))
    assert said.get("Li-List") == ("partial" if option == "--partial" else None)
    rebuild(call, vault_dir, rebuilt)
    assert head(rebuilt) == head(vault_dir)


def test_a_dry_run_makes_nothing(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, *archives[:2])
    args = ("rebuild", "--into", rebuilt, "--vault", vault_dir, "--dry-run", archives[2])
    found = outside.one_object(call(*args, "--json"))
    assert not rebuilt.exists()
    assert found["dry_run"] is True
    assert [one["commit"] for one in found["snapshots"]] == [None] * 3
    assert "Would rebuild 2 snapshots and 1 found later" in call(*args).out


def test_the_words_tell_of_remotes(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, *archives[:2])
    call("remote", "add", "nas", home / "nas.git", "--create", "--vault", vault_dir)
    said = call("rebuild", "--into", rebuilt, "--vault", vault_dir).out
    assert "Rebuilt 2 snapshots and 0 found later" in said
    assert "nothing was pushed" in said
    assert f"li-vault remote add NAME URL --vault '{rebuilt}'" in said
    assert git(rebuilt, "remote") == ""


def test_the_place_must_be_empty(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, archives[0])
    rebuilt.mkdir()
    note = rebuilt / "note.txt"
    note.write_text("mine")
    error = rebuild(call, vault_dir, rebuilt, status=5)["error"]
    assert "note.txt" in error["message"]
    assert note.read_text() == "mine"
    note.unlink()
    rebuild(call, vault_dir, rebuilt)
    rebuild(call, vault_dir, rebuilt, status=5)  # a vault is there now
    rebuild(call, vault_dir, vault_dir / "new", status=2)
    rebuild(call, vault_dir, archives[0], status=5)
    call("rebuild", "--vault", vault_dir, status=2)
    call("rebuild", "--vault", vault_dir, "--into", "", status=2)


def test_an_empty_vault_can_not_be_rebuilt(call: Call, vault_dir: Path, rebuilt: Path) -> None:
    call("init", vault_dir)
    assert "no snapshot" in rebuild(call, vault_dir, rebuilt, status=5)["error"]["message"]
    assert not rebuilt.exists()


def test_an_original_that_was_changed_is_named(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, archives[0])
    (vault_dir / "exports" / "Connections.csv").write_bytes(b"First Name,Last Name\n")
    git(vault_dir, "add", "-A")
    git(
        vault_dir, "-c", "user.name=li-vault", "-c", "user.email=li-vault@localhost",
        "commit", "-q", "--amend", "--no-edit", "--reset-author",
    )  # fmt: skip
    error = rebuild(call, vault_dir, rebuilt, status=5)["error"]
    assert "2026-10-20" in error["message"]
    assert "SHA-256" in error["message"]
    git(vault_dir, "rm", "-q", "exports/Connections.csv")
    git(
        vault_dir, "-c", "user.name=li-vault", "-c", "user.email=li-vault@localhost",
        "commit", "-q", "--amend", "--no-edit",
    )  # fmt: skip
    error = rebuild(call, vault_dir, rebuilt, status=5)["error"]
    assert "has no exports/Connections.csv" in error["message"]
    assert not rebuilt.exists()


def test_guards_look_at_what_was_found(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, *archives[:2])
    strange = Network(seed=99, people=60)
    strange.advance()
    strange.advance()
    other = home / "other"
    path = outside.write(other, strange)
    error = rebuild(call, vault_dir, rebuilt, path, status=4)["error"]
    assert error["rule"] == "changed"
    assert path.name in error["message"]
    assert not rebuilt.exists()
    missing = rebuild(call, vault_dir, rebuilt, home / "nothing.csv", status=3)["error"]
    assert "nothing.csv" in missing["message"]


def test_a_failure_leaves_nothing_behind(
    call: Call,
    vault_dir: Path,
    rebuilt: Path,
    archives: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from li_vault.errors import GitFailed
    from li_vault.store.write import quarantine

    record(call, vault_dir, archives[0])

    def full(*_: object) -> None:
        raise GitFailed("The disk is full.", "Free some space.")

    monkeypatch.setattr(quarantine, "migrate", full)
    rebuild(call, vault_dir, rebuilt, status=6)
    assert not rebuilt.exists()
    rebuilt.mkdir()
    rebuild(call, vault_dir, rebuilt, status=6)
    assert list(rebuilt.iterdir()) == []


BOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Mobile Phone,"
    "E-mail Address\n,{first},,{last},,,,,+46 8 111,{first}@home.example\n"
    ",Olle,,Unheard,,,,,+46 8 112,olle@home.example\n"
)


def test_an_address_book_is_read_again(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, network: Network
) -> None:
    facts = next(
        one.facts
        for one in network.shown()
        if one.facts.first.isalpha() and one.facts.last.isalpha()
    )
    book = home / "people.csv"
    book.write_text(BOOK.format(first=facts.first, last=facts.last), encoding="utf-8")
    record(call, vault_dir, outside.write(home, network))
    record(call, vault_dir, book, **{"taken-on": "2026-10-25"})
    network.advance()
    record(call, vault_dir, outside.write(home, network))
    assert "@home.example" in git(vault_dir, "grep", "-h", "EMAIL", "HEAD", "--", "*.vcf")
    found = rebuild(call, vault_dir, rebuilt)
    assert head(rebuilt) == head(vault_dir)
    assert [one["unmatched"] for one in found["snapshots"]] == [0, 1, 0]


def test_what_was_everyone_stays_everyone_behind_an_older_list(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, network: Network
) -> None:
    older = outside.write(home, network)
    book = home / "people.csv"
    book.write_text(BOOK.format(first="Pia", last="Unheard"), encoding="utf-8")
    record(call, vault_dir, book, **{"taken-on": "2026-10-25"})
    found = rebuild(call, vault_dir, rebuilt, older)
    assert [one["added"] for one in found["snapshots"]] == [len(network.shown()), 2]
    said = outside.trailers(git(rebuilt, "log", "-1", "--format=%B"))
    assert said["Li-List"] == "full"
    assert len(outside.cards(rebuilt)) == 2
    assert len(outside.cards(rebuilt, "former")) == len(network.shown())


def test_an_older_archive_of_another_member_is_refused(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, network: Network
) -> None:
    members = network.members()
    (profile,) = [name for name in members if name.endswith("Profile.csv")]
    members[profile] = b"First Name,Last Name\nSomebody,Else\n"
    older = home / network.archive_name
    older.write_bytes(network.archive(members))
    network.advance()
    record(call, vault_dir, outside.write(home, network))
    error = rebuild(call, vault_dir, rebuilt, older, status=4)["error"]
    assert error["rule"] == "stranger"
    assert not rebuilt.exists()
