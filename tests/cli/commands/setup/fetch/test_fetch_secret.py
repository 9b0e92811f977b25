"""The token is LinkedIn's: no program that li-vault starts gets to know it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import outside
from isolation import Run
from li_vault.cli import app
from li_vault.host import token_store
from network import Network
from websites import TOKEN, Member

SPY = """\
#!/bin/sh
env >> {heard}
exec {program} "$@"
"""


def test_no_program_is_given_the_token(
    run: Run, member: Member, vault: Path, tmp_path: Path, home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    heard, spy = tmp_path / "heard", tmp_path / "bin" / "git"
    spy.parent.mkdir()
    spy.write_text(SPY.format(heard=heard, program=shutil.which("git")))
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}:{os.environ['PATH']}")
    downloads = home / "Downloads"
    downloads.mkdir()
    outside.write(downloads, Network(seed=70, people=180))
    for args in (
        ("remote", "add", "copy", tmp_path / "copy.git", "--create"), ("watch", "--once"),
        ("status",), ("fetch",), ("push",), ("sync",), ("verify", "--all"), ("remind",),
        ("doctor",), ("log",),
    ):  # fmt: skip
        heard.unlink(missing_ok=True)
        said = run(*args, "--vault", vault)
        assert said.status == 0, (args, said)
        assert "PATH=" in heard.read_text(), args
        assert TOKEN not in heard.read_text(), args
    assert member.asked, "fetch had it"


def test_what_is_held_back_is_the_token() -> None:
    assert app._HELD_BACK == (token_store.VARIABLE,)
