"""`li-vault status`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Look, count, error_as_json, megabytes, unresolved_as_text
from li_vault.core import reminders
from li_vault.vault.habit import status
from li_vault.vault.habit.seen_files import SeenFile
from li_vault.vault.habit.status import RemoteStatus, StatusResult


@click.command("status", epilog="Example: li-vault status --check || notify-send 'Snapshot due'")
@click.option(
    "--check",
    is_flag=True,
    help="Exit 1 if one is overdue or was not recorded, or a copy lacks some.",
)
@options.vault_and_json
def command(check: bool, folder: str | None, is_json: bool) -> int:
    """How old the last snapshot is, how many people, what is not pushed, when one is due.

    The size is that of the whole history in .git; a remote needs about as much, which matters
    where hosts have quotas. --json: in bytes, as "size".
    """
    result = status.status_of_vault(options.open_chosen_vault(folder), options.current_day())

    terminal.result(is_json, result, as_json, as_text)
    return int(check and not result.is_fine)


def as_text(result: StatusResult, look: Look) -> list[str]:
    """The vault, its people, its age, its remotes, and what is to be done; a line each."""
    size = f", {megabytes(result.size)}" if result.last else ""
    out = [f"{look.paint('Vault', 'bold')}      {result.path}{size}"]
    if result.recovered:
        out.append(result.recovered)
    people = f"{result.contacts} contacts, {result.former} former"
    if result.pending_edits:
        people += f"; {count(result.pending_edits, 'card')} edited by hand since"
    copies = [_of_remote(name, one, look) for name, one in result.remotes.items()]
    todo = _to_do(result)
    shown = look.paint("; then ".join(todo), "red") if todo else look.paint("nothing", "green")
    return [
        *out,
        f"People     {people}",
        f"Snapshot   {_age(result, look)}",
        f"Remotes    {'; '.join(copies) or 'none; the vault is only on this disk'}",
        f"To do      {shown}",
    ]


def _age(result: StatusResult, look: Look) -> str:
    if result.last is None:
        return "none yet"
    days = result.age_days or 0
    age = f"{count(days, 'day')} ago" if days > 0 else "today"
    if days < -1:
        age = f"{count(-days, 'day')} to come (is the clock right?)"
    due = f"the next one is due on {result.due_on.isoformat()}"
    if result.overdue:
        due = look.paint(f"the next one was due on {result.due_on.isoformat()}", "red")
    return f"{result.last.record.taken_on}, {age}, the last of {result.snapshots}; {due}"


def _of_remote(name: str, one: RemoteStatus, look: Look) -> str:
    state = look.paint("has everything", "green")
    if one.behind:
        state = look.paint(f"lacks {count(one.behind, 'commit')}", "red")
    proved = f"verified {one.last_verified}" if one.last_verified else "never verified"
    return f"{name} {state}, {proved}"


def _to_do(result: StatusResult) -> list[str]:
    found = []
    if result.stuck is not None:
        found.append(render.safe_words(f"{result.stuck.message} {result.stuck.hint}").rstrip("."))
    last = result.last.record.taken_on if result.last else ""
    found += _about_left(result.left, last)
    if result.overdue:
        found.append(f"open {reminders.PAGE}, choose Connections, Request archive")
    if result.last is None:
        found.append("li-vault snapshot EXPORT")
    if any(one.behind for one in result.remotes.values()):
        found.append("li-vault push")
    if not result.remotes:
        found.append("li-vault remote add NAME URL")
    return found


_NAMED = 3
"""So many exports are named; the rest is counted."""
_NOTHING = "Nothing changed. "


def _about_left(left: Sequence[SeenFile], last: str) -> list[str]:
    older = [one for one in left if one.is_older(last)]
    others = [one for one in left if one not in older]
    shown = others if len(left) <= _NAMED else others[:_NAMED]
    if len(older) <= 1:  # in its place
        found = [_about(one, last) for one in left if one in older or one in shown]
    else:
        found = [*(_about(one, last) for one in shown), _about_older(older)]
    if len(others) > len(shown):
        found.append(f"see {len(others) - len(shown)} more exports: li-vault status --json")
    return found


def _about_older(older: Sequence[SeenFile]) -> str:
    names = [render.safe_words(shlex.quote(one.path)) for one in older]
    if len(names) == 1:
        return f"leave {names[0]}, or put it in with li-vault rebuild: it is an older one"
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    named = ", ".join([*names[:_NAMED], *more])
    return f"leave {named}, or put them in with li-vault rebuild: they are older ones"


def _about(one: SeenFile, last: str) -> str:
    if not one.path:
        return _about_fetched(one)
    path = render.safe_words(shlex.quote(one.path))
    if one.ahead_on:
        return f"see if {path} and the clock are right: it is of a day in the future"
    if one.fate == "unreadable":
        hint = one.hint.removeprefix(_NOTHING).rstrip(".")
        if not hint or " again" in hint:
            return f"download {path} again, it can't be read"
        return render.safe_words(f"see {path}, which can't be recorded: {hint}")
    if one.is_older(last):
        return _about_older([one])
    return f"see if {path} is right: li-vault snapshot {path} --allow {one.rule}"


def _about_fetched(one: SeenFile) -> str:
    """The same, of what LinkedIn's API gave; each run of `remind` asks for it anew."""
    if one.fate == "unreadable":
        return render.safe_words(f"{one.message} {one.hint}").rstrip(".")
    if one.rule == "older":
        return "see if the clock is right: LinkedIn's API lists an earlier day than the last one"
    return f"see if what LinkedIn's API lists is right: li-vault fetch --allow {one.rule}"


def as_json(result: StatusResult) -> dict[str, Any]:
    """The state of a vault."""
    last = result.last
    return {
        "vault": str(result.path),
        "snapshots": result.snapshots,
        "contacts": result.contacts,
        "former": result.former,
        "last": {
            "commit": last.commit,
            "taken_on": last.record.taken_on,
            "age_days": result.age_days,
        }
        if last
        else None,
        "due_on": result.due_on.isoformat(),
        "overdue": result.overdue,
        "remotes": {
            name: {
                "url": one.url,
                "behind": one.behind,
                "last_pushed": one.last_pushed,
                "last_verified": one.last_verified,
            }
            for name, one in result.remotes.items()
        },
        "pending_edits": result.pending_edits,
        "size": result.size,
        "not_recorded": unresolved_as_text(result.left),
        "stuck": error_as_json(result.stuck)["error"] if result.stuck else None,
    }
