from __future__ import annotations

import pytest

from li_vault.core import search
from li_vault.core.model import Contact, Person


def known(
    uid: str, first: str, last: str, slug: str, file: str, *own: str, **changes: object
) -> Contact:
    """Someone in a vault."""
    url = f"https://www.linkedin.com/in/{slug}"
    one = Person(first, last, url, connected_on="2024-01-01")._replace(**changes)  # type: ignore[arg-type]
    return Contact(uid, f"contacts/{file}.vcf", one, one, (), own)


ADA = known(
    "aaaa1111-0000-5000-8000-000000000001", "Ada", "Lovelace", "ada", "ada-lovelace-aaaa1111"
)
JOSE = known(
    "aaaa2222-0000-5000-8000-000000000002",
    "José",
    "Exemplo",
    "jos%C3%A9",
    "jose-exemplo-aaaa2222",
    "NOTE:Met in Łódź\\, 2024",
    "item1.EMAIL;TYPE=HOME:jose@home.example",
    "TEL;TYPE=CELL:+1 2",
    "PHOTO;ENCODING=b:QURB",
    emails=("jose@example.com",),
)
EVE = known("bbbb3333-0000-5000-8000-000000000003", "Eve", "Ada", "eve", "eve-bbbb3333")._replace(
    former_urls=("https://www.linkedin.com/in/eve-old",)
)
BEE = known("cccc4444-0000-5000-8000-000000000004", "bbbb", "", "lovelace", "bbbb-cccc4444")
EVERYONE = [ADA, JOSE, EVE, BEE]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (ADA.uid, [ADA]),
        (ADA.uid.upper(), [ADA]),
        ("aaaa1", [ADA]),
        ("aaaa", [ADA, JOSE]),
        ("aaaa2222-0000", [JOSE]),
        ("https://www.linkedin.com/in/ada", [ADA]),
        ("linkedin.com/in/ADA/?x=1", [ADA]),
        ("ada", [ADA]),
        ("josé", [JOSE]),
        ("jos%C3%A9", [JOSE]),
        ("https://de.linkedin.com/in/jos%c3%a9/", [JOSE]),
        ("eve-old", [EVE]),
        ("linkedin.com/in/eve-old", [EVE]),
        ("ada-lovelace-aaaa1111.vcf", [ADA]),
        ("contacts/ada-lovelace-aaaa1111.vcf", [ADA]),
        ("former/ada-lovelace-aaaa1111", [ADA]),
        ("lovelace", [BEE]),
        ("ADA LÖVELACE", [ADA]),
        (" Eve  Ada ", [EVE]),
        ("bbbb", [BEE]),
        ("bbbb3", [EVE]),
        ("aaaa-", []),
        ("jose@home.example", [JOSE]),
        ("ada eve", [EVE]),
        ("nobody", []),
        ("", []),
        ("  ", []),
    ],
)
def test_who_is_meant(words: str, found: list[Contact]) -> None:
    assert search.resolve_contacts(EVERYONE, words) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", EVERYONE),
        ("ADA", [ADA, EVE]),
        ("lovel", [ADA, BEE]),
        ("jose EXEMPLO", [JOSE]),
        ("lodz", [JOSE]),
        ("łódź", [JOSE]),
        ("jose@home", [JOSE]),
        ("+1", [JOSE]),
        ("qurb", []),
        ("eve-old", [EVE]),
        ("2024-01-01 eve", [EVE]),
        ("eve lovelace", []),
    ],
)
def test_people_by_words(words: str, found: list[Contact]) -> None:
    assert search.filter_by_text(EVERYONE, search.fold_text(words).split()) == found


def test_corrected_values_are_found() -> None:
    one = ADA._replace(shown=ADA.person._replace(last_name="King", position="Gräfin"))
    assert search.resolve_contacts([one, JOSE], "Ada King") == [one]
    assert search.filter_by_text([one, JOSE], ["grafin"]) == [one]


def test_people_come_in_the_order_of_their_names() -> None:
    names = [("b", "", "1"), ("Äb", "", "2"), ("a", "c", "3"), ("a", "", "5"), ("A", "", "4")]
    people = [known(file, first, last, file, file) for first, last, file in names]
    assert [one.uid for one in search.order_by_name(people)] == ["4", "5", "3", "2", "1"]


def test_all_addresses_and_numbers_of_a_card() -> None:
    assert search.all_emails(JOSE) == ["jose@example.com", "jose@home.example"]
    assert search.all_phones(JOSE) == ["+1 2"]
    assert search.all_emails(ADA) == []


