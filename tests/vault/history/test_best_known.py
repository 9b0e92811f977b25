"""What is known best of people: withdrawn addresses, emptied companies, those who are gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import outside
from li_vault.core import search
from li_vault.core.card import read_card
from li_vault.vault import vault
from li_vault.vault.history import log, people
from network import Network
from outside import ADA, IN, KING, Call, Months, Row, git

MAIL = "ada@example.com"


def told(value: str, last: int, first: int = 1) -> dict[str, str]:
    days = [f"2025-{month:02}-20" for month in (first, last)]
    return {"value": value, "first_seen": days[0], "last_seen": days[1]}


@pytest.fixture
def months(call: Call, vault_dir: Path, home: Path) -> Months:
    return Months(call, vault_dir, home)


def best(months: Months, words: str, *options: str) -> dict[str, Any]:
    return dict(months.json("show", words, "--best-known", *options)["best_known"])


def row(email: str = "", company: str = "Engines", position: str = "Analyst") -> Row:
    return (*ADA[:3], email, company, position, ADA[6])


def test_a_withdrawn_address_and_an_emptied_company(months: Months) -> None:
    months.snapshot(row(MAIL))
    months.snapshot(row(MAIL))  # nothing changed, so it still stood on that day
    months.snapshot(row("", "", "Countess"))
    months.snapshot(row("", "", "Countess"))
    found = best(months, "Lovelace")
    assert found == {
        "name": told("Ada Lovelace", 4),
        "first_name": told("Ada", 4),
        "last_name": told("Lovelace", 4),
        "profile_url": told(f"{IN}ada-l", 4),
        "company": told("Engines", 2),
        "position": told("Countess", 4, 3),
        "connected_on": told("2019-01-01", 4),
        "emails": [told(MAIL, 2)],
        "phones": [],
        "extra": {},
    }
    then = best(months, "Lovelace", "--at", "2025-01")
    assert then["emails"] == [told(MAIL, 1)]
    assert then["position"] == told("Analyst", 1)


def test_someone_who_is_gone(months: Months) -> None:
    months.snapshot(row(MAIL))
    months.snapshot(row())
    months.snapshot()
    months.snapshot()
    found = best(months, "Lovelace")
    assert found["emails"] == [told(MAIL, 1)]
    assert found["company"] == told("Engines", 2)
    said = months.call("show", "Lovelace", "--best-known", "--vault", months.folder).out
    lines = [line.split() for line in said.splitlines()]
    assert ["e-mail", "2025-01-20", MAIL] in lines
    assert ["company", "2025-02-20", "Engines"] in lines


def test_hand_edits_count_as_seen(months: Months) -> None:
    months.snapshot(row())
    months.write("Lovelace", "TEL:+44 1")
    months.snapshot(row())
    path = months.card("Lovelace")
    path.write_bytes(path.read_bytes().replace(b"TEL:+44 1", b"TEL:+44 2"))
    months.snapshot()
    months.write("Lovelace", "EMAIL:mine@example.org")
    months.snapshot()
    found = best(months, "Lovelace")
    # The second number was written when the second list was the newest, and never saw another.
    assert found["phones"] == [told("+44 2", 2, 2), told("+44 1", 2)]
    assert found["emails"] == [told("mine@example.org", 3, 3)]


def test_a_partial_list_tells_nothing_of_who_is_not_on_it(months: Months) -> None:
    months.snapshot(row(MAIL))
    months.snapshot(row(MAIL), options=["--partial"])
    assert best(months, "Lovelace")["emails"] == [told(MAIL, 1)]
    months.snapshot(row(MAIL))
    assert best(months, "Lovelace")["emails"] == [told(MAIL, 3)]


def test_an_address_book_brings_and_lists_confirm(months: Months, home: Path) -> None:
    months.snapshot(row(MAIL))
    book = home / "book.vcf"
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nEMAIL:{MAIL}\r\n"
    book.write_text(card + "TEL:+1 23\r\nEND:VCARD\r\n", encoding="utf-8", newline="")
    args = ("snapshot", book, "--taken-on", "2025-02-03")
    assert months.json(*args)["changed"] == 1
    day = "2025-02-03"
    brought = {"value": "+1 23", "first_seen": day, "last_seen": day}
    assert best(months, "Lovelace")["phones"] == [brought]
    months.month = 2
    months.snapshot(row(MAIL))
    confirmed = {**brought, "last_seen": "2025-03-20"}
    assert best(months, "Lovelace")["phones"] == [confirmed]


def test_two_cards_of_one_person(months: Months) -> None:
    months.snapshot(row(MAIL))
    months.snapshot(row())
    months.snapshot(KING)
    months.json("same", "Lovelace", "Augusta King")
    months.snapshot(KING)
    found = best(months, "King")
    assert found["emails"] == [told(MAIL, 1)]
    assert found["first_name"] == told("Augusta", 4, 3)
    assert found["company"] == told("Ockham", 4, 3)
    everyone = dict(_by_name(months))
    assert everyone["Augusta King"] == sightings_of(months, "King")


def test_one_card_of_two_people(months: Months) -> None:
    """What the card said of one is not the other's, nor was it seen after they were one."""
    months.snapshot(row(MAIL))
    months.snapshot(KING)
    months.json("same", "Lovelace", "Augusta King")
    months.snapshot(KING)
    months.json("apart", "Augusta King", "ada-l")
    months.snapshot(KING)
    ada, king = best(months, "Lovelace"), best(months, "King")
    assert ada["emails"] == [told(MAIL, 1)]
    assert ada["company"] == told("Engines", 1)
    assert king["company"] == told("Ockham", 4, 2)
    everyone = dict(_by_name(months))
    assert everyone["Augusta King"] == sightings_of(months, "King")
    assert everyone["Ada Lovelace"] == sightings_of(months, "Lovelace")


