"""Differences as text, Markdown and CSV say what differs, whatever people are called."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import people
import screens
from li_vault.actions import diff
from li_vault.core import comparing, kinds
from li_vault.core.telling import Differences
from li_vault.views import data, differences, look, markdown, spreadsheet
from li_vault.views.look import Look

contacts = st.lists(people.contacts(), max_size=3, unique_by=lambda c: c.file)


@st.composite
def results(draw: st.DrawFn) -> diff.Result:
    """A comparison of people with every nastiness that text can have."""
    old = {c.file: c for c in draw(contacts)}
    new = {c.file: c for c in draw(contacts)}
    for file, person in zip(list(old), draw(st.lists(people.persons(), max_size=3)), strict=False):
        new[file] = old[file]._replace(person=person, shown=person, path=f"contacts/{file}")
    found = comparing.compare(old, new)
    return diff.Result(diff.End("a" * 40, "2026-10-20"), diff.End(None, None),
                       Differences(lambda: found))  # fmt: skip


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_nothing_is_cut_and_little_is_too_wide(width: int) -> None:
    lines = screens.SCREENS["diff"](Look(colour=False, width=width))
    whole = screens.SCREENS["diff"](Look())
    assert sorted(words("\n".join(lines).replace("→", ""))) == sorted(
        words("\n".join(whole).replace("→", ""))
    )
    longest = max(look.columns(word) for line in lines for word in line.split())
    assert all(look.columns(line) <= max(width, longest + 7) for line in lines)


@given(results(), st.sampled_from([0, 30, 80]))
def test_everyone_is_shown(result: diff.Result, width: int) -> None:
    lines = differences.of_diff(result, Look(width=width))
    assert not any(line != line.rstrip() for line in lines)
    assert ("No difference." in lines) == result.differences.is_empty
    shown = set(words("\n".join(lines)))
    for one in result.differences.told.lines.values():
        assert {word for name in one.names for word in words(name)} <= shown


@given(results())
def test_markdown_is_a_table_that_shows_what_is_told(result: diff.Result) -> None:
    html = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    tokens = html.parse("\n".join(markdown.of_diff(result)))
    cells = [
        "".join(
            part.content if part.type in ("text", "text_special") else f"<{part.type}>"
            for part in token.children or []
            if part.type not in ("link_open", "link_close")
        )
        for before, token in pairwise(tokens)
        if before.type == "td_open"
    ]
    wanted: list[str] = []
    for kind, lines in result.differences.told.lines.items():
        has_before = lines.before.count(None) < len(lines.before)
        for name, was, now, _ in zip(*lines, strict=True):
            dash = "" if was is None and kind == kinds.RETURNED else "–"
            row = [name, was or dash, now or "–"] if has_before else [name, now]
            wanted += row
    assert [" ".join(cell.split()) for cell in cells] == [" ".join(c.split()) for c in wanted]


def test_a_name_in_markdown_is_a_link_to_the_profile() -> None:
    lines = markdown.of_diff(screens.compared())
    assert any(
        "[Ada Lovelace, PhD 🚀](https://www.linkedin.com/in/ada-lovelace-1a2b3c)" in line
        for line in lines
    )


@given(results())
def test_csv_has_a_row_a_change_and_no_formula(result: diff.Result) -> None:
    text = "\n".join(spreadsheet.of_diff(result))
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(header) == spreadsheet.HEADER
    assert {len(row) for row in rows} <= {len(header)}
    assert not any(cell[:1] in tuple("=+-@＝＋－＠\t\r") and cell for row in rows for cell in row)
    said = data.of_diff(result)
    changes = [
        (one["uid"], change["field"], change["before"] or "", change["after"] or "")
        for key in ("changed", "returned")
        for one in said[key]
        for change in one["changes"]
    ]
    at = spreadsheet.HEADER.index
    found = [
        (row[at("uid")], *(row[at(n)].removeprefix("'") for n in ("field", "before", "after")))
        for row in rows
        if row[at("field")]
    ]
    assert [(u, *(v.removeprefix("'") for v in rest)) for u, *rest in changes] == found
    plain = [row for row in rows if not row[at("field")]]
    assert len(plain) == len(said["added"]) + len(said["gone"]) + sum(
        not one["changes"] for one in said["returned"]
    )
