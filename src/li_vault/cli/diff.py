"""`li-vault diff`."""

from __future__ import annotations

import click

from li_vault.actions import diff
from li_vault.cli import options, output


@click.command("diff", epilog="Example: li-vault diff 2026-01 '30 days ago' --json")
@click.argument("start", metavar="[FROM", required=False)
@click.argument("end", metavar="[TO]]", required=False)
@click.option("--exit-code", is_flag=True, help="Exit 1 if there is a difference.")
@options.paged
def command(
    start: str | None, end: str | None, exit_code: bool, folder: str | None, as_json: bool
) -> int:
    """Who is new, gone, returned, changed and how.

    FROM and TO are days, snapshots or revisions such as HEAD~2. Without them, what the last
    snapshot changed.
    """
    result = diff.run(options.open_vault(folder), start, end, options.today())

    from li_vault.views import data, people

    output.result(
        as_json, lambda: data.of_diff(result), lambda: people.of_diff(result, output.look())
    )
    return int(exit_code and not result.is_empty)
