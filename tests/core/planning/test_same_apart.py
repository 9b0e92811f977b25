from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import people
from li_vault.core import card, search
from li_vault.core.model import Contact, Person, Roster
from li_vault.core.planning import plan, same_apart

A, B = "in/ada-l", "in/ada-king"
ADA = Person("Ada", "Lovelace", f"https://www.linkedin.com/{A}", company="Engines",
             connected_on="2019-01-01", phones=("1",), extra=(("Tags", "old"),))  # fmt: skip
KING = Person("Augusta", "King", f"https://www.linkedin.com/{B}", company="Ockham",
              connected_on="2021-05-05")  # fmt: skip


def contact(number: int, person: Person, folder: str = "former", **changes: Any) -> Contact:
    uid = f"{number:08d}-0000-5000-8000-000000000000"
    return Contact(uid, f"{folder}/c-{number:08d}.vcf", person, person)._replace(**changes)


def test_the_facts_are_those_of_the_newest_list() -> None:
    ada, king = contact(1, ADA), contact(2, KING, "contacts")
    one = same_apart.join_contacts(ada, king)
    assert (one.uid, one.path) == (ada.uid, f"contacts/{ada.file}")
    assert one.person == KING._replace(phones=("1",), extra=(("Tags", "old"),))
    assert one.shown is one.person
    assert one.former_urls == (ADA.url,)
    assert one.aliases == ((king.uid, king.file),)
    other = same_apart.join_contacts(ada._replace(path=f"contacts/{ada.file}"), contact(2, KING))
    assert (other.person, other.former_urls) == (ADA, (KING.url,))
    both_former = same_apart.join_contacts(ada, contact(2, KING))
    assert (both_former.person.company, both_former.folder) == ("Ockham", "former")


def test_corrections_and_lines_of_both_are_kept() -> None:
    ada = contact(1, ADA, shown=ADA._replace(connected_on="2019-01-02"), own=("NOTE:a", "TEL:5"))
    king = contact(
        2, KING._replace(connected_on="2019-01-01"), "contacts", own=("TEL:5", "NOTE:b")
    )  # fmt: skip
    king = king._replace(shown=king.person._replace(company="Castle"))
    one = same_apart.join_contacts(ada, king)
    assert (one.shown.company, one.person.company) == ("Castle", "Ockham")
    assert (one.shown.connected_on, one.person.connected_on) == ("2019-01-02", "2019-01-01")
    assert one.own == ("NOTE:a", "TEL:5", "NOTE:b")


def test_an_address_is_named_once() -> None:
    ada = contact(1, ADA, former_urls=(KING.url, "https://x.test/a"))
    king = contact(2, KING, "contacts", former_urls=("https://x.test/a", "https://x.test/b"))
    assert same_apart.join_contacts(ada, king).former_urls == (
        ADA.url,
        "https://x.test/a",
        "https://x.test/b",
    )


def test_what_took_in_is_found_by_all_of_its_names_and_gives_none_away() -> None:
    one = same_apart.join_contacts(contact(1, ADA), contact(2, KING, "contacts"))
    two = same_apart.join_contacts(contact(0, people.ADA), one)
    assert [alias.uid[:8] for alias in two.aliases] == ["00000002", "00000001"]
    for words in (one.uid, "00000002", "c-00000001.vcf", "former/c-00000002.vcf", "ada-l"):
        assert search.resolve_contacts([two], words) == [two], words
    assert search.matching_alias(two, "0000000") == two.aliases[0]
    newcomer = next(plan.new_contacts(Roster({}), [KING]))
    taken = contact(5, ADA, same_as=(f"{newcomer.uid} {newcomer.file}",))
    again = next(plan.new_contacts(Roster.of([taken]), [KING]))
    assert again.uid != newcomer.uid
    assert again.file != newcomer.file


def test_the_card_says_whom_it_took_in() -> None:
    one = contact(1, ADA, former_urls=("u",), same_as=("uid-x c.vcf", "uid-y d.vcf"))
    lines = card.write_card(one).decode().split("\r\n")
    place = lines.index("X-LI-FORMER-URL:u")
    assert lines[place + 1 : place + 4] == [
        "X-LI-SAME-AS:uid-x c.vcf", "X-LI-SAME-AS:uid-y d.vcf", "X-LI-CONNECTED-ON:2019-01-01",
    ]  # fmt: skip
    assert card.read_card(card.write_card(one), one.path) == (one, True)
    shuffled = "\r\n".join([*lines[:3], *reversed(lines[3:-2]), *lines[-2:]]).encode()
    assert set(card.read_card(shuffled, one.path).contact.same_as) == set(one.same_as)


@settings(max_examples=60)
@given(people.contacts(), people.contacts(), st.booleans(), st.booleans())
def test_apart_undoes_same(first: Contact, second: Contact, here: bool, there: bool) -> None:
    """Whoever the two are, both cards are what they were; who lost the facts is former."""
    folders = ["contacts" if place else "former" for place in (here, there)]
    first = first._replace(path=f"{folders[0]}/one.vcf", same_as=("a a.vcf",))
    second = second._replace(path=f"{folders[1]}/two.vcf", same_as=())
    if first.uid == second.uid:
        return
    one = same_apart.join_in_roster(Roster.of([first, second]), first.uid, second.uid)
    assert set(one.contacts) == {first.uid}
    now = one.contacts[first.uid]
    assert card.read_card(card.write_card(now), now.path).contact.aliases == now.aliases
    stayed = same_apart.facts_carrier(first, second) is first
    then, mine = (second, first) if stayed else (first, second)
    parted = same_apart.part_contact(one, now, then, then_stays=not stayed, mine=mine)
    assert set(parted.roster.contacts) == {first.uid, second.uid}
    older, newer = (parted.other, parted.stays) if stayed else (parted.stays, parted.other)
    assert older.uid == then.uid
    assert older._replace(path=then.path, former_urls=()) == then._replace(former_urls=())
    assert older.is_former
    assert (newer.uid, newer.path, newer.same_as) == (mine.uid, mine.path, mine.same_as)
    assert set(newer.own) <= set(mine.own)


def test_what_a_list_merged_gets_a_uid_of_its_own() -> None:
    then = contact(1, ADA, own=("NOTE:a",))
    now = then._replace(
        path=f"contacts/{then.file}", person=KING, shown=KING, former_urls=(ADA.url, "u"),
        own=("NOTE:a", "NOTE:b"),
    )  # fmt: skip
    roster = Roster.of([now])
    parted = same_apart.part_contact(roster, now, then, then_stays=True)
    assert parted.stays == then
    newcomer = next(plan.new_contacts(Roster({}), [KING]))
    assert parted.other == newcomer._replace(former_urls=("u",), own=("NOTE:b",))
    first = same_apart.part_contact(roster, now, then, then_stays=False)
    assert (first.stays.uid, first.stays.person, first.stays.folder) == (then.uid, KING, "contacts")
    assert (first.other.person, first.other.own, first.other.folder) == (ADA, ("NOTE:a",), "former")
