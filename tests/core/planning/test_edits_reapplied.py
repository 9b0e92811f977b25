from __future__ import annotations

import pytest

import people
from li_vault.core.model import Contact, Roster
from li_vault.core.planning import edits

BEFORE = people.contact()


def edited(**changes: object) -> Contact:
    return BEFORE._replace(**changes)  # type: ignore[arg-type]  # names of a Contact's fields


def test_an_edit_of_the_same_facts_is_the_same_card() -> None:
    after = edited(own=("NOTE:x",), shown=people.person(position="Poet"))
    here = BEFORE._replace(uid="other", path="contacts/other.vcf")
    found = edits.reapply_edit(here, BEFORE, after)
    assert found == after._replace(uid="other", path="contacts/other.vcf")


def test_only_what_was_edited_is_carried_over() -> None:
    before = edited(own=("NOTE:old", "TEL:1", "TEL:1"))
    after = before._replace(
        own=("TEL:1", "CATEGORIES:friends"),
        shown=people.person(position="Poet", emails=()),
    )
    here = edited(
        person=people.person(company="Zanth", emails=("new@example.com", "ada@example.com")),
        shown=people.person(company="Zanth", emails=("new@example.com", "ada@example.com")),
        own=("NOTE:old", "TEL:1", "TEL:1", "X-MINE:1"),
    )
    found = edits.reapply_edit(here, before, after)
    assert found.person == here.person
    assert found.shown == people.person(
        company="Zanth", position="Poet", emails=("new@example.com",)
    )
    assert found.own == ("TEL:1", "X-MINE:1", "CATEGORIES:friends")


def test_a_line_that_is_there_already_is_not_repeated() -> None:
    here = edited(own=("NOTE:x",), person=people.person(company="Zanth"))
    assert edits.reapply_edit(here, BEFORE, edited(own=("NOTE:x",))).own == ("NOTE:x",)


def test_columns_are_carried_over_one_by_one() -> None:
    before = edited(shown=people.person(extra=(("A", "1"), ("B", "2"))))
    after = edited(shown=people.person(extra=(("A", "3"), ("C", "4"))))
    here = edited(shown=people.person(company="Z", extra=(("A", "1"), ("B", "2"), ("D", "5"))))
    found = edits.reapply_edit(here, before, after)
    assert found.shown.extra == (("A", "3"), ("C", "4"), ("D", "5"))


def test_a_card_that_was_moved_is_moved() -> None:
    after = edited(path=BEFORE.path.replace("contacts/", "former/"))
    here = edited(path="contacts/other.vcf")
    assert edits.reapply_edit(here, BEFORE, after).path == "former/other.vcf"


def test_people_are_found_by_what_is_said_of_them() -> None:
    grace = people.person(first_name="Grace", url="https://www.linkedin.com/in/grace-9")
    old = [BEFORE, people.contact(grace, uid="2", path="contacts/grace.vcf")]
    renamed = grace._replace(url="https://www.linkedin.com/in/else-1")
    new = Roster.of(
        [
            BEFORE,
            people.contact(renamed, uid="7", path="contacts/g.vcf", former_urls=(grace.url,)),
        ]
    )
    found = edits.locate_contacts(new, old, lambda: Roster.of(old))
    assert {uid: one.uid for uid, one in found.items()} == {BEFORE.uid: BEFORE.uid, "2": "7"}


def test_whoever_can_not_be_told_is_left_out() -> None:
    ada = people.person(url="", emails=())
    twins = [people.contact(ada, uid=uid, path=f"contacts/{uid}.vcf") for uid in "12"]
    one = people.contact(ada._replace(extra=(("A", "1"),)), uid="9", path="contacts/9.vcf")
    assert edits.locate_contacts(Roster.of(twins), [one], lambda: Roster.of([one])) == {}


def test_everyone_is_asked_only_if_it_must_be() -> None:
    def never() -> Roster:
        pytest.fail("the whole roster was read")

    assert edits.locate_contacts(Roster.of([BEFORE]), [BEFORE], never) == {BEFORE.uid: BEFORE}
