"""What was exported: as plain data, and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions import export

_UNLISTED = {
    "nameless": "no name, only a day",
    "duplicates": "said again in another row",
    "skipped": "naming nobody, or unreadable",
}


def data(result: export.Result) -> dict[str, Any]:
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


def text(result: export.Result, look: Look) -> list[str]:
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
