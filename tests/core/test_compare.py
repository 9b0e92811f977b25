from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import people
from li_vault.core import compare, fields
from li_vault.core.compare import ChangedContact, Comparison
from li_vault.core.fields import Change
from li_vault.core.model import Contact
from people import ADA, contact


def one(number: int, *, former: bool = False, **changes: Any) -> Contact:
    """Someone with a file of this number."""
    path = f"{'former' if former else 'contacts'}/{number}.vcf"
    person = ADA._replace(**changes)
    return contact(person, uid=f"uid-{number}", path=path, shown=person)


def compared(old: list[Contact], new: list[Contact]) -> Comparison:
    return compare.compare_contacts({c.file: c for c in old}, {c.file: c for c in new})


MOVED = (Change("company", ADA.company, "Zanth"),)


def test_whatever_can_become_of_someone() -> None:
    old = [
        one(1),
        one(2),
        one(3),
        one(4, former=True),
        one(5, former=True),
        one(6),
        one(8, former=True),
    ]
    new = [
        one(1, company="Zanth"), one(2, former=True), one(4), one(5, company="Zanth", former=True),
        one(6), one(7), one(9, former=True),
    ]  # fmt: skip
    found = compared(old, new)
    assert found.added == (one(7),)
    assert found.gone == (one(2, former=True), one(3))
    assert found.returned == (ChangedContact(one(4), ADA, ()),)
    assert found.changed == (
        ChangedContact(one(1, company="Zanth"), ADA, MOVED),
        ChangedContact(one(5, company="Zanth", former=True), ADA, MOVED),
    )


@pytest.mark.parametrize(
    ("before", "after", "is_change"),
    [
        ("2024-01-01", "2024-01-02", False),
        ("2024-01-01", "2023-12-31", False),
        ("2024-01-01", "2024-01-03", True),
        ("2024-01-01", "", True),
        ("2024-01-01", "in spring", True),
    ],
)
def test_a_day_that_a_clock_put_one_off_is_no_change(
    before: str, after: str, is_change: bool
) -> None:
    found = compared([one(1, connected_on=before)], [one(1, connected_on=after)])
    assert bool(found.changed) is is_change
    both = compared([one(1, connected_on=before)], [one(1, connected_on=after, company="Zanth")])
    assert len(both.changed[0].changes) == 1 + is_change


def test_who_came_and_left_in_between_is_no_difference() -> None:
    assert (
        compared([], [one(1, former=True)]) == compared([one(1, former=True)], []) == Comparison()
    )


def test_only_what_is_asked_for() -> None:
    found = compared(
        [one(1), one(2), one(4, former=True)],
        [one(1, company="Zanth", emails=()), one(3), one(4, company="Zanth")],
    )._replace(reasons={"uid-2": "hidden"})
    assert found.only(fields.ALL_CATEGORIES) is found
    jobs = found.only(frozenset({"jobs"}))
    assert jobs == Comparison(
        changed=(found.changed[0]._replace(changes=MOVED),), returned=found.returned
    )
    assert found.only(frozenset({"names", "urls", "other"})) == Comparison()
    assert found.only(frozenset({"new"})) == Comparison(added=found.added)
    gone = found.only(frozenset({"gone", "emails"}))
    assert (gone.gone, gone.reasons) == (found.gone, found.reasons)
    assert [c.field for c in gone.changed[0].changes] == ["emails"]
    assert found.only(frozenset({"returned"})).returned == found.returned


def test_what_is_told() -> None:
    found = compared(
        [one(1), one(2), one(3), one(4), one(5, former=True), one(6, former=True)],
        [one(1, company="Zanth", emails=()), one(5), one(6, company="Zanth", url=""), one(7)],
    )._replace(reasons={"uid-2": "hidden", "uid-3": "disconnected", "uid-4": None})
    told = compare.build_report(found)
    assert told.counts == {"changed": 1, "new": 1, "gone": 3, "returned": 2}
    assert list(told.lines) == [
        "moved company", "address withdrawn", "new",
        "gone: hidden", "gone: disconnected", "gone", "returned",
    ]  # fmt: skip
    work = f"{ADA.position}, {ADA.company}"
    assert told.lines["new"] == ([ADA.name], [None], [work], [ADA.url])
    assert told.lines["moved company"] == ([ADA.name], [ADA.company], ["Zanth"], [ADA.url])
    assert told.lines["returned"].before == [None, f"{ADA.company}; ada-lovelace-1a2b3c"]
    assert told.lines["returned"].after == [work, "Zanth"]


def test_work_that_the_user_wrote_is_told() -> None:
    person = ADA._replace(company="", position="")
    mine = contact(person, shown=person, own=("ORG:Mine;Cellar", "TITLE:Boss"))
    assert compare.build_report(Comparison(added=(mine,))).lines["new"].after == ["Boss, Mine"]


contacts = st.lists(people.contacts(), max_size=4, unique_by=lambda c: c.file)


@settings(max_examples=40)
@given(contacts, contacts)
def test_a_report_counts_everyone_once(old: list[Contact], new: list[Contact]) -> None:
    found = compared(old, [c._replace(path=f"contacts/{c.file}") for c in new])
    found = found._replace(reasons={c.uid: None for c in found.gone})
    told = compare.build_report(found)
    assert sum(told.counts.values()) == sum(map(len, found[:4]))


def test_an_address_in_another_spelling_is_no_other_one() -> None:
    old = one(1, emails=("ada@example.com",))
    assert compared([old], [one(1, emails=("Ada@Example.com",))]) == Comparison()
    mine = old._replace(own=("EMAIL;TYPE=WORK:ADA@EXAMPLE.COM",))
    assert compared([old], [mine]) == Comparison()
    more = one(1, emails=("ADA@example.com", "ada@example.org"))
    ((_, _, (change,)),) = compared([old], [more]).changed
    assert change == Change("emails", "ada@example.com", "ADA@example.com, ada@example.org")
