"""Two contacts made one, and one made two."""

from __future__ import annotations

from typing import NamedTuple

from li_vault.core import text
from li_vault.core.model import FORMER, Contact, Person, Roster
from li_vault.core.planning import plan


class PartedContact(NamedTuple):
    """What became of one contact that was two people."""

    roster: Roster
    stays: Contact
    other: Contact


def facts_carrier(keeper: Contact, other: Contact) -> Contact:
    """Whose facts hold for both: who is in the newest list; else `other`, who was seen later."""
    return keeper if other.is_former and not keeper.is_former else other


def join_contacts(keeper: Contact, other: Contact) -> Contact:
    """The one contact that two are: UID and file of the keeper, the facts of the `facts_carrier`.

    Phones and columns that only one side has are kept, as a list that can't speak of them would
    keep them; so are the user's lines, without repeats, and corrections of both, those of the
    carrier first.
    """
    holds = facts_carrier(keeper, other)
    rest = other if holds is keeper else keeper
    said = _filled(holds.person, rest.person)
    shown = said
    if holds.shown != holds.person:
        shown = plan.apply_corrections(holds.person, holds.shown, said)
    if rest.shown != rest.person:
        shown = plan.apply_corrections(rest.person, rest.shown, shown)
    if shown == said:
        shown = said
    own = (*keeper.own, *(line for line in other.own if line not in keeper.own))
    return keeper._replace(
        path=f"{holds.folder}/{keeper.file}",
        person=said,
        shown=shown,
        former_urls=_united(said.url, (*rest.former_urls, rest.person.url, *holds.former_urls)),
        own=plan.without_repeated_lines(own, shown),
        same_as=(*keeper.same_as, *other.same_as, f"{other.uid} {other.file}"),
    )


def join_in_roster(roster: Roster, keeper: str, other: str) -> Roster:
    """The roster in which two contacts, by their UIDs, are one.

    Raises:
        KeyError: One of them is not in it.
    """
    contacts = dict(roster.contacts)
    contacts[keeper] = join_contacts(contacts[keeper], contacts.pop(other))
    return Roster(contacts, roster.crooked - {keeper, other})


def part_contact(
    roster: Roster,
    now: Contact,
    then: Contact,
    *,
    then_stays: bool,
    mine: Contact | None = None,
) -> PartedContact:
    """Part a contact into who it was `then`, before a wrong merge, and who it is `now`.

    The one of then has the facts, lines and former addresses of that time, and is former; the
    other has everything else. Lines of the user's that were there then and can't be told to be
    the other's go with the one of then.

    Args:
        mine: What the other one was before `same` made both one; None if a list did. Who was
            taken in by `same` gets UID and file back, anyone else new ones.
    """
    taken_in = None if mine is None else (mine if then_stays else then)
    addresses = {_address(url) for url in (*then.former_urls, then.person.url)}
    lines = set(then.own)
    if mine is not None:
        addresses -= {_address(url) for url in (*mine.former_urls, mine.person.url)}
        lines -= set(mine.own)
    out = {*then.same_as, f"{taken_in.uid} {taken_in.file}" if taken_in else ""}
    newer = now._replace(
        former_urls=tuple(url for url in now.former_urls if _address(url) not in addresses),
        own=tuple(line for line in now.own if line not in lines),
        same_as=tuple(entry for entry in now.same_as if entry not in out),
    )
    address = _address(now.person.url)
    older = then._replace(
        path=f"{FORMER}/{then.file}",
        former_urls=tuple(url for url in then.former_urls if _address(url) != address),
    )
    kept, split_off = (older, newer) if then_stays else (newer, older)
    stays = kept._replace(uid=now.uid, path=f"{kept.folder}/{now.file}")
    named = next(plan.new_contacts(roster, [split_off.person])) if taken_in is None else taken_in
    if named.uid in roster.contacts:
        named = next(plan.new_contacts(roster, [split_off.person]))
    other = split_off._replace(uid=named.uid, path=f"{split_off.folder}/{named.file}")
    contacts = {**roster.contacts, stays.uid: stays, other.uid: other}
    return PartedContact(Roster(contacts, roster.crooked - {stays.uid}), stays, other)


def separate_contact(then: Contact, taken: Contact, kept: Contact) -> Contact:
    """Who was taken in, with the facts of a later state of both, and nothing of the other's."""
    out = {*kept.same_as, f"{taken.uid} {taken.file}"}
    lines = set(kept.own) - set(taken.own)
    theirs = {_address(url) for url in (*kept.former_urls, kept.person.url)}
    theirs -= {_address(url) for url in taken.former_urls}
    return then._replace(
        uid=taken.uid,
        path=f"{then.folder}/{taken.file}",
        former_urls=tuple(url for url in then.former_urls if _address(url) not in theirs),
        own=tuple(line for line in then.own if line not in lines),
        same_as=tuple(entry for entry in then.same_as if entry not in out),
    )


def _filled(person: Person, rest: Person) -> Person:
    """The person with what only the other side knows and lists of LinkedIn's rarely speak of."""
    phones = (phone for phone in rest.phones if phone not in person.phones)
    return person._replace(
        url=person.url or rest.url,
        connected_on=person.connected_on or rest.connected_on,
        phones=(*person.phones, *phones),
        extra=tuple(sorted({**dict(rest.extra), **dict(person.extra)}.items())),
    )


def _address(url: str) -> str:
    return text.profile_slug(url) or url


def _united(url: str, former: tuple[str, ...]) -> tuple[str, ...]:
    """Former addresses, each once and oldest first; the present one is none of them."""
    found = {_address(old): old for old in reversed(former) if old}
    found.pop(_address(url), None)
    return tuple(reversed(found.values()))
