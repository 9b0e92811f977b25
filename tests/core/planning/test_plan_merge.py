from __future__ import annotations

import pytest
from hypothesis import given

import people
from li_vault.core import card
from li_vault.core.model import Contact, Coverage, Person
from li_vault.core.planning import plan
from people import ERA_2018, LINKEDIN, OUTLOOK, contact, person

LONG = (
    "Principal Advisor for Tidal Granaries, Amber Looms and the Ninefold Registry of Lighthouses, "
    "North Reach East"
)


def merged(row: Person, base: Contact | None = None, coverage: Coverage = LINKEDIN) -> Contact:
    """Ada after a list said this of her."""
    return plan.merge_row(base or contact(), row, coverage)


def test_a_column_that_is_absent_empties_nothing() -> None:
    base = contact(person(extra=(("Tags", "x"),), full_name="Countess"))
    bare = Person(first_name="Ada", last_name="Lovelace, PhD")
    after = merged(bare, base, OUTLOOK)
    assert after.person == base.person._replace(emails=(), company="", position="")
    assert merged(bare, base, Coverage(frozenset())) == base


def test_a_column_that_is_there_and_empty_empties() -> None:
    after = merged(person(emails=(), company="", position="", phones=()))
    assert after.person == person(emails=(), company="", position="")
    assert after.shown == after.person


def test_extra_columns_are_emptied_by_lists_that_have_them() -> None:
    base = contact(person(extra=(("Notes", "n"), ("Tags", "old"))))
    tags = Coverage(LINKEDIN.fields, frozenset({"Tags", "Site"}))
    assert merged(person(), base, tags).person.extra == (("Notes", "n"),)
    new = person(extra=(("Site", "s"), ("Tags", "new")))
    assert merged(new, base, tags).person.extra == (("Notes", "n"), ("Site", "s"), ("Tags", "new"))
    assert merged(person(), base).person.extra == base.person.extra


@pytest.mark.parametrize("field", ["company", "position"])
def test_a_text_that_is_cut_off_replaces_nothing(field: str) -> None:
    cut, whole = person(**{field: LONG[:100]}), person(**{field: LONG})
    assert merged(cut, contact(whole)).person == whole
    assert merged(whole, contact(cut)).person == whole
    assert merged(person(**{field: LONG[:80]}), contact(whole)).person != whole


def test_a_full_name_that_says_no_more_is_dropped() -> None:
    named = Coverage(LINKEDIN.fields | {"full_name"})
    assert merged(person(full_name="Ada Lovelace, PhD"), coverage=named) == contact()
    assert merged(person(full_name="Countess"), coverage=named).person.full_name == "Countess"


# Former addresses.


def url(slug: str) -> str:
    """The address of a profile."""
    return f"https://www.linkedin.com/in/{slug}"


def test_former_addresses_are_kept_oldest_first() -> None:
    base = contact(person(url=url("a")), former_urls=(url("z"),))
    after = merged(person(url=url("b")), base)
    assert (after.person.url, after.former_urls) == (url("b"), (url("z"), url("a")))
    back = merged(person(url=url("a")), after)
    assert (back.person.url, back.former_urls) == (url("a"), (url("z"), url("b")))


def test_the_spelling_of_an_address_is_no_former_one() -> None:
    after = merged(person(url="https://de.linkedin.com/in/ADA-lovelace-1a2b3c/"))
    assert after.former_urls == ()


def test_an_address_that_appears_or_goes() -> None:
    assert merged(person(), contact(person(url=""))).former_urls == ()
    assert merged(person(url="")).former_urls == (people.ADA.url,)
    assert merged(person(url=""), coverage=ERA_2018) == contact()


# Corrections.


def corrected(**changes: object) -> Contact:
    """Ada with values that the user corrected."""
    return contact(shown=person(**changes))


def test_a_correction_lasts_until_the_export_says_something_new() -> None:
    base = corrected(position="Countess")
    same = merged(person(company="New"), base)
    assert (same.person.position, same.shown.position) == ("Mathematician", "Countess")
    assert same.shown.company == "New"
    new = merged(person(position="Boss"), same)
    assert (
        new.shown
        == new.person
        == person(position="Boss", company="New")._replace(company=people.ADA.company)
    )


def test_a_correction_gives_way_to_an_emptied_value() -> None:
    assert merged(person(position=""), corrected(position="Countess")).shown == person(position="")


def test_a_value_taken_out_stays_out() -> None:
    base = corrected(emails=(), company="", phones=())
    after = merged(person(position="Boss", emails=("ada@example.com", "new@example.com")), base)
    assert after.shown.emails == ("new@example.com",)
    assert (after.shown.company, after.shown.phones) == ("", ())
    assert after.person.emails == ("ada@example.com", "new@example.com")


