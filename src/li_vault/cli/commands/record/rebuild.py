"""`li-vault rebuild`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from li_vault.cli import options, terminal
from li_vault.cli.options import how_called
from li_vault.cli.render import (
    Data,
    Look,
    _of_passed_over,
    _some,
    count,
    recorded_as_json,
    recorded_as_text,
    skipped_as_json,
)
from li_vault.errors import BadUsage
from li_vault.host import user_folders
from li_vault.vault.plan import dated_exports, planner
from li_vault.vault.record import rebuild


def as_text(result: rebuild.RebuildResult, look: Look) -> list[str]:
    """A vault that was made anew."""
    old = [one for one in result.snapshots if one.account.origin == "record"]
    out: list[str] = []
    for one in result.snapshots:
        if one.account.origin != "record":
            out += recorded_as_text(one, result.dry_run, look)
    out += _of_passed_over(result.passed_over)
    would = "Would rebuild" if result.dry_run else "Rebuilt"
    added = sum(not one.already for one in result.snapshots) - len(old)
    words = f"{would} {count(len(old), 'snapshot')} and {added} found later"
    out.append(f"{look.paint(words, 'bold')}, in {result.path}.")
    if result.edits:
        out.append(f"  the hand edits of {count(result.edits, 'card')}, done again")
    if result.mended:
        out.append(f"  {count(result.mended, 'mend')} (same, apart), done again")
    out += _some([f"  not carried over: {one.path} ({one.reason})" for one in result.lost])
    if result.dry_run:
        return out
    out.append("The old vault is as it was. Remotes were not copied, and nothing was pushed.")
    return [*out, f"Next: li-vault remote add NAME URL --vault '{result.path}'"]


def as_json(result: rebuild.RebuildResult) -> Data:
    """A vault that was made anew."""
    return {
        "vault": str(result.path),
        "snapshots": [recorded_as_json(one) for one in result.snapshots],
        "edits": result.edits,
        "mended": result.mended,
        "lost": [{**one._asdict(), "uid": one.uid or None} for one in result.lost],
        "passed_over": skipped_as_json(result.passed_over),
        "dry_run": result.dry_run,
    }


@click.command(
    "rebuild", epilog="Example: li-vault rebuild --into ~/rebuilt-vault ~/Archive/2019-exports"
)
@click.argument("exports", metavar="[EXPORT…]", nargs=-1)
@click.option("--into", metavar="DIR", required=True, help="The new vault: a new or empty folder.")
@click.option("--dry-run", is_flag=True, help="Tell what would come out; make nothing.")
@options.allow_option
@options.vault_and_json
def command(
    exports: tuple[str, ...],
    into: str,
    dry_run: bool,
    allowed: tuple[str, ...],
    folder: str | None,
    is_json: bool,
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
    terms = planner.RecordOptions(options.current_day(), options.allowed_rules(allowed))
    old = options.open_chosen_vault(folder)
    place = rebuild.NewVaultPlace(Path(into).absolute(), user_folders.hooks_folder(), how_called())
    with terminal.progress_bar(quiet=is_json) as told:
        rebuild.require_place(place.path, old)
        handed = options.open_named_exports(exports, told)
        found = dated_exports.read_exports(handed, terms.today, progress=partial(told, "Reading"))
        result = rebuild.rebuild_vault(old, found, terms, place, dry_run=dry_run, progress=told)

    terminal.result(is_json, result, as_json, as_text)
