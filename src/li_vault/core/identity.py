"""Which row of a list is which contact.

Rows equal to a card in everything come first. What is left is compared by named keys, strongest
first, each round on what the rounds before left over. A key decides only if exactly one row and
one contact have it and nothing contradicts; two people are never merged by guess. What a key could
not decide comes out as a doubt with its candidates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import NamedTuple

from li_vault.core import text
from li_vault.core.model import Contact, Coverage, Person, Roster


class Doubt(NamedTuple):
    """A row that might be someone known and was not taken for them."""

    number: int
    reason: str
    candidates: tuple[str, ...]


class Named(NamedTuple):
    """A row that names a person, by its number in the list."""

    number: int
    person: Person


@dataclass(frozen=True, slots=True)
class Matching:
    """Which row is who.

    Attributes:
        equal: Rows that say exactly what is known, with their contacts.
        known: Other rows of people who are known, with their contacts.
        new: Rows of people who are not known, sorted by what they say.
        duplicates: Number of rows that repeat another row.
        doubts: What could not be decided, by row number.
    """

    equal: tuple[tuple[Named, Contact], ...]
    known: tuple[tuple[Named, Contact], ...]
    new: tuple[Named, ...]
    duplicates: int
    doubts: tuple[Doubt, ...]


def match(roster: Roster, rows: Iterable[tuple[int, Person]], coverage: Coverage) -> Matching:
    """Find out which row is which contact of the roster.

    The outcome does not depend on the order of the rows.
    """
    unique, duplicates, doubts = _gather(rows)
    equal, left_rows, left_contacts = _equal(roster, unique, coverage)
    everyone = _Everyone(list(unique.values()), list(roster))
    known: list[tuple[Named, Contact]] = []
    for key in _KEYS:
        if not left_rows or not left_contacts:
            break
        pairs = list(_decided(key, left_rows, left_contacts))
        if pairs and key.among_all:
            pairs = list(_decided(key, left_rows, left_contacts, everyone))
        known += pairs
        taken_rows = {row.number for row, _ in pairs}
        taken = {contact.uid for _, contact in pairs}
        left_rows = [row for row in left_rows if row.number not in taken_rows]
        left_contacts = [contact for contact in left_contacts if contact.uid not in taken]
    doubts += _doubts(left_rows, left_contacts)
    return Matching(
        equal=tuple(equal),
        known=tuple(known),
        new=tuple(sorted(left_rows, key=itemgetter(1))),
        duplicates=duplicates,
        doubts=tuple(sorted(doubts)),
    )


def _gather(
    rows: Iterable[tuple[int, Person]],
) -> tuple[dict[Person, Named], int, list[Doubt]]:
    """Set aside rows that repeat another: in everything, or with the same slug, name and date."""
    rows = [Named(*row) for row in rows]
    unique = {row.person: row for row in reversed(rows)}  # the first of equal rows counts
    doubts: list[Doubt] = []
    slugs: dict[tuple[str, str, str], list[Named]] = defaultdict(list)
    urls = [row.person.url for row in unique.values() if row.person.url]
    if len(set(urls)) != len(urls) or len({url.lower() for url in urls}) != len(urls):
        for row in unique.values():
            slug = text.slug(row.person.url)
            if slug:
                slugs[slug, text.key(row.person.name), row.person.connected_on].append(row)
    for same in slugs.values():
        fullest = max(same, key=lambda row: (sum(map(bool, row.person)), row.person))
        for row in same:
            if row is not fullest:
                del unique[row.person]
                reason = "the same person is listed twice; the fuller row is recorded"
                doubts.append(Doubt(row.number, reason, ()))
    return unique, len(rows) - len(unique), doubts


def _equal(
    roster: Roster, unique: dict[Person, Named], coverage: Coverage
) -> tuple[list[tuple[Named, Contact]], list[Named], list[Contact]]:
    """Pair the rows that say in every covered field what exactly one contact says."""
    project = _projection(coverage)
    contacts, rows = list(roster), list(unique.values())
    known = [project(contact.person) for contact in contacts]
    said = [project(row.person) for row in rows]
    by_facts = dict(zip(known, contacts, strict=True))
    unclear = _repeated(known) | _repeated(said)
    equal: list[tuple[Named, Contact]] = []
    left = []
    for row, facts, found in zip(rows, said, map(by_facts.get, said), strict=True):
        if found is None or facts in unclear or not _tells_apart(row.person):
            left.append(row)
        else:
            equal.append((row, found))
    if len(equal) == len(contacts):
        return equal, left, []
    matched = {contact.uid for _, contact in equal}
    return equal, left, [contact for contact in contacts if contact.uid not in matched]


def _repeated(facts: list[Hashable]) -> set[Hashable]:
    """Those that occur more than once."""
    if len(set(facts)) == len(facts):
        return set()
    return {one for one, times in Counter(facts).items() if times > 1}


def _projection(coverage: Coverage) -> Callable[[Person], Hashable]:
    """What a list with this coverage would say of a person, as one comparable value."""
    covered = [n for n, field in enumerate(Person._fields) if field in coverage.fields]
    fields: Callable[[Person], Hashable] = itemgetter(*covered) if covered else lambda _: ()
    columns = coverage.columns
    if not columns:
        return fields
    return lambda person: (
        fields(person),
        tuple(pair for pair in person.extra if pair[0] in columns),
    )


def _tells_apart(person: Person) -> bool:
    """Whether a row says enough to be someone: a slug, an e-mail, or a name and one thing more."""
    named = person.first_name or person.last_name or person.full_name
    more = person.connected_on or person.company or person.position or person.phones
    return bool((named and more) or person.emails or text.slug(person.url))


class _Everyone(NamedTuple):
    """Both sides whole, for the key that must be unique among all and not only what is left."""

    rows: Sequence[Named]
    contacts: Sequence[Contact]


class _Key(NamedTuple):
    """A named key.

    Attributes:
        reason: What two people have in common if they share the key, for doubts.
        of: The values by which a person is looked up; several are alternatives.
        agrees: What else must hold between row and contact.
        among_all: Whether the key must be unique among everyone, matched ones included.
    """

    reason: str
    of_row: Callable[[Person], Iterable[Hashable]]
    of_contact: Callable[[Contact], Iterable[Hashable]]
    agrees: Callable[[Person, Contact], bool]
    among_all: bool = False


def _decided(
    key: _Key,
    rows: Sequence[Named],
    contacts: Sequence[Contact],
    pool: _Everyone | None = None,
) -> Iterator[tuple[Named, Contact]]:
    """The pairs that this key decides; it must be unique among the pool, or among what is left."""
    pool_rows, pool_contacts = pool or _Everyone(rows, contacts)
    by_value: dict[Hashable, list[Contact]] = defaultdict(list)
    for contact in pool_contacts:
        for value in key.of_contact(contact):
            by_value[value].append(contact)
    fits: dict[int, dict[str, Contact]] = {}
    wanted: dict[str, int] = defaultdict(int)
    for row in pool_rows:
        found = {
            contact.uid: contact
            for value in key.of_row(row.person)
            for contact in by_value.get(value, ())
            if key.agrees(row.person, contact)
        }
        fits[row.number] = found
        for uid in found:
            wanted[uid] += 1
    free = {contact.uid for contact in contacts}
    for row in rows:
        found = fits[row.number]
        if len(found) == 1:
            ((uid, contact),) = found.items()
            if wanted[uid] == 1 and uid in free:
                yield row, contact


def _slugs(person: Person) -> Iterable[Hashable]:
    slug = text.slug(person.url)
    return (slug,) if slug else ()


def _name_and_date(person: Person) -> Iterable[Hashable]:
    name = text.key(person.name)
    return ((name, person.connected_on),) if name and person.connected_on else ()


def _name_and_near_date(person: Person) -> Iterable[Hashable]:
    """Name with the date, the day before and the day after."""
    if not (person.name and person.connected_on):
        return ()
    name = text.key(person.name)
    day = date.fromisoformat(person.connected_on)
    return [(name, (day + timedelta(n)).isoformat()) for n in (-1, 0, 1)]


def _date_and_work(person: Person) -> Iterable[Hashable]:
    """The date with company, and the date with position."""
    if not person.connected_on:
        return ()
    work = (("company", person.company), ("position", person.position))
    return [(person.connected_on, what, text.key(value)) for what, value in work if value]


def _name_alone(person: Person) -> Iterable[Hashable]:
    name = text.key(person.name)
    return (name,) if name else ()


def _same_name(row: Person, contact: Contact) -> bool:
    names = {text.key(contact.person.name), text.key(contact.shown.name)}
    return bool(row.name) and text.key(row.name) in names


def _same_date(row: Person, contact: Contact) -> bool:
    return bool(row.connected_on) and row.connected_on == contact.person.connected_on


def _name_or_date(row: Person, contact: Contact) -> bool:
    return _same_date(row, contact) or _same_name(row, contact)


def _name_or_date_or_untold(row: Person, contact: Contact) -> bool:
    """As `_name_or_date`; a row or card that has neither can't disagree."""
    untold = not (row.name or row.connected_on)
    return untold or not contact.person.name or _name_or_date(row, contact)


