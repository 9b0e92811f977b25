"""What is in the way of an export: names that are no Unicode, full disks, a sudden end."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import outside
from li_vault.formats import writers
from network import Network
from outside import ADA, Call, Months, git


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    network = Network(seed=62, people=20)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with no room for even a small export."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(disk))
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small file system can be made here")
    yield disk
    subprocess.run(("umount", str(disk)), check=True)


@pytest.fixture
def odd(vault: Path) -> Path:
    """A vault with a card whose name is no UTF-8, committed by git alone."""
    card = min((vault / "contacts").iterdir())
    name = os.fsdecode(b"j\xf6rg.vcf")
    card.rename(card.with_name(name))
    git(vault, "add", "-A")
    git(vault, "-c", "core.hooksPath=/dev/null", "commit", "-qm", "by hand")
    return vault


@pytest.mark.parametrize("name", writers.NAMES)
def test_a_name_that_is_no_unicode_is_exported(name: str, call: Call, odd: Path) -> None:
    told = outside.one_object(call("export", name, "-o", "out", "--json", "--vault", odd))
    assert (told["people"], told["broken"]) == (len(outside.cards(odd)), {})
    if name == writers.SQLITE:
        base = sqlite3.connect("out")
        paths = {path for (path,) in base.execute("SELECT path FROM people")}
        base.close()
    elif name == "json":
        lines = Path("out").read_text(encoding="utf-8").splitlines()
        paths = {json.loads(line)["path"] for line in lines}
    else:
        return
    found = outside.one_object(call("find", "--json", "--vault", odd))["people"]
    assert paths == {one["path"] for one in found}
    assert "contacts/j?rg.vcf" in paths


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("name", writers.NAMES)
def test_a_full_disk_is_said_to_be_one(name: str, call: Call, vault: Path) -> None:
    said = call("export", name, "-o", "/dev/full", "--vault", vault, status=5)
    assert "No space left on device (/dev/full)" in said.err
    assert "The disk is full: free some space and run it again." in said.err
    told = call("export", name, "-o", "/dev/full", "--json", "--vault", vault, status=5)
    assert json.loads(told.out)["error"]["hint"].startswith("The disk is full")


def test_on_a_full_disk_nothing_half_written_stays(
    call: Call, vault: Path, tmp_path: Path, full_disk: Path
) -> None:
    for name in ("vcf", writers.SQLITE):
        said = call("export", name, "-o", full_disk / "out", "--vault", vault, status=5)
        assert f"No space left on device ({full_disk / 'out'})" in said.err
        assert not list(full_disk.iterdir())


@pytest.mark.parametrize("value", ["=1+1", "+41-44-668-1800", "-1-1", "@x", "＝1", "'=1"])
def test_a_difference_and_an_export_mark_the_same_formula(
    value: str, call: Call, vault_dir: Path, home: Path
) -> None:
    months = Months(call, vault_dir, home)
    months.snapshot(ADA)
    months.snapshot((*ADA[:4], value, *ADA[5:]))
    told = csv.DictReader(call("diff", "--format", "csv", "--vault", vault_dir).out.splitlines())
    (change,) = told
    assert (change["before"], change["after"], change["company"]) == (
        ADA[4], f"'{value}", f"'{value}"
    )  # fmt: skip
    for name, column in (("google-csv", "Organization Name"), ("outlook-csv", "Company")):
        lines = call("export", name, "--only", "ada", "--vault", vault_dir).out.splitlines()
        (row,) = csv.DictReader(lines)
        assert row[column] == f"'{value}"
