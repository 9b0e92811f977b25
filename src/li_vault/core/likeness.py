"""What people are recognised by, and when a row and a contact agree.

The functions that return several values give alternatives to look someone up by; the others say
whether a row of a list and a contact of the vault agree in something. A name is compared by its
`text.key`; both the name in full and "first last" count.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, timedelta

from li_vault.core import text
from li_vault.core.model import Contact, Person

_TITLES = "phd mba md msc bsc ma ba dr prof eng ing mr mrs ms jr sr ii iii cpa pmp csm llm esq"
_PARTICLES = "al bin da das de del della den der di do dos du e el ibn la le van von y zu"
_NO_NAME = frozenset([*_TITLES.split(), *_PARTICLES.split()])
"""Words that many names share, and that make no two names partly equal."""


def slugs(person: Person) -> Iterable[Hashable]:
    """The profile's slug."""
    slug = text.slug(person.url)
    return (slug,) if slug else ()


def former_slugs(contact: Contact) -> Iterable[Hashable]:
    """The slugs that the profile had before."""
    return {slug for slug in map(text.slug, contact.former_urls) if slug}


def names(person: Person) -> set[str]:
    """The keys of a name: the one in full, and first with last name."""
    if not person.full_name:
        return {text.key(person.name)} if person.name else set()
    bare = person._replace(full_name="").name
    return {text.key(name) for name in (person.full_name, bare) if name}


def name_and_date(person: Person) -> Iterable[Hashable]:
    """Name with the date of the connection."""
    return [(name, person.connected_on) for name in names(person)] if person.connected_on else ()


def name_and_near_date(person: Person) -> Iterable[Hashable]:
    """Name with the date, the day before and the day after."""
    if not person.connected_on:
        return ()
    day = date.fromisoformat(person.connected_on)
    near = [(day + timedelta(days)).isoformat() for days in (-1, 0, 1)]
    return [(name, day) for name in names(person) for day in near]


def emails(person: Person) -> Iterable[Hashable]:
    """Addresses, in lower case."""
    return {email.lower() for email in person.emails}


def known_emails(contact: Contact) -> Iterable[Hashable]:
    """The addresses that the exports say and those on the card."""
    return {email.lower() for email in (*contact.person.emails, *contact.shown.emails)}


def date_and_work(person: Person) -> Iterable[Hashable]:
    """The date with the company, and the date with the position."""
    if not person.connected_on:
        return ()
    work = (("company", person.company), ("position", person.position))
    return [(person.connected_on, what, text.key(value)) for what, value in work if value]


def contacts(of: Callable[[Person], Iterable[Hashable]]) -> Callable[[Contact], Iterable[Hashable]]:
    """The same values for a contact, of what the exports say."""
    return lambda contact: of(contact.person)


def same_name(row: Person, contact: Contact) -> bool:
    """Whether the row has the name that the exports say or that the card shows."""
    return not names(row).isdisjoint(names(contact.person) | names(contact.shown))


def same_date(row: Person, contact: Contact) -> bool:
    """Whether both tell the date, and the same."""
    return bool(row.connected_on) and row.connected_on == contact.person.connected_on


def name_and_date_agree(row: Person, contact: Contact) -> bool:
    """Whether both name and date agree."""
    return same_date(row, contact) and same_name(row, contact)


def name_or_date_agrees(row: Person, contact: Contact) -> bool:
    """Whether name or date agrees."""
    return same_date(row, contact) or same_name(row, contact)


def nothing_disagrees(row: Person, contact: Contact) -> bool:
    """As `name_or_date_agrees`; one that has neither, or no name, can't disagree."""
    untold = not (row.name or row.connected_on) or not contact.person.name
    return untold or name_or_date_agrees(row, contact)


def partly_same_name(row: Person, contact: Contact) -> bool:
    """Whether the names share a word that is neither initial, title nor particle."""
    return not _words(row).isdisjoint(_words(contact.person))


def one_has_name_only(row: Person, contact: Contact) -> bool:
    """Whether one of the two comes from a list that knew neither date nor address."""
    known = contact.person
    return not (row.url or row.connected_on) or not (known.url or known.connected_on)


def _words(person: Person) -> set[str]:
    words = {word for name in names(person) for word in name.split()}
    return {word for word in words if len(word) > 1 or not word.isascii()} - _NO_NAME