def _one_lacks_url(row: Person, contact: Contact) -> bool:
    """Lists that wrote times of day, from which days can be off by one, had no addresses."""
    return not (row.url and contact.person.url)


def _partly_same_name(row: Person, contact: Contact) -> bool:
    return bool(set(text.key(row.name).split()) & set(text.key(contact.person.name).split()))


def _one_has_name_only(row: Person, contact: Contact) -> bool:
    """One of the two comes from a list that knew neither date nor address."""
    known = contact.person
    return not (row.url or row.connected_on) or not (known.url or known.connected_on)


def _contact(of: Callable[[Person], Iterable[Hashable]]) -> Callable[[Contact], Iterable[Hashable]]:
    return lambda contact: of(contact.person)


_KEYS = (
    _Key("profile", _slugs, _contact(_slugs), _name_or_date_or_untold),
    _Key("name and date", _name_and_date, _contact(_name_and_date), lambda *_: True),
    _Key("name and date", _name_and_near_date, _contact(_name_and_date), _one_lacks_url),
    _Key(
        "former profile",
        _slugs,
        lambda contact: [text.slug(url) for url in contact.former_urls],
        _name_or_date,
    ),
    _Key(
        "e-mail",
        lambda person: [email.lower() for email in person.emails],
        lambda contact: {e.lower() for e in (*contact.person.emails, *contact.shown.emails)},
        _name_or_date,
    ),
    _Key("date and work", _date_and_work, _contact(_date_and_work), _partly_same_name),
    _Key("name", _name_alone, _contact(_name_alone), _one_has_name_only, among_all=True),
)


