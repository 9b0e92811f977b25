"""What a look at a folder came to, as text and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from li_vault.views import safety
from li_vault.views import text as texts
from li_vault.views.data import of_outcomes, of_recorded
from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions.watch import Result, Sweep


def text(result: Result, look: Look) -> list[str]:
    """What arrived, and what became of it."""
    out = of_sweep(result.sweep, look)
    out += texts.of_outcomes(result.sweep.remotes, look)
    out += result.untold
    return out or [f"Nothing new in {result.sweep.folder}."]


def of_sweep(found: Sweep, look: Look) -> list[str]:
    """What arrived, without what became of the remotes."""
    out: list[str] = []
    for one in found.arrivals:
        for recorded in one.recorded:
            out += texts.of_recorded(recorded, dry_run=False, look=look)
        if one.error is not None:
            out.append(f"{look.paint('Not recorded:', 'red')} {safety.words(one.source)}")
            said = (one.error.message, one.error.hint)
            out += [f"  {safety.words(words)}" for words in said if words]
    return out + [f"Still arriving: {safety.words(name)}" for name in found.arriving]


def data(result: Result) -> dict[str, Any]:
    """The same."""
    return {
        "folder": str(result.sweep.folder),
        "arrivals": of_arrivals(result.sweep),
        "arriving": list(result.sweep.arriving),
        "remotes": of_outcomes(result.sweep.remotes),
        "untold": list(result.untold),
    }


def of_arrivals(sweep: Sweep) -> list[dict[str, Any]]:
    """What became of each export that arrived."""
    return [
        {
            "source": one.source,
            "state": one.fate,
            "snapshots": [of_recorded(each) for each in one.recorded],
            "rule": (one.error.rule or None) if one.error else None,
            "message": one.error.message if one.error else None,
            "hint": (one.error.hint or None) if one.error else None,
        }
        for one in sweep.arrivals
    ]
