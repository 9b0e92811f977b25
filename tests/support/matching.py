"""Small rosters and lists, and in short words who of a list was taken for whom."""

from __future__ import annotations

from collections.abc import Iterable

from li_vault.core.matching import match
from li_vault.core.matching.match import Matching
from li_vault.core.model import CONTACTS, FORMER, Contact, Coverage, Person, Roster, Row
from people import LINKEDIN


def one(
    first: str = "Ada",
    last: str = "Lovelace",
    slug: str = "ada",
    day: str = "2024-01-01",
    email: str = "",
    company: str = "Engines",
    position: str = "Reckoner",
    full: str = "",
) -> Person:
    """A person of a list."""
    url = f"https://www.linkedin.com/in/{slug}" if slug else ""
    emails = (email,) if email else ()
    return Person(first, last, url, emails, (), company, position, day, full)


def known(*people: Person | Contact) -> Roster:
    """A roster of these people, whose UIDs are a, b, c …"""
    contacts = []
    for letter, person in zip("abcdefgh", people, strict=False):
        if isinstance(person, Contact):
            contacts.append(person._replace(uid=letter))
        else:
            contacts.append(Contact(letter, f"{CONTACTS}/{letter}.vcf", person, person))
    return Roster.of(contacts)


def former(person: Person, *urls: str) -> Contact:
    """Someone in `former/`, or with former addresses."""
    addresses = tuple(f"https://www.linkedin.com/in/{slug}" for slug in urls)
    folder = CONTACTS if urls else FORMER
    return Contact("?", f"{folder}/{person.first_name}.vcf", person, person, addresses)


def numbered(people: Iterable[Person]) -> list[Row]:
    """These people as the rows of a list."""
    return [Row(number, person) for number, person in enumerate(people, 1)]


def outcome(
    roster: Roster, *rows: Person, coverage: Coverage = LINKEDIN, near_days: bool = False
) -> dict[int, str]:
    """UID by row for those who are known, `new` or `doubt:candidates` for the others."""
    found = match.match_rows(roster, numbered(rows), coverage, near_days=near_days)
    return told(found)


def told(found: Matching) -> dict[int, str]:
    doubts = {doubt.number: "doubt:" + ",".join(doubt.candidates) for doubt in found.doubts}
    return {
        **{row.number: doubts.get(row.number, "new") for row in found.new},
        **{row.number: contact.uid for row, contact in (*found.equal, *found.known)},
    }


ADA, BOB = one(), one("Bob", "Gray", "bob", "2023-05-05", company="Kilns", position="Smith")
