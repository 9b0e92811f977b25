from __future__ import annotations

import re
import uuid
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core.model import Contact, Person, Roster
from li_vault.core.planning import plan
from people import contact, person


def newcomer(one: Person, roster: Roster | None = None) -> Contact:
    """The contact of one person who is new to the roster."""
    (found,) = plan.new_contacts(roster or Roster({}), [one])
    return found


def test_the_namespace_is_for_good() -> None:
    """Another one would make everyone someone else."""
    assert str(plan.NAMESPACE) == "5d6a4f0c-3d0b-5b53-9f7e-3c1f3a0d7c11"
    assert newcomer(people.ADA).uid == str(
        uuid.uuid5(plan.NAMESPACE, "in/ada-lovelace-1a2b3c 2024-01-01")
    )
    assert newcomer(people.ADA).path == "contacts/ada-lovelace-phd-f0b31b41.vcf"


@pytest.mark.parametrize(
    ("one", "key"),
    [
        (person(), "in/ada-lovelace-1a2b3c 2024-01-01"),
        (person(url="https://www.linkedin.com/in/Jos%C3%A9/"), "in/josé 2024-01-01"),
        (person(url=""), "name/ada lovelace, phd 2024-01-01"),
        (person(url="", connected_on="", full_name="ADA  K."), "name/ada k. "),
        (person(url="https://example.com"), "name/ada lovelace, phd 2024-01-01"),
    ],
)
def test_a_key_is_slug_or_name_with_the_date(one: Person, key: str) -> None:
    assert plan.uid_key(one) == key


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Augusta"},
        {"position": "x"},
        {"emails": ()},
        {"url": "https://de.linkedin.com/in/ADA-lovelace-1a2b3c/?x=1"},
    ],
)
def test_a_uid_is_of_slug_and_date_alone(changes: dict[str, object]) -> None:
    assert newcomer(person(**changes)).uid == newcomer(people.ADA).uid


def test_a_taken_uid_is_never_given_again() -> None:
    first = newcomer(people.ADA)
    second = newcomer(people.ADA, Roster.of([first]))
    third = newcomer(people.ADA, Roster.of([first, second]))
    base = "in/ada-lovelace-1a2b3c 2024-01-01"
    assert second.uid == str(uuid.uuid5(plan.NAMESPACE, f"{base}#2"))
    assert third.uid == str(uuid.uuid5(plan.NAMESPACE, f"{base}#3"))
    assert len(set(plan.new_contacts(Roster({}), [people.ADA] * 3))) == 3


def test_a_taken_file_name_gets_more_digits() -> None:
    uid = newcomer(people.ADA).uid.replace("-", "")
    taken = [f"ada-lovelace-phd-{uid[:8]}.vcf", f"ada-lovelace-phd-{uid[:9]}.vcf"]
    others = [
        contact(uid=str(n), path=f"{folder}/{file}")
        for n, (folder, file) in enumerate(zip(["contacts", "former"], taken, strict=True))
    ]
    one_taken = newcomer(people.ADA, Roster.of(others[:1]))
    assert one_taken.file == f"ada-lovelace-phd-{uid[:9]}.vcf"
    assert newcomer(people.ADA, Roster.of(others)).file == f"ada-lovelace-phd-{uid[:10]}.vcf"


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (Person("José", "Łukasz-Žižek"), "jose-lukasz-zizek"),
        (Person("Ada", "Lovelace 🚀, PhD"), "ada-lovelace-phd"),
        (Person("云石", "川", "https://www.linkedin.com/in/yun-shi-1"), "yun-shi-1"),
        (Person("云石", "川", "https://www.linkedin.com/in/%E4%BA%91"), "contact"),
        (Person("云石", "川"), "contact"),
        (Person("x" * 50, "y" * 50), "x" * 50 + "-" + "y" * 9),
        (Person("a" * 59, "b"), "a" * 59),
        (Person("../../etc", "passwd"), "etc-passwd"),
        (Person("CON"), "con"),
        (Person(full_name="Straße Ltd."), "strasse-ltd"),
        (Person(), "contact"),
    ],
)
def test_file_names(one: Person, name: str) -> None:
    found = newcomer(one)
    assert found.file == f"{name}-{found.uid.replace('-', '')[:8]}.vcf"
    assert found.folder == "contacts"


@given(st.lists(people.persons(), max_size=6), st.randoms(use_true_random=False))
def test_everyone_is_someone_of_their_own(several: list[Person], rng: Random) -> None:
    found = list(plan.new_contacts(Roster({}), several))
    assert len({one.uid for one in found}) == len({one.path for one in found}) == len(several)
    for one, who in zip(found, several, strict=True):
        assert re.fullmatch(r"contacts/[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8,}\.vcf", one.path)
        assert one.person is one.shown
        assert one.person == plan.without_implied_name(who)


@pytest.mark.parametrize(
    ("full", "kept"),
    [("", ""), ("Ada Lovelace, PhD", ""), ("Countess", "Countess")],
)
def test_a_full_name_that_says_no_more_is_dropped(full: str, kept: str) -> None:
    assert plan.without_implied_name(person(full_name=full)) == person(full_name=kept)
    assert plan.without_implied_name(Person(company="C", full_name="C")) == Person(company="C")


@pytest.mark.parametrize("number", range(40))
def test_a_uid_is_a_uuid_of_version_5(number: int) -> None:
    person = people.ADA._replace(url=f"https://www.linkedin.com/in/é-{number}")
    assert newcomer(person).uid == str(uuid.uuid5(plan.NAMESPACE, plan.uid_key(person)))


@given(st.lists(people.persons(), max_size=4))
def test_who_is_seen_for_the_first_time_is_as_first_seen(everyone: list[Person]) -> None:
    for one in plan.new_contacts(Roster({}), everyone):
        taken = plan._uid_of(plan.uid_key(one.person)) != one.uid
        taken = taken or len(one.file.rpartition("-")[2]) > len("12345678.vcf")
        assert plan.is_as_first_seen(one) is not taken


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"company": "Quov", "emails": ()}, True),
        ({"first_name": "Augusta"}, False),
        ({"url": "https://www.linkedin.com/in/countess"}, False),
        ({"url": "https://LinkedIn.com/in/Ada-Lovelace-1A2B3C/"}, True),
        ({"connected_on": "2024-01-02"}, False),
    ],
)
def test_a_name_or_an_address_that_changed_makes_someone_new(
    changes: dict[str, Any], same: bool
) -> None:
    (first,) = plan.new_contacts(Roster({}), [person()])
    now = first._replace(shown=person(**changes))
    assert plan.is_as_first_seen(now) is same
