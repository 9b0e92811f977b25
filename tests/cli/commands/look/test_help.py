"""`help`: the manual's topics, a topic, how a command is called, and a mistyped name."""

from __future__ import annotations

from pathlib import Path

import pytest

import desktops
import outside
from li_vault.cli import commands
from outside import Call
from pages import MANUAL, TITLES


def test_it_lists_every_topic_with_its_title(call: Call) -> None:
    said = call("help").out
    shown = dict(line.split(maxsplit=1) for line in said.splitlines() if line.startswith("  "))
    assert shown == TITLES
    listed = outside.one_object(call("help", "--json"))["topics"]
    assert listed == [{"name": name, "title": title} for name, title in TITLES.items()]


@pytest.mark.parametrize("name", sorted({*MANUAL, *commands.COMMANDS}))
def test_a_name_is_a_page_that_begins_with_the_commands_help(name: str, call: Call) -> None:
    usage = call(name, "--help").out if name in commands.COMMANDS else None
    page = MANUAL.get(name)
    assert call("help", name).out == "\n".join(part for part in (usage, page) if part)
    found = outside.one_object(call("help", name, "--json"))
    assert found == {
        "format": 1, "topic": name, "usage": usage and usage.removesuffix("\n"), "page": page,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("exprot", "li-vault help export"), ("gards", "li-vault help guards"), ("xyzzy", "lists"),
     ("hook", "lists"), ("../format", "format"), ("", "lists")],
)  # fmt: skip
def test_an_unknown_name_is_met_with_the_nearest(typed: str, meant: str, call: Call) -> None:
    said = call("help", typed, status=2)
    assert said.out == ""
    assert meant in said.err
    error = outside.one_object(call("help", typed, "--json", status=2))["error"]
    assert error["status"] == 2
    assert meant in error["hint"]


def test_a_long_page_goes_through_the_pager(tmp_path: Path) -> None:
    screen = {"TERM": "xterm", "LINES": "24", "COLUMNS": "80"}
    paged = tmp_path / "paged"
    pager = f"tee {paged}"
    status, said = desktops.run("help", "history", env={**screen, "PAGER": pager})
    assert status == 0
    assert f"\x1b[1m# {TITLES['history']}\x1b[0m" in said
    assert paged.read_text("utf-8").count("\n") > 100
    paged.unlink()
    desktops.run("help", "history", "--no-pager", env={**screen, "PAGER": pager})
    assert not paged.exists()
