"""Whether bytes are a card at all: one valid vCard with a UID, a name and nothing half merged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from li_vault.core import lines

_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \r]|$)", re.MULTILINE)
_VERSIONS = ("3.0", "4.0")


def problems(data: bytes, uid: str | None = None) -> list[str]:
    """Why these bytes are no card, or an empty list; with a UID, whether it is that person's.

    The words name no one and quote nothing; they fit after "it is no valid card:".
    """
    if _CONFLICT.search(data):
        return ["it holds a conflict marker of an unfinished merge"]
    try:
        content = lines.unfold(data)
    except UnicodeDecodeError as error:
        return [f"it is not UTF-8 (byte {error.start})"]
    if not content:
        return ["it is empty"]
    if content[0].upper() != "BEGIN:VCARD" or content[-1].upper() != "END:VCARD":
        return ["it does not begin with BEGIN:VCARD and end with END:VCARD"]
    found: dict[str, list[str]] = {}
    for number, line in enumerate(content, 1):
        head, colon, value = line.partition(":")
        if not (colon and head.isascii() and head.replace("-", "").isalnum()):
            parsed = lines.parse(line)
            if parsed is None:
                return [f"its content line {number} is no vCard property"]
            head, value = parsed.name, parsed.value
        found.setdefault(head.upper(), []).append(value)
    return _wrong_properties(found, uid)


def _wrong_properties(found: dict[str, list[str]], uid: str | None) -> list[str]:
    """What is wrong with the properties that every card has; their values by name."""
    if len(found["BEGIN"]) != 1 or len(found["END"]) != 1:
        return ["it holds more than one card"]
    missing = [name for name in ("VERSION", "UID", "FN", "N") if not _is_once(name, found)]
    if missing:
        return [f"it needs exactly one {missing[0]}"]
    if found["VERSION"][0].strip() not in _VERSIONS:
        return ["its VERSION is not 3.0"]
    if uid is not None and lines.unescape(found["UID"][0]).strip() != uid:
        return ["its UID is not the one that this card has"]
    return []


def _is_once(name: str, found: dict[str, list[str]]) -> bool:
    """Whether there is one such property; only `N` may be empty."""
    values: Sequence[str] = found.get(name, ())
    return len(values) == 1 and bool(name == "N" or values[0].strip())
