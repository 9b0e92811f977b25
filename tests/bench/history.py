"""How fast history answers: li-vault against git, in a vault of 120 monthly snapshots.

    python tests/bench/history.py [--people 30000] [--months 120] [--runs 5] [--only log,size,…]

Each month 2 % have a new position. Whole processes, A and B in turn, medians. Ends with status 1
when a limit is broken. To build the vault takes minutes; with `--keep FOLDER` it is built there
once and used again.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measure import Bench, Cost, seconds, size
from rows import Row, table

PERCENT = 2
"""So many people have a new position each month."""

FIRST_YEAR = 2016


class Past(NamedTuple):
    """What is asked: a vault with a long history.

    Attributes:
        bench: The stopwatch.
        vault: The vault.
        files: The cards of some people, one for each run, by file name.
    """

    bench: Bench
    vault: Path
    files: list[str]

    def ours(self, *args: str | Path) -> Cost:
        """A command of li-vault on the vault."""
        return self.bench.cost(*self.bench.ours, *args, "--vault", self.vault)

    def git(self, *args: str | Path) -> Cost:
        """A command of git in the vault."""
        return self.bench.cost("git", "-C", self.vault, *args)

    def git_says(self, *args: str) -> str:
        """What a command of git says of the vault."""
        done = subprocess.run(("git", "-C", self.vault, *args), capture_output=True, check=True)
        return done.stdout.decode().strip()

    def list_at(self, commit: str) -> Path:
        """The list of a snapshot, in a file that begins with its header."""
        text = self.git_says("show", f"{commit}:exports/Connections.csv")
        path = self.bench.fresh("list")
        path.write_text(text[text.index("First Name,") :], encoding="utf-8")
        return path

    def compared(self, start: str, *without: str) -> Cost:
        """A comparison with the newest snapshot, without some of what is kept in `.git/li-vault`.

        Without `compared-told` nobody asked for it before; without `chronicle`, too, it is not
        known what each snapshot changed, as in a vault that was restored.
        """
        for name in without:
            (self.vault / ".git" / "li-vault" / name).unlink(missing_ok=True)
        return self.ours("diff", start, "HEAD")


def day(month: int) -> str:
    """The day of the snapshot of a month, counted from 0."""
    return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}-20"


def built(bench: Bench, people: int, months: int, folder: Path) -> Path:
    """A vault of so many months in a folder; one that is whole is used again."""
    vault, done = folder / f"vault-{people}-{months}", folder / f"vault-{people}-{months}.done"
    if done.exists():
        return vault
    if vault.exists():
        raise SystemExit(f"{vault} was begun and not finished: remove it.")
    for month, export in enumerate(bench.exports(people, months - 1, PERCENT)):
        if month % 20 == 0:
            print(f"month {month} of {months} …", file=sys.stderr)
        bench.snapshot(vault, day(month), export)
    done.touch()
    return vault


def log(past: Past) -> list[Row]:
    """One person's life against git's own list of the commits that touched the card.

    Both have the same commit graph with changed paths. What a li-vault takes that does nothing is
    told beside it.
    """
    past.git("commit-graph", "write", "--reachable", "--changed-paths")
    a, b, floor = past.bench.in_turn(
        lambda run: past.ours("log", past.files[run]),
        lambda run: past.git("log", "--format=%h", "--", f"contacts/{past.files[run]}"),
        lambda _: past.bench.cost(*past.bench.ours, "--version"),
    )
    return [
        _ratio("log CONTACT / git log --format=%h -- PATH", a, b, 2.0),
        _ratio("li-vault --version / the same git log", floor, b, None),
    ]


def answers(past: Past) -> list[Row]:
    """What is asked every day, in seconds."""
    asked: dict[str, tuple[float | None, Callable[[int], Cost]]] = {
        "find, two words, at HEAD": (0.6, lambda _: past.ours("find", "warden", "of")),
        "show": (0.25, lambda run: past.ours("show", past.files[run])),
        "status": (0.2, lambda _: past.ours("status")),
        "log": (None, lambda _: past.ours("log")),
        "show --best-known": (None, lambda run: past.ours("show", past.files[run], "--best-known")),
        "show --at": (None, lambda run: past.ours("show", past.files[run], "--at", day(60))),
        "find --at": (None, lambda run: past.ours("find", "warden", "--at", day(5 + 20 * run))),
    }
    costs = past.bench.in_turn(*(work for _, work in asked.values()))
    return [
        Row(f"{what}, s", f"{seconds(found):.3f} s", "", seconds(found), limit)
        for (what, (limit, _)), found in zip(asked.items(), costs, strict=True)
    ]


def packed(past: Past) -> list[Row]:
    """The size of `.git` against the same after `git gc --aggressive`."""
    copy = past.bench.fresh("packed")
    shutil.copytree(past.vault, copy)
    past.bench.cost("git", "gc", "-q", "--aggressive", "--prune=now", cwd=copy)
    ours, theirs = size(past.vault / ".git"), size(copy / ".git")
    what = ".git after all snapshots / after git gc --aggressive"
    return [Row(what, f"{ours / 1e6:.1f} MB", f"{theirs / 1e6:.1f} MB", ours / theirs, 1.3)]


def diff(past: Past) -> list[Row]:
    """What the last month changed, against git's own list of paths; and all the years, against
    csv-diff on the two lists, when it is asked for the first time and again.
    """
    first = past.git_says("rev-list", "--max-parents=0", "HEAD")
    a, b = past.bench.in_turn(
        lambda _: past.ours("diff"), lambda _: past.git("diff", "--name-status", "HEAD~1", "HEAD")
    )
    near, limit = seconds(a), 3 * seconds(b) + 0.15
    what = "diff of neighbours, s / 3 × git diff --name-status + 0.15 s"
    rows = [Row(what, f"{near:.3f} s", f"{seconds(b):.3f} s", near / limit, 1.0)]
    lists = [past.list_at(commit) for commit in (first, "HEAD")]
    script = Path(sys.executable).with_name("csv-diff")
    bare = past.bench.fresh("bare")
    shutil.copytree(past.vault, bare)
    restored = past._replace(vault=bare)
    *ours, theirs = past.bench.in_turn(
        lambda _: past.compared(first, "compared-told"),
        lambda _: restored.compared(first, "compared-told", "chronicle"),
        lambda _: restored.compared(first),
        lambda _: past.bench.cost(script, *lists, "--key=URL"),
    )
    # That of T / 4 can't be met without knowing what happened in between: git alone takes as
    # long to unpack 54,000 cards.
    where = ("", " in a restored vault", " in a restored vault, asked again")
    for place, found, share in zip(where, ours, (0.25, None, None), strict=True):
        what = f"diff of first and last{place}"
        rows.append(Row(f"{what}, s", f"{seconds(found):.3f} s", "", seconds(found), 1.5))
        rows.append(_ratio(f"{what} / csv-diff", found, theirs, share))
    return rows


WORKS: tuple[Callable[[Past], list[Row]], ...] = (log, diff, answers, packed)
"""The questions, one function each."""


def _ratio(what: str, ours: list[Cost], theirs: list[Cost], limit: float | None) -> Row:
    a, b = seconds(ours), seconds(theirs)
    return Row(what, f"{a:.3f} s", f"{b:.3f} s", a / b, limit)


def _some_files(vault: Path, number: int) -> list[str]:
    """So many cards from all over the folder."""
    names = sorted(path.name for path in (vault / "contacts").iterdir())
    return [names[len(names) * (place + 1) // (number + 1)] for place in range(number)]


def main() -> int:
    """Build, measure what is asked for, and print the table."""
    names = {work.__name__: work for work in WORKS}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default=",".join(names), help="questions, with commas between")
    parser.add_argument("--scratch", type=Path, help="an existing folder to work in")
    parser.add_argument("--keep", type=Path, help="an existing folder for the vault, which stays")
    asked = parser.parse_args()
    chosen = asked.only.split(",")
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"no such question: {', '.join(unknown)}; there are {', '.join(names)}")
    rows = []
    with tempfile.TemporaryDirectory(prefix="li-vault-bench-", dir=asked.scratch) as scratch:
        bench = Bench(Path(scratch), asked.runs)
        vault = built(bench, asked.people, asked.months, asked.keep or Path(scratch))
        past = Past(bench, vault, _some_files(vault, asked.runs))
        for name in chosen:
            print(f"asking {name} …", file=sys.stderr)
            rows += names[name](past)
    print(table(rows))
    return 1 if any(row.verdict == "BROKEN" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