def _by_name(months: Months) -> list[tuple[str, object]]:
    opened = vault.open_vault(months.folder)
    return [(contact.shown.name, known) for contact, known in log.best_known_of_all(opened)]


def sightings_of(months: Months, words: str) -> object:
    opened = vault.open_vault(months.folder)
    return log.best_known_of_contact(opened, people.find_person(opened, words), opened.tip() or "")


def test_everyone_by_one_walk_is_what_the_snapshots_held(
    call: Call, vault_dir: Path, home: Path
) -> None:
    """Against every card of every snapshot, read one by one."""
    network = Network(seed=5, people=60)
    expected: dict[str, dict[tuple[str, str], str]] = {}
    for month in range(7):
        archive = outside.write(home, network)
        args = ("--vault", vault_dir, "--allow", "gone", "--allow", "changed")
        call("snapshot", archive, "--init", *args)
        day = network.day.isoformat()
        for name, data in outside.cards(vault_dir).items():
            person = read_card(data, f"contacts/{name}").contact.shown
            said = expected.setdefault(name, {})
            said |= {("emails", email.casefold()): day for email in person.emails}
            said |= {("company", person.company): day, ("position", person.position): day}
        network.advance(pace=1 + 4 * (month % 3))
    found = {contact.file: (contact, known) for contact, known in _everyone(vault_dir)}
    assert found.keys() == expected.keys()
    assert any(contact.is_former for contact, _ in found.values())
    for name, (contact, known) in found.items():
        emails = {("emails", seen.value.casefold()): seen.last_seen for seen in known.emails}
        assert emails == {k: v for k, v in expected[name].items() if k[0] == "emails"}
        for field in ("company", "position"):
            days = {v: day for (kind, v), day in expected[name].items() if kind == field and v}
            assert (field in known.fields) == bool(days)
            if days:
                seen = known.fields[field]
                assert seen.last_seen == days[seen.value] == max(days.values())
        opened = vault.open_vault(vault_dir)
        assert known == log.best_known_of_contact(opened, contact, opened.tip() or "")
    assert git(vault_dir, "status", "--porcelain") == ""


def _everyone(folder: Path) -> list[Any]:
    opened = vault.open_vault(folder)
    assert {one.uid for one, _ in log.best_known_of_all(opened)} == set(opened.roster().contacts)
    return list(log.best_known_of_all(opened))


def test_nobody_and_no_vault(months: Months) -> None:
    months.snapshot()
    assert months.json("show", "nobody", "--best-known", status=1)["error"]["kind"] == "not-found"
    assert search.resolve_contacts([], "x") == []
