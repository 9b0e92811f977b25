from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import people
from li_vault.core.model import Contact, Roster
from li_vault.vault import roster_cache

ROSTER = Roster({people.UID: people.contact(own=("NOTE:x",))}, frozenset({people.UID}))


@settings(max_examples=40)
@given(st.lists(people.contacts(), max_size=3), st.booleans())
def test_what_is_packed_is_unpacked(contacts: list[Contact], crooked: bool) -> None:
    everyone = {contact.uid: contact for contact in contacts}
    roster = Roster(everyone, frozenset(list(everyone)[:1] if crooked else ()))
    found = roster_cache.unpack(roster_cache.pack(roster))
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
    difference = roster_cache.pack(after, base)
    found = roster_cache.unpack(difference, base)
    assert found == after
    assert len(roster_cache.pack(base, base)) < len(roster_cache.pack(Roster({}))) + 10


def test_packing_is_the_same_every_time() -> None:
    assert roster_cache.pack(ROSTER) == roster_cache.pack(ROSTER)


def test_who_was_not_corrected_is_packed_once() -> None:
    plain = Roster.of([people.contact()])
    found = roster_cache.unpack(roster_cache.pack(plain))
    assert found is not None
    assert [contact.shown is contact.person for contact in found] == [True]


def test_any_damage_is_noticed() -> None:
    data = roster_cache.pack(ROSTER)
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 0x20
        assert roster_cache.unpack(bytes(damaged)) is None
        assert roster_cache.unpack(data[:place]) is None
    assert roster_cache.unpack(data + b"x") is None
    assert roster_cache.unpack(b"") is None


def test_another_version_is_not_read() -> None:
    data = roster_cache.pack(ROSTER)
    assert data.startswith(b"li-vault roster 4 ")
    assert roster_cache.unpack(data.replace(b"roster 4 ", b"roster 1 ")) is None


@given(st.binary(max_size=300))
def test_anything_else_is_not_read(data: bytes) -> None:
    assert roster_cache.unpack(data) is None
