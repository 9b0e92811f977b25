"""Long answers on a terminal go through a pager, as git's own do; anything else never."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import desktops
import outside
from isolation import Run
from network import Network

Shown = Callable[..., tuple[int, str]]


@pytest.fixture
def vault(run: Run, vault_dir: Path, home: Path) -> Path:
    archive = outside.write(home, Network(seed=2, people=80))
    done = run("snapshot", archive, "--init", "--vault", vault_dir)
    assert done.status == 0, done.err
    return vault_dir


@pytest.fixture
def shown(vault: Path) -> Shown:
    """Runs li-vault on a terminal of 24 lines; status and all that the terminal got."""

    def call(*args: str, **variables: str) -> tuple[int, str]:
        screen = {"TERM": "xterm", "LINES": "24", "COLUMNS": "80"}
        return desktops.run(*args, "--vault", vault, env={**screen, **variables})

    return call


def marking(folder: Path, then: str = "cat") -> str:
    """A pager that leaves a trace and what it got."""
    trace = shlex.quote(str(folder / "paged"))
    return f"tee {trace} | {then}"


@pytest.mark.parametrize("name", ["LI_VAULT_PAGER", "GIT_PAGER", "PAGER"])
def test_a_long_answer_goes_through_the_pager(shown: Shown, tmp_path: Path, name: str) -> None:
    status, said = shown("find", **{name: marking(tmp_path)})
    paged = (tmp_path / "paged").read_text("utf-8")
    assert status == 0
    assert paged.count("\n") > 24
    assert said.replace("\r\n", "\n") == paged


def test_the_pager_that_is_named_first_counts(shown: Shown, tmp_path: Path) -> None:
    others = {"GIT_PAGER": "exit 3", "PAGER": "exit 4"}
    shown("find", LI_VAULT_PAGER=marking(tmp_path), **others)
    assert (tmp_path / "paged").exists()
    (tmp_path / "paged").unlink()
    shown("find", GIT_PAGER=marking(tmp_path), PAGER="exit 4")
    assert (tmp_path / "paged").exists()


def test_gits_own_setting_counts_between_its_variable_and_pager(
    shown: Shown, tmp_path: Path
) -> None:
    subprocess.run(["git", "config", "--global", "core.pager", marking(tmp_path)], check=True)
    shown("find", PAGER="exit 4")
    assert (tmp_path / "paged").exists()
    (tmp_path / "paged").unlink()
    shown("find", GIT_PAGER="cat")
    assert not (tmp_path / "paged").exists()


@pytest.mark.parametrize("pager", ["", "cat", "no-such-pager --at-all"])
def test_without_a_pager_nothing_is_lost(shown: Shown, pager: str) -> None:
    status, said = shown("find", PAGER=pager)
    assert status == 0
    assert said.count("\n") > 70


@pytest.mark.parametrize(
    "args", [("find", "--no-pager"), ("find", "--json"), ("status",), ("log",), ("show", "brilan")]
)
def test_no_pager_where_none_is_wanted(shown: Shown, tmp_path: Path, args: tuple[str]) -> None:
    shown(*args, PAGER=marking(tmp_path))
    assert not (tmp_path / "paged").exists()


def test_nor_where_no_terminal_is(vault: Path, run: Run, tmp_path: Path) -> None:
    done = run("find", "--vault", vault, env={"PAGER": marking(tmp_path)})
    assert done.status == 0
    assert done.out.count("\n") > 70
    assert not (tmp_path / "paged").exists()


def test_to_leave_the_pager_early_is_no_error(shown: Shown) -> None:
    for pager in ("true", "head -n 2", "exit 5"):
        status, said = shown("find", PAGER=pager)
        assert (status, "Traceback" in said, "rror" in said) == (0, False, False), said


def test_the_status_stays(shown: Shown, tmp_path: Path) -> None:
    # Twenty-five lines: the difference of a whole first snapshot.
    status, _ = shown("diff", "--exit-code", PAGER=marking(tmp_path))
    assert status == 1
    assert (tmp_path / "paged").exists()


def test_the_pager_gets_colours_and_no_links(shown: Shown, tmp_path: Path) -> None:
    shown("find", PAGER=marking(tmp_path), FORCE_HYPERLINK="1")
    paged = (tmp_path / "paged").read_text("utf-8")
    assert "\x1b[1m" in paged
    assert "\x1b]8" not in paged
    _, said = shown("find", "--no-pager", FORCE_HYPERLINK="1")
    assert "\x1b]8;;https://www.linkedin.com/in/" in said


@pytest.mark.parametrize(
    ("variables", "links"),
    [
        ({}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"VTE_VERSION": "7003"}, True),
        ({"VTE_VERSION": "4999"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "foot-extra"}, True),
        ({"TERM": "screen-256color", "VTE_VERSION": "7003"}, False),
        ({"TERM": "dumb", "FORCE_HYPERLINK": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_HYPERLINK": "1"}, False),
        ({"VTE_VERSION": "7003", "FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_links_where_the_terminal_can(shown: Shown, variables: dict[str, str], links: bool) -> None:
    _, said = shown("show", "brilan", **variables)
    assert ("\x1b]8;;https://" in said) == links


EVIL = "\x1b]0;owned\x07\x1b[2J\x1b[31m\u009b2J\u202egnp.exe\u2066"


def test_nobodys_words_command_the_terminal(shown: Shown, vault: Path) -> None:
    path = next(iter(sorted((vault / "contacts").glob("brilan*"))))
    card = path.read_bytes()
    evil = f"TITLE:{EVIL}\r\nNOTE:{EVIL}\r\nEND:VCARD".encode()
    path.write_bytes(
        card.replace(b"END:VCARD", evil).replace(b"\r\nTITLE:", b"\r\nTITLE:\x1b[8m", 1)
    )
    name = path.name
    outside.git(vault, "commit", "-qam", "by hand", "--no-verify")
    for args in (("show", name), ("find", "brilan"), ("log", name), ("show", name, "--json")):
        for colour in ({}, {"NO_COLOR": "1"}):
            status, said = shown(*args, **colour)
            assert status == 0, said
            left = said.replace("\x1b[0m", "").replace("\x1b[1m", "")
            for style in ("2", "31", "32", "33", "36"):
                if "--json" not in args and "NO_COLOR" not in colour:
                    left = left.replace(f"\x1b[{style}m", "")
            assert not set(left) & set("\x1b\x07\x9b\u202e\u2066"), left
            assert "\x1b[8m" not in said
            if "--json" in args:
                assert json.loads(said)["person"]["position"].startswith("\x1b[8m")
