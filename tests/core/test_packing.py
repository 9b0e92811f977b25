from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import people
from li_vault.core import packing
from li_vault.core.model import Contact, Roster

ROSTER = Roster({people.UID: people.contact(own=("NOTE:x",))}, frozenset({people.UID}))


@settings(max_examples=40)
@given(st.lists(people.contacts(), max_size=3), st.booleans())
def test_what_is_packed_is_unpacked(contacts: list[Contact], crooked: bool) -> None:
    everyone = {contact.uid: contact for contact in contacts}
    roster = Roster(everyone, frozenset(list(everyone)[:1] if crooked else ()))
    found = packing.unpack(packing.pack(roster))
    assert found is not None
    assert found == roster
    assert list(found.contacts) == list(everyone)
    for contact in found:
        assert type(contact) is Contact
        assert type(contact.person) is type(contact.shown) is type(people.ADA)


@settings(max_examples=40)
@given(st.lists(people.contacts(), max_size=4), st.lists(people.contacts(), max_size=3))
def test_a_difference_is_added_to_its_base(old: list[Contact], new: list[Contact]) -> None:
    base = Roster.of(old)
    kept = list(base)[1:]
    after = Roster.of([*kept, *new])
    difference = packing.pack(after, base)
    found = packing.unpack(difference, base)
    assert found == after
    assert len(packing.pack(base, base)) < len(packing.pack(Roster({}))) + 10


def test_packing_is_the_same_every_time() -> None:
    assert packing.pack(ROSTER) == packing.pack(ROSTER)


def test_who_was_not_corrected_is_packed_once() -> None:
    plain = Roster.of([people.contact()])
    found = packing.unpack(packing.pack(plain))
    assert found is not None
    assert [contact.shown is contact.person for contact in found] == [True]


def test_any_damage_is_noticed() -> None:
    data = packing.pack(ROSTER)
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 0x20
        assert packing.unpack(bytes(damaged)) is None
        assert packing.unpack(data[:place]) is None
    assert packing.unpack(data + b"x") is None
    assert packing.unpack(b"") is None


def test_another_version_is_not_read() -> None:
    data = packing.pack(ROSTER)
    assert data.startswith(b"li-vault roster 4 ")
    assert packing.unpack(data.replace(b"roster 4 ", b"roster 1 ")) is None


@given(st.binary(max_size=300))
def test_anything_else_is_not_read(data: bytes) -> None:
    assert packing.unpack(data) is None
