"""`li-vault watch`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Look, outcomes_as_json
from li_vault.core import reminders
from li_vault.errors import BadUsage
from li_vault.host import downloads, user_folders, watch_folder
from li_vault.vault.habit import inbox
from li_vault.vault.habit.inbox import WatchResult


@click.command("watch", epilog="Example: li-vault watch --once")
@click.argument("directory", metavar="[FOLDER]", required=False)
@click.option("--once", is_flag=True, help="Look once, record what has arrived, and end.")
@options.vault_and_json
def command(directory: str | None, once: bool, folder: str | None, is_json: bool) -> int:
    """Record exports as they arrive in FOLDER (by default Downloads), push, and notify you.

    Each is recorded once, known by its bytes, when all of it is there. No guard is overridden:
    what is refused is told, and stays in status. Other files are left alone.
    """
    place = (
        user_folders.expand_path(directory, Path.cwd())
        if directory
        else user_folders.downloads_folder()
    )
    vault = options.open_chosen_vault(folder)
    if once:
        with terminal.progress_bar(quiet=is_json) as told:
            result = inbox.watch(vault, place, options.current_day(), told, options.note_waiting)

        terminal.result(is_json, result, as_json, as_text)
        return options.status_of_sweep(result.sweep)
    if is_json:
        raise BadUsage("--json prints one object, and watch has no end.", "Add --once.")
    downloads.require_folder(place)
    terminal.note(f"Watching {place} for {vault.path}; end it with Ctrl-C.")
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
    seen: set[tuple[Path, downloads.StatSignature]] = set()
    was_there, failing = True, ""
    watcher = downloads.DownloadWatcher(place)
    for _ in watch_folder.watch_arrivals(place, downloads.is_named_like_one, watcher.unfinished):
        is_there, there = downloads.is_readable(place), watcher.arrived()
        is_changed = is_there != was_there or not there <= seen
        was_there = is_there
        if not is_changed and not (failing and is_there):
            seen = there
            continue
        status, words = watch_folder.run_watched(look)
        if status in _LOOKED_AT and (is_there or status != BadUsage.status):
            seen = there
            _say(words)
            if failing:
                terminal.note(f"That is over; watching {place} again.")
            failing = ""
        else:
            words = words or f"The look at {place} ended with {status}."
            gist = reminders.fingerprint(words)
            _say(words if gist != failing else "")
            failing = gist


def _say(words: str) -> None:
    if words:
        terminal.note(words.rstrip("\n"))


def as_text(result: WatchResult, look: Look) -> list[str]:
    """What arrived, and what became of it."""
    out = render.scan_as_text(result.sweep, look)
    out += render.outcomes_as_text(result.sweep.remotes, look)
    out += result.untold
    return out or [f"Nothing new in {result.sweep.folder}."]


def as_json(result: WatchResult) -> dict[str, Any]:
    """The same."""
    return {
        "folder": str(result.sweep.folder),
        "arrivals": render.arrivals_as_json(result.sweep),
        "arriving": list(result.sweep.arriving),
        "remotes": outcomes_as_json(result.sweep.remotes),
        "untold": list(result.untold),
    }
