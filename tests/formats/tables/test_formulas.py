"""No spreadsheet runs what a person is called, and address books get their phone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.formats.tables import csv_table

ALWAYS = [
    *("=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-Grader", "@Yarrow", "＝1", "＋1", "－1", "＠x"),
    *("\t=1", "\r=1", "\n=1", "'=1", "''+1", "-", "+", "-1-1", "+1-2", "+1 of 2", "-2+3"),
    *("+123456*2", "+12345;=1", "+1+2+3+4+5+6", "-12345678", "'+41446681800", "+A1-12345"),
]
PHONES = [
    *("+41446681800", "+41 44 668 18 00", "+41-44-668-1800", "+44 (0)20 7946.0000"),
    *("+1 555 010 0199 ext. 5", "+15550100199x12", "+49/30/123456"),
]
NEVER = ["", "'tis", "1-2", "a=b", "044 668 18 00", "(0)30-1234567", "'"]


@pytest.mark.parametrize("cell", [*ALWAYS, *PHONES])
def test_what_begins_like_a_formula_is_marked(cell: str) -> None:
    assert csv_table.mark_formula(cell) == f"'{cell}"
    assert csv_table.unmark_formula(f"'{cell}") == cell


@pytest.mark.parametrize("cell", NEVER)
def test_nothing_else_is_marked(cell: str) -> None:
    assert csv_table.mark_formula(cell) == csv_table.mark_formula_unless_phone(cell) == cell
    assert csv_table.unmark_formula(cell) == cell


def test_only_phone_numbers_stay_bare_in_their_columns() -> None:
    assert [csv_table.mark_formula_unless_phone(cell) for cell in PHONES] == PHONES
    marked = [csv_table.mark_formula_unless_phone(cell) for cell in ALWAYS]
    assert marked == [f"'{cell}" for cell in ALWAYS]


@given(st.text(st.sampled_from("'=+-@＝＋\t\r\n 1x("), max_size=12))
def test_what_is_marked_comes_back(cell: str) -> None:
    assert csv_table.unmark_formula(csv_table.mark_formula(cell)) == cell
    assert csv_table.unmark_formula(csv_table.mark_formula_unless_phone(cell)) == cell
    assert csv_table.mark_formula(cell)[:1] not in set("=+-@＝＋－＠\t\r\n")
