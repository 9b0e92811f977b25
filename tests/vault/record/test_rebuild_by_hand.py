"""What people did to a vault is done again in a new one: edits, `same` and `apart`."""

from __future__ import annotations

from pathlib import Path

import pytest

import outside
from network import Network
from outside import Call, add_line, git, head, rebuild, record, some_card, tree


@pytest.fixture
def network() -> Network:
    return Network(seed=17, people=60)


@pytest.fixture
def archives(home: Path, network: Network) -> list[Path]:
    return outside.five_months(home, network)


@pytest.fixture
def rebuilt(tmp_path: Path) -> Path:
    return tmp_path / "rebuilt"


def test_hand_edits_are_done_again_at_their_place(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, archives[0])
    add_line(some_card(vault_dir, 3), "NOTE:Met in Lund")
    record(call, vault_dir, archives[1])
    card = some_card(vault_dir, 5)
    lines = card.read_bytes().split(b"\r\n")
    lines = [b"TITLE:Corrected" if line.startswith(b"TITLE:") else line for line in lines]
    card.write_bytes(b"\r\n".join(lines))
    git(vault_dir, "commit", "-qam", "my own words")
    add_line(some_card(vault_dir, 7), "CATEGORIES:friends")
    record(call, vault_dir, archives[2])
    add_line(some_card(vault_dir, 9), "TEL:+46 1")
    git(vault_dir, "commit", "-qam", "mine again")
    add_line(some_card(vault_dir, 9), "TEL:+46 2")  # not committed
    found = rebuild(call, vault_dir, rebuilt)
    assert found["lost"] == []
    assert found["edits"] == 4
    call("snapshot", archives[2], "--vault", vault_dir, "--taken-on", "2027-12-24")
    call("snapshot", archives[2], "--vault", rebuilt, "--taken-on", "2027-12-24")
    assert tree(rebuilt) == tree(vault_dir)
    assert "Met in Lund" in git(rebuilt, "grep", "-h", "NOTE", "HEAD~5", "--", "contacts")
    assert b"TITLE:Corrected" in some_card(rebuilt, 5).read_bytes()


def test_only_edits_by_snapshots_give_the_same_commits(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, archives[0])
    add_line(some_card(vault_dir), "NOTE:One")
    record(call, vault_dir, archives[1])
    add_line(some_card(vault_dir, 2), "NOTE:Two")
    record(call, vault_dir, archives[2])
    rebuild(call, vault_dir, rebuilt)
    assert head(rebuilt) == head(vault_dir)


def test_an_edit_finds_its_person_under_another_uid(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, network: Network
) -> None:
    older = outside.write(home, network)
    someone = network.people[4]
    old_slug = someone.slug
    network.advance(pace=0)
    someone.slug = "quite-another-slug-1"
    newer = outside.write(home, network)
    record(call, vault_dir, newer)
    shown = outside.one_object(call("show", someone.slug, "--vault", vault_dir, "--json"))
    add_line(vault_dir / shown["person"]["path"], "NOTE:Hers")
    found = rebuild(call, vault_dir, rebuilt, older)
    assert found["lost"] == []
    again = outside.one_object(call("show", someone.slug, "--vault", rebuilt, "--json"))
    assert again["person"]["uid"] != shown["person"]["uid"]
    card = (rebuilt / again["person"]["path"]).read_bytes()
    assert b"NOTE:Hers" in card
    assert b"X-LI-FORMER-URL" in card
    assert old_slug.encode()[:8] in card or b"%" in card


def test_the_users_own_files_come_along(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, archives[0])
    (vault_dir / "plan.md").write_text("what I want to do\n")
    git(vault_dir, "add", "plan.md")
    git(vault_dir, "commit", "-qm", "a plan")
    (vault_dir / "loose.txt").write_text("in no commit\n")
    record(call, vault_dir, archives[1])
    found = rebuild(call, vault_dir, rebuilt)
    assert tree(rebuilt) == tree(vault_dir)
    assert [one["path"] for one in found["lost"]] == ["loose.txt"]
    assert "not carried over: loose.txt" in call(
        "rebuild", "--into", rebuilt.parent / "third", "--vault", vault_dir
    ).out  # fmt: skip


