"""`li-vault schedule`."""

from __future__ import annotations

import os
import sys
from datetime import datetime, time

import click

from li_vault.actions import schedule
from li_vault.cli import options, output
from li_vault.cli.init import program
from li_vault.errors import BadUsage
from li_vault.host import tokens

_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


@click.group("schedule", epilog="Example: li-vault schedule install --every month")
def command() -> None:
    """A timer that runs li-vault remind once a day: install, show, remove."""


@command.command("install", epilog="Example: li-vault schedule install --every month")
@click.option(
    "--with",
    "kind",
    type=click.Choice(schedule.KINDS),
    help="Who keeps the timer (else found out).",
)
@click.option(
    "--every", metavar="RHYTHM",
    help="How often a snapshot is wanted: day, week, month (as without), quarter, or days.",
)  # fmt: skip
@click.option("--at", metavar="HH:MM", help="When the timer looks every day (else past noon).")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@options.common
def install(
    kind: schedule.Kind | None,
    every: str | None,
    at: str | None,
    yes: bool,
    dry_run: bool,
    folder: str | None,
    as_json: bool,
) -> None:
    """Let the machine run remind every day; all that is written is shown before.

    On a terminal it asks before it writes. Without one there is nobody to ask: it writes.

    The timer looks every day, so that an export in Downloads is recorded and pushed on the same
    day; --every says after how many days without one somebody is told.
    """
    vault = options.open_vault(folder)
    words = program() or [sys.executable, "-P", "-m", "li_vault"]
    draft = schedule.draw(
        vault, words, os.environ, kind=kind, every=_days(every),
        at=_time(at),
    )  # fmt: skip

    if options.environ().get(tokens.VARIABLE):
        output.note(f"The timer gets no {tokens.VARIABLE}; keep it with: li-vault fetch --login")

    from li_vault.views import scheduled

    if not as_json:
        shown = output.show if dry_run else output.show_plan
        shown(scheduled.drawn(draft.result))
    if not dry_run:
        is_asked = sys.stdin.isatty() and not yes and not as_json
        if is_asked and not click.confirm("Write that?", default=True, err=True):
            output.note("Nothing was written.")
            raise click.exceptions.Exit(1)
        schedule.install(vault, draft)
    if as_json:
        output.show_json({**scheduled.data(draft.result), "installed": not dry_run})
    elif not dry_run:
        output.show(scheduled.installed(draft.result))


@command.command("show", epilog="Example: li-vault schedule show")
@options.common
def show(folder: str | None, as_json: bool) -> None:
    """Show the timer of the vault, to the letter."""
    _report(schedule.show(options.place(folder).path), as_json, "There is")


@command.command("remove", epilog="Example: li-vault schedule remove")
@options.common
def remove(folder: str | None, as_json: bool) -> None:
    """Take the timer away, without a trace."""
    _report(schedule.remove(options.place(folder).path), as_json, "Took away")


def _report(result: schedule.Result, as_json: bool, verb: str) -> None:
    from li_vault.views import scheduled

    output.result(as_json, lambda: scheduled.data(result), lambda: scheduled.text(result, verb))


def _days(every: str | None) -> int | None:
    if every is None:
        return None
    if every in _DAYS:
        return _DAYS[every]
    if every.isascii() and every.isdecimal() and 0 < int(every) < 10_000:
        return int(every)
    raise BadUsage(
        f"--every {every!r} is no rhythm.", f"Say {', '.join(_DAYS)}, or a number of days."
    )


def _time(at: str | None) -> time | None:
    if at is None:
        return None
    try:
        return datetime.strptime(at, "%H:%M").time()  # noqa: DTZ007 - local time, on any day
    except ValueError:
        raise BadUsage(f"--at {at!r} is no time.", "Write it as 12:30.") from None
