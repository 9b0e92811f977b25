"""What a user's edit of a card means."""

from __future__ import annotations

from typing import NamedTuple

from li_vault.core import cards, lines, soundness, text
from li_vault.core.lines import Line
from li_vault.core.model import Contact, Person

_HARMLESS = frozenset({"", ";TYPE=INTERNET", ";CHARSET=UTF-8", ";VALUE=TEXT", ";VALUE=URI"})
"""Parameters that say nothing new, so that a line with them can still be ours."""

_REQUIRED = frozenset({"FN", "N"})
_STRUCTURED = frozenset({"N", "ORG"})


class _Found(NamedTuple):
    """A content line of the edited card, in parts and as it stands."""

    line: Line
    raw: str


def adopt(data: bytes, base: Contact) -> Contact:
    """The contact of an edited card, seen against the contact as it was.

    Values of ours that were changed or taken out are corrections: `shown` has them, `person` keeps
    what the export says. Everything else that is new is the user's own. Nothing of either is lost,
    in whatever order and form a program wrote the card.

    Raises:
        cards.BrokenCard: It is no valid card, or it has another person's UID.
    """
    wrong = soundness.problems(data, uid=base.uid)
    if wrong:
        raise cards.BrokenCard(wrong[0])
    left = []
    for raw in lines.unfold(data):
        line = lines.parse(raw)
        if line is not None and not (cards.is_frame(line) or cards.is_bookkeeping(line)):
            left.append(_Found(line, raw))
    draft = cards.Draft()
    for head, before in cards.values(base.shown).items():
        for value in _take_ours(head, before, left):
            draft.take(head, value)
    draft.extra = _take_columns(base.shown, left)
    shown = draft.person()
    return base._replace(
        shown=base.person if shown == base.person else shown,
        own=tuple(found.raw for found in left),
    )


def _take_ours(head: str, before: list[str], left: list[_Found]) -> list[str]:
    """The values that one property of ours has now; their lines are taken from `left`."""
    name = head.partition(";")[0]
    candidates = [
        found
        for found in left
        if found.line.name == name
        and (name in _REQUIRED or (not found.line.group and _is_harmless(found.line)))
    ]
    known = [_meaning(name, value) for value in before]
    ours = []
    for found in candidates:
        meaning = _meaning(name, found.line.value)
        if meaning in known:
            known.remove(meaning)
            ours.append(found)
    if head not in cards.MANY and before and not ours:
        # The value is not there any more: the first other one is what the user made of it.
        ours = [found for found in candidates if name != "ORG" or cards.fits_org(found.line)][:1]
    for found in ours:
        left.remove(found)
    return [found.line.value for found in ours]


def _is_harmless(line: Line) -> bool:
    return line.params.upper().replace('"', "") in _HARMLESS


def _meaning(name: str, value: str) -> list[str]:
    """What a value says, however a program escapes it and whatever empty parts it leaves out."""
    if name not in _STRUCTURED:
        return [lines.unescape(value)]
    parts = lines.components(value)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _take_columns(before: Person, left: list[_Found]) -> dict[str, str]:
    """The columns of ours that are still there, as they are now; taken from `left`."""
    known = {column for column, _ in before.extra}
    kept: dict[str, str] = {}
    for found in list(left):
        column = found.line.param(cards.COLUMN) if found.line.name.startswith("X-LI-") else None
        if column is not None and column in known and column not in kept:
            kept[column] = text.clean(found.line.text)
            left.remove(found)
    return kept
