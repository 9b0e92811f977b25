from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core import content_lines
from li_vault.core.card import NAME_COLUMNS, BrokenCard, read_card, shown_name, write_card
from li_vault.core.model import Contact, Person
from people import contact, person

GOLDEN = """\
BEGIN:VCARD
VERSION:3.0
UID:7d1f3f0e-6c55-5c0e-9a57-0c4d4f6f3f2a
FN:Ada Lovelace\\, PhD
N:Lovelace\\, PhD;Ada;;;
ORG:Analytical "Engines"\\, Ltd.
TITLE:Mathematician
EMAIL;TYPE=INTERNET:ada@example.com
TEL:+44 20 7946 0000
URL:https://www.linkedin.com/in/ada-lovelace-1a2b3c
X-LI-FORMER-URL:https://www.linkedin.com/in/ada-l
X-LI-CONNECTED-ON:2024-01-01
END:VCARD
""".replace("\n", "\r\n").encode()


def body(data: bytes) -> list[str]:
    """The lines after those that every card of Ada has."""
    return content_lines.unfold(data)[3:-1]


def test_the_card_of_the_contract() -> None:
    ada = contact(former_urls=("https://www.linkedin.com/in/ada-l",))
    assert write_card(ada) == GOLDEN
    assert read_card(GOLDEN, people.PATH) == (ada, True)


def test_empty_properties_are_absent() -> None:
    bare = contact(Person(first_name="Ada"))
    assert body(write_card(bare)) == ["FN:Ada", "N:;Ada;;;"]


def test_everything_has_its_place() -> None:
    full = person(
        emails=("a@example.com", "b@example.com"),
        phones=("1", "2"),
        full_name="Countess of Lovelace",
        extra=(
            ("Department", "Sums; and"),
            ("Größe", "1,80"),
            ("Middle Name", "King"),
            ("Name Prefix", "Lady"),
            ("Name Suffix", "FRS"),
            ("Tags", "old"),
            ("名:前", "x"),
        ),
    )
    data = write_card(contact(full, former_urls=("u1", "u2"), own=("NOTE:n", "TEL:3")))
    assert body(data) == [
        "FN:Countess of Lovelace",
        "N:Lovelace\\, PhD;Ada;King;Lady;FRS",
        'ORG:Analytical "Engines"\\, Ltd.;Sums\\; and',
        "TITLE:Mathematician",
        "EMAIL;TYPE=INTERNET:a@example.com",
        "EMAIL;TYPE=INTERNET:b@example.com",
        "TEL:1",
        "TEL:2",
        "URL:https://www.linkedin.com/in/ada-lovelace-1a2b3c",
        "X-LI-FORMER-URL:u1",
        "X-LI-FORMER-URL:u2",
        "X-LI-CONNECTED-ON:2024-01-01",
        "X-LI-GROSSE;COLUMN=Größe:1\\,80",
        "X-LI-TAGS;COLUMN=Tags:old",
        'X-LI-COLUMN;COLUMN="名:前":x',
        "NOTE:n",
        "TEL:3",
    ]
    assert read_card(data, people.PATH).canonical


@pytest.mark.parametrize(
    ("column", "head"),
    [
        ("Export Title", "X-LI-COLUMN-EXPORT-TITLE;COLUMN=Export Title"),
        ("Former URL", "X-LI-COLUMN-FORMER-URL;COLUMN=Former URL"),
        ("Own", "X-LI-COLUMN-OWN;COLUMN=Own"),
        ("!?", "X-LI-COLUMN;COLUMN=!?"),
        ('a"b^', "X-LI-A-B;COLUMN=a^'b^^"),
        ("a,b", 'X-LI-A-B;COLUMN="a,b"'),
    ],
)
def test_the_property_of_a_column(column: str, head: str) -> None:
    one = contact(Person(first_name="Ada", extra=((column, "v"),)))
    assert body(write_card(one))[-1] == f"{head}:v"
    shuffled = write_card(one).replace(b"FN:Ada\r\nN:;Ada;;;\r\n", b"N:;Ada;;;\r\nFN:Ada\r\n")
    assert read_card(shuffled, people.PATH) == (one, False)


def test_corrections_keep_the_value_of_the_export_beside() -> None:
    shown = person(position="Countess", company="", emails=(), last_name="King", full_name="Ada K.")
    data = write_card(contact(shown=shown))
    assert body(data) == [
        "FN:Ada K.",
        "N:King;Ada;;;",
        "TITLE:Countess",
        "TEL:+44 20 7946 0000",
        "URL:https://www.linkedin.com/in/ada-lovelace-1a2b3c",
        "X-LI-CONNECTED-ON:2024-01-01",
        "X-LI-EXPORT-FN:Ada Lovelace\\, PhD",
        "X-LI-EXPORT-N:Lovelace\\, PhD;Ada;;;",
        'X-LI-EXPORT-ORG:Analytical "Engines"\\, Ltd.',
        "X-LI-EXPORT-TITLE:Mathematician",
        "X-LI-EXPORT-EMAIL:ada@example.com",
    ]
    assert read_card(data, people.PATH).contact == contact(shown=shown)


