"""What came in from remotes before anything else was done, as text."""

from __future__ import annotations

from collections.abc import Mapping


def text(taken: Mapping[str, int]) -> list[str]:
    """A line for each remote of which snapshots were taken over."""
    return [
        f"Took over {number} snapshot{'' if number == 1 else 's'} from {name}."
        for name, number in taken.items()
    ]
