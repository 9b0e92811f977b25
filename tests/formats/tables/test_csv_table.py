from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.errors import BadExport
from li_vault.formats.tables import csv_table

HEADER = ("One", "Two", "Three")
CELL = st.text(
    alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
)
ROW = st.lists(CELL, min_size=3, max_size=3).filter(any)


def is_header(cells: Sequence[str]) -> bool:
    return tuple(cells) == HEADER


def read(content: str | bytes) -> csv_table.CsvTable:
    return csv_table.read_table(
        content.encode() if isinstance(content, str) else content, is_header
    )


def refused(content: str | bytes, pattern: str) -> None:
    with pytest.raises(BadExport, match=pattern):
        read(content)


@given(
    st.lists(ROW, max_size=5),
    st.sampled_from(csv_table.DELIMITERS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["", "Notes:", "Notes:;;,,", '"Notes, long"', '"Notes']),
)
def test_what_the_csv_module_writes_is_read(
    rows: list[list[str]], delimiter: str, end: str, encoding: str, notes: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows(rows)
    data = f"{notes}{end}{end}{out.getvalue()}".encode(encoding)
    try:
        found = read(data)
    except BadExport as error:
        # Cells of several lines, one of which would be a row of its own, may be rows run together.
        assert "not closed" in error.message  # noqa: PT017 - may be raised, must be this one
        assert any(cell.count(delimiter) > 1 for row in rows for cell in row)
        return
    assert found.rows == rows
    assert list(found.numbers) == list(range(1, len(rows) + 1))
    assert found.skipped == ()
    assert csv_table.has_header(data, is_header)


@given(st.lists(ROW, max_size=4))
def test_the_careful_way_agrees_with_the_quick_one(rows: list[list[str]]) -> None:
    plain = [[cell.replace("\r", "").replace("\n", "") for cell in row] for row in rows]
    plain = [row for row in plain if any(row)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *plain])
    quick, careful = read(out.getvalue()), read(out.getvalue() + "ragged\n")
    assert careful.rows == quick.rows == plain
    assert list(careful.numbers) == list(quick.numbers)
    assert [skip.row for skip in careful.skipped] == [len(plain) + 1]


@given(st.binary(max_size=60), st.integers(0, 40))
def test_nothing_but_bad_export_escapes(junk: bytes, at: int) -> None:
    data = b'One,Two,Three\na,b,c\n"d,",e,f\n'
    broken = data[:at] + junk + data[at:]
    csv_table.has_header(broken, is_header)
    try:
        found = read(broken)
    except BadExport:
        return
    assert all(len(row) == 3 for row in found.rows)
    numbers = sorted([*found.numbers, *(skip.row for skip in found.skipped)])
    assert numbers == list(range(1, len(numbers) + 1))


def test_only_line_ends_end_lines() -> None:
    rows = read("One,Two,Three\na\u2028b,c\x85d,e\x0bf\x0cg\x1ch\n").rows
    assert rows == [["a\u2028b", "c\x85d", "e\x0bf\x0cg\x1ch"]]


def test_rows_are_numbered_as_they_stand() -> None:
    found = read('One,Two,Three\na,b,c\n\n  \nshort\n"x" y,b,c\nd,e,f,,\n,,\n')
    assert found.rows == [["a", "b", "c"], ["d", "e", "f"], ["", "", ""]]
    assert found.numbers == [1, 4, 5]
    assert [(s.row, s.reason) for s in found.skipped] == [
        (2, "line 5: 1 cells where the header has 3"),
        (3, "line 6: a quotation mark stands inside of a cell"),
    ]


