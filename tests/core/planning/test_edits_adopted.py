from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core import card, content_lines
from li_vault.core.model import Contact, Person
from li_vault.core.planning import edits
from people import contact, person

BASE = contact(person(extra=(("Tags", "old"),)), former_urls=("https://www.linkedin.com/in/ada-l",))
CARD = card.write_card(BASE)


def adopted(old: bytes, new: bytes) -> Contact:
    """Ada after a piece of her card was replaced."""
    assert old in CARD
    return edits.adopt_edit(CARD.replace(old, new), BASE)


@given(people.contacts())
def test_an_untouched_card_changes_nothing(one: Contact) -> None:
    after = edits.adopt_edit(card.write_card(one), one)
    kept = tuple(
        line
        for line in one.own
        if not line.startswith(("X-LI-FORMER", "X-LI-SAME", "X-LI-EXPORT-"))
    )
    if kept == one.own and not {"TEL", "EMAIL", "TITLE", "URL", "ORG"} & heads(one):
        assert after == one
    assert after.person == one.person
    assert card.read_card(card.write_card(after), one.path) == (after, True)


def heads(one: Contact) -> set[str]:
    """Names of the user's own properties that we have as well."""
    return {line.partition(":")[0].partition(";")[0].rpartition(".")[2] for line in one.own}


@pytest.mark.parametrize(
    "added",
    [
        "NOTE:Met in London\\, 2024",
        "TEL:1",
        "TEL;TYPE=CELL:+1 2",
        "EMAIL;TYPE=HOME:ada@home.example",
        "CATEGORIES:friends,maths",
        "item1.EMAIL;TYPE=INTERNET:a@b.example\r\nitem1.X-ABLabel:_$!<Other>!$_",
        "note:in lower case",
    ],
)
def test_what_a_user_appends_is_kept_as_it_is(added: str) -> None:
    data = CARD.replace(b"END:VCARD", added.encode() + b"\r\nEND:VCARD")
    after = edits.adopt_edit(data, BASE)
    assert after == BASE._replace(own=tuple(added.split("\r\n")))
    assert card.write_card(after) == data
    assert card.read_card(data, people.PATH) == (after, True)


def test_a_photo_is_kept_to_the_byte() -> None:
    photo = content_lines.fold_lines("PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j4AAQSkZJRg" * 500)
    data = CARD.replace(b"END:VCARD", photo + b"\r\nEND:VCARD")
    after = edits.adopt_edit(data, BASE)
    assert card.write_card(after) == data
    again = edits.adopt_edit(card.write_card(after), after)
    assert again == after


@pytest.mark.parametrize(
    ("old", "new", "shown", "export"),
    [
        ("TITLE:Math", "TITLE:Super Math", {"position": "Super Mathematician"}, "TITLE:Mathem"),
        ("TITLE:Mathematician\r\n", "", {"position": ""}, "TITLE:Mathematician"),
        ("TITLE:Mathematician", "TITLE:", {"position": ""}, "TITLE:Mathematician"),
        ("ORG:Ana", "ORG:Psychoana", {"company": 'Psychoanalytical "Engines", Ltd.'}, "ORG:Analy"),
        (
            "URL:https",
            "URL:http",
            {"url": "http://www.linkedin.com/in/ada-lovelace-1a2b3c"},
            "URL:https",
        ),
        ("FN:Ada", "FN:Countess", {"full_name": "Countess Lovelace, PhD"}, "FN:Ada"),
        ("ON:2024", "ON:2023", {"connected_on": "2023-01-01"}, "CONNECTED-ON:2024"),
        ("Tags:old", "Tags:new", {"extra": (("Tags", "new"),)}, "TAGS;COLUMN=Tags:old"),
        ("X-LI-TAGS;COLUMN=Tags:old\r\n", "", {"extra": ()}, "TAGS;COLUMN=Tags:old"),
        ("EMAIL;TYPE=INTERNET:ada@example.com\r\n", "", {"emails": ()}, "EMAIL:ada@"),
        ("TEL:+44 20 7946 0000\r\n", "", {"phones": ()}, "TEL:+44"),
        (
            "N:Lovelace\\, PhD;Ada;;;",
            "N:King;Ada;;;",
            {"last_name": "King", "full_name": "Ada Lovelace, PhD"},
            "N:Lovelace",
        ),
    ],
)
def test_a_correction_keeps_what_the_export_says(
    old: str, new: str, shown: dict[str, object], export: str
) -> None:
    after = adopted(old.encode(), new.encode())
    assert after == BASE._replace(shown=BASE.person._replace(**shown))  # type: ignore[arg-type]
    data = card.write_card(after)
    assert f"\r\nX-LI-EXPORT-{export}".encode() in data
    assert card.read_card(data, people.PATH) == (after, True)
    assert edits.adopt_edit(data, after) == after


def test_a_correction_taken_back_leaves_no_trace() -> None:
    corrected = adopted(b"TITLE:Mathematician", b"TITLE:Boss")
    data = card.write_card(corrected).replace(b"TITLE:Boss", b"TITLE:Mathematician")
    assert edits.adopt_edit(data, corrected) == BASE


@pytest.mark.parametrize("head", ["TEL:+44 20 7946 0000", "EMAIL;TYPE=INTERNET:ada@example.com"])
def test_a_value_of_ours_typed_in_again_is_the_users_own(head: str) -> None:
    assert adopted(b"END:", f"{head}\r\nEND:".encode()) == BASE._replace(own=(head,))


