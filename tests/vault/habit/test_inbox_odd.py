"""Downloads that are told of whatever they are called, and whatever day the clock says."""

from __future__ import annotations

import os
import shlex
import shutil
from datetime import date
from pathlib import Path

import pytest

import outside
from isolation import Samples
from li_vault.host import user_folders
from network import Network
from outside import Call


def begun(call: Call, vault_dir: Path, tmp_path: Path) -> Path:
    """A folder that a new vault is told to look into."""
    call("init", vault_dir)
    (tmp_path / "arriving").mkdir()
    return tmp_path / "arriving"


def test_a_name_of_any_bytes_is_told(call: Call, vault_dir: Path, tmp_path: Path) -> None:
    """The name of a download is chosen by whoever sends it."""
    folder = begun(call, vault_dir, tmp_path)
    outside.write(folder, network := Network(seed=83, people=120))
    call("watch", folder, "--once", "--vault", vault_dir)
    network.advance()
    strangers = network.archive({"Connections.csv": Network(seed=84, people=100).connections()})
    stem = network.archive_name.removesuffix(".zip").encode()
    name = os.fsdecode(stem + b" O'Brien\xff\x1b[31m.zip")
    (folder / name).write_bytes(strangers)
    assert (
        "\x1b" not in (said := call("watch", folder, "--once", "--vault", vault_dir, status=4)).out
    )
    assert "O'Brien\ufffd<U+001B>[31m.zip" in said.out
    shown = call("status", "--vault", vault_dir).out
    assert "\x1b" not in shown
    data = outside.one_object(call("status", "--vault", vault_dir, "--json"))
    assert data["not_recorded"][0]["path"].encode("utf-8")
    plain = folder / network.archive_name.replace("_", " O'Brien_", 1)
    (folder / name).rename(plain)
    call("watch", folder, "--once", "--vault", vault_dir)
    command = call("status", "--vault", vault_dir).out.partition("li-vault snapshot ")[2]
    command = command.partition(";")[0]
    assert shlex.split(command) == [str(plain), "--allow", "gone"]


def test_a_clock_that_was_behind_keeps_no_export_away(
    call: Call, vault_dir: Path, tmp_path: Path, sample: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun(call, vault_dir, tmp_path)
    shutil.copy(sample.newest, folder)
    look = ("watch", folder, "--once", "--vault", vault_dir)
    with monkeypatch.context() as behind:
        behind.setattr(user_folders, "today", lambda: date(2026, 2, 1))
        assert "in the future" in call(*look, status=2).out
        assert "Nothing new" in call(*look).out, "told once a day"
        assert "the clock are right" in call("status", "--vault", vault_dir).out
    assert "Recorded" in call(*look).out
    assert call("status", "--vault", vault_dir, "--json").out.count('"not_recorded": []') == 1


def test_the_same_bytes_under_two_names_are_told_of_once(
    call: Call, vault_dir: Path, tmp_path: Path
) -> None:
    folder = begun(call, vault_dir, tmp_path)
    outside.write(folder, network := Network(seed=83, people=120))
    call("watch", folder, "--once", "--vault", vault_dir)
    network.advance()
    strangers = network.archive({"Connections.csv": Network(seed=84, people=100).connections()})
    for name in ("a", "b"):
        (folder / f"{name} {network.archive_name}").write_bytes(strangers)
    look = ("watch", folder, "--once", "--vault", vault_dir, "--json")
    (one,) = outside.one_object(call(*look, status=4))["arrivals"]
    assert one["source"].startswith("a ")
    assert outside.one_object(call(*look))["arrivals"] == []
