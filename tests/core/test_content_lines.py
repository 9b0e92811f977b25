from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from li_vault.core import content_lines
from li_vault.core.content_lines import ContentLine

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
ONE_LINE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=200
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("a\nb", "a\\nb"),
        ("a:b\"c'", "a:b\"c'"),
        ("", ""),
    ],
)
def test_escape(text: str, value: str) -> None:
    assert content_lines.escape(text) == value
    assert content_lines.unescape(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\\Nb", "a\nb"), ("https\\://x", "https://x"), ("a\\qb\\", "a\\qb\\"), ("\\\\n", "\\n")],
)
def test_unescape_what_others_wrote(value: str, text: str) -> None:
    assert content_lines.unescape(value) == text


@given(ANY)
def test_escaped_text_has_no_line_break_and_comes_back(text: str) -> None:
    value = content_lines.escape(text)
    assert "\n" not in value
    assert "\r" not in value
    assert content_lines.unescape(value) == text.replace("\r", "\n")


@given(st.lists(ONE_LINE.filter(lambda text: not {"\x00", "\x01"} & set(text)), min_size=1))
def test_structured_values_come_back(parts: list[str]) -> None:
    assert content_lines.components(content_lines.structured(parts)) == parts


@given(ONE_LINE)
def test_parameters_come_back(value: str) -> None:
    line = content_lines.parse_line(
        f"X-LI-A;TYPE=b;COLUMN={content_lines.encode_param(value)};C=d:v"
    )
    assert line is not None
    assert line.param("COLUMN") == value
    assert (line.param("TYPE"), line.param("C"), line.param("D")) == ("b", "d", None)
    assert line.value == "v"


@given(ONE_LINE.filter(bool))
def test_folding_keeps_octets_and_characters(line: str) -> None:
    data = content_lines.fold_lines(line)
    pieces = data.split(b"\r\n ")
    assert all(len(piece) <= 75 for piece in data.split(b"\r\n"))
    assert "".join(piece.decode() for piece in pieces) == line
    # Nothing is folded earlier than it must be.
    assert all(len(piece) > 75 - 1 - 4 for piece in pieces[:-1])


@pytest.mark.parametrize(("length", "pieces"), [(75, 1), (76, 2), (149, 2), (150, 3)])
def test_folding_at_the_limit(length: int, pieces: int) -> None:
    assert content_lines.fold_lines("x" * length).count(b"\r\n ") + 1 == pieces


@pytest.mark.parametrize("length", range(70, 80))
@pytest.mark.parametrize("char", ["é", "云", "🚀"])
def test_folding_never_cuts_a_character(length: int, char: str) -> None:
    line = "x" * length + char * 30
    for piece in content_lines.fold_lines(line).split(b"\r\n "):
        piece.decode()
    assert content_lines.unfold(content_lines.fold_lines(line)) == [line]


@given(st.lists(ONE_LINE.filter(lambda t: bool(t) and t[0] not in " \t\ufeff")))
def test_unfold_is_the_opposite_of_fold(content: list[str]) -> None:
    assert content_lines.unfold(b"\r\n".join(map(content_lines.fold_lines, content))) == content


@pytest.mark.parametrize(
    "data",
    [b"A:1\r\n 2\r\nB:3\r\n", b"A:1\n 2\n\nB:3", b"A:1\r\r\n 2\r\r\nB:3\r\r\n", b"A:1\r\t2\rB:3"],
)
def test_unfold_takes_any_line_end(data: bytes) -> None:
    assert content_lines.unfold(data) == ["A:12", "B:3"]


def test_unfold_joins_octets_before_it_decodes() -> None:
    assert content_lines.unfold(b"A:\xc3\r\n \xa9") == ["A:é"]
    with pytest.raises(UnicodeDecodeError):
        content_lines.unfold(b"A:\xc3\r\n\xa9")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("NOTE:a:b", ContentLine("", "NOTE", "", "a:b")),
        ("item1.tel;type=WORK:1", ContentLine("item1", "TEL", ";type=WORK", "1")),
        ('X;A="b:c;d";E=f:g', ContentLine("", "X", ';A="b:c;d";E=f', "g")),
        ("X;A:", ContentLine("", "X", ";A", "")),
    ],
)
def test_parse(raw: str, line: ContentLine) -> None:
    assert content_lines.parse_line(raw) == line


@pytest.mark.parametrize("raw", ["", "no colon", ":v", "Ä:v", 'X;A="b:c', "a b:c", "a.b.c:d"])
def test_what_is_no_content_line(raw: str) -> None:
    assert content_lines.parse_line(raw) is None


@given(st.one_of(people.own_lines, st.text(max_size=30), st.text(alphabet="aA1-.;:=", max_size=12)))
def test_a_name_is_that_of_the_whole_line(line: str) -> None:
    parsed = content_lines.parse_line(line)
    if parsed is not None:
        assert content_lines.property_name(line) == parsed.name
