"""`li-vault log`."""

from __future__ import annotations

import click

from li_vault.actions import log
from li_vault.cli import options, output


@click.command("log", epilog="Example: li-vault log ada-lovelace-1a2b3c")
@click.argument("contact", required=False)
@options.paged
def command(contact: str | None, folder: str | None, as_json: bool) -> None:
    """The snapshots, newest first; with CONTACT, what happened to that person.

    CONTACT is a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person; a name or slug of earlier means who had it.
    """
    vault = options.open_vault(folder)

    from li_vault.views import data, history

    look = output.look()
    if contact is None:
        found = log.snapshots(vault)
        output.result(as_json, lambda: data.of_log(found), lambda: history.of_log(found, look))
        return
    life = log.person(vault, contact)
    output.result(as_json, lambda: data.of_life(life), lambda: history.of_life(life, look))
