"""Traces of text that was broken before it came here: counted and reported, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from li_vault.formats.base import Damage

# A byte from 0x80 to 0xBF as cp1252 (or, where that has none, Latin-1) shows it.
_TAIL = re.escape(bytes(range(0x80, 0xC0)).decode("latin-1")) + re.escape(
    "".join(bytes([b]).decode("cp1252", "ignore") for b in range(0x80, 0xA0))
)
_SEQUENCE = (
    f"(?:[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}})"
)
_SUSPECT = re.compile(f"[\u00c2-\u00f4][{_TAIL}]")  # quick, since it begins with a set
_DOUBLED = re.compile(
    # Western letters, punctuation (U+20xx, U+21xx) and emoji: one is enough.
    f"[\u00c2-\u00c5][{_TAIL}]|\u00e2[\u201a\u0192\u201e\u20ac][{_TAIL}]|\u00f0\u0178[{_TAIL}]{{2}}"
    # Other scripts: two in a row, since `NESTLÉ®` has one and is no damage.
    f"|{_SEQUENCE}{{2}}"
)


def count(content: str, cells: Iterable[Sequence[str]]) -> Damage:
    """The cells with broken text; `content` is all of them in one, which is quick to look into.

    A cell counts as doubled if it looks like UTF-8 that was decoded as cp1252 (`Ã©` for `é`).
    """
    rows = list(cells)
    replaced = doubled = 0
    if "\ufffd" in content:
        replaced = sum("\ufffd" in cell for row in rows for cell in row)
    if _SUSPECT.search(content):
        found = _DOUBLED.search
        doubled = sum(found(cell) is not None for row in rows for cell in row)
    return Damage(replaced, doubled)
