"""What `remind` did and found, as text and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from li_vault.core import notices
from li_vault.views import arrived, standing, watched
from li_vault.views import text as texts
from li_vault.views.data import of_error, of_outcomes, of_snapshot
from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions.remind import Copy, Result


def text(result: Result, look: Look) -> list[str]:
    """What was done, and what is to be done."""
    out = watched.of_sweep(result.sweep, look) if result.sweep else []
    if result.fetched is not None:
        for one in result.fetched.snapshots:
            out += texts.of_recorded(one, dry_run=False, look=look)
    out += arrived.text(result.taken)
    out += texts.of_outcomes(result.remotes, look)
    if result.proved is not None:
        out.append(_of_proof(*result.proved, look))
    for error in result.errors.values():
        out += texts.of_error(error, look)
    if result.waiting:
        waiting = texts.count(len(result.waiting), "export")
        said = f"Not recorded yet: {waiting}. See why: li-vault status"
        out.append(look.paint(said, "red"))
    due = result.due
    if due.is_overdue:
        asked = notices.overdue(due.taken_on, due.age_days)
        out += [look.paint(f"{asked.title}.", "red"), *asked.lines]
    else:
        out.append(f"The next snapshot is due on {due.on.isoformat()}.")
    return out + list(result.untold)


def _of_proof(name: str, copy: Copy, look: Look) -> str:
    if copy.error is not None:
        return f"{name} could not be proved: {copy.error.message}"
    if copy.findings:
        return f"{name} is {look.paint('damaged', 'red')}: li-vault verify --remote {name}"
    return f"{name} was proved: it is {look.paint('whole', 'green')}."


def data(result: Result) -> dict[str, Any]:
    """The same."""
    proved = None
    if result.proved is not None:
        name, copy = result.proved
        proved = {"remote": name, "whole": copy.whole, "findings": len(copy.findings)}
    return {
        "state": result.state,
        "last": result.due.taken_on,
        "age_days": result.due.age_days,
        "due_on": result.due.on.isoformat(),
        "overdue": result.due.is_overdue,
        "arrivals": watched.of_arrivals(result.sweep) if result.sweep else [],
        "fetched": of_snapshot(result.fetched) if result.fetched else None,
        "remotes": of_outcomes(result.remotes),
        "taken_over": dict(result.taken),
        "proved": proved,
        "not_recorded": standing.of_left(result.left),
        "errors": [of_error(error)["error"] for error in result.errors.values()],
        "told": [{"title": one.title, "lines": list(one.lines)} for one in result.told],
        "untold": list(result.untold),
    }
