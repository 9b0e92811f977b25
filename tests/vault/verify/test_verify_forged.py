"""Histories that say what is not so: every lie of a commit is found and named."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

import forging
import outside
from outside import Call, git


def test_a_wrong_derivation_is_told_every_time(call: Call, vault: Path) -> None:
    outside.verified(call, vault)
    card = min((vault / "contacts").iterdir())
    card.write_bytes(card.read_bytes().replace(b"FN:", b"FN:Not "))
    git(vault, "add", "-A")
    forging.amend(vault)
    for _ in range(2):
        found = outside.one_object(call("verify", "--json", "--vault", vault, status=1))
        assert "derivation" in {one["kind"] for one in found["vault"]["findings"]}


def test_a_card_that_its_original_does_not_give(call: Call, vault: Path) -> None:
    card = min((vault / "contacts").iterdir())
    name = f"contacts/{card.name}"
    card.write_bytes(card.read_bytes().replace(b"TITLE:", b"TITLE:Great "))
    git(vault, "add", name)
    ident = forging.amend(vault)
    found = outside.verified(call, vault, status=1)["vault"]
    assert [(one["kind"], one["commit"], one["path"]) for one in found["findings"]] == [
        ("derivation", ident, name)
    ]
    assert outside.verified(call, vault, "--quick")["whole"] is True
    text = call("verify", "--vault", vault, status=1).out
    assert "The vault is damaged" in text
    assert ident[:10] in text


def test_an_original_that_was_exchanged(call: Call, vault: Path) -> None:
    path = vault / "exports" / "Connections.csv"
    path.write_bytes(path.read_bytes() + b"x,y\n")
    git(vault, "add", "exports/Connections.csv")
    ident = forging.amend(vault)
    found = outside.verified(call, vault, status=1)["vault"]
    assert [(one["kind"], one["commit"], one["path"]) for one in found["findings"]] == [
        ("original", ident, "exports/Connections.csv")
    ]


def test_counts_that_are_not_true(call: Call, vault: Path) -> None:
    message = git(vault, "log", "-1", "--format=%B")
    added = outside.trailers(message)["Li-Added"]
    ident = forging.amend(
        vault, message.replace(f"Li-Added: {added}", f"Li-Added: {int(added) + 2}")
    )
    (one,) = outside.verified(call, vault, status=1)["vault"]["findings"]
    assert (one["kind"], one["commit"]) == ("account", ident)
    assert f"added {int(added) + 2} instead of {added}" in one["message"]


@pytest.mark.parametrize(
    ("trailer", "value"),
    [
        ("Li-Taken-On", "2024-99-99"),
        ("Li-Taken-On", "2023-01-01"),
        ("Li-Export", "Connections.csv sha256:zz"),
        ("Li-Rows", "many"),
        ("Li-Rows", "٣"),
    ],
)
def test_a_snapshot_that_only_looks_like_one(
    trailer: str, value: str, call: Call, vault: Path, copied: Path, tmp_path: Path
) -> None:
    message = git(vault, "log", "-1", "--format=%B")
    line = f"{trailer}: {outside.trailers(message)[trailer]}"
    ident = forging.amend(vault, message.replace(line, f"{trailer}: {value}"))
    for quick in ((), ("--quick",)):
        found = outside.verified(call, vault, *quick, status=1)["vault"]["findings"]
        assert ("account", ident) in {(one["kind"], one["commit"]) for one in found}
    call("status", "--vault", vault)
    refused = outside.one_object(call("restore", vault, tmp_path / "back", "--json", status=5))[
        "error"
    ]
    assert ident[:10] in refused["message"]
    assert not (tmp_path / "back").exists()


def test_a_commit_of_a_day_that_there_is_not(
    call: Call, vault: Path, copied: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    call("restore", copied, other)
    git(other, "commit", "-q", "--no-verify", "--allow-empty", "-m", "Mine")
    late = forging.amend(other, "Mine", stamp="253402300800")
    git(other, "push", "-q", "--no-verify", "origin", f"{late}:main")
    for command in (["push"], ["status"], ["remote", "check"], ["verify"], ["sync"]):
        call(*command, "--vault", vault, "--json", status=None)
    assert git(vault, "rev-parse", "main") != late
    found = outside.verified(call, vault, "--remote", "nas", status=1)["remotes"]["nas"]["findings"]
    assert ("account", late) in {(one["kind"], one["commit"]) for one in found}
    call("restore", copied, tmp_path / "back", status=5)


def test_an_original_that_was_changed_later(call: Call, vault: Path) -> None:
    path = vault / "exports" / "Connections.csv"
    path.write_bytes(path.read_bytes() + b"x,y\n")
    git(vault, "commit", "-q", "--no-verify", "-a", "-m", "Mine")
    (one,) = outside.verified(call, vault, status=1)["vault"]["findings"]
    assert (one["kind"], one["path"]) == ("original", "exports/Connections.csv")
    command = one["hint"].partition("lost: ")[2].partition(", then")[0]
    assert command.startswith("git restore --source=")
    subprocess.run(shlex.split(command), cwd=vault, check=True)
    git(vault, "commit", "-q", "--no-verify", "-a", "-m", "Back")
    assert outside.verified(call, vault)["whole"] is True
