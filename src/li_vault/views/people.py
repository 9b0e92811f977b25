"""Answers about people and snapshots as text: a list of lines for standard output each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from li_vault.core import finding, lines, own_lines, plain
from li_vault.core.best_known import BestKnown
from li_vault.core.model import Contact
from li_vault.views import history, safety
from li_vault.views.look import Look, columns, cut, pad, wrap

if TYPE_CHECKING:
    from li_vault.actions import find, show

_SINGLE = {
    "position": "position", "company": "company", "profile_url": "profile",
    "connected_on": "connected",
}  # fmt: skip
_UNSEEN = "?         "
"""In place of a day, where the history does not tell one."""


def of_show(result: show.Result, look: Look) -> list[str]:
    """One person: what the card says; of the best known values also when each was last seen."""
    contact = result.contact
    name = contact.shown.name or (result.best and _value_of(result.best, "name")) or "Nameless"
    out = [look.paint(part, "bold") for part in wrap(safety.words(name), look.width)]
    state = "former, " if contact.is_former else ""
    rows = [*_facts(contact, result.best), *_own_facts(contact)]
    rows.append(("file", f"{contact.path} ({state}{contact.uid})", ""))
    width = max(columns(safety.words(field)) for field, *_ in rows)
    if result.best:
        out.append(look.paint(f"  {' ' * width}  last seen", "dim"))
    days = len(_UNSEEN) + 2 if result.best else 0
    shown = ""
    for field, value, day in rows:
        when = f"{look.paint(pad(day, len(_UNSEEN)), 'dim')}  " if result.best else ""
        label = pad("" if field == shown else safety.words(field), width)
        words = safety.words(value)
        first, *more = wrap(words, look.width, width + 4 + days) or [""]
        if field == "profile" and not more:
            first = look.link(first, words)
        out.append(f"  {look.paint(label, 'dim')}  {when}{first}")
        out += [" " * (width + 4 + days) + line for line in more]
        shown = field
    return out


def _facts(contact: Contact, best: BestKnown | None) -> list[tuple[str, str, str]]:
    """What is known of a person: field, value, and when it was last seen if the best is asked."""
    if best is None:
        person = plain.person(contact)
        said = {
            **{words: person[field] for field, words in _SINGLE.items()},
            "e-mail": ", ".join(person["emails"]),
            "phone": ", ".join(person["phones"]),
            **person["extra"],
        }
        return [(field, said[field], "") for field in history.in_order(said) if said[field]]
    several = {words: [best.fields[f]] for f, words in _SINGLE.items() if f in best.fields}
    several |= {"e-mail": list(best.emails), "phone": list(best.phones)}
    several |= {column: [seen] for column, seen in best.extra.items()}
    return [
        (field, seen.value, seen.last_seen or _UNSEEN)
        for field in history.in_order(several)
        for seen in several[field]
    ]


def _value_of(best: BestKnown, field: str) -> str:
    return best.fields[field].value if field in best.fields else ""


def _own_facts(contact: Contact) -> list[tuple[str, str, str]]:
    """What the user added, apart from what stands above it."""
    shown = contact.shown
    ours = {"ORG": shown.company, "TITLE": shown.position, "URL": shown.url}
    above = {name for name, value in ours.items() if not value}
    found = []
    for line in filter(None, map(lines.parse, contact.own)):
        if line.name in ("EMAIL", "TEL"):
            continue
        if line.name in above:
            above.remove(line.name)
            if len(own_lines.parts(line)) < 2:
                continue
        found.append((own_lines.label(line), own_lines.shown(line), ""))
    return found


def of_find(result: find.Result, look: Look) -> list[str]:
    """The people found, a line each."""
    rows = [
        (
            safety.words(c.shown.name) or "Nameless",
            safety.words(" · ".join(filter(None, _work(c)))),
            c,
        )
        for c in result.people
    ]
    room = min(max((columns(name) for name, *_ in rows), default=0), 32)
    if look.width:
        room = min(room, max(look.width // 2 - 10, 12))
    out = []
    for name, work, contact in rows:
        shown = cut(name, room)
        gap = " " * (room - columns(shown))
        linked = look.link(look.paint(shown, "bold"), finding.told(contact, "profile_url"))
        line = f"{look.paint(contact.uid[:8], 'dim')}  {linked}{gap}  {look.cut(work, room + 12)}"
        out.append(line.rstrip())
    return out


def _work(contact: Contact) -> tuple[str, str]:
    return finding.told(contact, "position"), finding.told(contact, "company")
