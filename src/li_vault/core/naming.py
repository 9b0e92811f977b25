"""Who someone is for good: the UID and the file name, both given at first sight."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from hashlib import sha1
from typing import Final

from li_vault.core import cards, text
from li_vault.core.model import CONTACTS, Contact, Person, Roster

NAMESPACE: Final = uuid.UUID("5d6a4f0c-3d0b-5b53-9f7e-3c1f3a0d7c11")
"""Namespace of all UIDs; it must never change, or everyone would become someone else."""

_NAMESPACE = NAMESPACE.bytes  # asked of the UUID it would be made anew for everyone

_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_DIGITS = 8
"""Hex digits of the UID in a file name, unless that name is taken."""


def newcomers(roster: Roster, people: Collection[Person]) -> Iterator[Contact]:
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
    for person in map(plain, people):
        uid = _new_uid(person, uids)
        uids.add(uid)
        file = _new_file(person, uid, files)
        files.add(file)
        yield Contact(uid, f"{CONTACTS}/{file}", person, person)


def plain(person: Person) -> Person:
    """The person without a full name that a card would show anyway."""
    if not person.full_name:
        return person
    bare = person._replace(full_name="")
    return bare if cards.shown_name(bare) == person.full_name else person


def key(person: Person) -> str:
    """The text that a UID is made of: profile slug or, without one, name; and `Connected On`."""
    slug = text.slug(person.url)
    who = f"in/{slug}" if slug else f"name/{text.clean(person.name).casefold()}"
    return f"{who} {person.connected_on}"


def is_as_first_seen(contact: Contact) -> bool:
    """Whether a vault that sees this person for the first time now gives the same UID and file.

    It does unless name, profile address or date have become others since, or were taken then.
    """
    uid, path, _, shown, _, _, _ = contact
    if _uuid5(key(shown)) != uid:
        return False
    name = shown.full_name or f"{shown.first_name} {shown.last_name}"
    usual = f"/{name}-{uid[:_DIGITS]}.vcf".lower().replace(" ", "-")  # of a plain name
    return path.endswith(usual) or contact.file == _new_file(shown, uid, ())


def _new_uid(person: Person, taken: Collection[str]) -> str:
    base = key(person)
    uid = _uuid5(base)
    number = 2
    while uid in taken:
        uid = _uuid5(f"{base}#{number}")
        number += 1
    return uid


def _uuid5(name: str) -> str:
    """`str(uuid.uuid5(NAMESPACE, name))`, which takes three times as long for 30,000 people."""
    digits = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).hexdigest()
    head = f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}"
    return f"{head}-{_VARIANTS[digits[16]]}{digits[17:20]}-{digits[20:32]}"


def _new_file(person: Person, uid: str, taken: Collection[str]) -> str:
    name = text.file_slug(person.name) or text.file_slug(text.slug(person.url)) or "contact"
    digits = uid.replace("-", "")
    length = _DIGITS
    while (file := f"{name}-{digits[:length]}.vcf") in taken:
        length += 1
    return file
