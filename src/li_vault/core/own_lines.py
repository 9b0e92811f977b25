"""What the user's own lines say, for people who read or search them; pictures and keys are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from li_vault.core import cards, lines
from li_vault.core.lines import Line

_PICTURES: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_UNSEARCHED: Final = _PICTURES | {"REV", "PRODID", "CALSCALE", "CLASS", "MAILER", "X-LI-OWN"}
"""Pictures, keys, and what a program notes down for itself."""

_STRUCTURED: Final = frozenset({"ADR", "ORG", "N", "GENDER"})
"""Those whose value has parts, with semicolons between."""

_LONG = 2000
"""A longer value without any space is a picture or a key by whatever name."""


def searched(own: Iterable[str]) -> Iterator[str]:
    """The texts that one can be found by, each a line."""
    for raw in own:
        if lines.name(raw) in _UNSEARCHED:
            continue
        line = lines.parse(raw)
        if line is not None and not _is_encoded(line):
            several = parts(line)
            yield " ".join(several)
            if len(several) > 1:
                yield shown(line)


def shown(line: Line) -> str:
    """What a line says, as it is shown: an address in parts with commas between, no picture."""
    return "…" if _is_encoded(line) else ", ".join(parts(line))


def parts(line: Line) -> list[str]:
    """The texts of a line: several of a value that has parts, none where it is empty."""
    found = lines.components(line.value) if line.name in _STRUCTURED else [line.text]
    return [text for text in found if text]


def label(line: Line) -> str:
    """What a line is called: the column that it was, or the property in small letters."""
    return line.param(cards.COLUMN) or line.name.lower()


def _is_encoded(line: Line) -> bool:
    value = line.value
    if len(value) <= _LONG:
        return False
    return line.name in _PICTURES or " " not in value[:_LONG] or value.startswith("data:")