def test_what_stands_twice_on_a_card_is_told_once() -> None:
    mine = ("EMAIL;TYPE=WORK:A@X.ORG", "EMAIL:b@x.org", "item1.EMAIL:B@x.org", "TEL:+1 2", "TEL:+1")
    one = known("e", "A", "B", "a", "a", *mine, emails=("a@x.org",), phones=("+1 2", "+1 2"))
    assert search.all_emails(one) == ["a@x.org", "b@x.org"]
    assert search.all_phones(one) == ["+1 2", "+1"]
    read = search.effective_person(one)
    assert (read.emails, read.phones) == (("a@x.org", "b@x.org"), ("+1 2", "+1"))
    twice = known("e", "A", "B", "a", "a", emails=("a@x.org", "A@x.org"))
    assert search.effective_person(twice).emails == ("a@x.org",)


def test_what_the_user_wrote_in_place_of_ours() -> None:
    one = ADA._replace(own=("ORG:Empire\\; Isles;East", "TITLE:Boss;Sir"))
    assert search.own_value(one, "ORG") == "Empire; Isles"
    assert search.own_value(one, "TITLE") == "Boss;Sir"
    assert search.own_value(ADA, "ORG") == ""


@pytest.mark.parametrize("words", ["7", "7d", "7D1", "7d1f"])
def test_few_digits_are_enough(words: str) -> None:
    other = known("6e1f3f0e-0000-5000-8000-000000000005", "Max", "7d1f", "seven", "max-6e1f3f0e")
    one = known("7d1f3f0e-0000-5000-8000-000000000006", "Ida", "Byron", "ida", "ida-7d1f3f0e")
    assert search.resolve_contacts([*EVERYONE, other, one], words) == [one]


def test_a_uid_is_no_text() -> None:
    one = known("8bf1deeb-0000-5000-8000-00000000abcd", "Ida", "Byron", "ida", "ida-8bf1deeb")
    merged = one._replace(same_as=("0dee0000-0000-5000-8000-000000000000 maxa-dee-0dee0000.vcf",))
    for words in ("deeb", "abcd", "bf1d", "5000", "8", "0dee0"):
        assert search.filter_by_text([one], [words]) == []
    for words in ("8bf1", "8bf1deeb-00", "ida"):
        assert search.filter_by_text([one], [words]) == [one]
    assert search.resolve_contacts([one], "Dee") == []
    assert search.resolve_contacts([merged], "0dee0") == [merged]
    assert search.filter_by_text([merged], ["maxa-dee"]) == [merged]


def test_letters_are_a_name_before_they_are_digits() -> None:
    edda = known("11110000-0000-5000-8000-000000000001", "Edda", "Holm", "x", "edda-11110000")
    digits = known("edda0000-0000-5000-8000-000000000001", "Max", "Holm", "y", "max-edda0000")
    assert search.resolve_contacts([digits, edda], "edda") == [edda]
    assert search.resolve_contacts([digits], "edda") == [digits]


@pytest.mark.parametrize("words", ["Zoe.vcf", "contacts/Zoe.vcf", "Zoe", "zoe.VCF", "ZOE"])
def test_a_file_name_of_a_telephone_has_capitals(words: str) -> None:
    zoe = known("dddd5555-0000-5000-8000-000000000005", "Zed", "Ypsilon", "zed", "Zoe")
    assert search.resolve_contacts([*EVERYONE, zoe], words) == [zoe]


def test_of_file_names_that_differ_in_capitals_the_very_one_is_meant() -> None:
    one = known("dddd5555-0000-5000-8000-000000000005", "Zed", "Ypsilon", "zed", "Zoe")
    other = known("dddd6666-0000-5000-8000-000000000006", "Zed", "Omega", "zed-o", "zoe")
    for contact in (one, other):
        assert search.resolve_contacts([other, one], contact.file) == [contact]


OWN = (
    "ADR;TYPE=HOME:;;Bahnhofstraße 1;Zürich;;8001;Schweiz",
    "BDAY:1990-05-17",
    "URL:https://mira.example/garden",
    "item1.IMPP;X-SERVICE-TYPE=Signal:xmpp:mira@chat.example",
    "item1.X-ABLabel:Allotment",
    'X-LI-SHOE-SIZE;COLUMN="Shoe, size":forty-one',
    "TITLE;LANGUAGE=de:Schmied\\nund Gießer",
    "ORG:Second Guild;Night\\;shift",
    "KEY;ENCODING=b:c2VjcmV0",
    "PHOTO:https://mira.example/face.jpg",
    "X-BLOB:" + "aGlkZGVu" * 400,
    "REV:2031-01-01T00:00:00Z",
)
MIRA = known("eeee7777-0000-5000-8000-000000000007", "Mira", "Vals", "mira", "mira", *OWN)


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("zurich", True),
        ('"8001 schweiz"', True),
        ('"Bahnhofstraße 1, Zürich"', True),
        ("1990-05", True),
        ("garden", True),
        ("url:garden", True),
        ("chat.example", True),
        ("allotment", True),
        ("forty-one", True),
        ("schmied", True),
        ("position:schmied", True),
        ('"schmied und"', True),
        ('position:"schmied und giesser"', True),
        ("company:second", True),
        ("company:night;shift", True),
        ("c2vjcmv0", False),
        ("face.jpg", False),
        ("aglkzgvu", False),
        ("2031-01-01", False),
        ("shoe", False),
    ],
)
def test_any_field_of_the_users_is_found(words: str, fits: bool) -> None:
    found = search.filter_by_query([ADA, MIRA], search.parse_query([words]))
    assert found == ([MIRA] if fits else [])