@pytest.mark.parametrize(
    ("content", "pattern"),
    [
        ("", "empty"),
        (" \r\n\t", "empty"),
        ("a,b,c\n", "no header"),
        ('One,Two,Three\na,"b,c\nd,e,f\n', "opens in line 2 is not closed"),
        ('One,Two,Three\na,b,c\nd,"e,f\ng,"h",i\n', "opens in line 3 is not closed"),
        ('One,Two,Three\na,"b,c,d\ne,f\n",g\n', "opens in line 2 is not closed"),
        ('One,Two,Three\na,"b\n', "opens in line 2 is not closed"),
        ("One,Two,Three\na,b,c\nd,e", "cut off: line 3"),
        ("a,b,c\nOne,Two,Three\n", "Line 1 looks like a row"),
        (b"One,Two,Three\na,\xc3\xa9,c\nd,\xe9,f\n", "Line 3 holds bytes that are not UTF-8"),
        (b"One,Two,Three\r\xc3\xa9,b,c\r\n\xe9,e,f", "Line 3 holds bytes that are not UTF-8"),
        (b"One,Two,Three\na,\xc3\xa9,c\nd,e,\xc3", "cut off: line 3"),
        (b"One,Two,Three\na,\x81,c\n", "Line 2 holds bytes that are neither"),
        (b"One,Two,Three\na,\0,c\n", "Line 2 holds a NUL"),
        ("One,Two,Three\n".encode("utf-16-le"), "Line 1 holds a NUL"),
        ("\ufeffOne,Two,Three\n".encode("utf-16-le")[:-1], "UTF-16"),
    ],
)  # fmt: skip
def test_refused(content: str | bytes, pattern: str) -> None:
    refused(content, pattern)


@pytest.mark.parametrize("cell", ["NESTLÉ®", "JOSÉ\u00a0", "CAFÉ’S", "„Spaß“", "ÄÖÜ"])
def test_cp1252_with_signs_after_capitals(cell: str) -> None:
    """Each of these is a character of UTF-8 as well, but not one that comes by itself."""
    data = f"One,Two,Three\nZoë,{cell},x\n".encode("cp1252")
    assert read(data).rows == [["Zoë", cell, "x"]]


@pytest.mark.parametrize("cell", ["é", "Ł", "€", "Жу", "日", "🚀"])
def test_one_character_of_utf8_beside_cp1252_is_two_encodings(cell: str) -> None:
    refused(f"One,Two,Three\n{cell},x,x\n".encode() + b"Zo\xeb,x,x\n", "Line 3 .* not UTF-8")


def test_padding_short_rows() -> None:
    data = b"One,Two,Three\n1\n1,2\n1,2,3\n1,2,3,4\n\n,,\n"
    found = csv_table.read_table(data, is_header, pad=True)
    assert found.rows == [["1", "", ""], ["1", "2", ""], ["1", "2", "3"], ["", "", ""]]
    assert list(found.numbers) == [1, 2, 3, 5]
    assert [skip.row for skip in found.skipped] == [4]
    assert [skip.row for skip in read(data).skipped] == [1, 2, 4]


@pytest.mark.parametrize("rows", [b'"1","2\n"3","4","5"\n', b'1,"2\n3,4,5\n6,"7"\n'])
def test_padding_does_not_hide_rows_that_ran_together(rows: bytes) -> None:
    with pytest.raises(BadExport, match="not closed"):
        csv_table.read_table(b"One,Two,Three\n" + rows, is_header, pad=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252"])
def test_a_quick_look_for_a_word(encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    data = mark + "Notes\nOne,Two,Three\n".encode(encoding)
    assert csv_table.has_header(data, is_header, "three")
    assert not csv_table.has_header(data, is_header, "four")


def test_cp1252_throughout() -> None:
    data = "One,Two,Three\nJosé,€ “x”,Zoë\n".encode("cp1252")
    assert read(data).rows == [["José", "€ “x”", "Zoë"]]


def test_a_huge_cell_does_not_hide_rows() -> None:
    refused('One,Two,Three\na,"' + "b,c,d\n" * 50_000, "opens in line 2 is not closed")


def test_a_cell_may_have_lines() -> None:
    assert read('One,Two,Three\na,"b\nb, b\r\nb",c\n').rows == [["a", "b\nb, b\r\nb", "c"]]


def test_header_far_down_is_found_and_further_is_not() -> None:
    assert read("Notes\n" * 100 + "One,Two,Three\na,b,c\n").rows == [["a", "b", "c"]]
    refused("Notes\n" * 300 + "One,Two,Three\na,b,c\n", "no header")
