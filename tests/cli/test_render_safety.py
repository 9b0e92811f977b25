from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.cli import render
from li_vault.cli.render import Look, display_width, unlinked, wrap_text

_HARMFUL = {chr(n) for n in (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F))}
_HARMFUL |= {chr(n) for n in range(0x2066, 0x206A)}
WORDS = st.text(st.one_of(st.characters(), st.sampled_from(sorted(_HARMFUL))), max_size=40)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Ada\tLove\r\n lace ", "Ada Love lace"),
        ("\x1b[31mAda", "<U+001B>[31mAda"),
        ("gnp\u202eexe.", "gnp<U+202E>exe."),
        ("\u009b2J", "<U+009B>2J"),
        # Marks and joiners belong to names.
        ("\u200fמשה\u200e", "\u200fמשה\u200e"),
        ("👩\u200d💻 José", "👩\u200d💻 José"),
    ],
)
def test_what_commands_a_terminal_is_shown_by_its_number(value: str, shown: str) -> None:
    assert render.safe_words(value) == shown


@given(WORDS)
def test_no_words_hold_anything_that_does(value: str) -> None:
    assert not set(render.safe_words(value)) & _HARMFUL
    plain = render.safe_lines(value + "\n", styled=False)
    assert not set(plain) & (_HARMFUL - set("\t\n"))


@given(WORDS, WORDS)
def test_only_our_own_styles_and_links_get_through(value: str, url: str) -> None:
    look = Look(colour=True, links=True)
    line = look.link(look.paint(value, "bold"), f"https://{url}")
    out = render.safe_lines(line, styled=True)
    rest = unlinked(out).replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert "\x1b]8;;" not in rest.replace("<U+001B>]8;;", "")
    assert "\x1b[1m" in out or not value


@given(WORDS)
def test_json_says_the_same(value: str) -> None:
    said = render.safe_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(said) == value
    assert not set(said) & _HARMFUL


def test_a_link_is_to_the_web_and_nowhere_else() -> None:
    look = Look(links=True)
    assert look.link("x", "javascript:alert(1)") == "x"
    assert look.link("", "https://example.com") == ""
    linked = look.link("x", "https://www.linkedin.com/in/é\x1b\\ y%20")
    assert linked == "\x1b]8;;https://www.linkedin.com/in/%C3%A9%1B%5C%20y%20\x1b\\x\x1b]8;;\x1b\\"
    assert unlinked(linked) == "x"
    assert Look().link("x", "https://example.com") == "x"


@given(st.text(st.sampled_from("ab 云é"), max_size=60), st.integers(16, 40))
def test_lines_are_wrapped_between_words(value: str, width: int) -> None:
    lines = wrap_text(value, width)
    assert " ".join(lines) == value
    assert all(display_width(line) <= width or " " not in line for line in lines)


def test_without_a_width_nothing_is_wrapped() -> None:
    assert wrap_text("a " * 500, 0) == ["a " * 500]
    assert wrap_text("", 80) == []
