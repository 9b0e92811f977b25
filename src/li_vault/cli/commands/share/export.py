"""`li-vault export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from li_vault.cli import options, terminal
from li_vault.cli.render import Look
from li_vault.errors import BadUsage
from li_vault.formats import writers
from li_vault.host import private_files
from li_vault.vault.history import export


@click.command("export", epilog="Example: li-vault export google-csv -o contacts.csv")
@click.argument("kind", metavar="FORMAT", type=click.Choice(writers.NAMES))
@click.option("-o", "--output", "target", metavar="FILE", help="Where to (else standard output).")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@options.at_option
@click.option("--former", is_flag=True, help="Those who are no longer in the list, instead.")
@click.option("--best-known", is_flag=True, help="Fill what a card lacks from the history.")
@click.option("--only", metavar="TEXT", multiple=True, help="People whom `find TEXT` would find.")
@click.option("--vcard", type=click.Choice(writers.VCARDS), help="The version, for vcf.")
@options.vault_and_json
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
    is_json: bool,
) -> None:
    """Take everyone to an address book, or to another tool.

    FORMAT is google-csv (Google Contacts), outlook-csv (Outlook.com, the new Outlook),
    linkedin-csv (as LinkedIn itself writes it today), vcf (one file of vCards, which Apple and
    all others take), json (a person a line, with everything) or sqlite (people, snapshots and
    changes, to search and to open with Datasette; it also holds who is former).

    Exports what the cards show, as of the newest commit. How many they were, and what the format
    can't carry, is listed on standard error. Nobody found by --only is status 1.

    --json: {"format", "export", "file", "bytes", "people", "former", "best_known", "only", "at",
    "lost": [{"field", "people"}], "unlisted", "renewed", "broken"}
    """
    path = None if target in (None, "-") else target
    _require_sense(kind, path, is_json=is_json, force=force, vcard=vcard)
    asked = export.ExportRequest(kind, at, former, best_known, only, vcard or writers.VCARDS[0])
    place = export.ExportTarget(Path(path), force) if path is not None else None
    vault = options.open_chosen_vault(folder)
    with terminal.progress_bar(quiet=is_json) as told:
        result = export.export_people(vault, asked, options.current_day(), place, told)

    if path is None:
        terminal.show_bytes(result.written.data)
    for card, why in sorted(result.broken.items()):
        terminal.note(f"{card} is no valid card and is not in it: {why}.")
    if is_json:
        terminal.show_json(as_json(result))
    else:
        for line in as_text(result, terminal.look_of_stream(sys.stderr)):
            terminal.note(line)


def _require_sense(
    kind: str, path: str | None, *, is_json: bool, force: bool, vcard: str | None
) -> None:
    if path == "":
        raise BadUsage("-o names no file: it is empty.", "Name a file, or - for standard output.")
    why = "A database can't go to" if kind == writers.SQLITE and path is None else ""
    if is_json and (path is None or private_files.is_standard_output(Path(path))):
        why = "With --json, the export can't go to"
    if why:
        raise BadUsage(f"{why} standard output.", "Name a file: -o FILE")
    if path is None and force:
        raise BadUsage("--force is about a file, and none is named.", "Name it: -o FILE")
    if vcard is not None and kind != "vcf":
        raise BadUsage(f"--vcard is about vcf, not {kind}.", "Leave it out, or export vcf.")


_UNLISTED = {
    "nameless": "no name, only a day",
    "duplicates": "said again in another row",
    "skipped": "naming nobody, or unreadable",
}


def as_json(result: export.ExportResult) -> dict[str, Any]:
    """For `--json`."""
    asked, written = result.asked, result.written
    return {
        "export": asked.format,
        "file": str(result.path) if result.path else None,
        "bytes": len(written.data),
        "people": written.people,
        "former": asked.former,
        "best_known": asked.best_known,
        "only": list(asked.only),
        "at": {"commit": result.commit, "taken_on": result.taken_on},
        "lost": [{"field": what, "people": number} for what, number in written.lost.items()],
        "unlisted": dict(result.unlisted),
        "renewed": result.renewed,
        "broken": dict(result.broken),
    }


def as_text(result: export.ExportResult, look: Look) -> list[str]:
    """In a few lines: how many, where, and what was left behind."""
    asked, written = result.asked, result.written
    kind = "former people" if asked.former else "people"
    where = f" to {result.path}" if result.path else ""
    day = f", as of the snapshot of {result.taken_on}" if result.taken_on else ""
    out = [look.paint(f"Exported {written.people:,} {kind}{where}", "bold") + f"{day}."]
    if written.lost:
        out.append(f"What {asked.format} can't carry:")
        out += [f"  {what}: of {number:,}" for what, number in written.lost.items()]
    for row, number in result.unlisted.items():
        rows = "1 row" if number == 1 else f"{number:,} rows"
        out.append(f"Not in it: {rows} of the newest list ({_UNLISTED[row]}).")
    if result.renewed:
        out.append(
            f"Recorded into a new vault, {result.renewed:,} would get another UID or file name "
            "than at first sight here; li-vault restore and rebuild keep them."
        )
    return out
