"""Differences as they are told: the people of each kind of difference, in columns of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from operator import itemgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from li_vault.core import diffs, finding, kinds, leaving, packing
from li_vault.core.careers import Move
from li_vault.core.comparing import Changed, Comparison
from li_vault.core.model import Contact

HIDDEN: Final = "gone: hidden"
DISCONNECTED: Final = "gone: disconnected"
UNTOLD: Final = "gone"

KINDS: Final = (*kinds.OF_CHANGES, kinds.NEW, HIDDEN, DISCONNECTED, UNTOLD, kinds.RETURNED)
"""In the order in which they are told."""

_NAMELESS: Final = "Nameless"
"""Stands for the name of someone who has none."""

_OF_REASON = {leaving.HIDDEN: HIDDEN, leaving.DISCONNECTED: DISCONNECTED, None: UNTOLD}


class Lines(NamedTuple):
    """The people of one kind of difference, in the order of their file names.

    Attributes:
        names: What they are called now.
        before: What was known, "" for nothing; None where only what is known matters.
        after: What is known: the new value, or what the person does, and where.
        urls: The addresses of their profiles, "" for none.
    """

    names: list[str]
    before: list[str | None]
    after: list[str]
    urls: list[str]


class Told(NamedTuple):
    """All that there is to tell: lines by kind, without empty kinds, and how many people differ."""

    lines: Mapping[str, Lines]
    counts: Mapping[str, int]


class Differences:
    """What differs, for programs and for people; either is made when it is asked for."""

    def __init__(
        self,
        found: Callable[[], Comparison],
        told: Callable[[], Told | None] = lambda: None,
        broken: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Differences of a comparison.

        Args:
            found: Makes the comparison.
            told: Returns how it is told, if that is known without it.
            broken: Why cards, by path, could not be compared; complete once either was made.
        """
        self.broken = broken
        self._found = found
        self._told = told

    @cached_property
    def found(self) -> Comparison:
        """The comparison."""
        return self._found()

    @cached_property
    def told(self) -> Told:
        """The same as it is told."""
        known = None if "found" in vars(self) else self._told()
        return known or tell(self.found)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs; a card that can't be read does."""
        return not any(self.told.counts.values()) and not self.broken


def tell(found: Comparison, moves: Iterable[Move] = ()) -> Told:
    """Everyone who differs, once for each kind of difference.

    Args:
        found: Who differs.
        moves: The jobs of others, of whom nothing else can differ; those who are back in the same
            job are no difference.
    """
    rows: dict[str, list[_Row]] = {kind: [] for kind in KINDS}
    number = _add_moves(rows, moves)
    for one in found.changed:
        contact = one.contact
        for kind, before, after in kinds.pieces(one.before, finding.as_read(contact), one.changes):
            rows[kind].append(_row(contact, before, after))
    for several in (rows[kinds.MOVED], rows[kinds.ROLE]) if number else ():
        several.sort(key=itemgetter(0))
    for contact in found.added:
        rows[kinds.NEW].append(_row(contact, None, _work(contact)))
    for contact in found.gone:
        rows[_OF_REASON[found.reasons.get(contact.uid)]].append(_row(contact, None, _work(contact)))
    for one in found.returned:
        rows[kinds.RETURNED].append(_row(one.contact, *_since(one)))
    counts = {
        "changed": len(found.changed) + number,
        "new": len(found.added),
        "gone": len(found.gone),
        "returned": len(found.returned),
    }
    return Told({kind: _lines(several) for kind, several in rows.items() if several}, counts)


_Row = tuple[str, str, str | None, str, str]
"""A person's file name, and what `Lines` has of them."""


def _row(contact: Contact, before: str | None, after: str) -> _Row:
    return contact.file, contact.shown.name or _NAMELESS, before, after, contact.shown.url


def _lines(rows: list[_Row]) -> Lines:
    _, *columns = map(list, zip(*rows, strict=True))
    return Lines(*columns)


def _add_moves(rows: Mapping[str, list[_Row]], moves: Iterable[Move]) -> int:
    """Add the people whose job is another one; how many there are."""
    moved, promoted, differ = rows[kinds.MOVED], rows[kinds.ROLE], diffs.is_change
    for file, name, url, old_company, old_position, company, position in moves:
        if old_company != company and differ("company", old_company, company):
            _, before, after = kinds.moved(old_company, old_position, company, position)
            moved.append((file, name or _NAMELESS, before, after, url))
        elif old_position != position and differ("position", old_position, position):
            after = kinds.role(company, position)
            promoted.append((file, name or _NAMELESS, old_position, after, url))
    return len(moved) + len(promoted)


def _work(contact: Contact) -> str:
    shown = contact.shown
    if contact.own:
        return kinds.work(*(finding.told(contact, field) for field in ("company", "position")))
    return kinds.work(shown.company, shown.position)


def _since(one: Changed) -> tuple[str | None, str]:
    """What is told of someone who returned: what has changed since, else what they do."""
    pieces = kinds.pieces(one.before, finding.as_read(one.contact), one.changes)
    if not pieces:
        return None, _work(one.contact)
    before, after = ("; ".join(filter(None, side)) for side in list(zip(*pieces, strict=True))[1:])
    return before, after


def pack(told: Told) -> bytes:
    """What is told, in a form that only this program version reads."""
    lines = {kind: tuple(kept) for kind, kept in told.lines.items()}
    return packing.seal((lines, dict(told.counts)))


def unpack(data: bytes) -> Told | None:
    """What these bytes tell; None if they are of another version or damaged."""
    values = packing.unseal(data)
    if values is None:
        return None
    lines, counts = values
    return Told({kind: Lines(*columns) for kind, columns in lines.items()}, counts)