@given(people.contacts())
def test_what_is_written_is_read_again(one: Contact) -> None:
    data = write_card(one)
    assert read_card(data, one.path) == (one, True)
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert data.endswith(b"\r\nEND:VCARD\r\n")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for piece in data.split(b"\r\n "):
        piece.decode()


def name_of(line: str) -> str:
    """The name of a content line's property."""
    parsed = content_lines.parse_line(line)
    assert parsed is not None
    return parsed.name


@given(people.contacts(), st.randoms(use_true_random=False))
def test_what_others_rearranged_says_the_same_and_is_stable(one: Contact, rng: Any) -> None:
    one = one._replace(own=())
    begin, *content, end = content_lines.unfold(write_card(one))
    # Lines of one property keep their order; the properties change places.
    places = {head: rng.random() for head in sorted({name_of(line) for line in content})}
    content.sort(key=lambda line: places[name_of(line)])
    data = "\n".join([begin, *content, end, ""]).encode()
    read = read_card(data, one.path)
    assert read.contact == one
    again = write_card(read.contact)
    assert read_card(again, one.path) == (one, True)


@given(people.persons())
def test_vobject_reads_the_same_values(one: Person) -> None:
    import vobject

    data = write_card(contact(one, former_urls=("https://x.example/a,b;c",)))
    card = vobject.readOne(data.decode())
    extra = dict(one.extra)
    card.validate(raiseException=True)
    assert values(card, "fn") == [shown_name(one)]
    name = card.n.value
    assert [name.family, name.given] == [one.last_name, one.first_name]
    assert [name.additional, name.prefix, name.suffix] == [
        extra.get(column, "") for column in NAME_COLUMNS
    ]
    organisation = [[one.company, *([extra["Department"]] if "Department" in extra else [])]]
    assert values(card, "org") == (organisation if any(organisation[0]) else [])
    assert values(card, "title") == [one.position] * bool(one.position)
    assert values(card, "email") == list(one.emails)
    assert values(card, "tel") == list(one.phones)
    assert values(card, "url") == [one.url] * bool(one.url)
    assert values(card, "x-li-former-url") == ["https://x.example/a,b;c"]
    assert values(card, "x-li-connected-on") == [one.connected_on] * bool(one.connected_on)
    placed = {*NAME_COLUMNS, "Department"}
    told = [
        (content_lines.decode_param(column), child.value)
        for child in card.getChildren()
        for column in child.params.get("COLUMN", ())
    ]
    assert sorted(told) == [pair for pair in one.extra if pair[0] not in placed]


def values(card: Any, name: str) -> list[Any]:
    """What vobject reads of one property."""
    return [child.value for child in card.contents.get(name, [])]


def test_a_line_break_inside_a_value_breaks_nothing() -> None:
    nasty = person(position="a\r\nEND:VCARD\nUID:other", extra=(("c", "x\ny"),))
    data = write_card(contact(nasty))
    read = read_card(data, people.PATH)
    assert read.canonical
    assert read.contact.uid == people.UID
    assert read.contact.person.position == "a\n\nEND:VCARD\nUID:other"
    assert read.contact.person.extra == (("c", "x\ny"),)


@pytest.mark.parametrize("own", [("NOTE:n",), ("TEL:1", "EMAIL;TYPE=INTERNET:x", "TITLE:Boss")])
def test_what_is_appended_needs_no_mark(own: tuple[str, ...]) -> None:
    assert b"X-LI-OWN" not in write_card(contact(own=own))


@pytest.mark.parametrize(
    "own", [("NOTE:n", "X-LI-FORMER-URL:x"), ("NOTE:n", "X-LI-A;COLUMN=a:1"), ("TITLE:x",)]
)
def test_what_could_be_ours_is_marked(own: tuple[str, ...]) -> None:
    one = contact(person(position=""), own=own)
    assert b"X-LI-OWN:below\r\n" + own[0].encode() in write_card(one)


@pytest.mark.parametrize("added", [b"NOTE:n", b"EMAIL:x@example.com", b"TITLE:Boss", b"REV:1"])
@pytest.mark.parametrize("before", [b"FN", b"ORG", b"TEL", b"X-LI-CONNECTED-ON"])
def test_a_line_in_the_midst_of_ours_ends_nothing(before: bytes, added: bytes) -> None:
    data = GOLDEN.replace(b"\r\n" + before, b"\r\n" + added + b"\r\n" + before)
    read = read_card(data, people.PATH)
    assert not read.canonical
    assert read.contact.person.url == people.ADA.url
    assert read.contact.person.connected_on == people.ADA.connected_on


