"""Cache of the newest roster, keyed by tree ids."""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from li_vault.core.model import Contact, Person, Roster
from li_vault.store import state
from li_vault.store.repo import Repo

_WHOLE = "roster"
_SINCE = "roster-since"
_SHARE = 8
"""The whole roster is written anew once the difference is larger than one part in so many."""


@dataclass(slots=True)
class RosterCache:
    """What one vault has in mind. A key is one line that names the trees, without its end."""

    repo: Repo
    _key: bytes = b""
    _whole: Roster | None = None
    _size: int = 0

    def recall(self, key: bytes) -> Roster | None:
        """The roster that was kept by this key; None if there is none, or it is damaged."""
        data = state.load_state(self.repo, _WHOLE)
        if data is None:
            return None
        whole_key, _, packed = data.partition(b"\n")
        since = b""
        if whole_key != key:
            since = state.load_state(self.repo, _SINCE) or b""
            begins = whole_key + b"\n" + key + b"\n"
            if not since.startswith(begins):
                return None
            since = since[len(begins) :]
        whole = unpack(packed)
        if whole is None:
            return None
        self._key, self._whole, self._size = whole_key, whole, len(packed)
        return unpack(since, whole) if since else whole

    def keep(self, key: bytes, roster: Roster) -> None:
        """Keep a roster by this key, instead of what was kept."""
        if self._whole is not None:
            since = pack(roster, self._whole)
            if len(since) * _SHARE < self._size:
                state.save_state(self.repo, _SINCE, self._key + b"\n" + key + b"\n" + since)
                return
        packed = pack(roster)
        self._key, self._whole, self._size = key, roster, len(packed)
        state.save_state(self.repo, _WHOLE, key + b"\n" + packed)


_VERSION: Final = 4
"""To be raised with every change of `Contact`, `Person` or of what a card means."""

_MAGIC = f"li-vault roster {_VERSION} python {sys.hexversion >> 16:x}\n".encode()
_DIGEST = 32  # bytes of a SHA-256, which processors compute in half the time of a BLAKE2b
_NOBODY = Roster({})


def pack(roster: Roster, base: Roster = _NOBODY) -> bytes:
    """What distinguishes a roster from another, in a form that only this program version reads.

    Whoever is the same object in both is no difference.
    """
    known = base.contacts
    new = [contact for contact in roster if known.get(contact.uid) is not contact]
    gone = [uid for uid in known if uid not in roster.contacts]
    return seal((columns(new), gone, tuple(roster.crooked)))


def unpack(data: bytes, base: Roster = _NOBODY) -> Roster | None:
    """The roster of which `data` is the difference from `base`.

    None if the bytes are of another version or damaged.
    """
    values = unseal(data)
    if values is None:
        return None
    packed, gone, crooked = values
    contacts = {**base.contacts, **{contact.uid: contact for contact in of_columns(packed)}}
    for uid in gone:
        contacts.pop(uid, None)
    return Roster(contacts, frozenset(crooked))


def columns(contacts: Sequence[Contact]) -> tuple[list[Any], ...]:
    """Contacts as lists of plain values, one a field."""
    return (
        [contact.uid for contact in contacts],
        [contact.path for contact in contacts],
        [tuple(contact.person) for contact in contacts],
        [None if c.shown is c.person else tuple(c.shown) for c in contacts],
        [contact.former_urls for contact in contacts],
        [contact.own for contact in contacts],
        [contact.same_as for contact in contacts],
    )


def of_columns(packed: Sequence[list[Any]]) -> Iterator[Contact]:
    """The contacts of `columns`."""
    uids, paths, said, looks, former_urls, own, same_as = packed
    people = list(persons(said))
    shown = [
        person if look is None else Person(*look)
        for person, look in zip(people, looks, strict=True)
    ]
    rows = zip(uids, paths, people, shown, former_urls, own, same_as, strict=True)
    # What namedtuples do, but for 30,000 of them at once.
    return map(tuple.__new__, repeat(Contact), rows)


def persons(values: Iterable[Sequence[Any]]) -> Iterator[Person]:
    """The people of their values, many at once."""
    return map(tuple.__new__, repeat(Person), values)


def seal(values: Any) -> bytes:  # noqa: ANN401 - whatever `marshal` takes
    """Plain values as bytes that `unseal` knows to be whole, and of this version."""
    body = marshal.dumps(values)
    return _MAGIC + hashlib.sha256(body).digest() + body


def unseal(data: bytes) -> Any:  # noqa: ANN401 - whatever was sealed
    """The values of `seal`; None if the bytes are of another version or damaged."""
    if not data.startswith(_MAGIC):
        return None
    start = len(_MAGIC) + _DIGEST
    digest, body = data[len(_MAGIC) : start], memoryview(data)[start:]
    if hashlib.sha256(body).digest() != digest:
        return None
    return marshal.loads(body)  # noqa: S302 - what was written here, by its checksum
