"""Commit messages of snapshots and hand edits, and back; no one's name stands in them."""

from __future__ import annotations

import re
from typing import NamedTuple

_EXPORT = re.compile(r"(?P<name>.+) sha256:(?P<digest>[0-9a-f]{64})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TRAILER = re.compile(r"(Li-[A-Za-z-]+): (.*)")
_COUNTS = (
    "rows",
    "contacts",
    "nameless",
    "duplicates",
    "unmatched",
    "skipped",
    "added",
    "changed",
    "gone",
    "returned",
)


class Record(NamedTuple):
    """What the commit of a snapshot says of it.

    Attributes:
        taken_on: ISO day the export was made.
        export: Name of the recorded file under `exports/`.
        digest: SHA-256 of its bytes, in hex.
        kind: Format and era.
        rows: Data rows: contacts + nameless + duplicates + unmatched + skipped.
    """

    taken_on: str
    export: str
    digest: str
    kind: str
    rows: int
    contacts: int
    nameless: int
    duplicates: int
    unmatched: int
    skipped: int
    added: int
    changed: int
    gone: int
    returned: int


def write(record: Record) -> str:
    """The message of a snapshot, with its trailers."""
    trailers = [
        ("Taken-On", record.taken_on),
        ("Export", f"{record.export} sha256:{record.digest}"),
        ("Format", record.kind),
        *((name.capitalize(), getattr(record, name)) for name in _COUNTS),
    ]
    subject = (
        f"Snapshot {record.taken_on}: {record.added} new, {record.changed} changed, "
        f"{record.gone} gone, {record.returned} returned"
    )
    return "\n".join([subject, "", *(f"Li-{name}: {value}" for name, value in trailers), ""])


def read(message: str) -> Record | None:
    """The record in a commit message, or None if it is no snapshot's."""
    if not message.startswith("Snapshot "):
        return None
    found = dict(_TRAILER.findall(message))
    export = _EXPORT.fullmatch(found.get("Li-Export", ""))
    counts = [found.get(f"Li-{name.capitalize()}", "") for name in _COUNTS]
    day = found.get("Li-Taken-On", "")
    if export is None or not _DAY.fullmatch(day) or not all(map(str.isdecimal, counts)):
        return None
    return Record(
        day,
        export["name"],
        export["digest"],
        found.get("Li-Format", ""),
        *map(int, counts),
    )


def edited(contacts: int) -> str:
    """The message of a commit of hand edits."""
    return f"Edited by hand: {contacts} contacts\n"


def is_edit(message: str) -> bool:
    """Whether a message is that of a commit of hand edits."""
    return message.startswith("Edited by hand: ")
