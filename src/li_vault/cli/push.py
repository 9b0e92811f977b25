"""`li-vault push`."""

from __future__ import annotations

import click

from li_vault.actions import push
from li_vault.cli import options, output, progress


@click.command("push", epilog="Example: li-vault push nas")
@click.argument("names", metavar="[NAME…]", nargs=-1)
@options.common
def command(names: tuple[str, ...], folder: str | None, as_json: bool) -> int:
    """Push what is pending to the named remotes, or to all; nothing is ever forced.

    What they have besides, from another machine, is taken over first. Where histories have parted,
    nothing is pushed (7): li-vault sync brings them together.
    """
    with progress.bar(quiet=as_json) as told:
        result = push.run(options.open_vault(folder), names, told)

    from li_vault.views import data, text

    output.result(
        as_json, lambda: data.of_push(result), lambda: text.of_push(result, output.look())
    )
    return options.status_of_push(result.remotes)
