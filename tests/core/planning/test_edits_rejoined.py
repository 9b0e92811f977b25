from __future__ import annotations

from li_vault.core.model import Contact, Person, Roster
from li_vault.core.planning import edits

URL = "https://www.linkedin.com/in/"


def _contact(uid: str, name: str, slug: str, *, folder: str = "contacts", day: str = "") -> Contact:
    first, _, last = name.partition(" ")
    person = Person(first, last, URL + slug, connected_on=day or "2020-01-01")
    return Contact(uid, f"{folder}/{uid}.vcf", person, person)


def _pairs(now: list[Contact], ours: list[Contact]) -> list[tuple[str, str]]:
    both = (Roster({one.uid: one for one in some}) for some in (now, ours))
    return [(pair.known.uid, pair.stranger.uid) for pair in edits.find_rejoined(*both)]


def test_who_is_new_there_is_whom_we_know_by_what_came_between() -> None:
    gone = _contact("u", "Ada Lovelace", "ada-l", folder="former")
    new = _contact("v", "Augusta King", "countess")
    between = _contact("u", "Augusta King", "ada-l")
    assert _pairs([gone, new], [between]) == [("u", "v")]
    assert _pairs([gone, new], [gone._replace(path="contacts/u.vcf")]) == []


def test_two_of_the_newest_list_are_two() -> None:
    listed = _contact("u", "Ada Lovelace", "ada-l")
    new = _contact("v", "Augusta King", "countess")
    between = _contact("u", "Augusta King", "ada-l")
    assert _pairs([listed, new], [between]) == []


def test_namesakes_of_one_day_are_not_guessed_at() -> None:
    gone = _contact("u", "Ada Lovelace", "ada-l", folder="former")
    new = [_contact(uid, "Augusta King", f"king-{uid}") for uid in ("v", "w")]
    between = _contact("u", "Augusta King", "ada-l")
    assert _pairs([gone, *new], [between]) == []


def test_whom_we_know_by_an_alias_is_no_stranger() -> None:
    kept = _contact("u", "Ada Lovelace", "ada-l", folder="former")
    ours = kept._replace(same_as=("v v.vcf",))
    assert _pairs([kept, _contact("v", "Ada Lovelace", "ada-l")], [ours]) == []


def test_what_a_list_gave_is_given_once() -> None:
    before = _contact("u", "Ada Lovelace", "ada-l")
    rich = before.person._replace(phones=("+1",), extra=(("Birthday", "May 1"),))
    after = before._replace(person=rich, shown=rich, own=("EMAIL:a@example.com",))
    now = _contact("u", "Augusta King", "countess")
    given = edits.reapply_enrichment(now, before, after)
    assert (given.person.phones, given.shown.phones) == (("+1",), ("+1",))
    assert given.person.extra == (("Birthday", "May 1"),)
    assert given.own == ("EMAIL:a@example.com",)
    assert given.shown.name == "Augusta King"
    assert edits.reapply_enrichment(given, before, after) == given
    said = given.person._replace(extra=(("Birthday", "May 2"),))
    other = given._replace(person=said, shown=said)
    assert edits.reapply_enrichment(other, before, after) == other
