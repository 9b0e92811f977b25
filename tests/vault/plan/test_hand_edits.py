"""What people write into their vault by hand is theirs: every snapshot keeps it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import outside
from network import HIDDEN, Network, Someone
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=21, people=60)


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path, network: Network) -> Path:
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def next_month(
    call: Call, vault: Path, home: Path, network: Network
) -> Callable[..., dict[str, object]]:
    """A month later (in which nothing happens by itself) its export is recorded."""

    def record(*options: object) -> dict[str, object]:
        network.advance(pace=0)
        archive = outside.write(home, network)
        return outside.one_object(call("snapshot", archive, "--vault", vault, "--json", *options))

    return record


Record = Callable[..., dict[str, object]]


def _card(call: Call, vault: Path, someone: Someone) -> Path:
    found = outside.one_object(call("show", someone.slug, "--json", "--vault", vault))
    return vault / str(found["person"]["path"])


def _add(path: Path, *lines: str) -> bytes:
    data = path.read_bytes()
    added = "".join(f"{line}\r\n" for line in lines).encode()
    path.write_bytes(data.replace(b"END:VCARD\r\n", added + b"END:VCARD\r\n"))
    return path.read_bytes()


PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 12


def test_additions_survive_byte_for_byte(
    call: Call, vault: Path, network: Network, next_month: Record
) -> None:
    path = _card(call, vault, network.people[0])
    data = _add(
        path, "NOTE:Met at the fair\\, twice", "TEL;TYPE=CELL:+1 555 0100", "CATEGORIES:Friends",
        PHOTO,
    )  # fmt: skip
    assert outside.one_object(call("status", "--json", "--vault", vault))["pending_edits"] == 1
    found = next_month()
    assert path.read_bytes() == data
    assert (found["changed"], found["edited"], found["unchanged"]) == (0, 1, found["contacts"])
    subjects = git(vault, "log", "--format=%s").splitlines()
    assert subjects[1] == "Edited by hand: 1 contacts"
    assert subjects[0].startswith("Snapshot 2026-11-20: 0 new, 0 changed, 0 gone")
    name = path.relative_to(vault).as_posix()
    assert git(vault, "diff", "--name-only", "HEAD~2", "HEAD~1").split() == [name]
    assert git(vault, "log", "-1", "--format=%an %ae %ad", "--date=short", "HEAD~1").strip() == (
        "li-vault li-vault@localhost 2026-10-20"
    )
    person = outside.one_object(call("show", network.people[0].slug, "--json", "--vault", vault))
    assert person["person"]["phones"] == ["+1 555 0100"]
    assert "Met at the fair, twice" in call("show", network.people[0].slug, "--vault", vault).out
    assert "Brilan" in call("find", "the fair", "--vault", vault).out
    life = outside.one_object(call("log", network.people[0].slug, "--json", "--vault", vault))
    assert [event["event"] for event in life["events"]] == ["edited", "added"]
    assert outside.one_object(call("status", "--json", "--vault", vault))["pending_edits"] == 0
    network.people[0].facts = network.people[0].facts._replace(position="Abbot")
    assert next_month()["changed"] == 1
    told = path.read_bytes()
    assert told == data.replace(b"TITLE:Weaver", b"TITLE:Abbot")


def test_the_users_own_commit_means_the_same(
    call: Call, vault: Path, network: Network, next_month: Record
) -> None:
    path = _card(call, vault, network.people[0])
    data = _add(path, "NOTE:Mine")
    git(vault, "commit", "-qam", "A note")
    network.people[0].facts = network.people[0].facts._replace(position="Abbot")
    assert next_month()["changed"] == 1
    assert path.read_bytes() == data.replace(b"TITLE:Weaver", b"TITLE:Abbot")
    subjects = git(vault, "log", "--format=%s").splitlines()
    assert subjects[1:] == ["A note", subjects[-1]]


@pytest.mark.parametrize("by_commit", [False, True])
def test_a_correction_stays_until_the_export_says_something_new(
    by_commit: bool, call: Call, vault: Path, network: Network, next_month: Record
) -> None:
    ada = network.people[0]
    path = _card(call, vault, ada)
    path.write_bytes(path.read_bytes().replace(b"TITLE:Weaver", b"TITLE:Master Weaver"))
    if by_commit:
        git(vault, "commit", "-qam", "Better")
    found = next_month()
    assert found["changed"] == 0
    assert found["edited"] == 1
    for _ in range(2):
        card = outside.vcard(path.read_bytes())
        assert card.title.value == "Master Weaver"
        assert card.x_li_export_title.value == "Weaver"
        assert next_month()["changed"] == 0
    seen = outside.one_object(call("show", ada.slug, "--json", "--vault", vault))
    assert seen["person"]["position"] == "Master Weaver"
    ada.facts = ada.facts._replace(company="Elsewhere")
    assert next_month()["changed"] == 1
    card = outside.vcard(path.read_bytes())
    assert (card.title.value, card.org.value) == ("Master Weaver", ["Elsewhere"])
    ada.facts = ada.facts._replace(position="Retired")
    assert next_month()["changed"] == 1
    assert b"TITLE:Retired\r\n" in path.read_bytes()
    assert b"X-LI-EXPORT" not in path.read_bytes()
    assert git(vault, "status", "--porcelain") == ""


def test_the_form_alone_is_put_right(
    call: Call, vault: Path, network: Network, next_month: Record
) -> None:
    path = _card(call, vault, network.people[0])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\r\n", b"\n"))
    found = next_month()
    assert found["changed"] == 0
    assert path.read_bytes() == data
    assert git(vault, "status", "--porcelain") == ""


def test_a_deleted_card_is_put_back_and_told(
    call: Call, vault: Path, network: Network, next_month: Record, home: Path
) -> None:
    path = _card(call, vault, network.people[0])
    name, data = path.relative_to(vault).as_posix(), path.read_bytes()
    path.unlink()
    assert outside.one_object(call("status", "--json", "--vault", vault))["pending_edits"] == 1
    found = next_month()
    assert found["put_back"] == [name]
    assert (found["gone"], found["added"]) == (0, 0)
    assert path.read_bytes() == data
    path.unlink()
    git(vault, "commit", "-qam", "Away with it")
    found = next_month()
    assert found["put_back"] == [name]
    assert path.read_bytes() == data
    path.write_bytes(b"")  # as a power cut leaves it
    assert next_month()["put_back"] == [name]
    assert path.read_bytes() == data
    path.unlink()
    network.advance(pace=0)
    assert name in call("snapshot", outside.write(home, network), "--vault", vault).out


def test_strays_and_other_files_are_left_alone(
    call: Call, vault: Path, network: Network, next_month: Record
) -> None:
    stray = vault / "contacts" / "my-own-friend.vcf"
    stray.write_bytes(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Friend\r\nN:F;;;;\r\nEND:VCARD\r\n")
    (vault / "notes.txt").write_text("plans")
    (vault / "README.md").write_text("my own words")
    (vault / "exports" / "Connections.csv").write_text("oops")
    network.people[0].facts = network.people[0].facts._replace(position="Abbot")
    found = next_month()
    assert found["changed"] == 1
    assert set(map(str, found["strays"])) == {"contacts/my-own-friend.vcf", "notes.txt"}  # type: ignore[call-overload]
    assert stray.exists()
    assert (vault / "notes.txt").read_text() == "plans"
    assert (vault / "README.md").read_text() == "my own words"
    assert (vault / "exports" / "Connections.csv").read_text() == "oops"
    assert "README.md" in found["kept"]  # type: ignore[operator]
    assert "exports/Connections.csv" in found["kept"]  # type: ignore[operator]
    committed = git(vault, "show", "HEAD:exports/Connections.csv").encode()
    assert committed == network.connections()
    people = outside.one_object(call("find", "--json", "--vault", vault))["people"]
    assert len(people) == found["contacts"]


def _conflict(data: bytes) -> bytes:
    return data.replace(b"TITLE", b"<<<<<<< HEAD\r\nTITLE", 1).replace(
        b"END:VCARD", b"=======\r\n>>>>>>> side\r\nEND:VCARD"
    )


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: len(data) // 2],
    "conflict": _conflict,
    "another UID": lambda data: data.replace(b"UID:", b"UID:f"),
    "no UID": lambda data: data.replace(b"UID:", b"X-UID:"),
    "no name": lambda data: data.replace(b"FN:", b"X-FN:"),
    "binary": lambda _: bytes(range(256)),
    "latin-1": lambda data: data.replace(b"END:", b"NOTE:caf\xe9\r\nEND:"),
    "two cards": lambda data: data + data,
    "text": lambda _: b"call him back",
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("by_commit", [False, True])
def test_a_broken_card_stops_everything(
    how: str, by_commit: bool, call: Call, vault: Path, network: Network, home: Path
) -> None:
    path = _card(call, vault, network.people[0])
    good = path.read_bytes()
    path.write_bytes(SPOILT[how](good))
    if by_commit:
        git(vault, "commit", "--no-verify", "-qam", "Oops")
    network.advance(pace=0)
    archive = outside.write(home, network)
    before = outside.state(vault)
    said = call("snapshot", archive, "--vault", vault, "--json", status=5)
    error = outside.one_object(said)["error"]
    assert path.name in error["message"]
    assert error["hint"]
    assert outside.state(vault) == before
    assert path.name in call("doctor", "--vault", vault, status=1).out
    path.write_bytes(good)
    call("snapshot", archive, "--vault", vault)
    assert path.read_bytes() == good
    assert git(vault, "status", "--porcelain") == ""
    assert git(vault, "fsck", "--full", "--strict", "--no-progress") == ""


def test_the_planted_hook_refuses_a_broken_card(call: Call, vault: Path, network: Network) -> None:
    path = _card(call, vault, network.people[0])
    path.write_bytes(path.read_bytes()[:40])
    head = git(vault, "rev-parse", "HEAD")
    git(vault, "commit", "-qam", "Oops", ok=(1,))
    assert git(vault, "rev-parse", "HEAD") == head


def test_an_edited_card_moves_with_its_edits(
    call: Call, vault: Path, network: Network, next_month: Record
) -> None:
    ada = network.people[0]
    path = _card(call, vault, ada)
    data = _add(path, "NOTE:Old friend")
    ada.state = HIDDEN
    found = next_month()
    assert (found["gone"], found["edited"]) == (1, 1)
    moved = vault / "former" / path.name
    assert not path.exists()
    assert moved.read_bytes() == data
    again = _add(moved, "CATEGORIES:Missed")
    ada.state = "shown"
    found = next_month()
    assert (found["returned"], found["edited"]) == (1, 1)
    assert path.read_bytes() == again
    assert not moved.exists()
    assert git(vault, "status", "--porcelain") == ""


@pytest.mark.parametrize("kind", ["link", "folder", "folder link"])
def test_no_ordinary_file(kind: str, call: Call, vault: Path, network: Network, home: Path) -> None:
    path = _card(call, vault, network.people[0])
    aside = home / "aside"
    if kind == "folder link":
        (vault / "contacts").rename(aside)
        (vault / "contacts").symlink_to(aside)
    else:
        path.rename(aside)
        if kind == "link":
            path.symlink_to(aside)
        else:
            path.mkdir()
    network.advance(pace=1)
    head = git(vault, "rev-parse", "HEAD")
    said = call("snapshot", outside.write(home, network), "--vault", vault, status=5)
    assert "contacts" in said.err
    assert git(vault, "rev-parse", "HEAD") == head


def test_a_snapshot_of_nothing_new_still_records_the_edit(
    call: Call, vault: Path, network: Network, home: Path
) -> None:
    path = _card(call, vault, network.people[0])
    data = _add(path, "NOTE:Mine")
    said = call("snapshot", home / network.archive_name, "--vault", vault, "--json")
    assert outside.one_object(said)["edited"] == 1
    assert outside.one_object(said)["commit"] is None
    assert git(vault, "log", "-1", "--format=%s").strip() == "Edited by hand: 1 contacts"
    assert path.read_bytes() == data
