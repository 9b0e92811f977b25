"""`li-vault show` and `li-vault find`."""

from __future__ import annotations

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import (
    Data,
    Look,
    _of_seen,
    _people,
    cut_text,
    display_width,
    pad_text,
    wrap_text,
)
from li_vault.core import card, content_lines, search
from li_vault.core.best_known import SINGLE, BestKnown
from li_vault.core.model import Contact
from li_vault.vault.history.people import FindResult, ShowResult, find_people, show_person


def show_as_json(result: ShowResult) -> Data:
    """One person at a commit."""
    found: Data = {
        "person": search.person_as_data(result.contact),
        "at": {"commit": result.commit, "taken_on": result.taken_on},
        "former": result.contact.is_former,
    }
    return {**found, "best_known": best_known_as_json(result.best)} if result.best else found


def best_known_as_json(best: BestKnown) -> Data:
    """The best known values with the day each was last seen; a field that never had one is null."""
    fields = {name: best.fields.get(name) for name in SINGLE}
    return {
        **{name: _of_seen(seen) if seen else None for name, seen in fields.items()},
        "emails": [_of_seen(seen) for seen in best.emails],
        "phones": [_of_seen(seen) for seen in best.phones],
        "extra": {column: _of_seen(seen) for column, seen in best.extra.items()},
    }


def find_as_json(result: FindResult) -> Data:
    """The people found."""
    return {"people": _people(result.people), "broken": result.broken}


@click.command("show", epilog="Example: li-vault show 'Ada Lovelace' --at 2024-06")
@click.argument("contact")
@options.at_option
@click.option(
    "--best-known", is_flag=True,
    help="The newest value of each field that was ever known, and when it was last seen.",
)  # fmt: skip
@options.vault_json_and_pager
def show_command(
    contact: str, at: str | None, best_known: bool, folder: str | None, is_json: bool
) -> None:
    """One person, now or then.

    CONTACT is a UID or its first digits, a profile URL or slug, a file name, or a text that
    fits one person; a name or slug of earlier means who had it.
    """
    vault = options.open_chosen_vault(folder)
    result = show_person(vault, contact, at, options.current_day(), best_known=best_known)

    terminal.result(is_json, result, show_as_json, show_as_text)


@click.command("find", epilog="Example: li-vault find zürich position:engineer --at '1 year ago'")
@click.argument("words", metavar="[TEXT]", nargs=-1)
@options.at_option
@click.option("--former", is_flag=True, help="Search those who are no longer in the list.")
@click.option(
    "--changed-since", metavar="DATE", help="Only those who changed or came since that day."
)
@options.vault_json_and_pager
def find_command(
    words: tuple[str, ...],
    at: str | None,
    former: bool,
    changed_since: str | None,
    folder: str | None,
    is_json: bool,
) -> int:
    """People whom every part of TEXT fits, accents and case ignored; without TEXT, everyone.

    A part is a word, in any field, or "a phrase" in double quotes. Behind name:, company:,
    position:, email:, phone:, url:, connected:, note:, tag: or uid: it is looked for in that
    field alone. Nobody found is status 1.
    """
    vault = options.open_chosen_vault(folder)
    result = find_people(
        vault, words, at, options.current_day(), former=former, changed_since=changed_since
    )

    for path, why in sorted(result.broken.items()):
        terminal.note(f"{path} is no valid card and was not searched: {why}.")
    terminal.result(is_json, result, find_as_json, find_as_text)
    return int(bool(words or changed_since) and not result.people)


_SINGLE = {
    "position": "position", "company": "company", "profile_url": "profile",
    "connected_on": "connected",
}  # fmt: skip
_UNSEEN = "?         "
"""In place of a day, where the history does not tell one."""


def show_as_text(result: ShowResult, look: Look) -> list[str]:
    """One person: what the card says; of the best known values also when each was last seen."""
    contact = result.contact
    name = contact.shown.name or (result.best and _value_of(result.best, "name")) or "Nameless"
    out = [look.paint(part, "bold") for part in wrap_text(render.safe_words(name), look.width)]
    state = "former, " if contact.is_former else ""
    rows = [*_facts(contact, result.best), *_own_facts(contact)]
    rows.append(("file", f"{contact.path} ({state}{contact.uid})", ""))
    width = max(display_width(render.safe_words(field)) for field, *_ in rows)
    if result.best:
        out.append(look.paint(f"  {' ' * width}  last seen", "dim"))
    days = len(_UNSEEN) + 2 if result.best else 0
    shown = ""
    for field, value, day in rows:
        when = f"{look.paint(pad_text(day, len(_UNSEEN)), 'dim')}  " if result.best else ""
        label = pad_text("" if field == shown else render.safe_words(field), width)
        words = render.safe_words(value)
        first, *more = wrap_text(words, look.width, width + 4 + days) or [""]
        if field == "profile" and not more:
            first = look.link(first, words)
        out.append(f"  {look.paint(label, 'dim')}  {when}{first}")
        out += [" " * (width + 4 + days) + line for line in more]
        shown = field
    return out


def _facts(contact: Contact, best: BestKnown | None) -> list[tuple[str, str, str]]:
    """What is known of a person: field, value, and when it was last seen if the best is asked."""
    if best is None:
        person = search.person_as_data(contact)
        said = {
            **{words: person[field] for field, words in _SINGLE.items()},
            "e-mail": ", ".join(person["emails"]),
            "phone": ", ".join(person["phones"]),
            **person["extra"],
        }
        return [(field, said[field], "") for field in render.fields_in_order(said) if said[field]]
    several = {words: [best.fields[f]] for f, words in _SINGLE.items() if f in best.fields}
    several |= {"e-mail": list(best.emails), "phone": list(best.phones)}
    several |= {column: [seen] for column, seen in best.extra.items()}
    return [
        (field, seen.value, seen.last_seen or _UNSEEN)
        for field in render.fields_in_order(several)
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
    for line in filter(None, map(content_lines.parse_line, contact.own)):
        if line.name in ("EMAIL", "TEL"):
            continue
        if line.name in above:
            above.remove(line.name)
            if len(card.line_parts(line)) < 2:
                continue
        found.append((card.line_label(line), card.shown_line(line), ""))
    return found


def find_as_text(result: FindResult, look: Look) -> list[str]:
    """The people found, a line each."""
    rows = [
        (
            render.safe_words(c.shown.name) or "Nameless",
            render.safe_words(" · ".join(filter(None, _work(c)))),
            c,
        )
        for c in result.people
    ]
    room = min(max((display_width(name) for name, *_ in rows), default=0), 32)
    if look.width:
        room = min(room, max(look.width // 2 - 10, 12))
    out = []
    for name, work, contact in rows:
        shown = cut_text(name, room)
        gap = " " * (room - display_width(shown))
        linked = look.link(look.paint(shown, "bold"), search.field_value(contact, "profile_url"))
        line = f"{look.paint(contact.uid[:8], 'dim')}  {linked}{gap}  {look.cut(work, room + 12)}"
        out.append(line.rstrip())
    return out


def _work(contact: Contact) -> tuple[str, str]:
    return search.field_value(contact, "position"), search.field_value(contact, "company")