@pytest.mark.parametrize("blank", ["\n", "\t", "  ", "\r\n", "\u00a0", " \u2009 ", "\x0b"])
def test_white_space_of_any_kind_is_one_space(blank: str) -> None:
    one = known("e", "A", "B", "a", "a", f"NOTE:two{blank}words", position=f"Head{blank}of Tides")
    for words in ('"head of"', 'position:"head of tides"', f'position:"Head{blank}of"'):
        assert search.filter_by_query([one], search.parse_query([words])) == [one]
    assert search.filter_by_query([one], search.parse_query(["note:two words"])) == [one]
    assert search.filter_by_query([one], search.parse_query(['"b head"'])) == []


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("Ada", "O’Brien", "o'brien"),
        ("Ada", "O'Brien", "O’Brien"),
        ("Ada", "Oʼ Brien", '"o\' brien"'),
        ("Ada", "King–Noel", "king-noel"),
        ("Ada", "King-Noel", "King‑Noel"),
        ("Ayşe", "Işık", "ışık"),
        ("Ayşe", "Işık", "isik"),
        ("Łukasz", "Żółć", "ŻÓŁĆ"),
        ("Søren", "Þór", "soren"),
        ("Søren", "Þór", "søren"),
        ("小明", "王", "王小明"),
        ("小明", "王", "name:王小明"),
        ("小明", "王", '"小明 王"'),
        ("Σοφός", "ΟΔΥΣΣΕΥΣ", "σοφοσ"),
    ],
)
def test_names_are_found_as_people_type_them(first: str, last: str, words: str) -> None:
    one = known("e", first, last, "e", "e")
    assert search.filter_by_query([ADA, one], search.parse_query([words])) == [one]


def test_names_of_the_west_do_not_run_together() -> None:
    for first, last in (("Bela", "Filler"), ("Łukasz", "Żółć"), ("Ida", "王"), ("🚀", "Filler")):
        one = known("e", first, last, "e", "e")
        words = last[-1] + first[0]
        assert search.filter_by_query([one], search.parse_query([f"name:{words}"])) == []
        assert search.filter_by_query([one], search.parse_query([words])) == []


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    "words", ["+442079460000", "phone:+442079460000", "2079460000", '"+44 (20) 7946"', "tel:+44"]
)
def test_a_number_is_found_however_it_is_written(words: str, own: bool) -> None:
    number = "+44 (20) 7946-0000"
    one = known("e", "A", "B", "b", "b", *([f"TEL;TYPE=CELL:{number}"] if own else []))
    if not own:
        one = known("e", "A", "B", "b", "b", phones=(number,))
    assert search.filter_by_query([ADA, one], search.parse_query([words])) == [one]


@pytest.mark.parametrize("words", ["in/ada", "/in/ada/", "IN/ADA", "mailto:jose@example.com"])
def test_parts_of_addresses_are_understood(words: str) -> None:
    found = search.filter_by_query(EVERYONE, search.parse_query([words])) if ":" in words else None
    assert (found or search.resolve_contacts(EVERYONE, words)) == [JOSE if ":" in words else ADA]


@pytest.mark.parametrize("words", ["\u200f", "\u0301", " \u200d \ufe0f"])
def test_signs_that_nobody_types_mean_nobody(words: str) -> None:
    assert search.resolve_contacts(EVERYONE, words) == []
    assert search.parse_query([words]) == ()
    with pytest.raises(search.BadQuery, match="Nothing follows"):
        search.parse_query([f"name:{words.strip()}"])


def test_signs_that_nobody_types_do_not_part_words() -> None:
    one = known("e", "Ada", "B", "b", "b", position="Head \u0301 of\u200d \u2764\ufe0f Tides")
    for words in ('"head of"', "\u2764", "\u2764\ufe0f", '"of \u2764 tides"'):
        assert search.filter_by_query([one], search.parse_query([words])) == [one]