def test_corrected_columns_last_too() -> None:
    said, shown = person(extra=(("A", "1"), ("B", "1"))), person(extra=(("A", "2"),))
    tags = Coverage(LINKEDIN.fields, frozenset({"A", "B"}))
    after = merged(said._replace(position="x"), contact(said, shown=shown), tags)
    assert after.shown.extra == (("A", "2"),)
    new = merged(person(extra=(("A", "3"), ("B", "2"))), after, tags)
    assert new.shown == new.person


def test_a_corrected_name_on_the_card_lasts_until_the_name_is_new() -> None:
    base = corrected(full_name="Countess Ada")
    assert merged(person(position="x"), base).shown.full_name == "Countess Ada"
    assert merged(person(last_name="King"), base).shown == person(last_name="King")


def test_a_corrected_last_name_leaves_no_stale_name_on_the_card() -> None:
    """Only `N` was corrected, so `FN` follows the export."""
    base = corrected(last_name="Byron", full_name="Ada Lovelace, PhD")
    kept = merged(person(position="x"), base)
    assert card.shown_name(kept.shown) == "Ada Lovelace, PhD"
    after = merged(person(first_name="Augusta"), base)
    assert card.shown_name(after.shown) == "Augusta Lovelace, PhD"
    assert (after.shown.first_name, after.shown.last_name) == ("Augusta", "Byron")


def test_an_export_that_comes_to_say_the_same_ends_a_correction() -> None:
    after = merged(person(position="Countess"), corrected(position="Countess"))
    assert after == contact(person(position="Countess"))


@given(people.contacts(), people.persons())
def test_the_same_again_changes_nothing(base: Contact, row: Person) -> None:
    once = plan.merge_row(base, row, LINKEDIN)
    assert plan.merge_row(once, row, LINKEDIN) == once
    assert once.own == base.own
    assert (once.uid, once.path) == (base.uid, base.path)
    assert card.read_card(card.write_card(once), once.path) == (once, True)


# Enriching


BOOK = Person(
    first_name="Ada",
    last_name="L.",
    url="https://www.linkedin.com/in/someone-else",
    emails=("ADA@example.com", "ada@home.example", "Ada@Home.example"),
    phones=("+44 (20) 7946-0000", "+49 30 1234", "+49301234"),
    company="Old Firm",
    extra=(("Birthday", "1815-12-10"),),
)


def test_an_address_book_adds_and_replaces_nothing() -> None:
    after = plan.enrich_contact(contact(), BOOK)
    assert after.person == person(
        phones=("+44 20 7946 0000", "+49 30 1234"), extra=(("Birthday", "1815-12-10"),)
    )
    assert after.shown == after.person
    assert after.own == ("EMAIL;TYPE=INTERNET:ada@home.example",)
    assert plan.enrich_contact(after, BOOK) == after


def test_what_an_address_book_added_outlives_linkedins_lists() -> None:
    after = plan.enrich_contact(contact(), BOOK)
    again = merged(person(emails=(), position="Countess"), after)
    assert again.own == after.own
    assert again.person.phones == after.person.phones
    assert again.person.extra == after.person.extra
    theirs = merged(person(emails=("ada@home.example",)), after)
    assert (theirs.person.emails, theirs.own) == (("ada@home.example",), ())


def test_an_address_book_fills_an_address_and_a_date_that_are_missing() -> None:
    bare = contact(person(url="", connected_on=""))
    after = plan.enrich_contact(bare, BOOK._replace(connected_on="2020-01-01"))
    assert (after.person.url, after.person.connected_on) == (BOOK.url, "2020-01-01")
    elsewhere = plan.enrich_contact(bare, BOOK._replace(url="https://ada.example"))
    assert elsewhere.person.url == ""


def test_a_correction_outlives_an_address_book() -> None:
    corrected = contact(person(), shown=person(position="Countess", phones=()))
    after = plan.enrich_contact(corrected, BOOK)
    assert after.shown.position == "Countess"
    assert after.person.position == person().position
    assert after.shown.phones == ("+49 30 1234",)


@given(people.contacts(), people.persons())
def test_enriching_twice_is_enriching_once(base: Contact, row: Person) -> None:
    once = plan.enrich_contact(base, row)
    assert plan.enrich_contact(once, row) == once
    assert card.read_card(card.write_card(once), once.path).contact == once


def test_what_the_users_own_lines_say_is_no_column_a_second_time() -> None:
    """A card that went out to an address book comes back with its note in a column."""
    own = (
        "NOTE:Met in Turin\\, twice",
        "CATEGORIES:poets,sums",
        "NICKNAME:Countess",
        "URL:https://a.example",
        "ORG;TYPE=WORK:Own Org;Dept of Sums",
    )
    book = {
        "Department": "Dept of Sums",
        "Note": "Met in Turin, twice",
        "Categories": "poets; sums",
        "Website": "https://a.example",
        "Nickname": "Ada",
        "City": "Turin",
        "Town": "Countess",
    }
    extra = tuple(sorted(book.items()))
    after = plan.enrich_contact(contact(own=own), person(extra=extra))
    assert dict(after.person.extra) == {"City": "Turin", "Nickname": "Ada", "Town": "Countess"}
    assert after.own == own
