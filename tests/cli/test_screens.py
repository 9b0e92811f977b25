"""What people see, word by word, at 60, 80 and 140 columns, with colours and without."""

from __future__ import annotations

import re

import pytest

import screens
from li_vault.cli import render
from li_vault.cli.commands.look import diff, log, people
from li_vault.cli.commands.safe import remote
from li_vault.cli.render import Look
from li_vault.core import compare
from li_vault.core.compare import build_report
from li_vault.vault.history.compare import DiffEnd, DiffResult
from li_vault.vault.history.people import ContactLife, ShowResult


@pytest.mark.parametrize("name", screens.SCREENS)
def test_the_screen_is_the_one_that_was_looked_at(name: str) -> None:
    assert screens.drawn(name) == (screens.FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_there_is_no_screen_too_many() -> None:
    assert {path.stem for path in screens.FOLDER.iterdir()} == set(screens.SCREENS)


@pytest.mark.parametrize("name", screens.SCREENS)
@pytest.mark.parametrize("width", screens.WIDTHS)
def test_colours_change_nothing_but_colours(name: str, width: int) -> None:
    plain = screens.SCREENS[name](Look(colour=False, width=width))
    coloured = screens.SCREENS[name](Look(colour=True, width=width))
    assert not any("\x1b" in line for line in plain)
    bare = [re.sub(r"\x1b\[\d*m", "", line).rstrip() for line in coloured]
    assert bare == [line.rstrip() for line in plain]
    assert all(line.count("\x1b[0m") * 2 == line.count("\x1b[") for line in coloured)


@pytest.mark.parametrize("name", ["find", "log", "show", "show-best-known", "log-contact"])
@pytest.mark.parametrize("width", [60, 80, 140])
def test_lists_keep_to_the_width(width: int, name: str) -> None:
    lines = screens.SCREENS[name](Look(colour=False, width=width))
    longest = max(render.display_width(word) for line in lines for word in line.split())
    assert all(render.display_width(line) <= max(width, longest + 26) for line in lines)


@pytest.mark.parametrize("width", [60, 80])
def test_a_long_name_keeps_to_the_width(width: int) -> None:
    name = " ".join(["Maria", *["Anunciación"] * 8])
    assert render.display_width(name) == 101
    ada = screens.ADA._replace(shown=screens.ADA.shown._replace(full_name=name, url=""))
    moved = ada.shown._replace(company="Hesp")
    found = compare.compare_contacts(
        {ada.file: ada}, {ada.file: ada._replace(person=moved, shown=moved, own=())}
    )
    end = DiffEnd("a" * 40, "2026-10-20")
    style = Look(width=width)
    for lines in (
        diff.as_text(DiffResult(end, end, found, build_report(found), {}), style),
        people.show_as_text(ShowResult(ada, "a" * 40, "2026-11-20"), style),
        log.life_as_text(ContactLife(ada, (), screens.KNOWN), style),
    ):
        assert any("Anunciación" in line for line in lines)
        for line in lines:
            assert render.display_width(line) <= width or "Anunciación" not in line


@pytest.mark.parametrize(
    ("value", "room", "shown"),
    [
        ("plain", 5, "plain"),
        ("plainer", 5, "plai…"),
        ("云石川", 6, "云石川"),
        ("云石川", 5, "云石…"),
        ("e\u0301e\u0301", 2, "e\u0301e\u0301"),
        ("two words", 5, "two…"),
    ],
)
def test_text_is_cut_by_columns(value: str, room: int, shown: str) -> None:
    assert render.cut_text(value, room) == shown
    assert render.display_width(render.pad_text(value, room)) == room


def test_no_results_have_words() -> None:
    assert log.log_as_text([], Look()) == ["No snapshot yet."]
    assert "remote add" in remote.remotes_as_text([], Look())[0]
