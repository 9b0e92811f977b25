"""Proofs, from the outside: what is whole passes, whatever is damaged is found and named."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import forging
import outside
from network import Network
from outside import Call, git


def test_a_whole_vault(call: Call, vault: Path) -> None:
    before = outside.state(vault)
    found = outside.verified(call, vault)
    status = outside.one_object(call("status", "--json", "--vault", vault))
    counts = found["vault"]["counts"]
    assert found["whole"] is found["vault"]["whole"] is True
    assert found["remotes"] == {}
    assert found["vault"]["findings"] == found["vault"]["notes"] == []
    assert found["vault"]["tip"] == git(vault, "rev-parse", "main").strip()
    assert {key: counts[key] for key in ("contacts", "former", "snapshots")} == {
        key: status[key] for key in ("contacts", "former", "snapshots")
    }
    assert counts["derived"] == counts["commits"] == 3
    assert counts["read_again"] == counts["contacts"] + counts["former"]
    assert counts["objects"] == len(
        git(vault, "cat-file", "--batch-check", "--batch-all-objects").splitlines()
    )
    assert found["vault"]["files"]["compared"] == len(git(vault, "ls-files").splitlines())
    assert outside.state(vault) == before
    said = call("verify", "--vault", vault)
    assert "The vault is whole" in said.out
    assert said.err == ""


def test_what_was_derived_once_need_not_be_again(call: Call, vault: Path) -> None:
    first = outside.verified(call, vault)["vault"]["counts"]
    again = outside.verified(call, vault)["vault"]["counts"]
    assert (first["derived"], first["derived_before"]) == (3, 0)
    assert (again["derived"], again["derived_before"]) == (3, 3)
    assert again["read_again"] == first["read_again"]
    assert "3 snapshots derived again from the originals (3 by an earlier proof)" in (
        call("verify", "--vault", vault).out
    )
    afresh = outside.verified(call, vault, "--again")["vault"]["counts"]
    assert (afresh["derived"], afresh["derived_before"]) == (3, 0)


@pytest.mark.parametrize("spoilt", [b"", b"li-vault 0.0.1 format 1\n", b"\xff" * 90])
def test_what_proofs_remember_can_be_thrown_away(call: Call, vault: Path, spoilt: bytes) -> None:
    outside.verified(call, vault)
    for path in (vault / ".git" / "li-vault").glob("proved-*"):
        path.write_bytes(spoilt + path.read_bytes().partition(b"\n")[2])
    counts = outside.verified(call, vault)["vault"]["counts"]
    assert (counts["derived"], counts["derived_before"]) == (3, 0)


def test_an_empty_vault(call: Call, vault_dir: Path) -> None:
    call("init", vault_dir)
    assert outside.verified(call, vault_dir, "--all")["whole"] is True


def test_quick_derives_nothing(call: Call, vault: Path) -> None:
    found = outside.verified(call, vault, "--quick")
    assert found["quick"] is True
    assert found["vault"]["counts"]["derived"] == found["vault"]["counts"]["read_again"] == 0
    assert found["vault"]["counts"]["cards"] > 30


def test_no_vault(call: Call, tmp_path: Path) -> None:
    call("verify", "--vault", tmp_path / "nowhere", status=5)
    git(tmp_path, "init", "-q", "other")
    call("verify", "--vault", tmp_path / "other", status=5)


def _flip(path: Path, bit: int | None = None) -> None:
    """Flip one bit of a file, by default in its middle."""
    data = bytearray(path.read_bytes())
    place = len(data) * 4 if bit is None else bit
    data[place // 8] ^= 1 << place % 8
    path.chmod(0o644)
    path.write_bytes(data)


def test_hand_edits_are_no_damage(call: Call, vault: Path, home: Path, network: Network) -> None:
    first, second, third = sorted((vault / "contacts").iterdir())[:3]
    first.write_bytes(first.read_bytes().replace(b"END:", b"NOTE:met in Turin\r\nEND:"))
    second.unlink()
    (vault / "letter.txt").write_text("dear")
    found = outside.verified(call, vault)["vault"]
    assert found["files"]["edited"] == [f"contacts/{first.name}"]
    assert found["files"]["missing"] == [f"contacts/{second.name}"]
    assert found["files"]["strays"] == 1
    network.advance()
    call("snapshot", outside.write(home, network), "--vault", vault)
    third.write_bytes(third.read_bytes().replace(b"END:", b"NOTE:by git\r\nEND:"))
    git(vault, "commit", "-q", "-a", "-m", "Mine")
    (vault / "letter.txt").unlink()
    network.advance()
    call("snapshot", outside.write(home, network), "--vault", vault)
    counts = outside.verified(call, vault)["vault"]["counts"]
    assert (counts["snapshots"], counts["derived"]) == (5, 5)
    assert counts["commits"] > 6


def _take_for_unchanged(vault: Path, card: Path) -> None:
    """Put a file's times into the index, as they are when a disk fails and nobody wrote to it."""
    path = vault / ".git" / "index"
    index = bytearray(path.read_bytes())
    start = index.index(b"contacts/" + card.name.encode() + b"\0") - 62
    index[start : start + 8] = struct.pack(">II", *divmod(card.stat().st_ctime_ns, 10**9))
    index[-20:] = hashlib.sha1(index[:-20], usedforsecurity=False).digest()
    path.write_bytes(index)
    later = time.time() + 10  # else git looks at what was written in the index's own second
    os.utime(path, (later, later))


