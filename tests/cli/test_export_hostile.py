"""What is in the way of an export: names that are no Unicode, full disks, a sudden end."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

import outside
from li_vault.formats import writers
from network import Network
from outside import Call, git


@pytest.fixture
def vault(call: Call, vault_dir: Path, home: Path) -> Path:
    network = Network(seed=62, people=20)
    call("snapshot", outside.write(home, network), "--init", "--vault", vault_dir)
    return vault_dir


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
