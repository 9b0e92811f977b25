"""What was when, as text: the snapshots, and one person's life."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from li_vault.core import best_known
from li_vault.core.diffs import Change
from li_vault.views import safety
from li_vault.views.look import Look, columns, pad, wrap

if TYPE_CHECKING:
    from li_vault.actions import log

_PROFILES = "https://www.linkedin.com/in/"
_SIGNS = {"added": "green", "changed": "yellow", "gone": "red", "returned": "cyan", "edited": "dim"}
_MENDS = {"same": "made one of two", "apart": "told apart"}
_WORDS = {
    "emails": "e-mail", "phones": "phone", "profile_url": "profile", "connected_on": "connected",
}  # fmt: skip
_FIRST = ("name", "position", "company", "e-mail", "phone", "profile", "connected")
_PARTS_OF_NAME = ("first_name", "last_name")
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST_BAR = 24
_WITH_COMMIT, _WITH_KIND = 72, 110
"""So many columns a line needs to tell more."""


def of_log(entries: Sequence[log.Entry], look: Look) -> list[str]:
    """The snapshots, newest first, a line each, with a bar of growth."""
    if not entries:
        return ["No snapshot yet."]
    heads = ("people", "new", "changed", "gone", "returned")
    table = [_numbers(one) for one in entries]
    widths = [max(map(len, cells)) for cells in zip(heads, *table, strict=True)]
    wide = look.width or _WITH_KIND
    rest = 10 + sum(widths) + 2 * (len(widths) + 1)
    ends = [_end(one, wide) for one in entries]
    bar = max(0, min(_LONGEST_BAR, wide - rest - max(map(len, ends)) - 2))
    most = max(one.people for one in entries) or 1
    growth = pad("growth", bar) if bar >= len("growth") else " " * bar
    head = _row(heads, growth, widths)
    out = [look.paint(f"{'day':<10}  {head}".rstrip(), "dim")]
    for one, cells, end in zip(entries, table, ends, strict=True):
        drawn = look.paint(pad(_bar(one.people / most, bar), bar), "cyan")
        day = look.paint(one.snapshot.record.taken_on, "bold")
        out.append(f"{day}  {_row(cells, drawn, widths)}{look.paint(end, 'dim')}".rstrip())
    return out


def _numbers(one: log.Entry) -> tuple[str, ...]:
    record = one.snapshot.record
    told = (record.added, record.changed, record.gone, record.returned)
    return (f"{one.people:,}", *(f"{number:,}" if number else "·" for number in told))


def _row(cells: Sequence[str], drawn: str, widths: Sequence[int]) -> str:
    first, *rest = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join([first, drawn, *rest])


def _end(one: log.Entry, wide: int) -> str:
    """What else a line tells where there is room."""
    if wide < _WITH_COMMIT:
        return ""
    kind = f"  {one.snapshot.record.kind}" if wide >= _WITH_KIND else ""
    return f"  {one.snapshot.commit[:7]}{kind}"


def _bar(share: float, room: int) -> str:
    """A bar as long as this share of the room, to an eighth of a column."""
    eighths = max(round(share * room * 8), 1) if share else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()[:room]


def of_life(life: log.Life, look: Look) -> list[str]:
    """One person's life: each fact with its days, then what happened, newest first."""
    contact = life.contact
    name = safety.words(contact.shown.name) or "Nameless"
    path = safety.words(contact.path)
    out = [look.link(look.paint(p, "bold"), contact.shown.url) for p in wrap(name, look.width)]
    if len(out) == 1 and (not look.width or columns(f"{name}  {path}") <= look.width):
        out = [f"{out[0]}  {look.paint(path, 'dim')}"]
    else:
        out.append(look.paint(path, "dim"))
    out += [*_facts(life, look), ""]
    room = max((columns(_kind(event)) for event in life.events if event.changes), default=0)
    for event in life.events:
        begin = f"{event.taken_on}  "
        told = told_changes(event.changes)
        words = pad(_kind(event), room) if told else _kind(event)
        first = f"{begin}{look.paint(words, _SIGNS[event.kind])}"
        indent = len(begin) + room + 2
        joined = wrap("; ".join(told), look.width, indent)  # on one line if it fits
        lines = (
            joined if len(joined) < 2 else [p for t in told for p in wrap(t, look.width, indent)]
        )
        out.append(f"{first}  {lines[0]}" if lines else first)
        out += [" " * indent + line for line in lines[1:]]
    return out


def _kind(event: log.Event) -> str:
    if event.mend:
        return f"{_MENDS[event.mend]} by hand"
    return "edited by hand" if event.kind == "edited" else event.kind


def _facts(life: log.Life, look: Look) -> Iterable[str]:
    """All that was ever known, a line each: from when on, until when, what."""
    known = {
        _WORDS.get(field, safety.words(field)): several
        for field, several in best_known.by_field(life.known).items()
        if field not in _PARTS_OF_NAME
    }
    known = {field: known[field] for field in in_order(known)}
    width = max(map(columns, known), default=0)
    yield look.paint("first seen  last seen", "dim")
    for field, several in known.items():
        label = field
        for seen in several:
            days = f"{seen.first_seen or '?':<10}  {seen.last_seen or '?':<10}"
            begin = f"{days}  {look.paint(pad(label, width), 'dim')}  "
            value = short(field, safety.words(seen.value))
            first, *more = wrap(value, look.width, 26 + width) or [""]
            yield f"{begin}{first}"
            yield from (" " * (26 + width) + line for line in more)
            label = ""


def in_order(fields: Iterable[str]) -> list[str]:
    """What is known of a person, in the order of looking; columns follow as they come."""
    return sorted(fields, key=lambda field: _FIRST.index(field) if field in _FIRST else len(_FIRST))


def told_changes(changes: Iterable[Change]) -> list[str]:
    """Each change in words."""
    return [
        f"{safety.words(change.field.replace('_', ' '))}: {_value(change.field, change.before)} → "
        f"{_value(change.field, change.after)}"
        for change in changes
    ]


def _value(field: str, value: str | None) -> str:
    return (
        short("profile", safety.words(value))
        if field == "profile_url" and value
        else (safety.words(value or "") or "nothing")
    )


def short(field: str, value: str) -> str:
    """A value; of a profile's address the part that differs."""
    return value.removeprefix(_PROFILES) if field == "profile" else value
