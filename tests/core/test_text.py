from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.core import text

ANY = st.text(alphabet=st.characters(), max_size=30)  # lone surrogates and all
ODD = st.text(alphabet=" \t\x0b\x1f\x7f\x85\xa0\u2028\ufeffa\u0301é🚀\u200d\ud800,", max_size=12)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("Mathematician ", "Mathematician"),
        ("a  b\t\tc", "a b c"),
        ("\ufeff\u00a0Ada\u000b\u0085\u2028\u2029Lovelace\x00\x1f\x7f", "Ada Lovelace"),
        ("Jose\u0301", "José"),
        ("👩\u200d💻 می\u200cروم \u200fא\u200f", "👩\u200d💻 می\u200cروم \u200fא\u200f"),
        ("https://www.linkedin.com/in/jos%C3%A9", "https://www.linkedin.com/in/jos%C3%A9"),
        ("𝓐𝓭𝓪", "𝓐𝓭𝓪"),
        ("a\ud83d", "a\ufffd"),
    ],
)
def test_clean(raw: str, kept: str) -> None:
    assert text.clean(raw) == kept


@given(ANY | ODD)
def test_clean_is_stable_and_can_be_written(raw: str) -> None:
    kept = text.clean(raw)
    assert text.clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert kept.encode("utf-8")[:1] != b" "
    assert not re.search(r"[^\S ]|  |^ | $", kept)


@given(st.lists(ANY | ODD, max_size=8))
def test_clean_all_is_clean_of_each(raw: list[str]) -> None:
    assert text.clean_all(raw) == [text.clean(cell) for cell in raw]


def test_blanks_are_all_white_space_and_controls() -> None:
    for code in range(0x110000):
        char = chr(code)
        blank = char.isspace() or unicodedata.category(char) == "Cc" or char == "\ufeff"
        if blank:
            assert text.clean(f"a{char}b") == "a b", hex(code)
        elif unicodedata.category(char) in ("Cf", "Zs"):
            assert text.clean(f"a{char}b") != "a b", hex(code)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.linkedin.com/in/ada-lovelace-1a2b3c", "ada-lovelace-1a2b3c"),
        ("https://www.linkedin.com/in/Ada/", "ada"),
        ("http://de.linkedin.com/in/ada/en?trk=x#y", "ada"),
        ("linkedin.com/in/ada", "ada"),
        ("//www.linkedin.com/in/ada", "ada"),
        (" www.LinkedIn.com/IN/ada ", "ada"),
        ("https://www.linkedin.com/mwlite/in/ada", "ada"),
        ("https://www.linkedin.com/in/jos%C3%A9-exemplo", "josé-exemplo"),
        ("https://www.linkedin.com/in/jos%c3%a9-exemplo", "josé-exemplo"),
        ("www.linkedin.com/in/José-Exemplo", "josé-exemplo"),
        ("www.linkedin.com/in/jose\u0301-exemplo", "josé-exemplo"),
        ("https://www.linkedin.com/in/ada-%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB", "ada-👩\u200d💻"),
        ("https://www.linkedin.com/in/a%ff", "a%ff"),
        ("https://www.linkedin.com/in/100%", "100%"),
        ("https://www.linkedin.com/in/", ""),
        ("https://www.linkedin.com/in//", ""),
        ("https://www.linkedin.com/company/engines", ""),
        ("https://www.linkedin.com/pub/ada/1/2/3", ""),
        ("https://www.linkedin.com.example.org/in/ada", ""),
        ("https://example.org/linkedin.com/in/ada", ""),
        ("https://notlinkedin.com/in/ada", ""),
        ("ada", ""),
        ("", ""),
    ],
)
def test_slug(url: str, slug: str) -> None:
    assert text.profile_slug(url) == slug


@given(ANY)
def test_slug_of_anything(raw: str) -> None:
    for url in (raw, "https://www.linkedin.com/in/" + raw):
        slug = text.profile_slug(url)
        slug.encode("utf-8")
        assert slug == unicodedata.normalize("NFC", slug)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ada Lovelace", "ada lovelace"),
        ("  Ada-Maria  O'Brien, PhD 🚀", "ada maria o brien phd"),
        ("SØREN Łukasz Žižek", "soren lukasz zizek"),
        ("Straße", "strasse"),
        ("IŞIK", "isik"),
        ("Işık", "isik"),
        ("𝓐𝓭𝓪 Ａｄａ", "ada ada"),
        ("a\u200db\u200f", "ab"),
        ("Jose\u0301", "jose"),
        ("Йордан", "иордан"),
        ("कुमार", "कुमार"),
        ("がぎ", "がぎ"),
        ("山田 太郎", "山田 太郎"),
        ("홍길동", "홍길동"),
        ("مُحَمَّد", "محمد"),
        ("❤\ufe0f Ada", "ada"),
        ("🚀", "🚀"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_key(name: str, key: str) -> None:
    assert text.name_key(name) == key


def test_key_keeps_apart_what_differs() -> None:
    names = ["कुमार", "कमर", "か", "が", "Ada", "Adam", "Ада"]
    assert len({text.name_key(name) for name in names}) == len(names)


@given(ANY)
def test_key_of_anything(raw: str) -> None:
    key = text.name_key(raw)
    key.encode("utf-8")
    assert text.name_key(raw.upper().lower()) == text.name_key(raw.lower())
    assert bool(key) == bool(text.clean(raw))
    assert text.name_key(text.clean(raw)) == key


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ada Lovelace, PhD", "ada-lovelace-phd"),
        ("José Ñandú", "jose-nandu"),
        ("Jose\u0301", "jose"),
        ("Straße ẞ", "strasse-ss"),
        ("Søren Łukasz Æther Đorđe Işık İz", "soren-lukasz-aether-dorde-isik-iz"),
        ("Kaʻahumanu", "kaahumanu"),
        ("𝓐𝓭𝓪 Ａｄａ", "ada-ada"),
        ("Ada 🚀👩\u200d💻", "ada"),
        ("--Ada--  --B--", "ada-b"),
        ("Ada 山田", ""),
        ("Ада", ""),
        ("🚀", ""),
        ("...", ""),
        ("", ""),
        ("x" * 70, "x" * 60),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_file_slug(name: str, slug: str) -> None:
    assert text.file_slug(name) == slug


@given(ANY, st.integers(1, 60))
def test_file_slug_of_anything(raw: str, limit: int) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", text.file_slug(raw, limit))
    assert len(text.file_slug(raw, limit)) <= limit


def test_letters_unknown_to_this_unicode_version_count_as_letters() -> None:
    unknown = next(chr(c) for c in range(0x10500, 0x1F000) if unicodedata.category(chr(c)) == "Cn")
    assert text.file_slug(f"Ada {unknown}") == ""
    emoji = [chr(c) for c in range(0x1F000, 0x1FC00) if unicodedata.category(chr(c)) == "Cn"]
    assert text.file_slug(f"Ada {emoji[0]}") == "ada"
