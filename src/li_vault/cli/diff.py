"""`li-vault diff`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from li_vault.actions import diff
from li_vault.cli import options, output
from li_vault.core import kinds
from li_vault.errors import BadUsage

_FORMATS = ("text", "markdown", "csv", "json")
_WORDS = ", ".join(kinds.WORDS)


@click.command(
    "diff",
    epilog="Example: li-vault diff 2026-01 '30 days ago' --only jobs,emails --format markdown",
)
@click.argument("start", metavar="[FROM", required=False)
@click.argument("end", metavar="[TO]]", required=False)
@click.option(
    "--only",
    metavar="WORDS",
    multiple=True,
    help=f"Only these differences, with commas between: {_WORDS}.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="text (the usual), markdown to paste into a mail, csv for a spreadsheet, or json.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 if there is a difference to show.")
@options.paged
def command(
    start: str | None,
    end: str | None,
    only: tuple[str, ...],
    form: str | None,
    exit_code: bool,
    folder: str | None,
    as_json: bool,
) -> int:
    """Who is new, gone, returned, changed and how.

    FROM and TO are days, snapshots or revisions such as HEAD~2. Without them, what the last
    snapshot changed.
    """
    if as_json and form not in (None, "json"):
        raise BadUsage(f"--json and --format {form} are two formats.", "Ask for one of them.")
    words = _words(only)
    vault = options.open_vault(folder)
    result = diff.run(vault, start, end, options.today(), words)
    _print(result, "json" if as_json else form or "text")
    for path, why in sorted(result.differences.broken.items()):
        output.note(f"{path} is no valid card: {why}.")
    return int(exit_code and not result.differences.is_empty)


def _words(only: Iterable[str]) -> frozenset[str]:
    """The differences asked for; all where nothing is said.

    Raises:
        BadUsage: There is no such word, or none at all.
    """
    if not only:
        return kinds.EVERYTHING
    words = frozenset(word.strip().lower() for part in only for word in part.split(","))
    unknown = sorted(words - kinds.EVERYTHING)
    if unknown:
        raise BadUsage(f"--only knows no {unknown[0]!r}.", f"It knows: {_WORDS}.")
    return words


def _print(result: diff.Result, form: str) -> None:
    if form == "json":
        from li_vault.views import data

        output.show_json(data.of_diff(result))
    elif form == "markdown":
        from li_vault.views import markdown

        output.show(markdown.of_diff(result))
    elif form == "csv":
        from li_vault.views import spreadsheet

        output.show(spreadsheet.of_diff(result))
    else:
        from li_vault.views import differences

        output.show(differences.of_diff(result, output.look()))
