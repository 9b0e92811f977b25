"""Which row is which contact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import is_, itemgetter
from typing import NamedTuple

from li_vault.core import text
from li_vault.core.matching import evidence
from li_vault.core.matching.evidence import Key
from li_vault.core.model import FIELDS, Contact, Coverage, Person, Roster, Row


class Ambiguity(NamedTuple):
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
    """

    equal: tuple[tuple[Row, Contact], ...]
    known: tuple[tuple[Row, Contact], ...]
    new: tuple[Row, ...]
    duplicates: int
    doubts: tuple[Ambiguity, ...]


def match_rows(
    roster: Roster,
    rows: Iterable[Row],
    coverage: Coverage,
    *,
    near_days: bool = False,
    once_near: bool = False,
) -> Matching:
    """Find out which row is which contact of the roster.

    The outcome does not depend on the order of the rows.

    Args:
        near_days: Whether this list or the one before wrote times of day, from which days can be
            off by one. A name then has to be unique within those three days.
        once_near: Whether any list before wrote times. Who left in that era, and comes back
            when it is over, can be off by a day as well.
    """
    named = list(rows)
    gathered = deduplicate(named)
    equal, left_rows, left_contacts = match_equal(roster, gathered, coverage)
    everyone = _Side(list(gathered.unique.values()), list(roster))
    known: list[tuple[Row, Contact]] = []
    rounds = evidence.key_rounds(near_days=near_days, once_near=once_near)
    for key in rounds:
        if not left_rows or not left_contacts:
            break
        left = _Side(left_rows, left_contacts)
        found = list(_decided(key, left, left, near_days=near_days))
        if found and key.among_all:
            pool = _of_their_days(found, everyone) if key.of_a_day else everyone
            found = list(_decided(key, left, pool, near_days=near_days))
        if key.wary:
            found = _without_namesakes(found, everyone)
        known += found
        taken_rows = {row.number for row, _ in found}
        taken = {contact.uid for _, contact in found}
        left_rows = [row for row in left_rows if row.number not in taken_rows]
        left_contacts = [contact for contact in left_contacts if contact.uid not in taken]
    listed_twice = "the same person is listed twice; the fuller row is recorded"
    doubts = [Ambiguity(row.number, listed_twice, ()) for row in gathered.sparser]
    doubts += _doubts(rounds, left_rows, left_contacts)
    return Matching(
        equal=tuple(equal),
        known=tuple(known),
        new=tuple(sorted(left_rows, key=itemgetter(1))),
        duplicates=len(named) - len(equal) - len(known) - len(left_rows),
        doubts=tuple(sorted(doubts)),
    )


class _Side(NamedTuple):
    """Rows and contacts that are compared: what is left of both, or everyone."""

    rows: Sequence[Row]
    contacts: Sequence[Contact]


def _of_their_days(pairs: Sequence[tuple[Row, Contact]], everyone: _Side) -> _Side:
    days = {row.person.connected_on for row, _ in pairs}
    days |= {contact.person.connected_on for _, contact in pairs}
    return _Side(
        [row for row in everyone.rows if row.person.connected_on in days],
        [contact for contact in everyone.contacts if contact.person.connected_on in days],
    )


def _without_namesakes(
    pairs: list[tuple[Row, Contact]], everyone: _Side
) -> list[tuple[Row, Contact]]:
    """The pairs without those of someone who left and may be a namesake of the same date.

    Whoever stays in the list is told apart by who else is in it. Of two namesakes one of whom
    left, the one who comes back may be either, or somebody never seen, unless more agrees.
    """
    unsure = [p for p in pairs if p[1].is_former and not evidence.more_agrees(p[0].person, p[1])]
    if not unsure:
        return pairs
    near = _of_their_days(unsure, everyone)
    namesakes = {
        row.number
        for row, contact in unsure
        if any(c.uid != contact.uid and _alike(row.person, c) for c in near.contacts)
        or any(r.number != row.number and _alike(r.person, contact) for r in near.rows)
    }
    return [pair for pair in pairs if pair[0].number not in namesakes]


def _alike(row: Person, contact: Contact) -> bool:
    """Whether they have one date, and one name but for additions."""
    if row.connected_on != contact.person.connected_on:
        return False
    return evidence.same_name(row, contact) or evidence.is_name_with_additions(row, contact)


