"""What is told, and when: at once or after some patience, then once a week until it is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from li_vault.core.notices import Notice

AGAIN = 7
"""Days after which the same trouble is told once more."""


def gist(words: str) -> str:
    """What stays the same of an error that comes again: no path, and no number, as of a process."""
    return " ".join(re.sub(r"[^\s'\"]*/[^\s'\"]*|\d+", "", words).split())


class Trouble(NamedTuple):
    """Something that needs somebody.

    Attributes:
        key: What it is about, the same as long as it lasts.
        notice: Makes the notice, told how many days it has lasted.
        patience: Days that it may last before it is told of.
    """

    key: str
    notice: Callable[[int], Notice]
    patience: int = 0


class Memory(NamedTuple):
    """What is remembered of a trouble: since when it lasts, and when it was told last (or None)."""

    since: date
    told: date | None


class Decision(NamedTuple):
    """What to tell now, and what to remember of it."""

    notices: tuple[Notice, ...]
    memories: Mapping[str, Memory]


def decide(troubles: Iterable[Trouble], memories: Mapping[str, Memory], today: date) -> Decision:
    """Which troubles are told today; one that is over is forgotten, and begins anew.

    Args:
        troubles: What there is now.
        memories: What is remembered, by key.
        today: The current day; a memory of a later one (a clock was wrong) does not count.
    """
    notices = []
    kept = {}
    for one in troubles:
        known = memories.get(one.key)
        if known is None or known.since > today:
            known = Memory(today, None)
        told = known.told if known.told and known.told <= today else None
        lasted = (today - known.since).days
        is_due = lasted >= one.patience if told is None else (today - told).days >= AGAIN
        if is_due:
            notices.append(one.notice(lasted))
        kept[one.key] = Memory(known.since, today if is_due else told)
    return Decision(tuple(notices), kept)
