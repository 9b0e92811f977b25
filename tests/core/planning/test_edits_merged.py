"""Hand edits of two machines upon one card."""

from __future__ import annotations

import pytest

from li_vault.core.model import Contact, Person
from li_vault.core.planning.edits import Reconciled, reconcile

SAID = Person("Ada", "Teluvian", company="Mills", position="Miller", extra=(("Team", "Grain"),))


def contact(shown: Person = SAID, person: Person = SAID, *own: str) -> Contact:
    return Contact("uid", "contacts/ada.vcf", person, shown, (), own)


def done(
    now: Contact, after: Contact, *, is_outdated: bool = False, later: bool = False
) -> Reconciled:
    return reconcile(now, contact(), after, is_outdated=is_outdated, theirs_is_later=lambda: later)


def test_what_only_one_side_edited_stands() -> None:
    mine = contact(SAID._replace(company="Old Mills"), SAID, "NOTE:Theirs")
    found = done(mine, contact(SAID._replace(position="Head"), SAID, "NOTE:Ours"), later=True)
    assert found.contact.shown == SAID._replace(company="Old Mills", position="Head")
    assert found.contact.own == ("NOTE:Theirs", "NOTE:Ours")
    assert found.conflicts == ()


@pytest.mark.parametrize("later", [True, False])
def test_of_two_corrections_the_later_one_stands(later: bool) -> None:
    theirs = contact(SAID._replace(position="Theirs"))
    found = done(theirs, contact(SAID._replace(position="Ours")), later=later)
    kept, other = ("Theirs", "Ours") if later else ("Ours", "Theirs")
    assert found.contact.shown.position == kept
    (conflict,) = found.conflicts
    assert conflict == ("uid", "contacts/ada.vcf", "position", kept, other)


def test_the_same_correction_on_both_is_no_conflict() -> None:
    both = contact(SAID._replace(position="Head"))
    found = done(both, both, later=True)
    assert found == (both, ())


@pytest.mark.parametrize("is_outdated", [True, False])
def test_a_correction_ends_with_what_a_later_export_says(is_outdated: bool) -> None:
    news = SAID._replace(position="Director")
    now = contact(news, news)
    found = done(now, contact(SAID._replace(position="Head")), is_outdated=is_outdated)
    assert found.contact.shown.position == ("Director" if is_outdated else "Head")
    assert found.contact.person == news
    assert {found.conflicts[0].kept, found.conflicts[0].other} == {"Director", "Head"}


@pytest.mark.parametrize("later", [True, False])
def test_columns_are_told_apart(later: bool) -> None:
    theirs = contact(SAID._replace(extra=(("Team", "Flour"),)))
    ours = contact(SAID._replace(extra=(("Room", "7"), ("Team", "Bread"))))
    found = done(theirs, ours, later=later)
    team = "Flour" if later else "Bread"
    assert found.contact.shown.extra == (("Room", "7"), ("Team", team))
    assert [one.field for one in found.conflicts] == ["Team"]