@pytest.mark.parametrize("own", ["TEL:1", "URL:x", "X-LI-FOO;COLUMN=foo:1", "TITLE:Boss"])
def test_own_lines_are_never_taken_for_ours(own: str) -> None:
    bare = contact(Person(first_name="Ada"), own=(own, "NOTE:x"))
    data = write_card(bare)
    assert read_card(data, people.PATH) == (bare, True)
    assert b"X-LI-OWN:below" in data


def test_former_and_corrections_of_one_that_says_nothing() -> None:
    shown = Person(first_name="Ada", extra=(("Department", "Sums"), ("Tags", "mine")))
    one = contact(Person(first_name="Ada"), shown=shown)
    data = write_card(one)
    assert body(data)[2:] == [
        "ORG:;Sums",
        "X-LI-TAGS;COLUMN=Tags:mine",
        "X-LI-EXPORT-ORG:",
        "X-LI-EXPORT-TAGS;COLUMN=Tags:",
    ]
    assert read_card(data, people.PATH).contact == one


def other_forms() -> dict[str, bytes]:
    """Ada's card as other programs write it; all say the same."""
    import vobject

    content = content_lines.unfold(GOLDEN)
    return {
        "LF": GOLDEN.replace(b"\r\n", b"\n"),
        "CR": GOLDEN.replace(b"\r\n", b"\r"),
        "CR CR LF": GOLDEN.replace(b"\r\n", b"\r\r\n"),
        "BOM": b"\xef\xbb\xbf" + GOLDEN,
        "no end": GOLDEN.removesuffix(b"\r\n"),
        "blank lines": GOLDEN.replace(b"\r\nN:", b"\r\n\r\nN:"),
        "reordered": "\r\n".join([content[0], *content[-2:0:-1], content[-1], ""]).encode(),
        "lower case": re.sub(rb"^([A-Z-]+)", lambda m: m[1].lower(), GOLDEN, flags=re.MULTILINE),
        "folded short": re.sub(rb"(Mathe)", rb"\1\r\n ", GOLDEN),
        "folded by tab": re.sub(rb"(Mathe)", rb"\1\n\t", GOLDEN),
        "short N": GOLDEN.replace(b";Ada;;;", b";Ada"),
        "plain e-mail": GOLDEN.replace(b";TYPE=INTERNET", b""),
        "lower type": GOLDEN.replace(b";TYPE=INTERNET", b";type=internet"),
        "vobject": vobject.readOne(GOLDEN.decode()).serialize().encode(),
    }


@pytest.mark.parametrize("form", other_forms())
def test_other_forms_say_the_same(form: str) -> None:
    read = read_card(other_forms()[form], people.PATH)
    assert read.contact == contact(former_urls=("https://www.linkedin.com/in/ada-l",))
    assert not read.canonical
    assert write_card(read.contact) == GOLDEN


def test_a_fold_inside_a_character() -> None:
    data = GOLDEN.replace(b"Mathematician", b"Mathematicien-\xc3\r\n \xa9")
    assert read_card(data, people.PATH).contact.person.position == "Mathematicien-é"


def test_a_deep_organisation_of_the_users_is_kept() -> None:
    data = GOLDEN.replace(b"ORG:", b"ORG:A;B;C;")
    assert read_card(data, people.PATH).contact.own == ('ORG:A;B;C;Analytical "Engines"\\, Ltd.',)


@pytest.mark.parametrize("data", [b"", b"\xff", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"x" * 99])
def test_what_is_no_card_is_said(data: bytes) -> None:
    with pytest.raises(BrokenCard, match="it"):
        read_card(data, people.PATH)


def joined(content: list[str]) -> bytes:
    """Content lines as a program on Unix writes them."""
    return "\n".join(content).encode()


@given(st.binary(max_size=200) | st.lists(people.own_lines, max_size=5).map(joined))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    whole = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:x\r\nN:x\r\n" + data + b"\r\nEND:VCARD\r\n"
    for candidate in (data, whole):
        try:
            read = read_card(candidate, people.PATH)
        except BrokenCard:
            continue
        again = write_card(read.contact)
        assert read_card(again, people.PATH) == (read.contact, True)


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (Person(first_name="Ada", last_name="L"), "Ada L"),
        (Person(last_name="L", full_name="Countess"), "Countess"),
        (Person(url="https://www.linkedin.com/in/jos%C3%A9"), "josé"),
        (Person(emails=("a@example.com",), company="C"), "a@example.com"),
        (Person(company="C"), "C"),
        (Person(), "Nameless"),
    ],
)
def test_everyone_is_called_something(one: Person, name: str) -> None:
    assert shown_name(one) == name
    assert read_card(write_card(contact(one)), people.PATH).contact.person == one
