"""`li-vault same` and `li-vault apart`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Look
from li_vault.core import search
from li_vault.core.model import Contact
from li_vault.vault.plan.planner import RecordOptions
from li_vault.vault.record import same_apart
from li_vault.vault.record.same_apart import SameApartResult


@click.command("same", epilog="Example: li-vault same ada-lovelace-1a2b3c 0c4d4f6f")
@click.argument("one", metavar="A")
@click.argument("two", metavar="B")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; record nothing.")
@click.option("--no-push", is_flag=True, help="Do not push to the remotes.")
@options.vault_and_json
def same_command(
    one: str, two: str, dry_run: bool, no_push: bool, folder: str | None, is_json: bool
) -> int:
    """Two contacts, A and B, are one person: make them one, for good.

    Who was seen first keeps UID and file, the other card goes; the facts are those of whoever is
    in the newest list. Notes, corrections and former addresses of both are kept, and the history
    of both is then one. Two that the newest list names both can not be made one.

    A and B are each a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person. What remotes have is fetched first, then hand edits are committed;
    then it is pushed.

    --json: commit (null if there was nothing to do), already, person (who stays), other (who was
    taken in, as it was; null if A and B were one already), edited, put_back, recovered, dry_run,
    taken_over, remotes.
    """
    return _run(same_apart.make_same, (one, two), (dry_run, no_push), folder, is_json)


@click.command("apart", epilog="Example: li-vault apart ada-lovelace-1a2b3c ada-king-7f8e9d")
@click.argument("one", metavar="A")
@click.argument("two", metavar="B")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; record nothing.")
@click.option("--no-push", is_flag=True, help="Do not push to the remotes.")
@options.vault_and_json
def apart_command(
    one: str, two: str, dry_run: bool, no_push: bool, folder: str | None, is_json: bool
) -> int:
    """One contact, which A and B mean both, is two people: make it two, for good.

    One word names who it is now, the other who it was before: a former profile, name, employer or
    date, or the UID of a contact that `same` took in. Who was seen first keeps UID and file; who
    it was before gets the facts of that time, in former/.

    A and B are each a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person. What remotes have is fetched first, then hand edits are committed;
    then it is pushed.

    --json: commit (null if there was nothing to do), already, person (who keeps UID and file),
    other, edited, put_back, recovered, dry_run, taken_over, remotes.
    """
    return _run(same_apart.make_apart, (one, two), (dry_run, no_push), folder, is_json)


def _run(
    make: Callable[..., SameApartResult],
    words: tuple[str, str],
    flags: tuple[bool, bool],
    folder: str | None,
    is_json: bool,
) -> int:
    dry_run, no_push = flags
    how = RecordOptions(options.current_day(), dry_run=dry_run, push=not no_push)
    result = make(options.open_chosen_vault(folder), words, how, options.note_waiting)
    terminal.result(is_json, result, as_json, as_text)
    return options.status_of_push(result.remotes)


def as_json(result: SameApartResult) -> dict[str, Any]:
    """The commit, who keeps UID and file, and the other of the two."""
    return {
        "commit": result.commit,
        "already": result.already,
        "person": search.person_as_data(result.contact),
        "other": search.person_as_data(result.other) if result.other else None,
        "edited": result.edited,
        "put_back": list(result.put_back),
        "recovered": result.recovered or None,
        "dry_run": result.dry_run,
        "taken_over": dict(result.taken),
        "remotes": render.outcomes_as_json(result.remotes),
    }


def as_text(result: SameApartResult, look: Look) -> list[str]:
    """Who is one now, or two."""
    out = [result.recovered] if result.recovered else []
    out += render.arrived_as_text(result.taken)
    if result.edited:
        out.append(f"Committed hand edits first; contacts: {result.edited}.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    if result.already:
        words = (
            "These are two contacts already." if result.other else "This is one contact already."
        )
    elif result.dry_run:
        words = "Dry run; nothing was recorded:"
    else:
        words = "Recorded, for good:"
    out += [look.paint(words, "bold"), _line(result.contact, look)]
    if result.other is not None:
        line = _line(result.other, look)
        out.append(f"{line}, taken in" if result.kind == "same" else line)
    return out + render.outcomes_as_text(result.remotes, look)


def _line(contact: Contact, look: Look) -> str:
    uid = look.paint(contact.uid[:8], "dim")
    return f"  {uid}  {contact.shown.name or 'Nameless'}  {contact.path}"
