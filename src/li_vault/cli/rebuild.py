"""`li-vault rebuild`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from li_vault.actions import rebuild
from li_vault.cli import handing, options, output, progress
from li_vault.cli.init import how_called
from li_vault.errors import BadUsage
from li_vault.host import shipped
from li_vault.vault import dating, drafting


@click.command(
    "rebuild", epilog="Example: li-vault rebuild --into ~/rebuilt-vault ~/Archive/2019-exports"
)
@click.argument("exports", metavar="[EXPORT…]", nargs=-1)
@click.option("--into", metavar="DIR", required=True, help="The new vault: a new or empty folder.")
@click.option("--dry-run", is_flag=True, help="Tell what would come out; make nothing.")
@options.allow_option
@options.common
def command(
    exports: tuple[str, ...],
    into: str,
    dry_run: bool,
    allowed: tuple[str, ...],
    folder: str | None,
    as_json: bool,
) -> None:
    """Make a new vault of all that a vault recorded, and of older exports found later.

    Everything is recorded in the order of its days: the originals of every snapshot, each EXPORT
    (a file, a zip, a folder, or -), and at their place what was edited by hand, `same` and
    `apart`. The old vault stays as it is. Remotes are not copied, and nothing is pushed.

    Ends with 0; 2 or 5 if DIR can't be used, 5 if the vault can't, or lacks an original; 3 if an
    export or original can't be read; 4 if a guard refused an EXPORT; 6 if git failed. Then
    nothing was made.

    --json: {"format", "vault", "snapshots": [as snapshot], "edits", "mended",
    "lost": [{"path", "uid", "reason"}], "passed_over", "dry_run"}
    """
    if not into:
        raise BadUsage("--into names no folder.", "Name one that is new or empty.")
    terms = drafting.Terms(options.today(), options.rules(allowed))
    old = options.open_vault(folder)
    place = rebuild.Place(Path(into).absolute(), shipped.hooks(), how_called())
    with progress.bar(quiet=as_json) as told:
        rebuild.require_place(place.path, old)
        handed = handing.handed_over(exports, told)
        found = dating.read(handed, terms.today, progress=partial(told, "Reading"))
        result = rebuild.run(old, found, terms, place, dry_run=dry_run, progress=told)

    from li_vault.views import data, text

    output.result(
        as_json, lambda: data.of_rebuild(result), lambda: text.of_rebuild(result, output.look())
    )
