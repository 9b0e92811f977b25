"""`li-vault remind`."""

from __future__ import annotations

from pathlib import Path

import click

from li_vault.actions import remind
from li_vault.cli import options, output, progress
from li_vault.host import downloads, places


@click.command("remind", epilog="Example: li-vault remind")
@click.argument("directory", metavar="[FOLDER]", required=False)
@options.common
def command(directory: str | None, folder: str | None, as_json: bool) -> int:
    """Record what is new in Downloads, push, prove a remote in turn, and tell what is due.

    This is what the timer of schedule runs every day. If the last snapshot is older than the
    rhythm, a notice tells how old it is, and what to click; once a week until it is made.
    """
    place = places.expanded(directory, Path.cwd()) if directory else places.downloads()
    if directory:
        downloads.require(place)  # only the usual one may be missing
    with progress.bar(quiet=as_json) as told:
        result = remind.run(
            options.place(folder).path, place, options.today(), options.environ(), told,
            options.waiting,
        )  # fmt: skip

    from li_vault.views import reminded

    output.result(
        as_json, lambda: reminded.data(result), lambda: reminded.text(result, output.look())
    )
    errors = [error.status for error in result.errors.values()]
    found = [options.status_of_sweep(result.sweep)] if result.sweep else []
    return max([*errors, *found], default=0) or options.status_of_push(result.remotes)
