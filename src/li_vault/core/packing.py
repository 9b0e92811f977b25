"""A roster as bytes and back, so that 30,000 cards need not be read for every answer."""

from __future__ import annotations

import hashlib
import marshal
import sys
from typing import Final

from li_vault.core.model import Contact, Person, Roster

_VERSION: Final = 1
"""To be raised with every change of `Contact`, `Person` or of what a card means."""

_MAGIC = f"li-vault roster {_VERSION} python {sys.hexversion >> 16:x}\n".encode()


def pack(roster: Roster) -> bytes:
    """A derived form of a roster that only this version of the program reads."""
    rows = [
        (c.uid, c.path, tuple(c.person), None if c.shown is c.person else tuple(c.shown), *c[4:])
        for c in roster
    ]
    body = marshal.dumps((rows, tuple(roster.crooked)))
    return _MAGIC + hashlib.blake2b(body, digest_size=16).digest() + body


def unpack(data: bytes) -> Roster | None:
    """The roster of packed bytes, or None if they are of another version or damaged."""
    if not data.startswith(_MAGIC):
        return None
    digest, body = data[len(_MAGIC) : len(_MAGIC) + 16], data[len(_MAGIC) + 16 :]
    if hashlib.blake2b(body, digest_size=16).digest() != digest:
        return None
    rows, crooked = marshal.loads(body)  # noqa: S302 - what was written here, by its checksum
    contacts = {}
    make, person_of = Contact._make, Person._make
    for uid, path, said, looks, former_urls, own in rows:
        person = person_of(said)
        shown = person if looks is None else person_of(looks)
        contacts[uid] = make((uid, path, person, shown, former_urls, own))
    return Roster(contacts, frozenset(crooked))
