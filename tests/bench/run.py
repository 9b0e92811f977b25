"""How fast, how small: li-vault against git, restic, and the script anyone would write first.

    python tests/bench/run.py [--people 30000] [--runs 3] [--only first,same,…]

Whole processes, A and B in turn, medians. Ratios are what is promised; seconds are this
machine's. Ends with status 1 when a limit is broken. restic is Debian's package of that name.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import lines
from measure import FIRST_DAY, HERE, Bench, Cost, seconds, size
from rows import Row, table


def first(bench: Bench, people: int) -> list[Row]:
    """The first snapshot against git on the finished cards, and its memory."""
    (export,) = bench.exports(people)
    cards = bench.fresh("cards")

    def ours(_: int) -> Cost:
        vault = bench.fresh("vault")
        cost = bench.snapshot(vault, month(0), export)
        if not cards.exists():
            shutil.copytree(vault, cards, ignore=shutil.ignore_patterns(".git"))
        return cost

    def git(_: int) -> Cost:
        bench.cost("git", "init", "-q", cards)
        cost = bench.cost("sh", "-c", "git add -A && git commit -q -m all", cwd=cards)
        (cards / ".git").rename(bench.fresh("git"))
        return cost

    a, b = bench.in_turn(ours, git)
    peak, gits = max(c.megabytes for c in a), max(c.megabytes for c in b)
    time = seconds(a) / seconds(b)
    memory = "peak memory of the first snapshot, MB"
    return [
        Row("first snapshot / git add + commit", _s(a), _s(b), time, 1.0),
        Row(memory, f"{peak:.0f}", f"{gits:.0f} (git)", peak, 250),
    ]


def same(bench: Bench, people: int) -> list[Row]:
    """The same export on later days against restic, which finds nothing changed either."""
    return [_against_restic(bench, people, "same export, later day / restic", 0.4, changed=False)]


def changed(bench: Bench, people: int) -> list[Row]:
    """1 % changed against restic, which finds nothing changed."""
    return [_against_restic(bench, people, "1 % changed / restic, unchanged", 0.5, changed=True)]


def _against_restic(bench: Bench, people: int, what: str, limit: float, *, changed: bool) -> Row:
    exports = bench.exports(people, bench.runs)
    vault = bench.fresh("vault")
    bench.snapshot(vault, month(0), exports[0])
    works = [lambda n: bench.snapshot(vault, month(n + 1), exports[(n + 1) * changed])]
    if shutil.which("restic"):
        cards, backup = bench.fresh("cards"), bench.fresh("restic")
        shutil.copytree(vault, cards, ignore=shutil.ignore_patterns(".git"))
        restic = ("restic", "-q", "-r", backup)
        bench.cost(*restic, "init")
        bench.cost(*restic, "backup", cards)
        works.append(lambda _: bench.cost(*restic, "backup", cards))
    a, *b = bench.in_turn(*works)
    if not b:
        return Row(what, _s(a), "no restic here", None, limit)
    return Row(what, _s(a), _s(b[0]), seconds(a) / seconds(b[0]), limit)


def straightforward(bench: Bench, people: int) -> list[Row]:
    """The script anyone would write first, once, against the first snapshot."""
    (export,) = bench.exports(people)
    (ours,) = bench.in_turn(lambda _: bench.snapshot(bench.fresh("vault"), month(0), export))
    script = HERE / "straightforward.py"
    theirs = bench.cost(sys.executable, script, export, bench.fresh("straightforward"))
    ratio = theirs.seconds / seconds(ours)
    what = "csv + vobject + GitPython script / first snapshot"
    return [Row(what, _s(ours), _s([theirs]), ratio, 25, at_least=True)]


def startup(bench: Bench, people: int) -> list[Row]:
    """The price of calling li-vault at all; `people` plays no part."""
    del people
    runs, bench.runs = bench.runs, max(bench.runs, 11)
    a, b = bench.in_turn(
        lambda _: bench.cost(*bench.ours, "--version"),
        lambda _: bench.cost(sys.executable, "-c", "import click"),
    )
    bench.runs = runs
    what = "li-vault --version / python -c 'import click'"
    return [Row(what, _s(a), _s(b), seconds(a) / seconds(b), 2.0)]


def history(bench: Bench, people: int) -> list[Row]:
    """The size of `.git` after a year of 1 % a month, against the same after `git gc`."""
    exports = bench.exports(people, 12)
    vault, packed = bench.fresh("vault"), bench.fresh("packed")
    for number, export in enumerate(exports):
        bench.snapshot(vault, month(number), export)
    shutil.copytree(vault, packed)
    bench.cost("git", "gc", "-q", "--prune=now", cwd=packed)
    ours, theirs = size(vault / ".git"), size(packed / ".git")
    what = ".git after 12 months / after git gc"
    return [Row(what, f"{ours / 1e6:.1f} MB", f"{theirs / 1e6:.1f} MB", ours / theirs, 2.0)]


def linear(bench: Bench, people: int) -> list[Row]:
    """Time per person as networks grow: no step may be more than half as dear again."""
    each = [_each(bench, count) for count in (people // 10, people, people * 10 // 3)]
    ratio = max(each[1] / each[0], each[2] / each[1], each[2] / each[0])
    what = f"µs a person at {people // 10:,} / {people:,} / {people * 10 // 3:,}"
    return [Row(what, " / ".join(f"{e:.0f}" for e in each), "", ratio, 1.5)]


def _each(bench: Bench, people: int) -> float:
    """Microseconds a person of a first snapshot."""
    (export,) = bench.exports(people)
    (costs,) = bench.in_turn(lambda _: bench.snapshot(bench.fresh("vault"), month(0), export))
    return seconds(costs) / people * 1e6


def drill(bench: Bench, people: int) -> list[Row]:
    """A copy of 24 months proved and restored, against `git clone` and `git fsck` of the same."""
    vault, bare = bench.fresh("vault"), bench.fresh("bare")
    for number, export in enumerate(bench.exports(people, 24)):
        bench.snapshot(vault, month(number), export)
    bench.cost(*bench.ours, "remote", "add", "nas", bare, "--create", "--vault", vault)
    bench.cost(*bench.ours, "push", "--vault", vault)

    def git(_: int) -> Cost:
        return bench.cost("sh", "-c", f"git clone -q '{bare}' . && git fsck --full", cwd=_made())

    def _made() -> Path:
        folder = bench.fresh("clone")
        folder.mkdir()
        return folder

    def ours(number: int) -> Cost:
        where = places[number]
        return bench.cost(*bench.ours, "verify", "--remote", "nas", "--vault", where)

    places = [vault]
    first = ours(0)
    # Each in a place of its own: the files that a proof takes away again make ext4 slow there for
    # minutes, see `Bench.fresh`; a month later that is over.
    places = [bench.fresh("vault") for _ in range(bench.runs)]
    for place in places:
        shutil.copytree(vault / ".git", place / ".git")
        shutil.copy(vault / "vault.toml", place)
    a, b = bench.in_turn(ours, git)
    restored, _ = bench.in_turn(
        lambda _: bench.cost(*bench.ours, "restore", bare, bench.fresh("restored")), git
    )
    return [
        Row(what, _s(costs), _s(b), seconds(costs) / seconds(b), limit)
        for what, costs, limit in (
            ("verify and restore a copy of 24 months / git clone + fsck", a, 3.0),
            ("the same for the first time, all derived / git clone + fsck", [first], 12.0),
            ("restore of 24 months / git clone + fsck", restored, 3.0),
        )
    ]


def remotes(bench: Bench, people: int) -> list[Row]:
    """A month with 1 % changed pushed to three remotes on the web, against the farthest alone."""
    with lines.three(bench) as far:
        vault = bench.fresh("vault")
        exports = bench.exports(people, 2 * bench.runs)
        bench.snapshot(vault, month(0), exports[0])
        for name, url in far.items():
            bench.cost(*bench.ours, "remote", "add", name, url, "--vault", vault)
        push = (*bench.ours, "push", "--vault", str(vault))
        bench.cost(*push)

        def all_three(number: int) -> Cost:
            bench.snapshot(vault, month(2 * number + 1), exports[2 * number + 1])
            return bench.cost(*push)

        def one(number: int) -> Cost:
            bench.snapshot(vault, month(2 * number + 2), exports[2 * number + 2])
            *others, slowest = far
            cost = bench.cost(*push, slowest)
            bench.cost(*push, *others)
            return cost

        a, b = bench.in_turn(all_three, one)
    what = "one month's 1 % pushed to three remotes / the farthest alone"
    return [Row(what, _s(a), _s(b), seconds(a) / seconds(b), 1.5)]


def month(number: int) -> str:
    """The day `number` months after the first export."""
    return f"{FIRST_DAY.year + number // 12}-{number % 12 + 1:02d}-{FIRST_DAY.day}"


def _s(costs: list[Cost]) -> str:
    return f"{seconds(costs):.3f} s"


def main() -> int:
    """Measure what is asked for, and print the table."""
    works: dict[str, Callable[[Bench, int], list[Row]]] = {
        work.__name__: work
        for work in (
            startup,
            first,
            same,
            changed,
            history,
            drill,
            remotes,
            linear,
            straightforward,
        )
    }
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(works), help="rows, with commas between")
    parser.add_argument("--scratch", type=Path, help="an existing folder to work in")
    asked = parser.parse_args()
    names = asked.only.split(",")
    if unknown := sorted(set(names) - set(works)):
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(works)}")
    rows = []
    with tempfile.TemporaryDirectory(prefix="li-vault-bench-", dir=asked.scratch) as scratch:
        bench = Bench(Path(scratch), asked.runs)
        for name in names:
            print(f"measuring {name} …", file=sys.stderr)
            rows += works[name](bench, asked.people)
    print(table(rows))
    return 1 if any(row.verdict == "BROKEN" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
