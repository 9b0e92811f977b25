"""From a matched list to a plan: UIDs, file names, merged contacts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

from li_vault.core import card, content_lines, fields, search, text
from li_vault.core.matching.match import Ambiguity, Matching
from li_vault.core.model import CONTACTS, FIELDS, FORMER, Contact, Coverage, Person, Roster


class ContactChange(NamedTuple):
    """A contact before and after."""

    before: Contact
    after: Contact


class Plan(NamedTuple):
    """What would become of everyone.

    Attributes:
        after: The roster as it would be; whoever stays the same is the same object.
        changed: People who stay in their folder and of whom the list says something else.
        unchanged: Number of people of whom the list says nothing new.
        unmatched: Number of people whom a list that is not full does not know from here.
    """

    before: Roster
    after: Roster
    added: tuple[Contact, ...]
    changed: tuple[ContactChange, ...]
    gone: tuple[ContactChange, ...]
    returned: tuple[ContactChange, ...]
    unchanged: int
    duplicates: int
    unmatched: int
    doubts: tuple[Ambiguity, ...]
    known: int

    @property
    def contacts(self) -> int:
        """Number of rows that are a person of the vault afterwards."""
        return len(self.added) + len(self.changed) + len(self.returned) + self.unchanged


def draw_plan(
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
    changed: list[ContactChange] = []
    returned: list[ContactChange] = []
    listed = {contact.uid for _, contact in matching.equal}
    if full and roster.former:
        back = [contact for _, contact in matching.equal if contact.is_former]
        returned = [ContactChange(contact, _moved(contact, CONTACTS)) for contact in back]
        after.update((contact.uid, contact) for _, contact in returned)
    unchanged = len(matching.equal) - len(returned)
    for row, contact in matching.known:
        listed.add(contact.uid)
        if enriching and not full:
            merged = enrich_contact(contact, row.person)
        else:
            merged = merge_row(contact, row.person, coverage)
        if full and contact.is_former:
            merged = _moved(merged, CONTACTS)
            returned.append(ContactChange(contact, merged))
        elif fields.facts_differ(contact.person, merged.person) or merged.own != contact.own:
            changed.append(ContactChange(contact, merged))
        else:
            unchanged += 1
        if merged != contact:
            after[contact.uid] = merged
    added: list[Contact] = []
    gone: list[ContactChange] = []
    if full:
        added = list(new_contacts(roster, [row.person for row in matching.new]))
        left = [contact for contact in roster.present if contact.uid not in listed]
        gone = [ContactChange(contact, _moved(contact, FORMER)) for contact in left]
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


NAMESPACE: Final = uuid.UUID("5d6a4f0c-3d0b-5b53-9f7e-3c1f3a0d7c11")
"""Namespace of all UIDs; it must never change, or everyone would become someone else."""

_DIGITS = 8
"""Hex digits of the UID in a file name, unless that name is taken."""


def new_contacts(roster: Roster, people: Collection[Person]) -> Iterator[Contact]:
    """Contacts for people who are seen for the first time, in the order given.

    For the outcome not to depend on the order of rows, hand them over sorted.
    """
    if not people:
        return
    uids = set(roster.contacts)
    files = {contact.file for contact in roster}
    for contact in roster:
        if contact.same_as:
            uids.update(alias.uid for alias in contact.aliases)
            files.update(alias.file for alias in contact.aliases)
    for person in map(without_implied_name, people):
        uid = _new_uid(person, uids)
        uids.add(uid)
        file = _new_file(person, uid, files)
        files.add(file)
        yield Contact(uid, f"{CONTACTS}/{file}", person, person)


def without_implied_name(person: Person) -> Person:
    """The person without a full name that a card would show anyway."""
    if not person.full_name:
        return person
    bare = person._replace(full_name="")
    return bare if card.shown_name(bare) == person.full_name else person


def uid_key(person: Person) -> str:
    """The text that a UID is made of: profile slug or, without one, name; and `Connected On`."""
    slug = text.profile_slug(person.url)
    who = f"in/{slug}" if slug else f"name/{text.clean(person.name).casefold()}"
    return f"{who} {person.connected_on}"


def is_as_first_seen(contact: Contact) -> bool:
    """Whether a vault that sees this person for the first time now gives the same UID and file.

    It does unless name, profile address or date have become others since, or were taken then.
    """
    uid, path, _, shown, _, _, _ = contact
    if _uid_of(uid_key(shown)) != uid:
        return False
    name = shown.full_name or f"{shown.first_name} {shown.last_name}"
    usual = f"/{name}-{uid[:_DIGITS]}.vcf".lower().replace(" ", "-")  # of a plain name
    return path.endswith(usual) or contact.file == _new_file(shown, uid, ())


def _uid_of(name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, name))


def _new_uid(person: Person, taken: Collection[str]) -> str:
    base = uid_key(person)
    uid = _uid_of(base)
    number = 2
    while uid in taken:
        uid = _uid_of(f"{base}#{number}")
        number += 1
    return uid


def _new_file(person: Person, uid: str, taken: Collection[str]) -> str:
    name = text.file_slug(person.name) or text.file_slug(text.profile_slug(person.url)) or "contact"
    digits = uid.replace("-", "")
    length = _DIGITS
    while (file := f"{name}-{digits[:length]}.vcf") in taken:
        length += 1
    return file


Value = TypeVar("Value")

_SINGLE = FIELDS - {"emails", "phones", "full_name"}


def merge_row(contact: Contact, row: Person, coverage: Coverage) -> Contact:
    """The contact as it is after a list said `row` of that person."""
    said = _stated(contact.person, row, coverage)
    if contact.shown == contact.person:
        shown = said
    else:
        shown = apply_corrections(contact.person, contact.shown, said)
    return contact._replace(
        person=said,
        shown=shown,
        former_urls=_former_urls(contact, said.url),
        own=without_repeated_lines(contact.own, shown) if contact.own else (),
    )


def enrich_contact(contact: Contact, row: Person) -> Contact:
    """The contact with what an address book knows besides; what is known is not replaced.

    LinkedIn's lists speak of e-mail addresses and would take these away again, so they are kept
    as if the user had added them. Company, position and name are left to LinkedIn.
    """
    person, shown = contact.person, contact.shown
    # What the user took off the card is not brought again.
    phones = _unknown(row.phones, (*search.all_phones(contact), *person.phones), _digits)
    emails = _unknown(row.emails, (*search.all_emails(contact), *person.emails), str.lower)
    said = person._replace(
        url=person.url or (row.url if text.profile_slug(row.url) else ""),
        connected_on=person.connected_on or row.connected_on,
        phones=(*person.phones, *phones),
        extra=tuple(sorted({**dict(person.extra), **_unsaid(row.extra, contact.own)}.items())),
    )
    own = [f"{card.EMAIL}:{content_lines.escape(email)}" for email in emails]
    looks = said
    if shown != person:
        looks = apply_corrections(person, shown, said)
        looks = looks._replace(emails=shown.emails, phones=(*shown.phones, *phones))
    return contact._replace(person=said, shown=looks, own=(*contact.own, *own))


def _unknown(
    values: Iterable[str], known: Iterable[str], key: Callable[[str], str]
) -> tuple[str, ...]:
    """The values, each once, that are not among the known ones; compared by a key."""
    taken = set(map(key, known))
    new = {key(value): value for value in reversed(tuple(values)) if key(value) not in taken}
    return tuple(reversed(new.values()))


def _unsaid(extra: Iterable[tuple[str, str]], own: Iterable[str]) -> dict[str, str]:
    """The columns that the user's own lines do not say already.

    What was taken from a card into an address book comes back from there as a column.
    """
    said: dict[str, str] = {}
    for line in filter(None, map(content_lines.parse_line, own)):
        column = content_lines.column_for_property(line.name)
        said[column] = f"{said.get(column, '')} {line.text}"
        if line.name == "ORG":
            said[card.DEPARTMENT] = " ".join(content_lines.components(line.value)[1:])
    return {
        c: value for c, value in extra if text.name_key(value) != text.name_key(said.get(c, ""))
    }


def _digits(phone: str) -> str:
    """A phone number without what people space it with."""
    return "".join(filter(str.isalnum, phone)) or phone


def _stated(known: Person, row: Person, coverage: Coverage) -> Person:
    """What the exports say now: the row where the list can speak, else what was known."""
    stated: dict[str, Any] = {}
    for field in FIELDS & coverage.fields:
        value = getattr(row, field)
        before = getattr(known, field)
        # A text that is the known one, cut off, is no news; the longer one is kept.
        cut = field in ("company", "position") and fields.is_cut(value, before)
        stated[field] = before if cut else value
    if row.extra or known.extra:
        kept = {c: v for c, v in known.extra if c not in coverage.columns}
        stated["extra"] = tuple(sorted({**kept, **dict(row.extra)}.items()))
    return without_implied_name(known._replace(**stated))


def apply_corrections(before: Person, shown: Person, said: Person) -> Person:
    """What the card shows: the user's corrections, wherever the export says nothing new."""
    old, now, new = dict(before.extra), dict(shown.extra), dict(said.extra)
    extra = {
        column: value
        for column in old.keys() | now.keys() | new.keys()
        if (value := _one(old.get(column, ""), now.get(column, ""), new.get(column, "")))
    }
    looks = Person(
        **{name: _one(*(getattr(p, name) for p in (before, shown, said))) for name in _SINGLE},
        emails=_several(before.emails, shown.emails, said.emails),
        phones=_several(before.phones, shown.phones, said.phones),
        extra=tuple(sorted(extra.items())),
    )
    # The name on the card was corrected, or not, whatever became of first and last name.
    name = _one(*map(card.shown_name, (before, shown, said)))
    if name == card.shown_name(looks):
        return looks
    return looks._replace(full_name=name)


def _one(before: Value, shown: Value, said: Value) -> Value:
    return shown if shown != before and said == before else said


def _several(
    before: tuple[str, ...], shown: tuple[str, ...], said: tuple[str, ...]
) -> tuple[str, ...]:
    """The values of the export without those that the user took out."""
    taken_out = set(before) - set(shown)
    return tuple(value for value in said if value not in taken_out)


def without_repeated_lines(own: tuple[str, ...], shown: Person) -> tuple[str, ...]:
    """The user's own lines without plain addresses that the export itself brings now."""
    said = {f"EMAIL;TYPE=INTERNET:{content_lines.escape(email)}" for email in shown.emails}
    said |= {f"EMAIL:{content_lines.escape(email)}" for email in shown.emails}
    return tuple(line for line in own if line not in said)


def _former_urls(contact: Contact, url: str) -> tuple[str, ...]:
    """The addresses that the profile had before, oldest first; the present one is none of them."""
    slug, before = text.profile_slug(url), text.profile_slug(contact.person.url)
    if slug == before:
        return contact.former_urls
    former = [old for old in contact.former_urls if text.profile_slug(old) not in (slug, before)]
    return (*former, contact.person.url) if contact.person.url else tuple(former)
