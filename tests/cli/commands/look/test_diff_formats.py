"""Differences as text, Markdown and CSV say what differs, whatever people are called."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import people
import screens
from li_vault.cli import render
from li_vault.cli.commands.look import diff
from li_vault.cli.render import Look
from li_vault.core import fields
from li_vault.core.compare import build_report, compare_contacts
from li_vault.vault.history import compare

contacts = st.lists(people.contacts(), max_size=3, unique_by=lambda c: c.file)


@st.composite
def results(draw: st.DrawFn) -> compare.DiffResult:
    """A comparison of people with every nastiness that text can have."""
    old = {c.file: c for c in draw(contacts)}
    new = {c.file: c for c in draw(contacts)}
    for file, person in zip(list(old), draw(st.lists(people.persons(), max_size=3)), strict=False):
        new[file] = old[file]._replace(person=person, shown=person, path=f"contacts/{file}")
    found = compare_contacts(old, new)
    start, end = compare.DiffEnd("a" * 40, "2026-10-20"), compare.DiffEnd(None, None)
    return compare.DiffResult(start, end, found, build_report(found), {})


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_nothing_is_cut_and_little_is_too_wide(width: int) -> None:
    lines = screens.SCREENS["diff"](Look(colour=False, width=width))
    whole = screens.SCREENS["diff"](Look())
    assert sorted(words("\n".join(lines).replace("→", ""))) == sorted(
        words("\n".join(whole).replace("→", ""))
    )
    longest = max(render.display_width(word) for line in lines for word in line.split())
    assert all(render.display_width(line) <= max(width, longest + 7) for line in lines)


@settings(max_examples=40)
@given(results(), st.sampled_from([0, 30, 80]))
def test_everyone_is_shown(result: compare.DiffResult, width: int) -> None:
    lines = diff.as_text(result, Look(width=width))
    assert not any(line != line.rstrip() for line in lines)
    assert ("No difference." in lines) == result.is_empty
    shown = set(words("\n".join(lines)))
    for one in result.report.lines.values():
        assert {word for name in one.names for word in words(name)} <= shown


@settings(max_examples=40)
@given(results())
def test_markdown_is_a_table_that_shows_what_is_told(result: compare.DiffResult) -> None:
    html = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    tokens = html.parse("\n".join(diff.as_markdown(result)))
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
    for kind, lines in result.report.lines.items():
        has_before = lines.before.count(None) < len(lines.before)
        for name, was, now, _ in zip(*lines, strict=True):
            dash = "" if was is None and kind == fields.KIND_RETURNED else "–"
            row = [name, was or dash, now or "–"] if has_before else [name, now]
            wanted += row
    assert [" ".join(cell.split()) for cell in cells] == [" ".join(c.split()) for c in wanted]


def test_a_name_in_markdown_is_a_link_to_the_profile() -> None:
    lines = diff.as_markdown(screens.compared())
    assert any(
        "[Ada Lovelace, PhD 🚀](https://www.linkedin.com/in/ada-lovelace-1a2b3c)" in line
        for line in lines
    )


@settings(max_examples=40)
@given(results())
def test_csv_has_a_row_a_change_and_no_formula(result: compare.DiffResult) -> None:
    text = "\n".join(diff.as_csv(result))
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(header) == diff.HEADER
    assert {len(row) for row in rows} <= {len(header)}
    assert not any(cell[:1] in tuple("=+-@＝＋－＠\t\r") and cell for row in rows for cell in row)
    said = diff.as_json(result)
    changes = [
        (one["uid"], change["field"], change["before"] or "", change["after"] or "")
        for key in ("changed", "returned")
        for one in said[key]
        for change in one["changes"]
    ]
    at = diff.HEADER.index
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
