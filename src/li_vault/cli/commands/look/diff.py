"""`li-vault diff`: one result as text, JSON, Markdown or CSV."""

from __future__ import annotations

import csv
import io
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple
from urllib.parse import quote

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Data, Look, _of_changes, _people, display_width, wrap_text
from li_vault.core import search
from li_vault.core.compare import (
    GONE_DISCONNECTED,
    GONE_HIDDEN,
    GONE_UNEXPLAINED,
    ChangedContact,
    DiffColumns,
    DiffReport,
)
from li_vault.core.fields import (
    ALL_CATEGORIES,
    CATEGORIES,
    KIND_GONE,
    KIND_NEW,
    KIND_RETURNED,
    categorise,
    category,
)
from li_vault.core.model import Contact
from li_vault.errors import BadUsage
from li_vault.formats.tables import csv_table
from li_vault.vault.history import compare


def as_json(result: compare.DiffResult) -> Data:
    """Who is new, gone, returned or changed."""
    found = result.found
    return {
        "from": _of_end(result.start),
        "to": _of_end(result.end),
        "added": _people(found.added),
        "gone": [
            {**search.person_as_data(c), "reason": found.reasons.get(c.uid)} for c in found.gone
        ],
        "returned": [
            {**search.person_as_data(one.contact), "changes": _of_changes(one.changes)}
            for one in found.returned
        ],
        "changed": [
            {
                "uid": one.contact.uid,
                "name": one.contact.shown.name or None,
                "path": one.contact.path,
                "changes": _of_changes(one.changes),
            }
            for one in found.changed
        ],
        "broken": dict(result.broken),
    }


def _of_end(end: compare.DiffEnd) -> Data:
    return {"commit": end.commit, "taken_on": end.taken_on}


_FORMATS = ("text", "markdown", "csv", "json")
_WORDS = ", ".join(CATEGORIES)


