"""Who is two in a history that was brought together, and one to the machine that saw more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from li_vault.core import identity
from li_vault.core.model import FIELDS, Contact, Coverage, Roster, Row


class Pair(NamedTuple):
    """Two contacts of the new history that are one person."""

    known: Contact
    stranger: Contact


def pairs(now: Roster, ours: Roster) -> Iterator[Pair]:
    """The contacts that this machine would have known, had it read what the other one read.

    The other machine did not see a month between in which name or address changed alone, and made
    somebody new of a person who has both anew. What they are called now is matched with everyone
    whom this machine knows, by the keys of any list; two of the newest list are never one.

    Args:
        now: Everyone in the new history.
        ours: Everyone as this machine had them.
    """
    familiar = ours.contacts.keys() | {alias.uid for one in ours for alias in one.aliases}
    strangers = [one for one in now if one.uid not in familiar]
    if not strangers:
        return
    asked = [*now.present, *(one for one in strangers if one.is_former)]
    columns = frozenset(column for one in asked for column, _ in one.person.extra)
    rows = [Row(number, one.person) for number, one in enumerate(asked)]
    matching = identity.match(ours, rows, Coverage(FIELDS, columns))
    new = {one.uid for one in strangers}
    for row, contact in (*matching.equal, *matching.known):
        stranger, known = asked[row.number], now.contacts.get(contact.uid)
        if stranger.uid not in new or known is None:
            continue
        if known.is_former or stranger.is_former:
            yield Pair(known, stranger)
