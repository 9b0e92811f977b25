"""What was done to a card by hand, done again to the same person in another vault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from li_vault.core import identity
from li_vault.core.model import FIELDS, Contact, Coverage, Person, Roster, Row


def carry(contact: Contact, before: Contact, after: Contact) -> Contact:
    """The contact, edited as somebody edited `before` into `after`.

    Only what differs between these two is carried over: lines of the user's own that came and
    went, values that were corrected, and a card that was moved into the other folder.
    """
    if (contact.person, contact.shown, contact.own) == (before.person, before.shown, before.own):
        edited = contact._replace(shown=after.shown, own=after.own)
    else:
        shown = _corrected(contact.shown, before.shown, after.shown)
        edited = contact._replace(shown=shown, own=_lines(contact.own, before.own, after.own))
    if after.folder != before.folder:
        edited = edited._replace(path=f"{after.folder}/{contact.file}")
    return edited


def enriched(contact: Contact, before: Contact, after: Contact) -> Contact:
    """The contact with what a list that only adds gave to `before`, where it has not got it."""
    phones = [one for one in after.person.phones if one not in before.person.phones]
    columns = dict(before.person.extra)
    extra = {column: value for column, value in after.person.extra if column not in columns}
    own = tuple(one for one in after.own if one not in (*before.own, *contact.own))

    def add(person: Person) -> Person:
        more = tuple(one for one in phones if one not in person.phones)
        whole = tuple(sorted({**extra, **dict(person.extra)}.items()))
        return person._replace(phones=(*person.phones, *more), extra=whole)

    said = add(contact.person)
    shown = said if contact.shown == contact.person else add(contact.shown)
    return contact._replace(person=said, shown=shown, own=(*contact.own, *own))


def _lines(
    now: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[str, ...]:
    gone = Counter(before) - Counter(after)
    kept = []
    for line in now:
        if gone[line]:
            gone[line] -= 1
        else:
            kept.append(line)
    come = Counter(after) - Counter(before) - (Counter(kept) - Counter(before))
    for line in after:
        if come[line]:
            come[line] -= 1
            kept.append(line)
    return tuple(kept)


def _corrected(now: Person, before: Person, after: Person) -> Person:
    changes: dict[str, Any] = {}
    for field in FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        mine = getattr(now, field)
        is_list = field in ("emails", "phones")
        changes[field] = _lines(mine, old, new) if is_list and mine != old else new
    old, new = dict(before.extra), dict(after.extra)
    if old != new:
        extra = dict(now.extra)
        for column in old.keys() | new.keys():
            if old.get(column) != new.get(column):
                extra[column] = new.get(column, "")
        changes["extra"] = tuple(sorted((c, v) for c, v in extra.items() if v))
    return now._replace(**changes)


def whereabouts(
    roster: Roster,
    wanted: Iterable[Contact],
    everyone: Callable[[], Roster],
    *,
    is_kin: bool = False,
) -> dict[str, Contact]:
    """Who of a roster each of these contacts of another vault is, by their UID there.

    The UID is made of what was known at first sight, so it can differ where an older export
    shows somebody earlier: the facts decide. Where both vaults began as one, a contact that
    `same` took in is who took it in. Who can't be found for sure is left out.

    Args:
        roster: The people of this vault.
        wanted: The contacts of the other vault.
        everyone: All people of that vault at that time; asked only if it must be.
        is_kin: Whether both vaults began as one, so that a UID is the same person in both.
    """
    found: dict[str, Contact] = {}
    left: list[Contact] = []
    taken_in = {alias.uid: one for one in roster for alias in one.aliases} if is_kin else {}
    for contact in wanted:
        same = roster.contacts.get(contact.uid) or taken_in.get(contact.uid)
        if same is not None and (is_kin or same.person == contact.person):
            found[contact.uid] = same
        else:
            left.append(contact)
    if not left:
        return found
    there = everyone()
    matched = _matched(roster, there)
    taken = {contact.uid for contact in found.values()}
    for contact in left:
        same = matched.get(contact.uid)
        if same is not None and same.uid not in taken:
            found[contact.uid] = same
            taken.add(same.uid)
    return found


def _matched(roster: Roster, there: Roster) -> Mapping[str, Contact]:
    """The contacts of this roster by the UIDs of those of the other: equal facts, then by keys."""
    people = list(there)
    columns = frozenset(column for one in people for column, _ in one.person.extra)
    rows = [Row(number, one.person) for number, one in enumerate(people)]
    matching = identity.match(roster, rows, Coverage(FIELDS, columns))
    return {people[row.number].uid: contact for row, contact in (*matching.equal, *matching.known)}
