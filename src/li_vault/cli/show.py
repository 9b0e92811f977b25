"""`li-vault show`."""

from __future__ import annotations

import click

from li_vault.actions import show
from li_vault.cli import options, output


@click.command("show", epilog="Example: li-vault show 'Ada Lovelace' --at 2024-06")
@click.argument("contact")
@options.at_option
@click.option(
    "--best-known", is_flag=True,
    help="The newest value of each field that was ever known, and when it was last seen.",
)  # fmt: skip
@options.paged
def command(
    contact: str, at: str | None, best_known: bool, folder: str | None, as_json: bool
) -> None:
    """One person, now or then.

    CONTACT is a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person; a name or slug of earlier means who had it.
    """
    vault = options.open_vault(folder)
    result = show.run(vault, contact, at, options.today(), best_known=best_known)

    from li_vault.views import data, people

    output.result(
        as_json, lambda: data.of_show(result), lambda: people.of_show(result, output.look())
    )
