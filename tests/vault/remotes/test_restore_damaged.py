"""Sources that are damaged, or no vault at all: each told what it is, nothing left."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import forging
from forging import Forger
from outside import Call, git


@pytest.fixture
def bare(call: Call, home: Path, tmp_path: Path) -> Path:
    return forging.bare_vault(call, home, tmp_path)


def _no_blob(bare: Path) -> None:
    forging.lose(bare, f"main:contacts/{Forger(bare).card()}")


def _no_tree(bare: Path) -> None:
    forging.lose(bare, "main:contacts")


def _no_first_commit(bare: Path) -> None:
    forging.lose(bare, "main~1")


def _wrong_blob(bare: Path) -> None:
    forging.unpack(bare)
    card = forging.loose(bare, f"main:contacts/{Forger(bare).card()}")
    shutil.copy(forging.loose(bare, "main:README.md"), card)


def _packed(bare: Path) -> Path:
    git(bare, "repack", "-a", "-d", "-q")
    (pack,) = (bare / "objects" / "pack").glob("*.pack")
    pack.chmod(0o600)
    return pack


def _flipped_pack(bare: Path) -> None:
    pack = _packed(bare)
    data = bytearray(pack.read_bytes())
    for place in range(len(data) // 4, len(data) // 4 * 3, 40):
        data[place] ^= 0xFF
    pack.write_bytes(data)


def _truncated_pack(bare: Path) -> None:
    pack = _packed(bare)
    pack.write_bytes(pack.read_bytes()[: pack.stat().st_size // 2])


def _half_an_object(bare: Path) -> None:
    forging.unpack(bare)
    card = forging.loose(bare, f"main:contacts/{Forger(bare).card()}")
    card.write_bytes(card.read_bytes()[:20])


DAMAGES = [
    _no_blob, _no_tree, _no_first_commit, _wrong_blob, _flipped_pack, _truncated_pack,
    _half_an_object,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_damage(damage: Callable[[Path], None], call: Call, bare: Path, tmp_path: Path) -> None:
    damage(bare)
    forging.is_refused(call, bare, tmp_path, "is damaged")


def _nowhere(bare: Path) -> None:
    git(bare, "pack-refs", "--all")
    (bare / "packed-refs").unlink()
    (bare / "refs" / "heads" / "main").write_text("1" * 40 + "\n")


def _empty(bare: Path) -> None:
    git(bare, "update-ref", "-d", "refs/heads/main")


def _master(bare: Path) -> None:
    git(bare, "branch", "-m", "main", "master")


def _unrelated(bare: Path) -> None:
    shutil.rmtree(bare)
    git(bare.parent, "init", "-q", "-b", "main", str(bare))
    (bare / "code.py").write_text("pass\n")
    git(bare, "add", ".")
    git(bare, "commit", "-q", "-m", "Work")


def _sha256(bare: Path) -> None:
    shutil.rmtree(bare)
    git(bare.parent, "init", "-q", "-b", "main", "--object-format=sha256", str(bare))
    git(bare, "commit", "-q", "--allow-empty", "-m", "Work")


def _shallow(bare: Path) -> None:
    bare.rename(bare.with_name("whole.git"))
    whole = f"file://{bare.with_name('whole.git')}"
    git(bare.parent, "clone", "-q", "--bare", "--depth=1", whole, str(bare))


def _plain_folder(bare: Path) -> None:
    shutil.rmtree(bare)
    bare.mkdir()


SOURCES: dict[Callable[[Path], None], str] = {
    _nowhere: "no branch that can be read|is damaged",
    _empty: "no branch that can be read",
    _master: "no branch main, but master",
    _unrelated: "not a vault",
    _sha256: "sha256",
    _shallow: "shallow clone",
    _plain_folder: "not a git repository",
}


@pytest.mark.parametrize("make", SOURCES, ids=lambda make: make.__name__.strip("_"))
def test_no_vault_there(
    make: Callable[[Path], None], call: Call, bare: Path, tmp_path: Path
) -> None:
    make(bare)
    forging.is_refused(call, bare, tmp_path, SOURCES[make])
    forging.is_refused(call, f"file://{bare}", tmp_path, SOURCES[make])
