"""`li-vault log`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import (
    _PARTS_OF_NAME,
    Data,
    Look,
    _of_changes,
    _of_seen,
    display_width,
    fields_in_order,
    pad_text,
    wrap_text,
)
from li_vault.core import best_known
from li_vault.core.fields import Change
from li_vault.vault.history import log
from li_vault.vault.history.people import ContactLife, contact_life


def log_as_json(entries: Iterable[log.LogEntry]) -> Data:
    """The snapshots, newest first."""
    return {
        "snapshots": [
            {
                "taken_on": record.taken_on,
                "commit": one.commit,
                "source": record.export,
                "kind": record.kind,
                "people": people,
                "contacts": record.contacts,
                "added": record.added,
                "changed": record.changed,
                "gone": record.gone,
                "returned": record.returned,
            }
            for one, people in entries
            for record in (one.record,)
        ]
    }


def life_as_json(life: ContactLife) -> Data:
    """What happened to one person, newest first, and each fact with its days."""
    return {
        "uid": life.contact.uid,
        "name": life.contact.shown.name or None,
        "path": life.contact.path,
        "events": [
            {
                "taken_on": event.taken_on,
                "commit": event.commit,
                "event": event.kind,
                "mend": event.mend or None,
                "changes": _of_changes(event.changes),
            }
            for event in life.events
        ],
        "facts": [
            {"field": field, **_of_seen(seen)}
            for field, several in best_known.values_by_field(life.known).items()
            for seen in several
        ],
    }


@click.command("log", epilog="Example: li-vault log ada-lovelace-1a2b3c")
@click.argument("contact", required=False)
@options.vault_json_and_pager
def command(contact: str | None, folder: str | None, is_json: bool) -> None:
    """The snapshots, newest first; with CONTACT, what happened to that person.

    CONTACT is a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person; a name or slug of earlier means who had it.
    """
    vault = options.open_chosen_vault(folder)

    if contact is None:
        found = log.list_snapshots(vault)
        terminal.result(is_json, found, log_as_json, log_as_text)
        return
    life = contact_life(vault, contact)
    terminal.result(is_json, life, life_as_json, life_as_text)


_PROFILES = "https://www.linkedin.com/in/"
_SIGNS = {"added": "green", "changed": "yellow", "gone": "red", "returned": "cyan", "edited": "dim"}
_MENDS = {"same": "made one of two", "apart": "told apart"}
_WORDS = {
    "emails": "e-mail", "phones": "phone", "profile_url": "profile", "connected_on": "connected",
}  # fmt: skip
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST_BAR = 24
_WITH_COMMIT, _WITH_KIND = 72, 110
"""So many columns a line needs to tell more."""


def log_as_text(entries: Sequence[log.LogEntry], look: Look) -> list[str]:
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
    growth = pad_text("growth", bar) if bar >= len("growth") else " " * bar
    head = _row(heads, growth, widths)
    out = [look.paint(f"{'day':<10}  {head}".rstrip(), "dim")]
    for one, cells, end in zip(entries, table, ends, strict=True):
        drawn = look.paint(pad_text(_bar(one.people / most, bar), bar), "cyan")
        day = look.paint(one.snapshot.record.taken_on, "bold")
        out.append(f"{day}  {_row(cells, drawn, widths)}{look.paint(end, 'dim')}".rstrip())
    return out


def _numbers(one: log.LogEntry) -> tuple[str, ...]:
    record = one.snapshot.record
    told = (record.added, record.changed, record.gone, record.returned)
    return (f"{one.people:,}", *(f"{number:,}" if number else "·" for number in told))


def _row(cells: Sequence[str], drawn: str, widths: Sequence[int]) -> str:
    first, *rest = [cell.rjust(width) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join([first, drawn, *rest])


def _end(one: log.LogEntry, wide: int) -> str:
    """What else a line tells where there is room."""
    if wide < _WITH_COMMIT:
        return ""
    kind = f"  {one.snapshot.record.kind}" if wide >= _WITH_KIND else ""
    return f"  {one.snapshot.commit[:7]}{kind}"


def _bar(share: float, room: int) -> str:
    """A bar as long as this share of the room, to an eighth of a column."""
    eighths = max(round(share * room * 8), 1) if share else 0
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()[:room]


def life_as_text(life: ContactLife, look: Look) -> list[str]:
    """One person's life: each fact with its days, then what happened, newest first."""
    contact = life.contact
    name = render.safe_words(contact.shown.name) or "Nameless"
    path = render.safe_words(contact.path)
    out = [look.link(look.paint(p, "bold"), contact.shown.url) for p in wrap_text(name, look.width)]
    if len(out) == 1 and (not look.width or display_width(f"{name}  {path}") <= look.width):
        out = [f"{out[0]}  {look.paint(path, 'dim')}"]
    else:
        out.append(look.paint(path, "dim"))
    out += [*_facts(life, look), ""]
    room = max((display_width(_kind(event)) for event in life.events if event.changes), default=0)
    for event in life.events:
        begin = f"{event.taken_on}  "
        told = changes_in_words(event.changes)
        words = pad_text(_kind(event), room) if told else _kind(event)
        first = f"{begin}{look.paint(words, _SIGNS[event.kind])}"
        indent = len(begin) + room + 2
        joined = wrap_text("; ".join(told), look.width, indent)  # on one line if it fits
        lines = (
            joined
            if len(joined) < 2
            else [p for t in told for p in wrap_text(t, look.width, indent)]
        )
        out.append(f"{first}  {lines[0]}" if lines else first)
        out += [" " * indent + line for line in lines[1:]]
    return out


def _kind(event: log.Event) -> str:
    if event.mend:
        return f"{_MENDS[event.mend]} by hand"
    return "edited by hand" if event.kind == "edited" else event.kind


def _facts(life: ContactLife, look: Look) -> Iterable[str]:
    """All that was ever known, a line each: from when on, until when, what."""
    known = {
        _WORDS.get(field, render.safe_words(field)): several
        for field, several in best_known.values_by_field(life.known).items()
        if field not in _PARTS_OF_NAME
    }
    known = {field: known[field] for field in fields_in_order(known)}
    width = max(map(display_width, known), default=0)
    yield look.paint("first seen  last seen", "dim")
    for field, several in known.items():
        label = field
        for seen in several:
            days = f"{seen.first_seen or '?':<10}  {seen.last_seen or '?':<10}"
            begin = f"{days}  {look.paint(pad_text(label, width), 'dim')}  "
            value = short_value(field, render.safe_words(seen.value))
            first, *more = wrap_text(value, look.width, 26 + width) or [""]
            yield f"{begin}{first}"
            yield from (" " * (26 + width) + line for line in more)
            label = ""


def changes_in_words(changes: Iterable[Change]) -> list[str]:
    """Each change in words."""
    return [
        f"{render.safe_words(change.field.replace('_', ' '))}: "
        f"{_value(change.field, change.before)} → {_value(change.field, change.after)}"
        for change in changes
    ]


def _value(field: str, value: str | None) -> str:
    return (
        short_value("profile", render.safe_words(value))
        if field == "profile_url" and value
        else (render.safe_words(value or "") or "nothing")
    )


def short_value(field: str, value: str) -> str:
    """A value; of a profile's address the part that differs."""
    return value.removeprefix(_PROFILES) if field == "profile" else value
