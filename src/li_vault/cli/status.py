"""`li-vault status`."""

from __future__ import annotations

import click

from li_vault.actions import status
from li_vault.cli import options, output


@click.command("status", epilog="Example: li-vault status --check || notify-send 'Snapshot due'")
@click.option(
    "--check",
    is_flag=True,
    help="Exit 1 if one is overdue or was not recorded, or a copy lacks some.",
)
@options.common
def command(check: bool, folder: str | None, as_json: bool) -> int:
    """How old the last snapshot is, how many people, what is not pushed, when one is due.

    The size is that of the whole history in .git; a remote needs about as much, which matters
    where hosts have quotas. --json: in bytes, as "size".
    """
    result = status.run(options.open_vault(folder), options.today())

    from li_vault.views import standing

    output.result(
        as_json, lambda: standing.data(result), lambda: standing.text(result, output.look())
    )
    return int(check and not result.is_fine)