def _doubts(rows: Sequence[Named], contacts: Sequence[Contact]) -> list[Doubt]:
    """The rows left that share something strong with a contact left: a doubt for each."""
    if not rows or not contacts:
        return []
    looks = (
        ("has the profile of", _slugs, _contact(_slugs)),
        ("has the name and date of", _name_and_date, _contact(_name_and_date)),
        ("has a former profile of", _slugs, _KEYS[3].of_contact),
        ("has the e-mail of", _KEYS[4].of_row, _KEYS[4].of_contact),
        ("has the name of", _name_only, _contact(_name_alone)),
        ("has the name of", _name_alone, _contact(_name_only)),
    )
    found: list[Doubt] = []
    tables = []
    for words, of_row, of_contact in looks:
        table: dict[Hashable, list[str]] = defaultdict(list)
        for contact in contacts:
            for value in of_contact(contact):
                table[value].append(contact.uid)
        tables.append((words, of_row, table))
    for row in rows:
        for words, of_row, table in tables:
            uids = sorted({u for value in of_row(row.person) for u in table.get(value, ())})
            if uids:
                found.append(Doubt(row.number, _reason(words, len(uids)), tuple(uids)))
                break
    return found


def _name_only(person: Person) -> Iterable[Hashable]:
    """The name of someone of whom no date and no address is known."""
    return () if person.url or person.connected_on else _name_alone(person)


def _reason(words: str, candidates: int) -> str:
    if candidates == 1:
        return f"it {words} someone known, but something else contradicts or is not unique"
    return f"it {words} {candidates} people; nothing tells which"