def _decided(
    key: Key, left: _Side, pool: _Side, *, near_days: bool
) -> Iterator[tuple[Row, Contact]]:
    """The pairs of those left that this key decides; it must be unique among the pool."""
    by_value = _by_value(key.of_contact, pool.contacts)
    fits: dict[int, dict[str, Contact]] = defaultdict(dict)
    wanted: dict[str, int] = defaultdict(int)
    for row in pool.rows:
        found = {
            contact.uid: contact
            for value in key.of_row(row.person)
            for contact in by_value.get(value, ())
            if key.agrees(row.person, contact)
        }
        fits[row.number] = found
        for uid in found:
            wanted[uid] += 1
    free = {contact.uid for contact in left.contacts}
    pairs = []
    for row in left.rows:
        found = fits[row.number]
        if len(found) == 1:
            ((uid, contact),) = found.items()
            if wanted[uid] == 1 and uid in free:
                pairs.append((row, contact))
    yield from _not_contradicted(pairs, left, near_days=near_days)


def _not_contradicted(
    pairs: Sequence[tuple[Row, Contact]], left: _Side, *, near_days: bool
) -> Iterator[tuple[Row, Contact]]:
    """The pairs without those where name and date point to someone else.

    Profiles and addresses are given up and taken by others; name and date are not.
    """
    sure = evidence.name_and_date_agree
    unsure = [pair for pair in pairs if not sure(pair[0].person, pair[1])]
    if not unsure:
        yield from pairs
        return
    values = evidence.name_and_near_date if near_days else evidence.name_and_date
    known = _by_value(evidence.contact_values(evidence.name_and_date), left.contacts)
    listed: dict[Hashable, set[int]] = defaultdict(set)
    for row in left.rows:
        for value in values(row.person):
            listed[value].add(row.number)
    against = {
        row.number
        for row, contact in unsure
        if any(c is not contact for v in values(row.person) for c in known.get(v, ()))
        or any(
            listed.get(value, set()) - {row.number}
            for value in evidence.name_and_date(contact.person)
        )
    }
    yield from (pair for pair in pairs if pair[0].number not in against)


def _by_value(
    of: Callable[[Contact], Iterable[Hashable]], contacts: Iterable[Contact]
) -> dict[Hashable, list[Contact]]:
    table: dict[Hashable, list[Contact]] = defaultdict(list)
    for contact in contacts:
        for value in of(contact):
            table[value].append(contact)
    return table


def _doubts(
    rounds: Sequence[Key], rows: Sequence[Row], contacts: Sequence[Contact]
) -> list[Ambiguity]:
    """The rows left that share a key with contacts left: a doubt for each, by its strongest key."""
    if not rows or not contacts:
        return []
    found: dict[int, Ambiguity] = {}
    for key in rounds:
        suspects = key.suspects or key.agrees
        table = _by_value(key.of_contact, contacts)
        for row in rows:
            if row.number in found:
                continue
            candidates = {
                contact.uid
                for value in key.of_row(row.person)
                for contact in table.get(value, ())
                if suspects(row.person, contact)
            }
            if candidates:
                reason = _reason(key.words, len(candidates))
                found[row.number] = Ambiguity(row.number, reason, tuple(sorted(candidates)))
    return list(found.values())


def _reason(words: str, candidates: int) -> str:
    if candidates == 1:
        return f"it {words} someone known, but something else contradicts or is not unique"
    return f"it {words} {candidates} people; nothing tells which"


_NOBODY = Person()


class Gathered(NamedTuple):
    """The rows of a list, each person once."""

    unique: Mapping[Person, Row]
    repeated: Mapping[Person, Sequence[Row]]
    sparser: Sequence[Row]


class Equals(NamedTuple):
    """The rows that say what is known, with their contacts; and who is left on both sides."""

    pairs: list[tuple[Row, Contact]]
    rows: list[Row]
    contacts: list[Contact]


def deduplicate(rows: Iterable[Row]) -> Gathered:
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
            slug = text.profile_slug(row.person.url)
            if slug:
                slugs[slug, text.name_key(row.person.name), row.person.connected_on].append(row)
    for same in slugs.values():
        fullest = max(same, key=lambda row: (sum(map(bool, row.person)), row.person))
        sparser += [row for row in same if row is not fullest]
    for row in sparser:
        del unique[row.person]
    return Gathered(unique, repeated, sparser)


def match_equal(roster: Roster, gathered: Gathered, coverage: Coverage) -> Equals:
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
        names = evidence.name_keys(person)
        return bool(names) and names <= self._names


def _by_name(people: Sequence[Person]) -> dict[str, set[Person]]:
    found: dict[str, set[Person]] = defaultdict(set)
    for person in people:
        for name in evidence.name_keys(person):
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
    return bool((named and more) or person.emails or person.phones or text.profile_slug(person.url))
