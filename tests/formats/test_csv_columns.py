from __future__ import annotations

import csv
import io
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.formats import csv_columns

CELLS = st.text(st.sampled_from("abé🚀 ,\";='\t\n\r"), max_size=4)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.tuples(*[CELLS] * n), min_size=1)))
def test_every_byte_is_that_of_the_csv_module(rows: list[tuple[str, ...]]) -> None:
    header, *others = rows
    columns = list(zip(*others, strict=True)) or [()] * len(header)
    lines = list(csv_columns.lines(header, columns))
    assert len(lines) == len(rows)
    # A lone CR is quoted by newer versions of the module alone, and always where it is an end.
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    assert "\r\n".join([*lines, ""]) == out.getvalue()
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == list(map(list, rows))


@pytest.mark.parametrize(("filled", "line"), [("", "x,"), ("a,b", 'x,"a,b"'), ('"', 'x,""""')])
def test_one_text_fills_a_column(filled: str, line: str) -> None:
    assert list(csv_columns.lines(("A", "B"), [["x", "x"], repeat(filled)])) == ["A,B", line, line]
