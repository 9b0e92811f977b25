"""`li-vault init`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from li_vault.actions import init
from li_vault.cli import options, output
from li_vault.host import shipped


@click.command("init", epilog="Example: li-vault init ~/contacts-vault")
@click.argument("directory", metavar="[DIR]", required=False)
@options.common
def command(directory: str | None, folder: str | None, as_json: bool) -> None:
    """Begin a vault in DIR, or in the usual place; one that is there stays as it is."""
    path = options.place(directory if directory is not None else folder).path
    if directory is None and folder is None and options.place(None).origin == "enclosing":
        output.note("The current folder lies in a vault; that one is meant.")
    _, result = init.run(path, shipped.hooks(), how_called())

    from li_vault.views import data, text

    output.result(
        as_json, lambda: data.of_init(result), lambda: text.of_init(result, output.look())
    )


def how_called() -> str:
    """How a hook calls this program: the script itself, or the module; "" if it is embedded."""
    words = program()
    return shlex.join(words) if len(words) > 1 else "".join(words)


def program() -> list[str]:
    """This program and the arguments that make it li-vault; none if it is embedded."""
    script = Path(sys.argv[0])
    if script.name.startswith("li-vault") and script.is_file():
        return [str(script.resolve())]
    if script.name == "__main__.py" and script.parent.name == "li_vault":
        return [sys.executable, "-P", "-m", "li_vault"]  # nothing out of the current folder
    return []