def test_a_file_that_changed_by_itself(call: Call, vault: Path) -> None:
    card = min((vault / "contacts").iterdir())
    times = card.stat()
    _flip(card)
    os.utime(card, ns=(times.st_atime_ns, times.st_mtime_ns))
    _take_for_unchanged(vault, card)
    assert git(vault, "status", "--porcelain") == ""
    found = outside.verified(call, vault, status=1)["vault"]
    assert [one["path"] for one in found["findings"]] == [f"contacts/{card.name}"]


def test_all_damage_is_told_not_the_first_only(call: Call, vault: Path) -> None:
    first, second, third = sorted((vault / "contacts").iterdir())[:3]
    first.write_bytes(b"nothing\r\n")
    second.write_bytes(third.read_bytes())
    (vault / "contacts" / "notes.txt").write_text("x")
    git(vault, "add", "contacts")
    forging.amend(vault)
    _flip(vault / ".git" / "index")
    found = outside.verified(call, vault, status=1)["vault"]
    assert {"card", "layout", "derivation", "file"} <= outside.kinds(found)
    paths = {one["path"] for one in found["findings"]}
    assert {f"contacts/{first.name}", "contacts/notes.txt", ".git/index"} <= paths
    assert {f"contacts/{second.name}", f"contacts/{third.name}"} & paths
    assert all(one["hint"] and one["message"] for one in found["findings"])


def _lose_a_loose_object(vault: Path) -> str:
    """Take the object of one card away; its path."""
    changed = git(vault, "diff", "--name-only", "--diff-filter=M", "HEAD~1", "--", "contacts")
    name = changed.split()[0]
    packs = vault / ".git" / "objects" / "pack"
    away = vault.parent / "away"
    shutil.move(packs, away)
    packs.mkdir()
    for pack in away.glob("*.pack"):
        with pack.open("rb") as file:
            subprocess.run(("git", "-C", vault, "unpack-objects", "-q"), stdin=file, check=True)
    ident = git(vault, "rev-parse", f"HEAD:{name}").strip()
    (vault / ".git" / "objects" / ident[:2] / ident[2:]).unlink()
    return name


def test_a_lost_object_is_named_and_the_hint_brings_it_back(
    call: Call, vault: Path, copied: Path, tmp_path: Path
) -> None:
    name = _lose_a_loose_object(vault)
    tip = git(vault, "rev-parse", "main").strip()
    found = outside.verified(call, vault, status=1)["vault"]
    (one,) = found["findings"]
    assert (one["kind"], one["commit"], one["path"]) == ("object", tip, name)
    hint = one["hint"].partition(": ")[2].partition(". Or")[0]
    words = hint.replace("URL", str(copied)).replace("COPY", str(tmp_path / "copy.git"))
    subprocess.run(("sh", "-c", words), check=True, cwd=vault, capture_output=True)
    assert outside.verified(call, vault)["whole"] is True


REFS: dict[str, Callable[[Path], tuple[Path, bytes]]] = {
    "no id": lambda git_dir: (git_dir / "refs/heads/main", b"x" * 40 + b"\n"),
    "another id": lambda git_dir: (git_dir / "refs/heads/main", b"1" * 40 + b"\n"),
    "capitals": lambda git_dir: (
        git_dir / "refs/heads/main",
        (git_dir / "refs/heads/main").read_bytes().upper(),
    ),
    "a HEAD that leads nowhere": lambda git_dir: (git_dir / "HEAD", b"ref: refs/heads/maio\n"),
    "no HEAD": lambda git_dir: (git_dir / "HEAD", b"rff: refs/heads/main\n"),
}


@pytest.mark.parametrize("kind", REFS)
def test_references(kind: str, call: Call, vault: Path) -> None:
    path, data = REFS[kind](vault / ".git")
    path.write_bytes(data)
    found = outside.verified(call, vault, status=1)["vault"]
    assert "ref" in outside.kinds(found)
    assert found["findings"][0]["path"] == path.relative_to(vault).as_posix()


def test_a_branch_of_the_user_s_own_is_no_damage(call: Call, vault: Path) -> None:
    git(vault, "checkout", "-q", "-b", "mine")
    said = call("verify", "--json", "--vault", vault, status=5)
    assert "main" in outside.one_object(said)["error"]["hint"]
    git(vault, "checkout", "-q", "main")
    git(vault, "branch", "-q", "-D", "mine")
    git(vault, "gc", "-q")
    assert outside.verified(call, vault)["whole"] is True
