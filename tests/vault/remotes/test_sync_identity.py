"""What one machine alone knew of who is who outlives `sync`: nobody becomes two, no fact goes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import machines
import outside
from machines import is_whole, sync, take, tip
from network import Network
from outside import Call

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
FILLERS = "".join(
    f"{name},Filler,https://www.linkedin.com/in/{name.lower()}-filler,,Quov,Weaver,03 Mar 2020\n"
    for name in ("Bela", "Cato", "Dora", "Enno", "Fina", "Gisa")
)
ADA = "Ada,Lovelace,https://www.linkedin.com/in/ada-l,,Engines,Analyst,01 Jan 2019\n"
KING = "Augusta,King,https://www.linkedin.com/in/ada-l,,Ockham,Countess,01 Jan 2019\n"
PHONE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\n"
    "TEL:+1 555 0100\r\nEMAIL:ada@example.com\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bela Filler\r\nN:Filler;Bela;;;\r\n"
    "TEL:+1 555 0200\r\nEND:VCARD\r\n"
)


def _facts(vault: Path) -> list[tuple[str, ...]]:
    """What the cards of both folders say of everyone, without UIDs."""
    found = []
    for folder in ("contacts", "former"):
        for data in outside.cards(vault, folder).values():
            card = outside.vcard(data)
            url = card.url.value if hasattr(card, "url") else ""
            found.append((folder, card.fn.value, card.x_li_connected_on.value, url))
    return sorted(found)


def test_who_changed_name_and_address_in_turn_stays_one(
    call: Call, tmp_path: Path, home: Path
) -> None:
    """A saw both new at once and made somebody new of it; B saw the month between."""
    network = Network(seed=2, people=120, day=date(2026, 1, 10))
    months = []
    for _ in range(8):
        months.append(outside.write(home, network))
        network.advance(pace=4.0)
    two = machines.made(call, tmp_path, months)
    alone = tmp_path / "alone"
    for number, month in enumerate(months):
        take(call, alone, month, "--init", "--allow", "stranger")
        if number:
            vault = two.a if number % 2 else two.b
            take(call, vault, month, "--no-push", "--allow", "stranger")
    call("push", "--vault", two.a)
    told = sync(call, two.b, "--dry-run")
    found = sync(call, two.b)
    assert found["joined"] == told["joined"]
    (joined,) = found["joined"]
    assert joined["uid"] != joined["other"]
    assert len(_facts(two.b)) == len(_facts(alone))
    assert [one for one in _facts(two.b) if one[0] == "contacts"] == [
        one for one in _facts(alone) if one[0] == "contacts"
    ]
    is_whole(two.b)
    call("verify", "--vault", two.b)
    sync(call, two.a)
    assert tip(two.a) == tip(two.b)
    again = take(call, two.a, outside.write(home, network), "--allow", "stranger")
    alike = take(call, alone, outside.write(home, network), "--allow", "stranger")
    assert again["added"] == alike["added"]
    assert len(_facts(two.a)) == len(_facts(alone))


@pytest.fixture
def lists(home: Path) -> dict[str, Path]:
    found = {}
    for name, text in {
        "old.csv": HEADER + FILLERS + ADA,
        "new.csv": HEADER + FILLERS + KING,
        "phone.vcf": PHONE,
    }.items():
        found[name] = home / name
        found[name].write_bytes(text.encode())
    return found


def test_what_a_phones_list_gave_stays_with_whom_it_gave_it(
    call: Call, lists: dict[str, Path], tmp_path: Path
) -> None:
    """The phone knows Ada by a name that LinkedIn's next list, on A, no longer has."""
    a, b, bare = tmp_path / "a", tmp_path / "b", tmp_path / "bare.git"
    take(call, a, lists["old.csv"], "--taken-on", "2025-01-20", "--init")
    call("remote", "add", "origin", bare, "--create", "--vault", a)
    call("push", "--vault", a)
    call("restore", bare, b)
    found = take(call, b, lists["phone.vcf"], "--taken-on", "2025-02-20", "--no-push")
    assert found["unmatched"] == 0
    take(call, a, lists["new.csv"], "--taken-on", "2025-03-20")
    done = sync(call, b)
    assert (done["lost"], done["edits"], done["joined"]) == ([], 1, [])
    cards = outside.cards(b)
    whole = b"".join(cards.values())
    assert (whole.count(b"+1 555 0100"), whole.count(b"+1 555 0200")) == (1, 1)
    (king,) = (data for data in cards.values() if b"FN:Augusta King" in data)
    assert b"+1 555 0100" in king
    assert b"ada@example.com" in king
    is_whole(b)
    call("verify", "--vault", b)
    assert sync(call, b)["remotes"]["origin"]["was"] == "same"
