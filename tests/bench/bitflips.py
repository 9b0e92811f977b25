"""One flipped bit somewhere in a vault's `.git`: does `li-vault verify` find it, and name it?

    python tests/bench/bitflips.py [COUNT] [--seed N]

A vault with snapshots, hand edits, packs and loose objects, a commit-graph and packed references
is copied, one random bit of one random file that matters is flipped, and the copy is verified.
The kinds of files take turns, so that small ones are hit as often as large ones. Ends with
status 1 if anything was missed. Files that matter: all but logs, hooks, samples, li-vault's own
caches and the settings in `config`, which carry no checksum and none of the vault's content.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import isolation
import outside
from li_vault.cli import app
from li_vault.cli.commands import group
from li_vault.errors import LiVaultError
from li_vault.vault.verify import verify
from network import Network

TODAY = date(2028, 1, 1)
KINDS: dict[str, Callable[[Path], list[Path]]] = {
    "pack": lambda git: list(git.glob("objects/pack/*.pack")),
    "pack index": lambda git: list(git.glob("objects/pack/*.idx")),
    "other of a pack": lambda git: [
        path for end in ("rev", "bitmap", "mtimes") for path in git.glob(f"objects/pack/*.{end}")
    ],
    "loose object": lambda git: list(git.glob("objects/??/*")),
    "commit-graph": lambda git: [
        *git.glob("objects/info/commit-graph"),
        *git.glob("objects/info/commit-graphs/*.graph"),
    ],
    "multi-pack index": lambda git: list(git.glob("objects/pack/multi-pack-index")),
    "branch": lambda git: [path for path in git.glob("refs/**/*") if path.is_file()],
    "packed-refs": lambda git: list(git.glob("packed-refs")),
    "HEAD": lambda git: [git / "HEAD"],
    "index": lambda git: [git / "index"],
}


class Flip(NamedTuple):
    """One bit that was flipped: in which kind of file, in which file, where."""

    kind: str
    path: str
    bit: int


class Verdict(NamedTuple):
    """What `verify` made of it: `found`, `missed`, or `refused` as a whole; and its words."""

    state: str
    words: str


def vaults(folder: Path) -> list[Path]:
    """Two vaults with a history: one as it grows by itself, one as git's own upkeep leaves it."""
    network = Network(seed=23, people=40, day=date(2024, 1, 20))
    plain = folder / "plain"
    for number in range(4):
        export = outside.write(folder / "exports", network)
        network.advance(pace=2)
        begin = () if plain.exists() else ("--init",)
        where = ("--vault", str(plain), "--no-push", "--json", "--allow", "gone")
        _run("snapshot", str(export), *begin, *where)
        if number == 1:
            card = min((plain / "contacts").iterdir())
            card.write_bytes(card.read_bytes().replace(b"END:", b"NOTE:met in Turin\r\nEND:"))
    bare = str(folder / "bare.git")
    _run("remote", "add", "nas", bare, "--create", "--vault", str(plain), "--json")
    _run("push", "--vault", str(plain), "--json")
    kept = folder / "kept"
    shutil.copytree(plain, kept, symlinks=True)
    outside.git(kept, "repack", "-q", "-a", "-d", "--write-bitmap-index", "--write-midx")
    outside.git(kept, "commit-graph", "write", "--reachable", "--changed-paths")
    outside.git(kept, "pack-refs", "--all")
    return [plain, kept]


def _run(*args: str) -> None:
    """Run li-vault in this process, its result unseen.

    Raises:
        SystemExit: It failed.
    """
    shown = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            status = app.run(group, args)
        finally:
            sys.stdout.flush()
            os.dup2(shown, 1)
            os.close(shown)
            gc.enable()
    if status:
        raise SystemExit(f"{args} ended with {status}")


def flips(whole: list[Path], count: int, seed: int) -> Iterator[tuple[Path, Flip]]:
    """So many flips, of which vault each; every kind of file in turn."""
    random = Random(seed)
    number = 0
    while number < count:
        for kind, files in KINDS.items():
            vault = whole[random.randrange(len(whole))]
            there = sorted(files(vault / ".git")) or sorted(files(whole[-1] / ".git"))
            vault = vault if files(vault / ".git") else whole[-1]
            if not there:
                continue
            path = random.choice(there)
            bit = random.randrange(path.stat().st_size * 8)
            yield vault, Flip(kind, path.relative_to(vault).as_posix(), bit)
            number += 1
            if number == count:
                return


def flipped(vault: Path, flip: Flip, place: Path) -> Path:
    """A copy of a vault with one bit flipped."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(vault, place, symlinks=True)
    path = place / flip.path
    data = bytearray(path.read_bytes())
    data[flip.bit // 8] ^= 1 << flip.bit % 8
    path.chmod(0o644)
    path.write_bytes(data)
    return place


def judged(copy: Path) -> Verdict:
    """What `verify` says of a copy."""
    try:
        result = verify.verify_vault(copy, (), itself=True, quick=False, today=TODAY)
    except LiVaultError as error:
        return Verdict("refused", error.message)
    if result.is_whole or result.vault is None:
        return Verdict("missed", "")
    return Verdict("found", result.vault.findings[0].message)


def main() -> int:
    """Flip, verify, print a table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--words", action="store_true", help="print what each was named")
    asked = parser.parse_args()
    table: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "home").mkdir()
        os.environ.update(isolation.environment(folder / "home"))
        whole = vaults(folder)
        for vault in whole:
            if judged(vault).state != "missed":
                raise SystemExit(f"the whole vault is not whole: {judged(vault).words}")
        for vault, flip in flips(whole, asked.count, asked.seed):
            verdict = judged(flipped(vault, flip, folder / "copy"))
            table[flip.kind, verdict.state] += 1
            if verdict.state != "found" or asked.words:
                print(f"{verdict.state}: {flip}: {verdict.words[:300]}")
    states = ("found", "refused", "missed")
    print(f"{'a bit flipped in':20}" + "".join(f"{state:>9}" for state in states))
    for kind in KINDS:
        print(f"{kind:20}" + "".join(f"{table[kind, state]:9}" for state in states))
    total = [sum(table[kind, state] for kind in KINDS) for state in states]
    print(f"{'all':20}" + "".join(f"{number:9}" for number in total))
    return int(total[0] != sum(total))


if __name__ == "__main__":
    sys.exit(main())
