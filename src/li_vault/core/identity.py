"""Which row of a list is which contact.

Rows equal to a card in everything come first. What is left is compared by named keys, strongest
first, each round on what the rounds before left over. A key decides only if exactly one row and
one contact have it and nothing contradicts; two people are never merged by guess. What a key could
not decide comes out as a doubt with its candidates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import is_, itemgetter
from typing import NamedTuple

from li_vault.core import keys, likeness, text
from li_vault.core.keys import Key
from li_vault.core.model import FIELDS, Contact, Coverage, Person, Roster, Row


class Doubt(NamedTuple):
    """A row that might be someone known and was not taken for them."""

    number: int
    reason: str
    candidates: tuple[str, ...]


class Matching(NamedTuple):
    """Which row is who.

    Attributes:
        equal: Rows that say exactly what is known, with their contacts.
        known: Other rows of people who are known, with their contacts.
        new: Rows of people who are not known, sorted by what they say.
        duplicates: Number of rows that repeat another row.
        doubts: What could not be decided, by row number.
    """

    equal: tuple[tuple[Row, Contact], ...]
    known: tuple[tuple[Row, Contact], ...]
    new: tuple[Row, ...]
    duplicates: int
    doubts: tuple[Doubt, ...]


def match(
    roster: Roster,
    rows: Iterable[Row],
    coverage: Coverage,
    *,
    near_days: bool = False,
) -> Matching:
    """Find out which row is which contact of the roster.

    The outcome does not depend on the order of the rows.

    Args:
        roster: Everyone who is known.
        rows: The rows that name a person, with their numbers.
        coverage: What the list can speak of.
        near_days: Whether this list or the one before wrote times of day, from which days can be
            off by one. A name then has to be unique within those three days.
    """
    unique, duplicates, doubts = _gather(rows)
    equal, left_rows, left_contacts = _equal(roster, unique, coverage)
    everyone = _Everyone(list(unique.values()), list(roster))
    known: list[tuple[Row, Contact]] = []
    passed_over = keys.EXACT_DAY if near_days else keys.NEAR_DAY
    for key in keys.KEYS:
        if not left_rows or not left_contacts:
            break
        if key.words == passed_over:
            continue
        pairs = list(_decided(key, left_rows, left_contacts))
        if pairs and key.among_all:
            pairs = list(_decided(key, left_rows, left_contacts, everyone))
        known += pairs
        taken_rows = {row.number for row, _ in pairs}
        taken = {contact.uid for _, contact in pairs}
        left_rows = [row for row in left_rows if row.number not in taken_rows]
        left_contacts = [contact for contact in left_contacts if contact.uid not in taken]
    doubts += _doubts(left_rows, left_contacts, passed_over)
    return Matching(
        equal=tuple(equal),
        known=tuple(known),
        new=tuple(sorted(left_rows, key=itemgetter(1))),
        duplicates=duplicates,
        doubts=tuple(sorted(doubts)),
    )


def _gather(
    rows: Iterable[Row],
) -> tuple[dict[Person, Row], int, list[Doubt]]:
    """Set aside rows that repeat another: in everything, or with the same slug, name and date."""
    named = list(rows)
    unique = {row.person: row for row in reversed(named)}  # the first of equal rows counts
    doubts: list[Doubt] = []
    slugs: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    urls = [row.person.url for row in unique.values() if row.person.url]
    if len(set(map(str.lower, urls))) != len(urls):
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
    return unique, len(named) - len(unique), doubts


def _equal(
    roster: Roster, unique: Mapping[Person, Row], coverage: Coverage
) -> tuple[list[tuple[Row, Contact]], list[Row], list[Contact]]:
    """Pair the rows that say in every covered field what exactly one contact says."""
    equal: list[tuple[Row, Contact]] = []
    left = list(unique.values())
    said = _in_words_of(coverage, list(unique))
    unclear_rows = set() if all(map(is_, said, unique)) else _repeated(said)
    # Who is in the newest list comes before who is not: else a row that was once taken for a
    # person of its own, beside someone former of whom the same is known, would be so every time.
    for contacts in (roster.present, roster.former):
        known = _in_words_of(coverage, [contact.person for contact in contacts])
        by_facts = dict(zip(known, contacts, strict=True))
        unclear = unclear_rows | (_repeated(known) if len(by_facts) < len(known) else set())
        rows, facts_of, left, said = left, said, [], []
        for row, facts, found in zip(rows, facts_of, map(by_facts.get, facts_of), strict=True):
            if found is None or (unclear and facts in unclear) or not _tells_apart(facts):
                left.append(row)
                said.append(facts)
            else:
                equal.append((row, found))
    if len(equal) == len(roster):
        return equal, left, []
    matched = {contact.uid for _, contact in equal}
    return equal, left, [contact for contact in roster if contact.uid not in matched]


def _repeated(people: Sequence[Person]) -> set[Person]:
    """Those that occur more than once."""
    if len(set(people)) == len(people):
        return set()
    return {one for one, times in Counter(people).items() if times > 1}


def _in_words_of(coverage: Coverage, people: list[Person]) -> list[Person]:
    """What a list with this coverage would say of these people."""
    columns = coverage.columns
    silent = {field: getattr(_NOBODY, field) for field in FIELDS - coverage.fields}
    beyond = itemgetter(*(n for n, f in enumerate(Person._fields) if f not in coverage.fields))
    nothing = beyond(_NOBODY)
    return [
        person
        if beyond(person) == nothing
        else person._replace(**silent, extra=tuple(p for p in person.extra if p[0] in columns))
        for person in people
    ]


_NOBODY = Person()


def _tells_apart(person: Person) -> bool:
    """Whether a row says enough to be someone: a slug, an e-mail, or a name and one thing more."""
    if person.first_name and person.connected_on:
        return True
    named = person.first_name or person.last_name or person.full_name
    more = person.connected_on or person.company or person.position or person.phones
    return bool((named and more) or person.emails or text.slug(person.url))


class _Everyone(NamedTuple):
    """Both sides whole, for the key that must be unique among all and not only what is left."""

    rows: Sequence[Row]
    contacts: Sequence[Contact]


def _decided(
    key: Key,
    rows: Sequence[Row],
    contacts: Sequence[Contact],
    pool: _Everyone | None = None,
) -> Iterator[tuple[Row, Contact]]:
    """The pairs that this key decides; it must be unique among the pool, or among what is left."""
    pool_rows, pool_contacts = pool or _Everyone(rows, contacts)
    by_value = _by_value(key.of_contact, pool_contacts)
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
    pairs = []
    for row in rows:
        found = fits[row.number]
        if len(found) == 1:
            ((uid, contact),) = found.items()
            if wanted[uid] == 1 and uid in free:
                pairs.append((row, contact))
    yield from _not_contradicted(pairs, rows, contacts)


def _not_contradicted(
    pairs: Sequence[tuple[Row, Contact]], rows: Sequence[Row], contacts: Sequence[Contact]
) -> Iterator[tuple[Row, Contact]]:
    """The pairs without those where name and date point to someone else.

    Profiles and addresses are given up and taken by others; name and date are not.
    """
    unsure = [pair for pair in pairs if not likeness.name_and_date_agree(pair[0].person, pair[1])]
    if not unsure:
        yield from pairs
        return
    known = _by_value(likeness.contacts(likeness.name_and_date), contacts)
    listed = Counter(value for row in rows for value in likeness.name_and_date(row.person))
    against = {
        row.number
        for row, contact in unsure
        if any(value in known for value in likeness.name_and_date(row.person))
        or any(value in listed for value in likeness.name_and_date(contact.person))
    }
    yield from (pair for pair in pairs if pair[0].number not in against)


def _by_value(
    of: Callable[[Contact], Iterable[Hashable]], contacts: Iterable[Contact]
) -> dict[Hashable, list[Contact]]:
    """Contacts by each of the values that they are looked up by."""
    table: dict[Hashable, list[Contact]] = defaultdict(list)
    for contact in contacts:
        for value in of(contact):
            table[value].append(contact)
    return table


def _doubts(rows: Sequence[Row], contacts: Sequence[Contact], passed_over: str) -> list[Doubt]:
    """The rows left that share a key with contacts left: a doubt for each, by its strongest key."""
    if not rows or not contacts:
        return []
    found: dict[int, Doubt] = {}
    for key in keys.KEYS:
        if key.words == passed_over:
            continue
        table = _by_value(key.of_contact, contacts)
        for row in rows:
            if row.number in found:
                continue
            candidates = {
                contact.uid
                for value in key.of_row(row.person)
                for contact in table.get(value, ())
                if key.suspicious or key.agrees(row.person, contact)
            }
            if candidates:
                reason = _reason(key.words, len(candidates))
                found[row.number] = Doubt(row.number, reason, tuple(sorted(candidates)))
    return list(found.values())


def _reason(words: str, candidates: int) -> str:
    if candidates == 1:
        return f"it {words} someone known, but something else contradicts or is not unique"
    return f"it {words} {candidates} people; nothing tells which"
