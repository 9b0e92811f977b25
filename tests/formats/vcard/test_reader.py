from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import people
from li_vault.core import card
from li_vault.core.model import Contact
from li_vault.formats.vcard import reader

CARD = card.write_card(people.contact())


def added(line: str) -> bytes:
    """Ada's card with one line more."""
    return CARD.replace(b"END:VCARD", line.encode() + b"\r\nEND:VCARD")


@settings(max_examples=40)
@given(people.contacts())
def test_every_card_of_ours_is_read(one: Contact) -> None:
    assert reader.vobject_objection(card.write_card(one._replace(own=()))) == ""


@settings(max_examples=60)
@given(people.contacts())
def test_every_value_of_a_card_of_ours_is_read_the_same(one: Contact) -> None:
    plain = one._replace(own=(), shown=one.person)
    assert reader.vobject_misreads(card.write_card(plain), plain) == ""


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b"FN:Ada", b"FN:Eda", "FN"),
        (b"N:Lovelace", b"N:Loveless", "N"),
        (b"ORG:", b"ORG:The ", "ORG"),
        (b"TITLE:", b"TITLE:The ", "TITLE"),
        (b"\\, PhD", b", PhD", "FN, N"),
        (b"ada@", b"eda@", "EMAIL"),
        (b"URL:", b"X-URL:", "URL, X-URL"),
        (b"END:VCARD\r\n", b"X-LI-NOTE;COLUMN=Note:x\r\nEND:VCARD\r\n", "X-LI-NOTE"),
        (b"END:VCARD", b"nonsense\r\nEND:VCARD", "can't read it"),
    ],
)
def test_a_value_that_is_read_otherwise(before: bytes, after: bytes, words: str) -> None:
    one = people.contact()
    assert before in CARD
    assert reader.vobject_misreads(CARD, one) == ""
    assert words in reader.vobject_misreads(CARD.replace(before, after), one)


@pytest.mark.parametrize(
    "data",
    [
        CARD,
        CARD.replace(b"\r\n", b"\n"),
        b"\xef\xbb\xbf" + CARD,
        CARD + b"\r\n\r\n",
        CARD.lower(),
        added("item1.EMAIL;type=INTERNET;type=pref:a@example.com\r\nitem1.X-ABLabel:_$!<Home>!$_"),
        added("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg=="),
        added("NOTE:" + "long " * 100),
        added("BDAY;VALUE=date:1815-12-10\r\nADR;TYPE=HOME:;;St James's Sq;London;;;UK"),
    ],
)
def test_cards_of_others_that_are_read(data: bytes) -> None:
    assert reader.vobject_objection(data) == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "finds 0 parts"),
        (b"\xff\xfe", "not UTF-8 (byte 0)"),
        (CARD + CARD, "finds 2 parts"),
        (CARD.replace(b"END:VCARD\r\n", b""), "can't read"),
        (CARD.replace(b"BEGIN:VCARD\r\n", b""), "can't read"),
        (CARD.replace(b"FN:Ada Lovelace\\, PhD\r\n", b""), "missing or repeated"),
        (added("call her back"), "can't read it (line"),
        (added("PHOTO;ENCODING=b:ABC"), "a value is not what"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "finds 1 parts"),
    ],
)
def test_what_is_not_read_is_told_in_words(data: bytes, words: str) -> None:
    found = reader.vobject_objection(data)
    assert words in found
    assert "Ada" not in found
    assert "call her" not in found


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: text.encode("utf-8", "ignore"))
    | st.sampled_from(
        [
            b"PHOTO;BASE64:x",
            b"A;ENCODING=QUOTED-PRINTABLE:=\xc3",
            b"N;ENCODING=b:!",
            b"X;=:",
            b"GEO:",
        ]
    )
)
def test_it_never_fails_itself(line: bytes) -> None:
    assert isinstance(
        reader.vobject_objection(CARD.replace(b"END:VCARD", line + b"\r\nEND:VCARD")), str
    )
    assert isinstance(reader.vobject_objection(line), str)


def test_vobject_is_loaded_only_when_it_is_needed() -> None:
    code = "import sys, li_vault.formats.vcard.reader; sys.exit('vobject' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