@click.command(
    "diff",
    epilog="Example: li-vault diff 2026-01 '30 days ago' --only jobs,emails --format markdown",
)
@click.argument("start", metavar="[FROM", required=False)
@click.argument("end", metavar="[TO]]", required=False)
@click.option(
    "--only",
    metavar="WORDS",
    multiple=True,
    help=f"Only these differences, with commas between: {_WORDS}.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="text (the usual), markdown to paste into a mail, csv for a spreadsheet, or json.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 if there is a difference to show.")
@options.vault_json_and_pager
def command(
    start: str | None,
    end: str | None,
    only: tuple[str, ...],
    form: str | None,
    exit_code: bool,
    folder: str | None,
    is_json: bool,
) -> int:
    """Who is new, gone, returned, changed and how.

    FROM and TO are days, snapshots or revisions such as HEAD~2. Without them, what the last
    snapshot changed.
    """
    if is_json and form not in (None, "json"):
        raise BadUsage(f"--json and --format {form} are two formats.", "Ask for one of them.")
    words = _words(only)
    vault = options.open_chosen_vault(folder)
    result = compare.diff(vault, start, end, options.current_day(), words)
    _print(result, "json" if is_json else form or "text")
    for path, why in sorted(result.broken.items()):
        terminal.note(f"{path} is no valid card: {why}.")
    return int(exit_code and not result.is_empty)


def _words(only: Iterable[str]) -> frozenset[str]:
    """The differences asked for; all where nothing is said."""
    if not only:
        return ALL_CATEGORIES
    words = frozenset(word.strip().lower() for part in only for word in part.split(","))
    unknown = sorted(words - ALL_CATEGORIES)
    if unknown:
        raise BadUsage(f"--only knows no {unknown[0]!r}.", f"It knows: {_WORDS}.")
    return words


def _print(result: compare.DiffResult, form: str) -> None:
    if form == "json":
        terminal.show_json(as_json(result))
    elif form == "markdown":
        terminal.show(as_markdown(result))
    elif form == "csv":
        terminal.show(as_csv(result))
    else:
        terminal.show(as_text(result, terminal.look_of_stream()))


_MOST = 60
"""Where there is no limit to a line, the columns that one long text may take from all others."""

_LEFT = 2
_BETWEEN = "  "
_ARROW = " → "


def as_text(result: compare.DiffResult, look: Look) -> list[str]:
    """Who is new, gone, returned or changed, in groups."""
    told = result.report
    ends = look.paint(f"{describe_end(result.start)} → {describe_end(result.end)}", "bold")
    if not told.lines:
        return [ends, "No difference."]
    out = [ends, describe_counts(told)]
    for group in diff_groups(told):
        out += ["", look.paint(group.title, group.style), *_drawn(group, look)]
    return out


def describe_end(end: compare.DiffEnd) -> str:
    """One end of a comparison, in words."""
    return end.taken_on or (end.commit[:10] if end.commit else "the beginning")


def _drawn(group: DiffGroup, look: Look) -> Iterator[str]:
    """The people of a group: name, what was known before if anything was, and what is known."""
    shown = [_shown(column) for column in group.columns]
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
    return [text if text.isprintable() else render.safe_words(text) for text in column]


def _taken(column: list[str]) -> list[int]:
    """How many columns of a terminal each of these texts takes."""
    return [len(text) if text.isascii() else display_width(text) for text in column]


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
    folded = [wrap_text(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    fits = all(
        display_width(part) <= width
        for parts, width in zip(folded, widths, strict=True)
        for part in parts
    )
    if fits:
        for number, parts in enumerate(zip_longest(*folded, fillvalue="")):
            arrow = " " * len(_ARROW) if number else _ARROW
            yield _line(parts, list(map(display_width, parts)), widths, look, url, arrow)
        return
    name, *before, after = cells
    yield from (
        " " * _LEFT + look.link(look.paint(part, "bold"), url)
        for part in wrap_text(name, look.width, _LEFT)
    )
    deep = _LEFT + 2 + len(_ARROW)
    for was in filter(None, before):
        yield from (
            " " * deep + look.paint(part, "dim") for part in wrap_text(was, look.width, deep)
        )
    for number, part in enumerate(wrap_text(after, look.width, deep)):
        arrow = _ARROW if any(before) and not number else " " * len(_ARROW)
        yield " " * (_LEFT + 2) + arrow + part


NOTHING = "–"
"""Stands where there was, or is, no value."""

_TITLES = {
    KIND_NEW: ("New", "green"),
    GONE_HIDDEN: ("Gone: hidden or closed", "red"),
    GONE_DISCONNECTED: ("Gone: disconnected", "red"),
    GONE_UNEXPLAINED: ("Gone: reason unknown", "red"),
    KIND_RETURNED: ("Returned", "cyan"),
}


class DiffGroup(NamedTuple):
    """Contacts with one kind of difference; `style` is one of `Look`'s.

    Attributes:
        columns: Their names, what was (left out if that matters of nobody), and what is.
    """

    title: str
    style: str
    columns: tuple[list[str], ...]
    urls: list[str]


def diff_groups(told: DiffReport) -> Iterator[DiffGroup]:
    """The groups that have anyone, changes first."""
    for kind, lines in told.lines.items():
        title, style = _TITLES.get(kind) or (kind[0].upper() + kind[1:], "yellow")
        yield DiffGroup(f"{title} ({len(lines.names)})", style, _columns(kind, lines), lines.urls)


def describe_counts(told: DiffReport) -> str:
    """How many people differ, in words."""
    numbers = [f"{number} {word}" for word, number in told.counts.items() if number]
    return ", ".join(numbers) or "no difference"


def _columns(kind: str, lines: DiffColumns) -> tuple[list[str], ...]:
    if lines.before.count(None) == len(lines.before):
        return lines.names, lines.after
    if kind == KIND_RETURNED:
        before = [value or (NOTHING if value == "" else "") for value in lines.before]
    else:
        before = [value or NOTHING for value in lines.before]
    return lines.names, before, [value or NOTHING for value in lines.after]


_SIGNS = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_IN_URLS = "%/:?#@!$&'*+,;=~"  # no brackets: they end the link


def as_markdown(result: compare.DiffResult) -> list[str]:
    """Who is new, gone, returned or changed: a table a group."""
    told = result.report
    ends = f"{describe_end(result.start)} → {describe_end(result.end)}"
    out = [f"**{ends}**: {describe_counts(told)}"]
    for group in diff_groups(told):
        out += ["", f"**{group.title}**", "", *_table(group)]
    return out


def escape_markdown(text: str) -> str:
    """A text that is shown as it stands, on one line, within a table as well."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def _table(group: DiffGroup) -> Iterator[str]:
    names, *values = group.columns
    yield "| name | before | after |" if len(values) > 1 else "| name | what |"
    yield "|---" * len(group.columns) + "|"
    for name, url, *cells in zip(names, group.urls, *values, strict=True):
        yield f"| {_linked(name, url)} | {' | '.join(map(escape_markdown, cells))} |"


def _linked(name: str, url: str) -> str:
    """The name, as a link to the profile if there is an address of one."""
    if not url.startswith(("https://", "http://")):
        return escape_markdown(name)
    return f"[{escape_markdown(name)}]({quote(url, safe=_IN_URLS)})"


HEADER: Final = (
    "what", "name", "field", "before", "after", "reason",
    "company", "position", "emails", "profile_url", "connected_on", "uid", "path",
)  # fmt: skip
"""What differs, the field with both its values, and what is known of the person afterwards."""


def as_csv(result: compare.DiffResult) -> list[str]:
    """Who is new, gone, returned or changed, behind a header."""
    found = result.found
    rows: list[tuple[str, ...]] = []
    for one in found.changed:
        rows += _changes(one)
    rows += [_row(KIND_NEW, contact) for contact in found.added]
    rows += [_row(KIND_GONE, c, reason=found.reasons.get(c.uid) or "") for c in found.gone]
    for one in found.returned:
        rows += _changes(one, KIND_RETURNED) if one.changes else [_row(KIND_RETURNED, one.contact)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    # Phone numbers, too: as numbers they would lose their plus sign.
    writer.writerows(map(csv_table.mark_formula, row) for row in rows)
    return text.getvalue().removesuffix("\n").split("\n")


def _changes(one: ChangedContact, what: str = "") -> Iterator[tuple[str, ...]]:
    pieces = categorise(one.before, search.effective_person(one.contact), one.changes)
    kind_of = {piece.word: piece.kind for piece in pieces}
    for change in one.changes:
        values = (change.field, change.before or "", change.after or "")
        yield _row(what or kind_of[category(change.field)], one.contact, *values)


def _row(
    what: str, contact: Contact, field: str = "", before: str = "", after: str = "",
    *, reason: str = "",
) -> tuple[str, ...]:  # fmt: skip
    shown = contact.shown
    return (
        what, shown.name, field, before, after, reason,
        *(search.field_value(contact, field) for field in ("company", "position")),
        ", ".join(search.all_emails(contact)),
        search.field_value(contact, "profile_url"),
        shown.connected_on, contact.uid, contact.path,
    )  # fmt: skip
