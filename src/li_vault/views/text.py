"""Results as text for people: a list of lines for standard output each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from li_vault.core import finding, lines
from li_vault.core.diffs import Change
from li_vault.core.model import Contact
from li_vault.core.timeline import Snapshot
from li_vault.errors import LiVaultError
from li_vault.views import data
from li_vault.views.data import Outcome
from li_vault.views.look import Look, columns, pad

if TYPE_CHECKING:
    from li_vault.actions import (
        diff,
        doctor,
        find,
        init,
        log,
        push,
        remotes,
        show,
        snapshot,
        status,
    )

_DAY_FROM: Final = {
    "option": "as you said",
    "name": "by the archive's name",
    "archive": "by the time stamps in the archive",
    "file": "by the file's own date",
}
_LISTED = 10
_PROFILES = "https://www.linkedin.com/in/"
_SIGNS = {"added": "green", "changed": "yellow", "gone": "red", "returned": "cyan", "edited": "dim"}


def of_error(error: LiVaultError, look: Look) -> list[str]:
    """An error, and what to do."""
    found = [look.paint("Error: ", "red") + error.message]
    return [*found, look.paint("What to do: ", "bold") + error.hint] if error.hint else found


def of_snapshot(result: snapshot.Result, look: Look) -> list[str]:
    """What a call of `snapshot` did."""
    out = [result.recovered] if result.recovered else []
    if result.edited:
        out.append(f"Committed {_count(result.edited, 'contact')} edited by hand.")
    out += [f"Put back: {path} (deleted by hand)" for path in result.put_back]
    out += [f"Left alone: {path} (nobody's card)" for path in result.strays[:_LISTED]]
    out += [f"Left as it is: {path} (changed by hand)" for path in result.kept]
    for one in result.snapshots:
        out += _of_recorded(one, result.dry_run, look)
    return out + of_outcomes(result.remotes, look)


def _of_recorded(one: snapshot.Recorded, dry_run: bool, look: Look) -> list[str]:
    account = one.account
    record = account.record
    if one.already:
        return [f"{account.source}: already recorded, as the snapshot of {record.taken_on}."]
    kinds = ("contacts", "nameless", "duplicates", "unmatched", "skipped")
    parts = [f"{getattr(record, kind)} {kind}" for kind in kinds]
    changes = [
        look.paint(f"{number} {word}", style)
        for number, word, style in (
            (record.added, "new", "green"),
            (record.changed, "changed", "yellow"),
            (record.gone, "gone", "red"),
            (record.returned, "returned", "cyan"),
        )
    ]
    would = "Would record" if dry_run else "Recorded"
    out = [
        look.paint(f"{would} {account.source} as the snapshot of {record.taken_on}", "bold")
        + f" ({_DAY_FROM[account.origin]}).",
        f"  {record.rows} rows: {', '.join(parts)}",
        f"  {', '.join(changes)}, {account.unchanged} unchanged",
    ]
    out += _some([f"  row {skip.row} skipped: {skip.reason}" for skip in account.skipped])
    out += _some([f"  row {doubt.number} doubtful: {doubt.reason}" for doubt in account.doubts])
    if account.damage:
        cells = _count(account.damage, "cell")
        out.append(f"  {cells} with lost characters or double-encoded text, recorded as they are")
    return out


def _some(found: list[str]) -> list[str]:
    if len(found) <= _LISTED:
        return found
    return [*found[:_LISTED], f"  … and {len(found) - _LISTED} more; --json lists all"]


def of_outcomes(outcomes: Mapping[str, Outcome], look: Look) -> list[str]:
    """What became of each remote."""
    words = {"pushed": "pushed", "up-to-date": "up to date"}
    return [
        f"{name}: {look.paint(words[one.state], 'green')}"
        if one.state in words
        else f"{name}: {look.paint(one.state, 'red')}, it stays pending: {one.reason}"
        for name, one in outcomes.items()
    ]


def of_push(result: push.Result, look: Look) -> list[str]:
    """What became of each remote."""
    if not result.remotes:
        return ["There is no remote. Add one: li-vault remote add NAME URL"]
    return of_outcomes(result.remotes, look)


def of_init(result: init.Result, look: Look) -> list[str]:
    """A vault that was begun."""
    words = "Began a vault in" if result.created else "There is a vault already in"
    out = [f"{look.paint(words, 'bold')} {result.path}"]
    out += [
        f"The hook {name} is someone else's and was left as it is."
        for name, state in result.hooks.items()
        if state == "someone else's"
    ]
    return [*out, "Next: li-vault snapshot EXPORT"] if result.created else out


def of_status(result: status.Result, look: Look) -> list[str]:
    """The state of a vault, in a few lines."""
    out = [f"{look.paint('Vault', 'bold')}      {result.path}"]
    if result.recovered:
        out.append(result.recovered)
    people = f"{result.contacts} contacts, {result.former} former"
    out.append(f"People     {people}, {_count(result.snapshots, 'snapshot')}")
    if result.last is None:
        out.append("Snapshot   none yet: li-vault snapshot EXPORT")
    else:
        days = result.age_days or 0
        age = f"{_count(days, 'day')} ago" if days > 0 else "today"
        due = f"the next one is due on {result.due_on.isoformat()}"
        if result.overdue:
            due = look.paint(f"the next one was due on {result.due_on.isoformat()}", "red")
        out.append(f"Snapshot   {result.last.record.taken_on}, {age}; {due}")
    for name, one in result.remotes.items():
        state = look.paint("has everything", "green")
        if one.behind:
            state = look.paint(f"lacks {_count(one.behind, 'commit')}: li-vault push", "red")
        out.append(f"Remote     {name} {one.url} {state}")
    if not result.remotes:
        out.append("Remote     none: li-vault remote add NAME URL")
    if result.pending_edits:
        out.append(f"By hand    {_count(result.pending_edits, 'card')} edited since")
    return out


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
    """One person."""
    contact = result.contact
    person = data.of_person(contact)
    state = "former, " if contact.is_former else ""
    out = [look.paint(str(person["name"] or "Nameless"), "bold")]
    values = {
        "position": person["position"],
        "company": person["company"],
        "e-mail": ", ".join(person["emails"]),
        "phone": ", ".join(person["phones"]),
        "profile": person["profile_url"],
        "connected": person["connected_on"],
        **person["extra"],
    }
    for raw in contact.own:
        line = lines.parse(raw)
        if line is not None and line.name not in ("EMAIL", "TEL", "ORG", "TITLE", "URL"):
            values[line.name.lower()] = line.text if len(line.text) < 2000 else "…"
    width = max(len(name) for name in values)
    out += [
        f"  {look.paint(pad(name, width), 'dim')}  {' '.join(str(value).split())}"
        for name, value in values.items()
        if value
    ]
    place = f"{contact.path} ({state}{contact.uid})"
    return [*out, f"  {look.paint(pad('file', width), 'dim')}  {place}"]


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
    shown = contact.shown
    return (
        shown.position or finding.own_text(contact, "TITLE"),
        shown.company or finding.own_text(contact, "ORG"),
    )


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


def of_remotes(entries: Iterable[remotes.Entry], look: Look) -> list[str]:
    """The remotes, a line each."""
    out = [
        f"{look.paint(one.name, 'bold')}  {one.url}  "
        + (f"lacks {_count(one.behind, 'commit')}" if one.behind else "has everything")
        for one in entries
    ]
    return out or ["There is no remote. Add one: li-vault remote add NAME URL"]


def of_doctor(result: doctor.Result, look: Look) -> list[str]:
    """What was looked at, and what is wrong."""
    out = []
    for one in result.findings:
        sign = look.paint("ok   ", "green") if one.ok else look.paint("wrong", "red")
        out.append(f"{sign}  {one.message}")
        if one.hint:
            out.append(f"       {look.paint(one.hint, 'dim')}")
    return out


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
