"""`li-vault find`."""

from __future__ import annotations

import click

from li_vault.actions import find
from li_vault.cli import options, output


@click.command("find", epilog="Example: li-vault find engineer zürich --at '1 year ago'")
@click.argument("words", metavar="[TEXT]", nargs=-1)
@options.at_option
@click.option("--former", is_flag=True, help="Search those who are no longer in the list.")
@options.paged
def command(
    words: tuple[str, ...], at: str | None, former: bool, folder: str | None, as_json: bool
) -> int:
    """People in whose fields all words of TEXT occur, accents and case ignored.

    Without TEXT, everyone. Nobody found is status 1.
    """
    vault = options.open_vault(folder)
    result = find.run(vault, " ".join(words), at, options.today(), former=former)

    from li_vault.views import data, people

    for path, why in sorted(result.broken.items()):
        output.note(f"{path} is no valid card and was not searched: {why}.")
    output.result(
        as_json, lambda: data.of_find(result), lambda: people.of_find(result, output.look())
    )
    return int(bool(words) and not result.people)
