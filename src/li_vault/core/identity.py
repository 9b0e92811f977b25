"""Which row of a list is which contact.

Rows equal to a card in everything come first. What is left is compared by named keys, strongest
first, each round on what the rounds before left over. A key decides only if exactly one row and
one contact have it and nothing contradicts; two people are never merged by guess. What a key could
not decide comes out as a doubt with its candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from li_vault.core import equality, keys, likeness
from li_vault.core.keys import Key
from li_vault.core.model import Contact, Coverage, Person, Roster, Row


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
    once_near: bool = False,
) -> Matching:
    """Find out which row is which contact of the roster.

    The outcome does not depend on the order of the rows.

    Args:
        roster: Everyone who is known.
        rows: The rows that name a person, with their numbers.
        coverage: What the list can speak of.
        near_days: Whether this list or the one before wrote times of day, from which days can be
            off by one. A name then has to be unique within those three days.
        once_near: Whether any list before wrote times. Who left in that era, and comes back
            when it is over, can be off by a day as well.
    """
    named = list(rows)
    at_once = equality.at_once(roster, named)
    gathered = equality.gather(at_once.rows)
    others = Roster.of(at_once.contacts) if at_once.pairs else roster
    equal, left_rows, left_contacts = equality.pairs(others, gathered, coverage)
    equal = at_once.pairs + equal
    known_rows = [row for row, _ in at_once.pairs]
    everyone = _Side([*known_rows, *gathered.unique.values()], list(roster))
    known: list[tuple[Row, Contact]] = []
    rounds = keys.rounds(near_days=near_days, once_near=once_near)
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
    doubts = [Doubt(row.number, listed_twice, ()) for row in gathered.sparser]
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
    """Everyone who has a date of one of these pairs."""
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
    unsure = [p for p in pairs if p[1].is_former and not likeness.more_agrees(p[0].person, p[1])]
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
    return likeness.same_name(row, contact) or likeness.is_name_with_additions(row, contact)


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
    sure = likeness.name_and_date_agree
    unsure = [pair for pair in pairs if not sure(pair[0].person, pair[1])]
    if not unsure:
        yield from pairs
        return
    values = likeness.name_and_near_date if near_days else likeness.name_and_date
    known = _by_value(likeness.contacts(likeness.name_and_date), left.contacts)
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
            for value in likeness.name_and_date(contact.person)
        )
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


def _doubts(rounds: Sequence[Key], rows: Sequence[Row], contacts: Sequence[Contact]) -> list[Doubt]:
    """The rows left that share a key with contacts left: a doubt for each, by its strongest key."""
    if not rows or not contacts:
        return []
    found: dict[int, Doubt] = {}
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
                found[row.number] = Doubt(row.number, reason, tuple(sorted(candidates)))
    return list(found.values())


def _reason(words: str, candidates: int) -> str:
    if candidates == 1:
        return f"it {words} someone known, but something else contradicts or is not unique"
    return f"it {words} {candidates} people; nothing tells which"
