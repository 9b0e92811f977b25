"""Answers about people and snapshots as text: a list of lines for standard output each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from li_vault.core import finding, lines
from li_vault.core.best_known import BestKnown
from li_vault.core.diffs import Change
from li_vault.core.model import Contact
from li_vault.core.timeline import Snapshot
from li_vault.views import data
from li_vault.views.look import Look, columns, pad

if TYPE_CHECKING:
    from li_vault.actions import diff, find, log, show

_SINGLE = {
    "position": "position", "company": "company", "profile_url": "profile",
    "connected_on": "connected",
}  # fmt: skip
_FIRST = ("position", "company", "e-mail", "phone", "profile", "connected")
"""What is known of a person, in the order of looking."""

_LONG = 2000
"""Longer values that a user added are pictures or keys, which nobody reads."""

_UNSEEN = "?         "
"""In place of a day, where the history does not tell one."""

_PROFILES = "https://www.linkedin.com/in/"
_SIGNS = {"added": "green", "changed": "yellow", "gone": "red", "returned": "cyan", "edited": "dim"}


def of_log(snapshots: Iterable[Snapshot], look: Look) -> list[str]:
    """The snapshots, newest first."""
    out = [
        f"{look.paint(one.record.taken_on, 'bold')}  {one.commit[:10]}  "
        f"{one.record.contacts:>6} contacts  "
        f"+{one.record.added} ~{one.record.changed} -{one.record.gone} ↩{one.record.returned}"
        for one in snapshots
    ]
    return out or ["No snapshot yet."]


def of_life(life: log.Life, look: Look) -> list[str]:
    """What happened to one person, newest first."""
    out = [look.paint(life.contact.shown.name, "bold") + f"  {life.contact.path}"]
    for event in life.events:
        kind = "edited by hand" if event.kind == "edited" else event.kind
        out.append(f"{event.taken_on}  {look.paint(kind, _SIGNS[event.kind])}")
        out += [f"    {words}" for words in _of_changes(event.changes)]
    return out


def _of_changes(changes: Iterable[Change]) -> list[str]:
    return [
        f"{change.field.replace('_', ' ')}: {_value(change.field, change.before)} → "
        f"{_value(change.field, change.after)}"
        for change in changes
    ]


def _value(field: str, value: str | None) -> str:
    """A value, or that there is none; of a profile's address the part that differs."""
    if field == "profile_url" and value:
        return value.removeprefix(_PROFILES)
    return value or "nothing"


def of_show(result: show.Result, look: Look) -> list[str]:
    """One person: what the card says; of the best known values also when each was last seen."""
    contact = result.contact
    name = contact.shown.name or (result.best and _value_of(result.best, "name")) or "Nameless"
    out = [look.paint(name, "bold")]
    state = "former, " if contact.is_former else ""
    rows = [*_facts(contact, result.best), *_own_facts(contact)]
    rows.append(("file", f"{contact.path} ({state}{contact.uid})", ""))
    width = max(columns(field) for field, *_ in rows)
    if result.best:
        out.append(look.paint(f"  {' ' * width}  last seen", "dim"))
    shown = ""
    for field, value, day in rows:
        when = f"{look.paint(pad(day, len(_UNSEEN)), 'dim')}  " if result.best else ""
        label = look.paint(pad("" if field == shown else field, width), "dim")
        out.append(f"  {label}  {when}{' '.join(value.split())}")
        shown = field
    return out


def _facts(contact: Contact, best: BestKnown | None) -> list[tuple[str, str, str]]:
    """What is known of a person: field, value, and when it was last seen if the best is asked."""
    if best is None:
        person = data.of_person(contact)
        said = {
            **{words: person[field] for field, words in _SINGLE.items()},
            "e-mail": ", ".join(person["emails"]),
            "phone": ", ".join(person["phones"]),
            **person["extra"],
        }
        return [(field, said[field], "") for field in _order(said) if said[field]]
    several = {words: [best.fields[f]] for f, words in _SINGLE.items() if f in best.fields}
    several |= {"e-mail": list(best.emails), "phone": list(best.phones)}
    several |= {column: [seen] for column, seen in best.extra.items()}
    return [
        (field, seen.value, seen.last_seen or _UNSEEN)
        for field in _order(several)
        for seen in several[field]
    ]


def _order(fields: Iterable[str]) -> list[str]:
    return sorted(fields, key=lambda field: _FIRST.index(field) if field in _FIRST else 99)


def _value_of(best: BestKnown, field: str) -> str:
    return best.fields[field].value if field in best.fields else ""


def _own_facts(contact: Contact) -> list[tuple[str, str, str]]:
    """What the user added, apart from what stands above it."""
    parsed = filter(None, map(lines.parse, contact.own))
    return [
        (line.name.lower(), line.text if len(line.text) < _LONG else "…", "")
        for line in parsed
        if line.name not in ("EMAIL", "TEL", "ORG", "TITLE", "URL")
    ]


def of_find(result: find.Result, look: Look) -> list[str]:
    """The people found, a line each."""
    rows = [
        (c.shown.name or "Nameless", " · ".join(filter(None, _work(c))), c.uid[:8])
        for c in result.people
    ]
    room = min(max((columns(name) for name, *_ in rows), default=0), 32)
    return [
        f"{look.paint(uid, 'dim')}  {look.paint(pad(name, room), 'bold')}  "
        f"{look.cut(work, room + 12)}".rstrip()
        for name, work, uid in rows
    ]


def _work(contact: Contact) -> tuple[str, str]:
    return finding.told(contact, "position"), finding.told(contact, "company")


def of_diff(result: diff.Result, look: Look) -> list[str]:
    """Who is new, gone, returned or changed."""
    out = [look.paint(f"{_end(result.start)} → {_end(result.end)}", "bold")]
    groups = (
        ("New", "green", [_line(contact, look) for contact in result.added]),
        ("Gone", "red", [_line(c, look, result.reasons.get(c.uid)) for c in result.gone]),
        ("Returned", "cyan", [_line(contact, look) for contact in result.returned]),
        ("Changed", "yellow", [_changed(one, look) for one in result.changed]),
    )
    for title, style, found in groups:
        if found:
            out.append(look.paint(f"{title} ({len(found)})", style))
            out += [f"  {line}" for line in found]
    return out if len(out) > 1 else [*out, "No difference."]


def _end(end: diff.End) -> str:
    return end.taken_on or (end.commit[:10] if end.commit else "the beginning")


def _line(contact: Contact, look: Look, reason: str | None = None) -> str:
    words = " · ".join(filter(None, (contact.shown.name or "Nameless", ", ".join(_said(contact)))))
    end = f" ({reason})" if reason else ""
    return look.cut(words, 2 + len(end)) + end


def _said(contact: Contact) -> list[str]:
    return [text for text in _work(contact) if text]


def _changed(one: diff.Changed, look: Look) -> str:
    """On one line, or a line for each change where that is too long: nothing of it is cut."""
    name, changes = one.contact.shown.name or "Nameless", _of_changes(one.changes)
    line = f"{name} · {'; '.join(changes)}"
    if not look.width or columns(line) + 2 <= look.width:
        return line
    return "\n      ".join([name, *changes])
