"""Whole processes under a stopwatch, in a scratch folder with a home of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import isolation

FIRST_DAY = date(2016, 1, 20)
"""The day of the first export; so early that ten years of months lie in no future."""

HERE = Path(__file__).resolve().parent


class Cost(NamedTuple):
    """What a process took: seconds by the wall, and the peak of its largest process in MB."""

    seconds: float
    megabytes: float


class Bench:
    """A scratch folder, and programs timed in it."""

    def __init__(self, scratch: Path, runs: int) -> None:
        self.scratch = scratch
        self.runs = runs
        self._number = 0
        home = scratch / "home"
        home.mkdir(parents=True)
        (home / ".gitconfig").write_text(
            "[user]\n\tname = Bench\n\temail = bench@example.invalid\n", encoding="utf-8"
        )
        kept = {n: v for n, v in os.environ.items() if not isolation.is_foreign(n)}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has been compiled
        self.environment = kept | isolation.environment(home)
        self.environment |= {"RESTIC_PASSWORD": "bench", "RESTIC_CACHE_DIR": str(home / "restic")}
        script = Path(sys.executable).with_name("li-vault")
        self.ours = [str(script)] if script.exists() else [sys.executable, "-m", "li_vault"]

    def cost(self, *command: str | Path, cwd: Path | None = None) -> Cost:
        """Run a program to its end; what it wrote is shown only if it fails.

        Raises:
            SystemExit: It failed.
        """
        os.sync()  # what earlier programs wrote is no burden of this one
        with (self.scratch / "output").open("w+b") as output:
            begin = time.perf_counter()
            process = subprocess.Popen(
                [os.fspath(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd or self.scratch,
                env=self.environment,
            )
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                words = output.read().decode(errors="replace")[-2000:]
                raise SystemExit(f"{command} ended with {process.returncode}:\n{words}")
        unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
        return Cost(seconds, used.ru_maxrss * unit / 1e6)

    def snapshot(self, vault: Path, day: str, export: Path) -> Cost:
        """`li-vault snapshot` of one export; begins the vault if there is none."""
        begin = () if vault.exists() else ("--init",)
        where = ("--vault", vault, "--taken-on", day, "--no-push")
        return self.cost(*self.ours, "snapshot", *begin, *where, export)

    def in_turn(self, *works: Callable[[int], Cost]) -> list[list[Cost]]:
        """Each of the works in turn, `runs` times over; the costs of each."""
        costs: list[list[Cost]] = [[] for _ in works]
        for number in range(self.runs):
            for work, found in zip(works, costs, strict=True):
                found.append(work(number))
        return costs

    def exports(self, people: int, months: int = 0, percent: int = 1) -> list[Path]:
        """The exports of an invented network, made once for each size; so much changes a month."""
        folder = self.scratch / f"exports-{people}-{months}-{percent}"
        if not folder.exists():
            size = (str(people), str(months), str(percent))
            self.cost(sys.executable, HERE / "inputs.py", folder, *size)
        return sorted(folder.glob("*/Connections.csv"))

    def fresh(self, name: str) -> Path:
        """A path below the scratch folder where nothing is.

        Nothing is deleted before the end: ext4 passes over inodes that were in use within the
        last minute, and finds a free one ten times as slowly after 30,000 deletions.
        """
        self._number += 1
        return self.scratch / f"{name}-{self._number}"


def seconds(costs: list[Cost]) -> float:
    """The median time."""
    return statistics.median(cost.seconds for cost in costs)


def size(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