def test_an_address_that_was_changed_is_the_users_own() -> None:
    after = adopted(b"ada@example.com", b"ada@home.example")
    assert after.person.emails == ("ada@example.com",)
    assert after.shown.emails == ()
    assert after.own == ("EMAIL;TYPE=INTERNET:ada@home.example",)


def test_a_deep_organisation_is_the_users_own() -> None:
    after = adopted(b"ORG:", b"ORG:Empire;Isles;")
    assert after.shown.company == ""
    assert after.own == ('ORG:Empire;Isles;Analytical "Engines"\\, Ltd.',)


def test_a_department_fits() -> None:
    after = adopted(b"Ltd.", b"Ltd.;Sums")
    assert after.shown == BASE.person._replace(extra=(("Department", "Sums"), ("Tags", "old")))


def test_an_address_that_got_a_type_is_kept_with_it() -> None:
    after = adopted(b"EMAIL;TYPE=INTERNET:", b"EMAIL;TYPE=INTERNET;TYPE=HOME:")
    assert after.own == ("EMAIL;TYPE=INTERNET;TYPE=HOME:ada@example.com",)
    assert after.person == BASE.person


def rewritten() -> dict[str, bytes]:
    """Ada's card as other programs write it back; all mean the same."""
    import vobject

    content = content_lines.unfold(CARD)
    name, company = b"N:Lovelace\\, PhD;Ada;;;", b"ORG:Analytical"
    return {
        "LF": CARD.replace(b"\r\n", b"\n"),
        "reordered": "\r\n".join([content[0], *content[-2:0:-1], content[-1]]).encode(),
        "lower case": b"".join(
            line[: line.index(b":")].lower() + line[line.index(b":") :]
            for line in CARD.replace(b"COLUMN=Tags:", b"column=Tags:").splitlines(keepends=True)
        ).replace(b"column=tags", b"COLUMN=Tags"),
        "trailing parts": CARD.replace(name, name[:-3]).replace(b"Ltd.\r\n", b"Ltd.;\r\n"),
        "escapes": CARD.replace(b"URL:https:", b"URL:https\\:"),
        "semicolon": CARD.replace(company, b"ORG;CHARSET=utf-8:Analytical"),
        "group": CARD.replace(b"FN:", b"item1.FN:"),
        "quoted type": CARD.replace(b"TYPE=INTERNET", b'type="internet"'),
        "bookkeeping lost": CARD.replace(
            b"X-LI-FORMER-URL:https://www.linkedin.com/in/ada-l\r\n", b""
        ),
        "vobject": vobject.readOne(CARD.decode()).serialize().encode(),
    }


@pytest.mark.parametrize("program", rewritten())
def test_other_programs_change_nothing(program: str) -> None:
    data = rewritten()[program]
    assert data != CARD
    assert edits.adopt_edit(data, BASE) == BASE


def test_what_programs_add_is_kept() -> None:
    """khard sets REV, Radicale PRODID and REV, Apple groups and its own properties."""
    added = "PRODID:-//x//EN\r\nREV:20261123T000000Z\r\nX-ABUID:1\\:ABPerson\r\nitem1.X-ABLabel:x"
    data = CARD.replace(b"VERSION:3.0\r\n", b"VERSION:3.0\r\n" + added.encode() + b"\r\n")
    after = edits.adopt_edit(data, BASE)
    assert after == BASE._replace(own=tuple(added.split("\r\n")))
    assert card.read_card(card.write_card(after), people.PATH) == (after, True)


def test_corrected_cards_can_be_rewritten_by_others_too() -> None:
    import vobject

    corrected = BASE._replace(
        shown=BASE.person._replace(position="Boss", emails=(), extra=()), own=("NOTE:a\\, b",)
    )
    data = vobject.readOne(card.write_card(corrected).decode()).serialize().encode()
    assert edits.adopt_edit(data, corrected) == corrected


@given(people.contacts(), st.lists(people.own_lines, max_size=3))
def test_nothing_that_a_user_adds_is_lost(one: Contact, added: list[str]) -> None:
    one = one._replace(own=())
    added = [
        line for line in added if not line.startswith(("X-LI-FORMER", "X-LI-SAME", "X-LI-EXPORT-"))
    ]
    data = card.write_card(one)
    data = data.removesuffix(b"END:VCARD\r\n") + "\n".join([*added, "END:VCARD"]).encode()
    after = edits.adopt_edit(data, one)
    assert after.person == one.person
    text = "\n".join(content_lines.unfold(card.write_card(after)))
    for line in added:
        parsed = content_lines.parse_line(line)
        assert parsed is not None
        assert content_lines.unescape(parsed.value) in content_lines.unescape(text)


@pytest.mark.parametrize("old", [b"BEGIN", b"UID:7d", b"FN:", b"\r\nN:", b"TITLE:"])
def test_a_broken_edit_is_refused(old: bytes) -> None:
    with pytest.raises(card.BrokenCard, match="it"):
        adopted(old, b"?")


def test_values_stay_when_one_of_two_addresses_goes() -> None:
    base = contact(Person(first_name="A", emails=("a@x.example", "b@x.example"), phones=("1", "1")))
    data = card.write_card(base).replace(b"EMAIL;TYPE=INTERNET:a@x.example\r\n", b"")
    after = edits.adopt_edit(data, base)
    assert after.shown.emails == ("b@x.example",)
    assert after.shown.phones == ("1", "1")
    assert after.person == base.person
