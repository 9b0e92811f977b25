"""What a list means for a vault, as data that can be shown, judged and refused."""

from __future__ import annotations

from typing import NamedTuple

from li_vault.core import diffs, merging, naming
from li_vault.core.identity import Doubt, Matching
from li_vault.core.model import CONTACTS, FORMER, Contact, Coverage, Roster


class Pair(NamedTuple):
    """A contact before and after."""

    before: Contact
    after: Contact


class Plan(NamedTuple):
    """What would become of everyone.

    Attributes:
        before: The roster as it is.
        after: The roster as it would be; whoever stays the same is the same object.
        added: People seen for the first time.
        changed: People who stay in their folder and of whom the list says something else.
        gone: People who move to `former/`.
        returned: People who move back to `contacts/`.
        unchanged: Number of people of whom the list says nothing new.
        duplicates: Number of rows that repeat another.
        unmatched: Number of people whom a list that is not full does not know from here.
        doubts: What could not be decided, by row number.
        known: Number of rows whose person was known.
    """

    before: Roster
    after: Roster
    added: tuple[Contact, ...]
    changed: tuple[Pair, ...]
    gone: tuple[Pair, ...]
    returned: tuple[Pair, ...]
    unchanged: int
    duplicates: int
    unmatched: int
    doubts: tuple[Doubt, ...]
    known: int

    @property
    def contacts(self) -> int:
        """Number of rows that are a person of the vault afterwards."""
        return len(self.added) + len(self.changed) + len(self.returned) + self.unchanged


def draw(
    roster: Roster,
    matching: Matching,
    coverage: Coverage,
    *,
    full: bool,
    enriching: bool = False,
) -> Plan:
    """Plan what a list that was matched to the roster changes.

    Only a full list adds people and moves them between the folders. Any other one speaks of those
    whom it knows, where they are; an enriching one adds to them, and replaces nothing.
    """
    after = dict(roster.contacts)
    changed: list[Pair] = []
    returned: list[Pair] = []
    listed = {contact.uid for _, contact in matching.equal}
    if full and roster.former:
        back = [contact for _, contact in matching.equal if contact.is_former]
        returned = [Pair(contact, _moved(contact, CONTACTS)) for contact in back]
        after.update((contact.uid, contact) for _, contact in returned)
    unchanged = len(matching.equal) - len(returned)
    for row, contact in matching.known:
        listed.add(contact.uid)
        if enriching and not full:
            merged = merging.enrich(contact, row.person)
        else:
            merged = merging.merge(contact, row.person, coverage)
        if full and contact.is_former:
            merged = _moved(merged, CONTACTS)
            returned.append(Pair(contact, merged))
        elif diffs.differs(contact.person, merged.person) or merged.own != contact.own:
            changed.append(Pair(contact, merged))
        else:
            unchanged += 1
        if merged != contact:
            after[contact.uid] = merged
    added: list[Contact] = []
    gone: list[Pair] = []
    if full:
        added = list(naming.newcomers(roster, [row.person for row in matching.new]))
        left = [contact for contact in roster.present if contact.uid not in listed]
        gone = [Pair(contact, _moved(contact, FORMER)) for contact in left]
        after.update((contact.uid, contact) for contact in added)
        after.update((contact.uid, contact) for _, contact in gone)
    return Plan(
        before=roster,
        after=Roster(after),
        added=tuple(added),
        changed=tuple(changed),
        gone=tuple(gone),
        returned=tuple(returned),
        unchanged=unchanged,
        duplicates=matching.duplicates,
        unmatched=0 if full else len(matching.new),
        doubts=matching.doubts,
        known=len(matching.equal) + len(matching.known),
    )


def _moved(contact: Contact, folder: str) -> Contact:
    return contact._replace(path=f"{folder}/{contact.file}")
