"""A vault that was restored: as plain data, and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions import restore


def data(result: restore.Result) -> dict[str, Any]:
    """For `--json`."""
    last = result.last
    return {
        "vault": str(result.path),
        "commit": result.commit,
        "contacts": result.contacts,
        "former": result.former,
        "snapshots": result.snapshots,
        "last": {
            "commit": last.commit,
            "taken_on": last.record.taken_on,
            "age_days": result.age_days,
        }
        if last
        else None,
        "remote": result.remote,
        "url": result.url,
        "hooks": dict(result.hooks),
        "warnings": list(result.warnings),
    }


def text(result: restore.Result, look: Look) -> list[str]:
    """In a few lines."""
    people = f"{result.contacts} contacts, {result.former} former"
    out = [
        f"{look.paint('Restored the vault into', 'bold')} {result.path}",
        f"People     {people}, {_count(result.snapshots, 'snapshot')}: everything was checked",
    ]
    if result.last is not None:
        days = result.age_days or 0
        age = f"{_count(days, 'day')} ago" if days > 0 else "today"
        out.append(f"Snapshot   {result.last.record.taken_on}, {age}")
    out.append(f"Remote     {result.remote} {result.url}")
    return [*out, "Next: li-vault snapshot EXPORT"]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
