"""`li-vault restore`."""

from __future__ import annotations

import click

from li_vault.actions import restore
from li_vault.cli import init, options, output, progress
from li_vault.host import shipped


@click.command(
    "restore", epilog="Example: li-vault restore git@github.com:me/my-private-vault.git ~/vault"
)
@click.argument("url", metavar="URL")
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--name", default="origin", show_default=True, help="What to call the remote.")
@options.common
def command(url: str, directory: str | None, name: str, folder: str | None, as_json: bool) -> None:
    """Make a working vault from a remote, in DIR or in the usual place.

    URL is whatever git can fetch from, or a folder. Every object, card and count is checked
    first; what is no sound vault is refused, and nothing of it stays.
    """
    path = options.place(directory if directory is not None else folder).path
    with progress.bar(quiet=as_json) as tell:
        result = restore.run(
            url,
            path,
            name=name,
            hooks=shipped.hooks(),
            command=init.how_called(),
            today=options.today(),
            progress=tell,
        )

    from li_vault.views import restored

    for words in () if as_json else result.warnings:
        output.note(f"Warning: {words}")
    output.result(
        as_json, lambda: restored.data(result), lambda: restored.text(result, output.look())
    )
