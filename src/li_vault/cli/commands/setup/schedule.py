"""`li-vault schedule install|show|remove`."""

from __future__ import annotations

import os
import shlex
import sys
from datetime import datetime, time
from typing import Any

import click

from li_vault.cli import options, terminal
from li_vault.cli.options import program
from li_vault.errors import BadUsage
from li_vault.host import timers, token_store
from li_vault.host.timers import TimerPlan
from li_vault.vault.habit import schedule
from li_vault.vault.habit.schedule import ScheduleResult

_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


@click.group("schedule", epilog="Example: li-vault schedule install --every month")
def command() -> None:
    """A timer that runs li-vault remind once a day: install, show, remove."""


@command.command("install", epilog="Example: li-vault schedule install --every month")
@click.option(
    "--with",
    "kind",
    type=click.Choice(timers.KINDS),
    help="Who keeps the timer (else found out).",
)
@click.option(
    "--every", metavar="RHYTHM",
    help="How often a snapshot is wanted: day, week, month (as without), quarter, or days.",
)  # fmt: skip
@click.option("--at", metavar="HH:MM", help="When the timer looks every day (else past noon).")
@click.option("--yes", is_flag=True, help="Do not ask on a terminal.")
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@options.vault_and_json
def install_timer_command(
    kind: timers.Kind | None,
    every: str | None,
    at: str | None,
    yes: bool,
    dry_run: bool,
    folder: str | None,
    is_json: bool,
) -> None:
    """Let the machine run remind every day; all that is written is shown before.

    On a terminal it asks before it writes. Without one there is nobody to ask: it writes.

    The timer looks every day, so that an export in Downloads is recorded and pushed on the same
    day; --every says after how many days without one you are notified.
    """
    vault = options.open_chosen_vault(folder)
    words = program() or [sys.executable, "-P", "-m", "li_vault"]
    draft = schedule.draft_timer(
        vault, words, os.environ, kind=kind, every=_days(every),
        at=_time(at),
    )  # fmt: skip

    if options.called_environment().get(token_store.VARIABLE):
        terminal.note(
            f"The timer gets no {token_store.VARIABLE}; keep it with: li-vault fetch --login"
        )

    if not is_json:
        shown = terminal.show if dry_run else terminal.show_plan
        shown(draft_as_text(draft.result))
    if not dry_run:
        is_asked = sys.stdin.isatty() and not yes and not is_json
        if is_asked and not click.confirm("Write that?", default=True, err=True):
            terminal.note("Nothing was written.")
            raise click.exceptions.Exit(1)
        schedule.install_schedule(vault, draft)
    if is_json:
        terminal.show_json({**as_json(draft.result), "installed": not dry_run})
    elif not dry_run:
        terminal.show(installed_as_text(draft.result))


@command.command("show", epilog="Example: li-vault schedule show")
@options.vault_and_json
def show_timer_command(folder: str | None, is_json: bool) -> None:
    """Show the timer of the vault, to the letter."""
    _report(schedule.show_schedule(options.chosen_place(folder).path), is_json, "There is")


@command.command("remove", epilog="Example: li-vault schedule remove")
@options.vault_and_json
def remove_timer_command(folder: str | None, is_json: bool) -> None:
    """Take the timer away."""
    _report(schedule.remove_schedule(options.chosen_place(folder).path), is_json, "Took away")


def _report(result: schedule.ScheduleResult, is_json: bool, verb: str) -> None:

    terminal.result(is_json, result, as_json, lambda found, _: as_text(found, verb))


def _days(every: str | None) -> int | None:
    if every is None:
        return None
    if every in _DAYS:
        return _DAYS[every]
    if every.isascii() and every.isdecimal() and 0 < int(every) < 10_000:
        return int(every)
    raise BadUsage(
        f"--every {every!r} is no interval.", f"Say {', '.join(_DAYS)}, or a number of days."
    )


def _time(at: str | None) -> time | None:
    if at is None:
        return None
    try:
        return datetime.strptime(at, "%H:%M").time()  # noqa: DTZ007 - local time, on any day
    except ValueError:
        raise BadUsage(f"--at {at!r} is no time.", "Write it as 12:30.") from None


def draft_as_text(result: ScheduleResult) -> list[str]:
    """All that is going to be written and run."""
    out = []
    for plan in result.plans:
        out += _lines(plan)
        out += [f"Runs: {shlex.join(command)}" for command in plan.commands]
    return out


def installed_as_text(result: ScheduleResult) -> list[str]:
    """What happens from now on."""
    kind = result.plans[0].kind
    off = ["cron makes up for no missed day: say with --at when this machine is on."]
    return [
        f"Scheduled with {kind}: li-vault remind, once a day.",
        *(off if kind == "cron" else []),
        f"It notifies you when the last snapshot is more than {result.every} days old.",
        "Try it: li-vault remind",
    ]


def as_text(result: ScheduleResult, verb: str) -> list[str]:
    """The timers that there are, or were."""
    out = []
    for plan in result.plans:
        out.append(f"{verb} a timer of {plan.kind}.")
        out += _lines(plan)
    if not out:
        return ["Nothing is scheduled. Next: li-vault schedule install"]
    if result.every is None:
        return [*out, f"There is no vault at {result.vault} any more."]
    return [*out, f"A snapshot is wanted every {result.every} days."]


def _lines(plan: TimerPlan) -> list[str]:
    out = []
    for path, data in plan.files.items():
        out.append(f"== {path}")
        out += _text(data).splitlines()
    if plan.lines:
        out += ["== crontab", *plan.lines]
    return out


def _text(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")


def as_json(result: ScheduleResult) -> dict[str, Any]:
    """The same."""
    return {
        "vault": str(result.vault),
        "every_days": result.every,
        "timers": [
            {
                "with": plan.kind,
                "files": {str(path): _text(found) for path, found in plan.files.items()},
                "crontab": list(plan.lines),
                "commands": [list(command) for command in plan.commands],
            }
            for plan in result.plans
        ],
    }
