"""The monthly habit in numbers: from a download to the pushed commit, at rest, with nothing to do.

    python tests/bench/habit.py [--people 3000] [--rest 120] [--runs 3]

Seconds are this machine's, and are what is promised here: somebody waits for them. At rest the
processor time of `--rest` seconds is measured and counted up to an hour. Ends with status 1 when
a limit is broken. Needs Linux, whose /proc tells what a process that runs has used.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import NamedTuple

from measure import HERE, Bench

_HOUR = 3600
_TESTS = HERE.parent


class Row(NamedTuple):
    """One line of the table."""

    what: str
    found: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept."""
        return self.found >= self.limit if self.at_least else self.found < self.limit

    def __str__(self) -> str:
        """The line."""
        sign = "at least" if self.at_least else "under"
        verdict = "ok" if self.is_kept else "BROKEN"
        return (
            f"{self.what:<52}{self.found:>9.2f} {self.unit:<7}{sign} {self.limit:g} {self.unit}"
            f"  {verdict}"
        )


class Watcher:
    """A `watch` without end over a folder."""

    def __init__(self, bench: Bench, vault: Path, folder: Path) -> None:
        self.folder = folder
        self.said = bench.scratch / "said"
        command = (*bench.ours, "watch", str(folder), "--vault", str(vault))
        with self.said.open("wb") as out:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=bench.environment
            )
        while b"Watching" not in self.said.read_bytes():
            time.sleep(0.05)
        time.sleep(2)

    def cpu(self) -> float:
        """Seconds of processor time that it has used so far, its children not counted."""
        text = Path(f"/proc/{self._process.pid}/stat").read_text("ascii")
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """The most memory that it has had."""
        text = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", text)
        return int(found[1]) * 1024 / 1e6 if found else 0.0

    def end(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def archive(csv: Path, path: Path) -> Path:
    """LinkedIn's archive of a list."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(csv, "Connections.csv")
    return path


def downloads(bench: Bench, people: int, rest: float) -> list[Row]:
    """Months that arrive in a watched folder, as a browser brings them; and the watcher at rest."""
    vault, folder, copy = (bench.scratch / name for name in ("vault", "downloads", "copy.git"))
    folder.mkdir()
    bench.cost(*bench.ours, "init", vault)
    bench.cost(*bench.ours, "remote", "add", "copy", copy, "--create", "--vault", vault)
    watcher = Watcher(bench, vault, folder)
    seconds = []
    try:
        for number, csv in enumerate(bench.exports(people, bench.runs)):
            name = f"Basic_LinkedInDataExport_01-{10 + number}-2026.zip"
            part = archive(csv, folder / f"{name}.crdownload")
            time.sleep(1)
            begin = time.perf_counter()
            part.rename(folder / name)
            while commits(copy) <= number:
                time.sleep(0.02)
            if number:  # the first one begins the history, with everyone new
                seconds.append(time.perf_counter() - begin)
            time.sleep(1)
        before, begin = watcher.cpu(), time.perf_counter()
        time.sleep(rest)
        used = (watcher.cpu() - before) / (time.perf_counter() - begin) * _HOUR
        memory = watcher.megabytes()
    finally:
        watcher.end()
    return [
        Row(f"end of a download to the pushed commit, {people} people",
            statistics.median(seconds), 5, "s"),
        Row("watch at rest, one hour, processor time", used, 1, "s"),
        Row("watch, memory", memory, 60, "MB"),
        _nothing_to_do(bench, vault, folder),
    ]  # fmt: skip


def _nothing_to_do(bench: Bench, vault: Path, folder: Path) -> Row:
    """`remind` when all is recorded, pushed and proved."""
    command = [*bench.ours, "remind", str(folder), "--vault", str(vault)]
    bench.cost(*command)  # proves the copy
    # The months of the bench lie in the past: a rhythm of a century leaves nothing due.
    bench.cost("git", "-C", vault, "config", "li-vault.everyDays", "36500")
    costs = [bench.cost(*command).seconds for _ in range(bench.runs)]
    return Row("remind with nothing to do", statistics.median(costs), 1, "s")


def commits(copy: Path) -> int:
    """How many commits a copy has."""
    done = subprocess.run(
        ("git", "-C", str(copy), "rev-list", "--count", "--all"), capture_output=True, check=False
    )
    return int(done.stdout or 0)


def failures() -> Row:
    """The kinds of failures of the API that are told apart and leave nothing, as the tests see."""
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "each_failure",
         str(_TESTS / "cli" / "fetch" / "test_fetch.py")),
        capture_output=True, text=True, check=False, cwd=_TESTS.parent,
    )  # fmt: skip
    found = re.search(r"(\d+) passed", done.stdout)
    passed = int(found[1]) if found and not done.returncode else 0
    return Row("kinds of failures of the API told apart and survived", passed, 12, "kinds", True)


def main(args: list[str]) -> int:
    """Measure, and print the table; 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description="The monthly habit in numbers.")
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--rest", type=float, default=120, help="seconds")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(args)
    scratch = Path(tempfile.mkdtemp(prefix="habit-"))
    try:
        rows = downloads(Bench(scratch, options.runs), options.people, options.rest)
        rows.append(failures())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(*rows, sep="\n")
    return int(not all(row.is_kept for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
