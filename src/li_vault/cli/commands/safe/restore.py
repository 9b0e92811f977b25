"""`li-vault restore`."""

from __future__ import annotations

from typing import Any

import click

from li_vault.cli import options, terminal
from li_vault.cli.render import Look, count
from li_vault.host import user_folders
from li_vault.vault.remotes import restore


@click.command(
    "restore", epilog="Example: li-vault restore git@github.com:me/my-private-vault.git ~/vault"
)
@click.argument("url", metavar="URL")
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--name", default="origin", show_default=True, help="What to call the remote.")
@options.vault_and_json
def command(url: str, directory: str | None, name: str, folder: str | None, is_json: bool) -> None:
    """Make a working vault from a remote, in DIR or in the usual place.

    URL is whatever git can fetch from, or a folder. Every object, card and count is checked
    first; what is no sound vault is refused, and nothing of it stays.
    """
    path = options.chosen_place(directory if directory is not None else folder).path
    with terminal.progress_bar(quiet=is_json) as tell:
        result = restore.restore_vault(
            url,
            path,
            name=name,
            hooks=user_folders.hooks_folder(),
            command=options.how_called(),
            today=options.current_day(),
            progress=tell,
        )

    for words in () if is_json else result.warnings:
        terminal.note(f"Warning: {words}")
    terminal.result(is_json, result, as_json, as_text)


def as_json(result: restore.RestoreResult) -> dict[str, Any]:
    """For `--json`."""
    last = result.last
    return {
        "vault": str(result.path),
        "commit": result.commit,
        "contacts": result.contacts,
        "former": result.former,
        "snapshots": result.snapshots,
        "last": {
            "commit": last.commit,
            "taken_on": last.record.taken_on,
            "age_days": result.age_days,
        }
        if last
        else None,
        "remote": result.remote,
        "url": result.url,
        "hooks": dict(result.hooks),
        "warnings": list(result.warnings),
    }


def as_text(result: restore.RestoreResult, look: Look) -> list[str]:
    """In a few lines."""
    people = f"{result.contacts} contacts, {result.former} former"
    out = [
        f"{look.paint('Restored the vault into', 'bold')} {result.path}",
        f"People     {people}, {count(result.snapshots, 'snapshot')}: everything was checked",
    ]
    if result.last is not None:
        days = result.age_days or 0
        age = f"{count(days, 'day')} ago" if days > 0 else "today"
        out.append(f"Snapshot   {result.last.record.taken_on}, {age}")
    out.append(f"Remote     {result.remote} {result.url}")
    return [*out, "Next: li-vault snapshot EXPORT"]
