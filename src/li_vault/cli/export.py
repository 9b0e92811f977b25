"""`li-vault export`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from li_vault.actions import export
from li_vault.cli import options, output, progress
from li_vault.errors import BadUsage
from li_vault.formats import writers
from li_vault.host import files


@click.command("export", epilog="Example: li-vault export google-csv -o contacts.csv")
@click.argument("kind", metavar="FORMAT", type=click.Choice(writers.NAMES))
@click.option("-o", "--output", "target", metavar="FILE", help="Where to (else standard output).")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@options.at_option
@click.option("--former", is_flag=True, help="Those who are no longer in the list, instead.")
@click.option("--best-known", is_flag=True, help="Fill what a card lacks from the history.")
@click.option("--only", metavar="TEXT", multiple=True, help="People whom `find TEXT` would find.")
@click.option("--vcard", type=click.Choice(writers.VCARDS), help="The version, for vcf.")
@options.common
def command(
    kind: str,
    target: str | None,
    force: bool,
    at: str | None,
    former: bool,
    best_known: bool,
    only: tuple[str, ...],
    vcard: str | None,
    folder: str | None,
    as_json: bool,
) -> None:
    """Take everyone to an address book, or to another tool.

    FORMAT is google-csv (Google Contacts), outlook-csv (Outlook.com, the new Outlook),
    linkedin-csv (as LinkedIn itself writes it today), vcf (one file of vCards, which Apple and
    all others take), json (a person a line, with everything) or sqlite (people, snapshots and
    changes, to search and to open with Datasette; it also holds who is former).

    Exports what the cards show, as of the newest commit. How many they were, and what the format
    can't carry, is told on standard error. Nobody found by --only is status 1.

    --json: {"format", "export", "file", "bytes", "people", "former", "best_known", "only", "at",
    "lost": [{"field", "people"}], "unlisted", "renewed", "broken"}
    """
    path = None if target in (None, "-") else target
    _require_sense(kind, path, as_json=as_json, force=force, vcard=vcard)
    asked = export.Asked(kind, at, former, best_known, only, vcard or writers.VCARDS[0])
    place = export.Target(Path(path), force) if path is not None else None
    vault = options.open_vault(folder)
    with progress.bar(quiet=as_json) as told:
        result = export.run(vault, asked, options.today(), place, told)

    from li_vault.views import exported

    if path is None:
        output.show_bytes(result.written.data)
    for card, why in sorted(result.broken.items()):
        output.note(f"{card} is no valid card and is not in it: {why}.")
    if as_json:
        output.show_json(exported.data(result))
    else:
        for line in exported.text(result, output.look(sys.stderr)):
            output.note(line)


def _require_sense(
    kind: str, path: str | None, *, as_json: bool, force: bool, vcard: str | None
) -> None:
    if path == "":
        raise BadUsage("-o names no file: it is empty.", "Name a file, or - for standard output.")
    why = "A database can't go to" if kind == writers.SQLITE and path is None else ""
    if as_json and (path is None or files.is_standard_output(Path(path))):
        why = "With --json, the export can't go to"
    if why:
        raise BadUsage(f"{why} standard output.", "Name a file: -o FILE")
    if path is None and force:
        raise BadUsage("--force is about a file, and none is named.", "Name it: -o FILE")
    if vcard is not None and kind != "vcf":
        raise BadUsage(f"--vcard is about vcf, not {kind}.", "Leave it out, or export vcf.")
