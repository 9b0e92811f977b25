"""`li-vault verify`."""

from __future__ import annotations

import click

from li_vault.actions import verify
from li_vault.cli import options, output, progress
from li_vault.errors import BadUsage, GitFailed


@click.command("verify", epilog="Example: li-vault verify --all")
@click.option(
    "--remote", "names", metavar="NAME", multiple=True, help="Prove this off-site copy instead."
)
@click.option("--all", "everything", is_flag=True, help="Prove the vault and every remote.")
@click.option("--quick", is_flag=True, help="Derive no snapshot again; ask no second reader.")
@click.option("--again", is_flag=True, help="Derive also what an earlier proof found right.")
@options.common
def command(
    names: tuple[str, ...],
    everything: bool,
    quick: bool,
    again: bool,
    folder: str | None,
    as_json: bool,
) -> int:
    """Prove that the vault, or a remote, is whole; nothing is changed by it.

    Every object, card and count is checked, and every snapshot is derived again from its original
    bytes (once: what came of it can't change, while everything else is looked at in every proof).
    A remote is fetched as a whole and restored into a scratch folder first. Ends with 1 if
    anything is damaged, else with 6 if a remote could not be reached.
    """
    if names and everything:
        raise BadUsage("--remote and --all exclude each other.", "--all means every remote.")
    if quick and again:
        raise BadUsage("--quick and --again exclude each other.", "--quick derives nothing.")
    with progress.bar(quiet=as_json) as told:
        result = verify.run(
            options.place(folder).path,
            None if everything else names,
            itself=not names,
            quick=quick,
            again=again,
            today=options.today(),
            progress=told,
        )

    from li_vault.views import verified

    output.result(
        as_json, lambda: verified.data(result), lambda: verified.text(result, output.look())
    )
    if not result.is_whole:
        return 1
    return GitFailed.status if result.unreached else 0