@pytest.fixture
def split(call: Call, vault_dir: Path, home: Path, network: Network) -> tuple[Path, str, str]:
    """A vault in which somebody was taken for two, since name and address changed at once."""
    first = outside.write(home, network)
    someone = network.people[6]
    old = someone.slug
    network.advance(pace=0)
    someone.slug = "nobody-would-know-her-77"
    someone.facts = someone.facts._replace(first="Quilla", last="Newname")
    record(call, vault_dir, first)
    record(call, vault_dir, outside.write(home, network))
    return first, old, someone.slug


def test_same_is_done_again(
    call: Call,
    vault_dir: Path,
    rebuilt: Path,
    home: Path,
    network: Network,
    split: tuple[Path, str, str],
) -> None:
    _, old, new = split
    call("same", old, new, "--vault", vault_dir)
    network.advance()
    record(call, vault_dir, outside.write(home, network))
    found = rebuild(call, vault_dir, rebuilt)
    assert (found["mended"], found["lost"]) == (1, [])
    assert head(rebuilt) == head(vault_dir)


def test_apart_is_done_again(
    call: Call,
    vault_dir: Path,
    rebuilt: Path,
    home: Path,
    network: Network,
    split: tuple[Path, str, str],
) -> None:
    _, old, new = split
    call("same", old, new, "--vault", vault_dir)
    call("apart", old, new, "--vault", vault_dir)
    network.advance()
    record(call, vault_dir, outside.write(home, network))
    found = rebuild(call, vault_dir, rebuilt)
    assert (found["mended"], found["lost"]) == (2, [])
    assert head(rebuilt) == head(vault_dir)


def test_same_is_done_again_where_older_exports_show_them_earlier(
    call: Call, vault_dir: Path, rebuilt: Path, home: Path, split: tuple[Path, str, str]
) -> None:
    _, old, new = split
    call("same", old, new, "--vault", vault_dir)
    older = home / "Connections.csv"
    older.write_bytes(Network(seed=17, people=60).connections_2018())
    earlier = home / "LinkedInDataExport_10-18-2026" / "Connections.csv"
    earlier.parent.mkdir()
    older.rename(earlier)
    found = rebuild(call, vault_dir, rebuilt, earlier)
    assert found["snapshots"][0]["taken_on"] <= "2026-10-20"
    assert (found["mended"], found["lost"]) == (1, [])
    person = outside.one_object(call("show", new, "--vault", rebuilt, "--json"))["person"]
    assert outside.one_object(call("show", old, "--vault", rebuilt, "--json"))["person"] == person
    assert outside.cards(rebuilt).keys() != outside.cards(vault_dir).keys()  # other UIDs
    assert len(outside.cards(rebuilt)) == len(outside.cards(vault_dir))


def test_a_card_that_the_user_added_comes_along(
    call: Call, vault_dir: Path, rebuilt: Path, archives: list[Path]
) -> None:
    record(call, vault_dir, archives[0])
    card = some_card(vault_dir)
    twin = card.with_name("someone-else.vcf")
    data = card.read_bytes()
    uid = next(line for line in data.split(b"\r\n") if line.startswith(b"UID:"))
    twin.write_bytes(data.replace(uid, b"UID:7d1f3f0e-6c55-4c0e-9a57-0c4d4f6f3f2a"))
    git(vault_dir, "add", "-A")
    git(vault_dir, "commit", "-qm", "somebody of my own")
    record(call, vault_dir, archives[1])
    found = rebuild(call, vault_dir, rebuilt)
    assert found["lost"] == []
    both = outside.cards(rebuilt) | outside.cards(rebuilt, "former")
    assert "someone-else.vcf" in both
    assert tree(rebuilt) == tree(vault_dir)


def test_an_edit_that_has_no_place_is_named(
    call: Call,
    vault_dir: Path,
    rebuilt: Path,
    archives: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from li_vault.vault.plan import replay

    record(call, vault_dir, archives[0])
    card = some_card(vault_dir)
    add_line(card, "NOTE:Hers")
    record(call, vault_dir, archives[1])
    monkeypatch.setattr(replay, "locate_contacts", lambda *_, **__: {})
    said = call("rebuild", "--into", rebuilt, "--vault", vault_dir, "--dry-run").out
    assert f"not carried over: contacts/{card.name}" in said
    found = rebuild(call, vault_dir, rebuilt)
    (lost,) = found["lost"]
    assert lost["path"] == f"contacts/{card.name}"
    assert lost["uid"][:8] in card.name
    assert found["edits"] == 0
