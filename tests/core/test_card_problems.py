from __future__ import annotations

import pytest

import people
from li_vault.core import card

CARD = card.write_card(people.contact(own=("NOTE:n",)))


def without(name: str) -> bytes:
    """Ada's card without a property."""
    return b"".join(line for line in CARD.splitlines(True) if not line.startswith(name.encode()))


BROKEN = {
    "conflict": (
        CARD.replace(b"TITLE:", b"<<<<<<< HEAD\nTITLE:A\n=======\nTITLE:B\n>>>>>>> theirs\nX:"),
        "conflict marker",
    ),
    "conflict, CRLF": (CARD.replace(b"TITLE:", b"=======\r\nTITLE:"), "conflict marker"),
    "conflict, base": (CARD.replace(b"TITLE:", b"||||||| 1a2b\r\nTITLE:"), "conflict marker"),
    "conflict, end": (CARD + b">>>>>>> theirs", "conflict marker"),
    "two cards": (CARD + CARD, "more than one card"),
    "card inside": (CARD.replace(b"NOTE:n", b"BEGIN:VCARD\r\nEND:VCARD"), "more than one card"),
    "no UID": (without("UID"), "exactly one UID"),
    "empty UID": (CARD.replace(people.UID.encode(), b" "), "exactly one UID"),
    "two UIDs": (CARD.replace(b"NOTE:n", b"uid:x"), "exactly one UID"),
    "no FN": (without("FN"), "exactly one FN"),
    "two FNs": (CARD.replace(b"NOTE:n", b"item1.FN:x"), "exactly one FN"),
    "no N": (without("N:"), "exactly one N"),
    "no VERSION": (without("VERSION"), "exactly one VERSION"),
    "2.1": (CARD.replace(b"VERSION:3.0", b"VERSION:2.1"), "VERSION is not 3.0"),
    "latin": (CARD.replace(b"NOTE:n", b"NOTE:\xe9"), "not UTF-8"),
    "UTF-16": (CARD.decode().encode("utf-16"), "not UTF-8"),
    "empty": (b"", "empty"),
    "blank": (b"\r\n\r\n", "empty"),
    "other": (b"hello", "begin with BEGIN:VCARD"),
    "cut off": (CARD.replace(b"END:VCARD\r\n", b""), "end with END:VCARD"),
    "prose": (CARD.replace(b"NOTE:n", b"call her back"), "content line 12 is no vCard property"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_cards_are_told_in_words(case: str) -> None:
    data, words = BROKEN[case]
    found = card.card_problems(data)
    assert len(found) == 1
    assert words in found[0]
    with pytest.raises(card.BrokenCard, match=words):
        card.read_card(data, people.PATH)


def test_the_words_quote_nothing_of_the_card() -> None:
    for data, _ in BROKEN.values():
        assert "Ada" not in card.card_problems(data)[0]
        assert "call her" not in card.card_problems(data)[0]


@pytest.mark.parametrize(
    "data",
    [
        CARD,
        CARD.replace(b"\r\n", b"\n"),
        CARD.replace(b"VERSION:3.0", b"version:4.0"),
        CARD.replace(b"NOTE:n", b"NOTE:======="),
        CARD.replace(b"N:Love", b'item1.N;X="a:b;c":Love'),
        b"\xef\xbb\xbf" + CARD + b"\n\n",
    ],
)
def test_sound_cards(data: bytes) -> None:
    assert card.card_problems(data) == []
    assert card.card_problems(data, uid=people.UID) == []


def test_a_card_with_the_uid_of_another_is_not_that_persons() -> None:
    assert card.card_problems(CARD, uid="other") == ["its UID is not the one that this card has"]
