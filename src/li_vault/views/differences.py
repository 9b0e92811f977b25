"""Differences as text: a line a person, the old and the new side by side, nothing cut off."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from li_vault.views import groups, safety
from li_vault.views.groups import Group
from li_vault.views.look import Look, columns, wrap

if TYPE_CHECKING:
    from li_vault.actions import diff

_MOST = 60
"""Where there is no limit to a line, the columns that one long text may take from all others."""

_LEFT = 2
_BETWEEN = "  "
_ARROW = " → "


def of_diff(result: diff.Result, look: Look) -> list[str]:
    """Who is new, gone, returned or changed, in groups."""
    told = result.differences.told
    ends = look.paint(f"{end_of(result.start)} → {end_of(result.end)}", "bold")
    if not told.lines:
        return [ends, "No difference."]
    out = [ends, groups.counts(told)]
    for group in groups.of(told):
        out += ["", look.paint(group.title, group.style), *_drawn(group, look)]
    return out


def end_of(end: diff.End) -> str:
    """One end of a comparison, in words."""
    return end.taken_on or (end.commit[:10] if end.commit else "the beginning")


def _drawn(group: Group, look: Look) -> Iterator[str]:
    """The people of a group: name, what was known before if anything was, and what is known."""
    shown = [_shown(column) for column in group.columns]
    if look == Look():
        yield from _plain(shown)
        return
    taken = list(map(_taken, shown))
    widths = _widths(list(map(max, taken)), look.width)
    rows = zip(zip(*shown, strict=True), zip(*taken, strict=True), group.urls, strict=True)
    for cells, each, url in rows:
        if look.width and any(map(operator.gt, each, widths)):
            yield from _long(cells, widths, look, url)
        else:
            yield _line(cells, each, widths, look, url)


def _shown(column: list[str]) -> list[str]:
    """Texts of a column as a terminal may have them."""
    return [text if text.isprintable() else safety.words(text) for text in column]


def _taken(column: list[str]) -> list[int]:
    """How many columns of a terminal each of these texts takes."""
    return [len(text) if text.isascii() else columns(text) for text in column]


def _plain(shown: Sequence[list[str]]) -> Iterator[str]:
    """All lines without limit and colour; nothing is aligned behind the last column."""
    *front, after = shown
    taken = list(map(_taken, front))
    *widths, _ = _widths([*map(max, taken), 0], width=0)
    names, *before = (
        [text.ljust(width - used + len(text)) for text, used in zip(column, each, strict=True)]
        for column, each, width in zip(front, taken, widths, strict=True)
    )
    left, no_arrow = " " * _LEFT, " " * len(_ARROW)
    if not before:
        rows = zip(names, after, strict=True)
        return (f"{left}{name}{_BETWEEN}{now}".rstrip() for name, now in rows)
    changes = zip(names, before[0], front[1], after, strict=True)
    return (
        f"{left}{name}{_BETWEEN}{padded}{_ARROW if was else no_arrow}{now}".rstrip()
        for name, padded, was, now in changes
    )


def _widths(widest: list[int], width: int) -> list[int]:
    """How wide the columns are: as what stands in them, or their fair share of the room."""
    if not width:
        return [*(min(wide, _MOST) for wide in widest[:-1]), widest[-1]]
    room = width - _LEFT - len(_BETWEEN) - (len(_ARROW) if len(widest) > 2 else 0)
    for left, place in enumerate(sorted(range(len(widest)), key=widest.__getitem__)):
        widest[place] = min(widest[place], max(room, 0) // (len(widest) - left))
        room -= widest[place]
    return widest


def _line(
    cells: Sequence[str],
    taken: Sequence[int],
    widths: Sequence[int],
    look: Look,
    url: str,
    arrow: str = _ARROW,
) -> str:
    """One line; the arrow only between what was and what is."""
    name = look.link(look.paint(cells[0], "bold"), url)
    line = " " * _LEFT + name + " " * (widths[0] - taken[0]) + _BETWEEN
    if len(cells) > 2:
        was = cells[1]
        space = " " * (widths[1] - taken[1])
        line += look.paint(was, "dim") + space + (arrow if was else " " * len(_ARROW))
    return (line + cells[-1]).rstrip()


def _long(cells: Sequence[str], widths: Sequence[int], look: Look, url: str) -> Iterator[str]:
    """Someone who takes several lines: within the columns where words fit, else below the name."""
    folded = [wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    fits = all(
        columns(part) <= width
        for parts, width in zip(folded, widths, strict=True)
        for part in parts
    )
    if fits:
        for number, parts in enumerate(zip_longest(*folded, fillvalue="")):
            arrow = " " * len(_ARROW) if number else _ARROW
            yield _line(parts, list(map(columns, parts)), widths, look, url, arrow)
        return
    name, *before, after = cells
    yield from (
        " " * _LEFT + look.link(look.paint(part, "bold"), url)
        for part in wrap(name, look.width, _LEFT)
    )
    deep = _LEFT + 2 + len(_ARROW)
    for was in filter(None, before):
        yield from (" " * deep + look.paint(part, "dim") for part in wrap(was, look.width, deep))
    for number, part in enumerate(wrap(after, look.width, deep)):
        arrow = _ARROW if any(before) and not number else " " * len(_ARROW)
        yield " " * (_LEFT + 2) + arrow + part
