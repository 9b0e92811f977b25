"""`li-vault find`."""

from __future__ import annotations

import click

from li_vault.actions import find
from li_vault.cli import options, output


@click.command("find", epilog="Example: li-vault find zürich position:engineer --at '1 year ago'")
@click.argument("words", metavar="[TEXT]", nargs=-1)
@options.at_option
@click.option("--former", is_flag=True, help="Search those who are no longer in the list.")
@click.option(
    "--changed-since", metavar="DATE", help="Only those who changed or came since that day."
)
@options.paged
def command(
    words: tuple[str, ...],
    at: str | None,
    former: bool,
    changed_since: str | None,
    folder: str | None,
    as_json: bool,
) -> int:
    """People whom every part of TEXT fits, accents and case ignored; without TEXT, everyone.

    A part is a word, in any field, or "a phrase" in double quotes. Behind name:, company:,
    position:, email:, phone:, url:, connected:, note:, tag: or uid: it is looked for in that
    field alone. Nobody found is status 1.
    """
    vault = options.open_vault(folder)
    result = find.run(vault, words, at, options.today(), former=former, changed_since=changed_since)

    from li_vault.views import data, people

    for path, why in sorted(result.broken.items()):
        output.note(f"{path} is no valid card and was not searched: {why}.")
    output.result(
        as_json, lambda: data.of_find(result), lambda: people.of_find(result, output.look())
    )
    return int(bool(words or changed_since) and not result.people)
