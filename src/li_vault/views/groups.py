"""The groups in which differences are shown: moved company, new role, …, new, gone, returned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from li_vault.core import kinds, telling
from li_vault.core.telling import Lines, Told

NOTHING = "–"
"""Stands where there was, or is, no value."""

_TITLES = {
    kinds.NEW: ("New", "green"),
    telling.HIDDEN: ("Gone: hidden or closed", "red"),
    telling.DISCONNECTED: ("Gone: disconnected", "red"),
    telling.UNTOLD: ("Gone: can't be told why", "red"),
    kinds.RETURNED: ("Returned", "cyan"),
}


class Group(NamedTuple):
    """People of whom one thing is told; `style` is one of `look`'s.

    Attributes:
        columns: Their names, what was (left out if that matters of nobody), and what is.
        urls: The addresses of their profiles.
    """

    title: str
    style: str
    columns: tuple[list[str], ...]
    urls: list[str]


def of(told: Told) -> Iterator[Group]:
    """The groups that have anyone, changes first."""
    for kind, lines in told.lines.items():
        title, style = _TITLES.get(kind) or (kind[0].upper() + kind[1:], "yellow")
        yield Group(f"{title} ({len(lines.names)})", style, _columns(kind, lines), lines.urls)


def counts(told: Told) -> str:
    """How many people differ, in words."""
    numbers = [f"{number} {word}" for word, number in told.counts.items() if number]
    return ", ".join(numbers) or "no difference"


def _columns(kind: str, lines: Lines) -> tuple[list[str], ...]:
    if lines.before.count(None) == len(lines.before):
        return lines.names, lines.after
    if kind == kinds.RETURNED:
        before = [value or (NOTHING if value == "" else "") for value in lines.before]
    else:
        before = [value or NOTHING for value in lines.before]
    return lines.names, before, [value or NOTHING for value in lines.after]
