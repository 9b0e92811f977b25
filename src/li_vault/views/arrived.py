"""What came in from remotes before anything else was done, as text."""

from __future__ import annotations

from collections.abc import Mapping


def text(taken: Mapping[str, int]) -> list[str]:
    """A line for each remote of which something was taken over: snapshots, or edits alone."""
    return [f"Took over {_what(number)} from {name}." for name, number in taken.items()]


def _what(snapshots: int) -> str:
    if not snapshots:
        return "what was done by hand"
    return f"{snapshots} snapshot{'' if snapshots == 1 else 's'}"
