"""`li-vault init`."""

from __future__ import annotations

import click

from li_vault.cli import options, terminal
from li_vault.cli.options import how_called
from li_vault.cli.render import Data, Look
from li_vault.host import user_folders
from li_vault.vault.record import snapshot


def as_text(result: snapshot.InitResult, look: Look) -> list[str]:
    """A vault that was begun."""
    words = "Began a vault in" if result.created else "There is a vault already in"
    out = [f"{look.paint(words, 'bold')} {result.path}"]
    out += [
        f"The hook {name} is someone else's and was left as it is."
        for name, state in result.hooks.items()
        if state == "someone else's"
    ]
    return [*out, "Next: li-vault snapshot EXPORT"] if result.created else out


def as_json(result: snapshot.InitResult) -> Data:
    """A vault that was begun."""
    return {"vault": str(result.path), "created": result.created, "hooks": dict(result.hooks)}


@click.command("init", epilog="Example: li-vault init ~/contacts-vault")
@click.argument("directory", metavar="[DIR]", required=False)
@options.vault_and_json
def command(directory: str | None, folder: str | None, is_json: bool) -> None:
    """Begin a vault in DIR, or in the usual place; one that is there stays as it is."""
    path = options.chosen_place(directory if directory is not None else folder).path
    if directory is None and folder is None and options.chosen_place(None).origin == "enclosing":
        terminal.note("The current folder lies in a vault; that one is meant.")
    _, result = snapshot.init_vault(path, user_folders.hooks_folder(), how_called())

    terminal.result(is_json, result, as_json, as_text)
