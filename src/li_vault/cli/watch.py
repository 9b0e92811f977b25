"""`li-vault watch`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from li_vault.actions import watch
from li_vault.cli import options, output, progress
from li_vault.core import reminding
from li_vault.errors import BadUsage
from li_vault.host import downloads, places, watching


@click.command("watch", epilog="Example: li-vault watch --once")
@click.argument("directory", metavar="[FOLDER]", required=False)
@click.option("--once", is_flag=True, help="Look once, record what has arrived, and end.")
@options.common
def command(directory: str | None, once: bool, folder: str | None, as_json: bool) -> int:
    """Record exports as they arrive in FOLDER (by default Downloads), push, and tell of it.

    Each is recorded once, known by its bytes, when all of it is there. No guard is overridden:
    what is refused is told, and stays in status. Other files are left alone.
    """
    place = places.expanded(directory, Path.cwd()) if directory else places.downloads()
    vault = options.open_vault(folder)
    if once:
        with progress.bar(quiet=as_json) as told:
            result = watch.run(vault, place, options.today(), told, options.waiting)

        from li_vault.views import watched

        output.result(
            as_json, lambda: watched.data(result), lambda: watched.text(result, output.look())
        )
        return options.status_of_sweep(result.sweep)
    if as_json:
        raise BadUsage("--json prints one object, and watch has no end.", "Add --once.")
    downloads.require(place)
    output.note(f"Watching {place} for {vault.path}; end it with Ctrl-C.")
    _follow(place, vault.path)
    return 0


_LOOKED_AT = (0, 2, 3, 4, 7)
"""Statuses of a look that came to its end. Another one (the vault is locked, or away; the disk is
full) is tried again half a minute later."""


def _follow(place: Path, vault: Path) -> None:
    """Look whenever something may have arrived, each time in a process of its own.

    So the vault is open for no longer than a look takes, and nothing of it stays in memory. What
    fails again and again is said once.
    """
    program = [sys.executable, "-P", "-m", "li_vault"]  # -P: nothing is run out of this folder
    look = [*program, "watch", str(place), "--once", "--vault", str(vault)]
    seen: set[tuple[Path, downloads.Mark]] = set()
    was_there, failing = True, ""
    for _ in watching.arrivals(
        place, downloads.is_named_like_one, lambda: downloads.unfinished(place)
    ):
        is_there, there = downloads.is_readable(place), downloads.arrived(place)
        is_changed = is_there != was_there or not there <= seen
        was_there = is_there
        if not is_changed and not (failing and is_there):
            seen = there
            continue
        status, words = watching.run(look)
        if status in _LOOKED_AT and (is_there or status != BadUsage.status):
            seen = there
            _say(words)
            if failing:
                output.note(f"That is over; watching {place} again.")
            failing = ""
        else:
            words = words or f"The look at {place} ended with {status}."
            gist = reminding.gist(words)
            _say(words if gist != failing else "")
            failing = gist


def _say(words: str) -> None:
    if words:
        output.note(words.rstrip("\n"))
