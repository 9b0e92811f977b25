"""`li-vault snapshot`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click

from li_vault.cli import options, terminal
from li_vault.cli.options import how_called
from li_vault.core.model import Listener
from li_vault.errors import BadUsage, BadVault, LiVaultError
from li_vault.host import user_folders
from li_vault.host.user_folders import VaultPlace
from li_vault.vault import vault
from li_vault.vault.plan import dated_exports, planner
from li_vault.vault.record import snapshot
from li_vault.vault.vault import Vault


@click.command(
    "snapshot",
    epilog="Example: li-vault snapshot ~/Downloads/Basic_LinkedInDataExport_11-20-2026.zip",
)
@click.argument("exports", metavar="[EXPORT…]", nargs=-1)
@click.option("--taken-on", metavar="DATE", help="The day the export was made (YYYY-MM-DD).")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; record nothing.")
@click.option("--no-push", is_flag=True, help="Do not push to the remotes.")
@options.allow_option
@click.option("--complete/--partial", "full", default=None, help="Whether the list is everyone.")
@click.option("--init", "begin", is_flag=True, help="Begin the vault if it is not there.")
@options.vault_and_json
def command(
    exports: tuple[str, ...],
    taken_on: str | None,
    dry_run: bool,
    no_push: bool,
    allowed: tuple[str, ...],
    full: bool | None,
    begin: bool,
    folder: str | None,
    is_json: bool,
) -> int:
    """Record exports (a file, a zip, a folder, or - for standard input), then push.

    Without EXPORT, the newest one in the Downloads folder, after asking.
    """
    terms = planner.RecordOptions(
        options.current_day(),
        options.allowed_rules(allowed),
        full,
        dry_run=dry_run,
        push=not no_push,
    )
    day = _day(taken_on)
    place = options.chosen_place(folder)
    existing = _open(place, begin)
    with terminal.progress_bar(quiet=is_json) as told:
        opened = options.open_named_exports(exports or (_newest(),), told)
        # Read before a vault is begun that nothing might come into.
        read = dated_exports.read_exports(opened, terms.today, day, partial(told, "Reading"))
        with _kept_if_recorded(place.path):
            result = snapshot.record_snapshots(
                existing or _begin(place, dry_run),
                read,
                terms,
                Listener(told, options.note_waiting),
            )

    from li_vault.cli import render

    terminal.result(is_json, result, render.snapshot_as_json, render.snapshot_as_text)
    return options.status_of_push(result.remotes)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day, no time
    except ValueError as error:
        raise BadUsage(f"--taken-on {text!r} is no day.", "Write it as 2026-11-23.") from error


def _open(place: VaultPlace, begin: bool) -> Vault | None:
    """The vault, or None if it is to be begun once the export has been read."""
    if (place.path / ".git").exists() or place.path.is_file():
        return vault.open_vault(place.path)
    if begin or (place.origin == "default" and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    raise BadVault(
        f"There is no vault at {place.path}.",
        "Check the path (is a disk not mounted?), or begin a vault there: add --init.",
    )


def _begin(place: VaultPlace, dry_run: bool) -> Vault:
    if dry_run:
        raise BadUsage(
            f"There is no vault at {place.path} yet, so there is nothing to compare with.",
            f"Begin one first: li-vault init '{place.path}'",
        )
    begun, _ = snapshot.init_vault(place.path, user_folders.hooks_folder(), how_called())
    terminal.note(f"Began a vault in {place.path}")
    return begun


@contextmanager
def _kept_if_recorded(path: Path) -> Iterator[None]:
    """Take a vault that was begun for an export away again, if the export was refused."""
    was_there = path.exists()
    try:
        yield
    except LiVaultError:
        if not was_there and path.is_dir() and vault.open_vault(path).tip() is None:
            shutil.rmtree(path)
        raise


def _newest() -> str:
    from li_vault.host import downloads, user_folders

    folder = user_folders.downloads_folder()
    found: Path | None = downloads.newest_export(folder)
    if found is None:
        raise BadUsage(
            f"No export was named, and there is none in {folder}.",
            "Ask LinkedIn for one (Settings, Data privacy, Get a copy of your data), or name it.",
        )
    if not sys.stdin.isatty():
        raise BadUsage(
            f"No export was named; the newest in Downloads is {found.name}.",
            f"Nobody can be asked here, so name it: li-vault snapshot '{found}'",
        )
    if not click.confirm(f"Record {found}?", default=True, err=True):
        terminal.note("Nothing was recorded.")
        raise click.exceptions.Exit(1)
    return str(found)
