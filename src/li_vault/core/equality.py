"""Rows that repeat one another, and rows that say exactly what is known of a contact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import is_, itemgetter
from typing import NamedTuple

from li_vault.core import likeness, text
from li_vault.core.model import FIELDS, Contact, Coverage, Person, Roster, Row

_NOBODY = Person()


class Gathered(NamedTuple):
    """The rows of a list, each person once.

    Attributes:
        unique: The first of equal rows, by what it says.
        repeated: The other rows of those equal ones.
        sparser: Rows with the slug, name and date of a fuller row.
    """

    unique: Mapping[Person, Row]
    repeated: Mapping[Person, Sequence[Row]]
    sparser: Sequence[Row]


class Equals(NamedTuple):
    """The rows that say what is known, with their contacts; and who is left on both sides."""

    pairs: list[tuple[Row, Contact]]
    rows: list[Row]
    contacts: list[Contact]


def at_once(roster: Roster, rows: Sequence[Row]) -> Equals:
    """Pair the rows that say word for word what the contact with the same profile says.

    That is nearly everyone of a usual list, found without comparing all with all. It decides only
    where each address stands in one row and on one present contact: whoever else says the same
    would have the same address. Who is left is not looked at here.
    """
    addresses = [row[1].url for row in rows]
    listed = list(filter(None, addresses))
    by_address = {contact.person.url: contact for contact in roster.present}
    known = len(roster.present)
    if "" in by_address:
        del by_address[""]
        known = sum(bool(contact.person.url) for contact in roster.present)
    if len(set(map(str.lower, listed))) < len(listed) or len(by_address) < known:
        return Equals([], list(rows), list(roster))
    found: list[tuple[Row, Contact]] = []
    left: list[Row] = []
    for row, contact in zip(rows, map(by_address.get, addresses), strict=True):
        if contact is not None and contact[2] == row[1]:
            found.append((row, contact))
        else:
            left.append(row)
    matched = {contact.uid for _, contact in found}
    return Equals(found, left, [contact for contact in roster if contact.uid not in matched])


def gather(rows: Iterable[Row]) -> Gathered:
    """Set aside rows that repeat another: in everything, or with the same slug, name and date."""
    named = list(rows)
    unique = {row.person: row for row in reversed(named)}  # the first of equal rows counts
    repeated: dict[Person, list[Row]] = {}
    if len(unique) < len(named):
        for row in named:
            if unique[row.person] is not row:
                repeated.setdefault(row.person, []).append(row)
    sparser: list[Row] = []
    slugs: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    urls = [row.person.url for row in unique.values() if row.person.url]
    if len(set(map(str.lower, urls))) != len(urls):
        for row in unique.values():
            slug = text.slug(row.person.url)
            if slug:
                slugs[slug, text.key(row.person.name), row.person.connected_on].append(row)
    for same in slugs.values():
        fullest = max(same, key=lambda row: (sum(map(bool, row.person)), row.person))
        sparser += [row for row in same if row is not fullest]
    for row in sparser:
        del unique[row.person]
    return Gathered(unique, repeated, sparser)


def pairs(roster: Roster, gathered: Gathered, coverage: Coverage) -> Equals:
    """Pair the rows that say in every covered field what a contact says.

    Equal rows are one person and its duplicates, unless so many people of whom just this is known
    are in the newest list: these were told apart once, and there is a row for each.
    """
    found: list[tuple[Row, Contact]] = []
    left = list(gathered.unique.values())
    said = _in_words_of(coverage, list(gathered.unique))
    unclear = set() if all(map(is_, said, gathered.unique)) else _several(said)
    # Who is in the newest list comes before who is not: else a row that was once taken for a
    # person of its own, beside someone former of whom the same is known, would be so every time.
    for contacts in (roster.present, roster.former):
        known = _in_words_of(coverage, [contact.person for contact in contacts])
        by_facts = dict(zip(known, contacts, strict=True))
        shared = _sharing(known, contacts) if len(by_facts) < len(known) else {}
        settled = _Settled(said, known) if contacts is roster.present else None
        rows, facts_of, left, said = left, said, [], []
        for row, facts, one in zip(rows, facts_of, map(by_facts.get, facts_of), strict=True):
            if one is None or (unclear and facts in unclear):
                pass
            elif shared and facts in shared:
                same = [row, *gathered.repeated.get(row.person, ())]
                is_clear = settled is not None or _tells_apart(facts)
                if is_clear and len(same) >= len(shared[facts]):
                    found += zip(same, shared[facts], strict=False)
                    continue
            elif _tells_apart(facts) or (settled is not None and settled.has(facts)):
                found.append((row, one))
                continue
            left.append(row)
            said.append(facts)
    if len(found) == len(roster):
        return Equals(found, left, [])
    matched = {contact.uid for _, contact in found}
    return Equals(found, left, [contact for contact in roster if contact.uid not in matched])


class _Settled:
    """Names of which list and vault say the same: of all who have it, the same facts.

    Then a row that says no more than the name can be nobody but the contact who is known by no
    more. Counted once somebody asks.
    """

    def __init__(self, said: Sequence[Person], known: Sequence[Person]) -> None:
        self._sides = said, known
        self._names: frozenset[str] | None = None

    def has(self, person: Person) -> bool:
        """Whether this person's name is such a one."""
        if self._names is None:
            listed, known = map(_by_name, self._sides)
            self._names = frozenset(name for name in listed if listed[name] == known.get(name))
        names = likeness.names(person)
        return bool(names) and names <= self._names


def _by_name(people: Sequence[Person]) -> dict[str, set[Person]]:
    found: dict[str, set[Person]] = defaultdict(set)
    for person in people:
        for name in likeness.names(person):
            found[name].add(person)
    return found


def _several(people: Sequence[Person]) -> set[Person]:
    """Those that occur more than once."""
    if len(set(people)) == len(people):
        return set()
    return {one for one, times in Counter(people).items() if times > 1}


def _sharing(known: Sequence[Person], contacts: Sequence[Contact]) -> dict[Person, list[Contact]]:
    """The contacts of whom the same is known, by what that is, in the order of their UIDs."""
    several = _several(known)
    sharing: dict[Person, list[Contact]] = defaultdict(list)
    for facts, contact in zip(known, contacts, strict=True):
        if facts in several:
            sharing[facts].append(contact)
    for alike in sharing.values():
        alike.sort(key=lambda contact: contact.uid)
    return sharing


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


def _tells_apart(person: Person) -> bool:
    """Whether it says enough to be someone: a slug, e-mail, phone, or a name and one thing more."""
    if person.first_name and person.connected_on:
        return True
    named = person.first_name or person.last_name or person.full_name
    more = person.connected_on or person.company or person.position
    return bool((named and more) or person.emails or person.phones or text.slug(person.url))
