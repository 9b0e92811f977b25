"""`li-vault remind`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Look, error_as_json, outcomes_as_json, snapshot_as_json
from li_vault.core import reminders
from li_vault.host import downloads, user_folders
from li_vault.vault.habit import remind
from li_vault.vault.habit.remind import RemindResult
from li_vault.vault.verify.verify import VerifiedRemote


@click.command("remind", epilog="Example: li-vault remind")
@click.argument("directory", metavar="[FOLDER]", required=False)
@options.vault_and_json
def command(directory: str | None, folder: str | None, is_json: bool) -> int:
    """Record what is new in Downloads, push, verify a remote in turn, and say what is due.

    This is what the timer of schedule runs every day. If the last snapshot is older than the
    interval, a notification says how old it is, and what to click; once a week until it is made.
    """
    place = (
        user_folders.expand_path(directory, Path.cwd())
        if directory
        else user_folders.downloads_folder()
    )
    if directory:
        downloads.require_folder(place)  # only the usual one may be missing
    with terminal.progress_bar(quiet=is_json) as told:
        result = remind.remind(
            options.chosen_place(folder).path,
            place,
            options.current_day(),
            options.called_environment(),
            told,
            options.note_waiting,
        )

    terminal.result(is_json, result, as_json, as_text)
    errors = [error.status for error in result.errors.values()]
    found = [options.status_of_sweep(result.sweep)] if result.sweep else []
    return max([*errors, *found], default=0) or options.status_of_push(result.remotes)


def as_text(result: RemindResult, look: Look) -> list[str]:
    """What was done, and what is to be done."""
    out = render.scan_as_text(result.sweep, look) if result.sweep else []
    if result.fetched is not None:
        for one in result.fetched.snapshots:
            out += render.recorded_as_text(one, dry_run=False, look=look)
    out += render.arrived_as_text(result.taken)
    out += render.outcomes_as_text(result.remotes, look)
    if result.proved is not None:
        out.append(_of_proof(*result.proved, look))
    for error in result.errors.values():
        out += render.error_as_text(error, look)
    if result.waiting:
        waiting = render.count(len(result.waiting), "export")
        said = f"Not recorded yet: {waiting}. See why: li-vault status"
        out.append(look.paint(said, "red"))
    due = result.due
    if due.is_overdue:
        asked = reminders.overdue_notification(due.taken_on, due.age_days)
        out += [look.paint(f"{asked.title}.", "red"), *asked.lines]
    else:
        out.append(f"The next snapshot is due on {due.on.isoformat()}.")
    return out + list(result.untold)


def _of_proof(name: str, copy: VerifiedRemote, look: Look) -> str:
    if copy.error is not None:
        return f"{name} could not be verified: {copy.error.message}"
    if copy.findings:
        return f"{name} is {look.paint('damaged', 'red')}: li-vault verify --remote {name}"
    return f"{name} was verified: it is {look.paint('whole', 'green')}."


def as_json(result: RemindResult) -> dict[str, Any]:
    """The same."""
    proved = None
    if result.proved is not None:
        name, copy = result.proved
        proved = {"remote": name, "whole": copy.whole, "findings": len(copy.findings)}
    return {
        "state": result.state,
        "last": result.due.taken_on,
        "age_days": result.due.age_days,
        "due_on": result.due.on.isoformat(),
        "overdue": result.due.is_overdue,
        "arrivals": render.arrivals_as_json(result.sweep) if result.sweep else [],
        "fetched": snapshot_as_json(result.fetched) if result.fetched else None,
        "remotes": outcomes_as_json(result.remotes),
        "taken_over": dict(result.taken),
        "proved": proved,
        "not_recorded": render.unresolved_as_text(result.left),
        "errors": [error_as_json(error)["error"] for error in result.errors.values()],
        "told": [{"title": one.title, "lines": list(one.lines)} for one in result.told],
        "untold": list(result.untold),
    }
