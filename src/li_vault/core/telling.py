"""Differences as they are told: the people of each kind of difference, in columns of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from li_vault.core import finding, kinds, leaving, packing
from li_vault.core.comparing import Changed, Comparison
from li_vault.core.model import Contact

HIDDEN: Final = "gone: hidden"
DISCONNECTED: Final = "gone: disconnected"
UNTOLD: Final = "gone"

KINDS: Final = (*kinds.OF_CHANGES, kinds.NEW, HIDDEN, DISCONNECTED, UNTOLD, kinds.RETURNED)
"""In the order in which they are told."""

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

    def add(self, contact: Contact, before: str | None, after: str) -> None:
        """Add a person."""
        self.names.append(contact.shown.name or "Nameless")
        self.before.append(before)
        self.after.append(after)
        self.urls.append(contact.shown.url)


class Told(NamedTuple):
    """All that there is to tell: lines by kind, without empty kinds, and how many people differ."""

    lines: Mapping[str, Lines]
    counts: Mapping[str, int]


class Differences:
    """What differs, for programs and for people; either is made when it is asked for."""

    def __init__(
        self, found: Callable[[], Comparison], told: Callable[[], Told | None] = lambda: None
    ) -> None:
        """Differences of a comparison, and how they are told if that is known already."""
        self._found = found
        self._told = told

    @cached_property
    def found(self) -> Comparison:
        """The comparison."""
        return self._found()

    @cached_property
    def told(self) -> Told:
        """The same as it is told."""
        return self._told() or tell(self.found)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not any(self.told.counts.values())


def tell(found: Comparison) -> Told:
    """Everyone who differs, once for each kind of difference."""
    lines = {kind: Lines([], [], [], []) for kind in KINDS}
    for one in found.changed:
        for kind, before, after in kinds.pieces(
            one.before, finding.as_read(one.contact), one.changes
        ):
            lines[kind].add(one.contact, before, after)
    for contact in found.added:
        lines[kinds.NEW].add(contact, None, _work(contact))
    for contact in found.gone:
        lines[_OF_REASON[found.reasons.get(contact.uid)]].add(contact, None, _work(contact))
    for one in found.returned:
        lines[kinds.RETURNED].add(one.contact, *_since(one))
    counts = {
        "changed": len(found.changed),
        "new": len(found.added),
        "gone": len(found.gone),
        "returned": len(found.returned),
    }
    return Told({kind: kept for kind, kept in lines.items() if kept.names}, counts)


def _work(contact: Contact) -> str:
    shown = contact.shown
    if contact.own:
        position, company = (finding.told(contact, field) for field in ("position", "company"))
        shown = shown._replace(position=position, company=company)
    return kinds.work(shown)


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
