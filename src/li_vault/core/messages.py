"""Commit messages of snapshots and hand edits, and back; no one's name stands in them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_EXPORT = re.compile(r"(?P<name>.+) sha256:(?P<digest>[0-9a-f]{64})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_TRAILER = re.compile(r"(Li-[A-Za-z-]+): (.*)")
_MEND = re.compile(r"^Li-(Same|Apart): ([0-9a-f-]{36}) ([0-9a-f-]{36})$", re.MULTILINE)
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
        listed: `full` or `partial` if it was taken as another kind of list than its format's
            own (and the first of a vault) is; else empty.
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
    listed: str = ""


def write(record: Record) -> str:
    """The message of a snapshot, with its trailers."""
    trailers = [
        ("Taken-On", record.taken_on),
        ("Export", f"{record.export} sha256:{record.digest}"),
        ("Format", record.kind),
        *([("List", record.listed)] if record.listed else []),
        *((name.capitalize(), getattr(record, name)) for name in _COUNTS),
    ]
    subject = (
        f"Snapshot {record.taken_on}: {record.added} new, {record.changed} changed, "
        f"{record.gone} gone, {record.returned} returned"
    )
    return "\n".join([subject, "", *(f"Li-{name}: {value}" for name, value in trailers), ""])


@lru_cache(maxsize=1 << 10)  # the history of 30,000 people asks for each commit again and again
def read(message: str) -> Record | None:
    """The record in a commit message, or None if it is no snapshot's."""
    if not message.startswith("Snapshot "):
        return None
    found = dict(_TRAILER.findall(message))
    export = _EXPORT.fullmatch(found.get("Li-Export", ""))
    counts = [found.get(f"Li-{name.capitalize()}", "") for name in _COUNTS]
    day = found.get("Li-Taken-On", "")
    if export is None or not _is_day(day) or not all(map(_COUNT.fullmatch, counts)):
        return None
    kind, listed = found.get("Li-Format", ""), found.get("Li-List", "")
    name, digest = export["name"], export["digest"]
    return Record._make([day, name, digest, kind, *map(int, counts), listed])


def _is_day(text: str) -> bool:
    """Whether this is a day that there is, as it is written: `2026-11-23`."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Mend(NamedTuple):
    """That two contacts were made one (`same`), or one was made two (`apart`).

    Attributes:
        kind: `same` or `apart`.
        uid: The contact that stays: who was seen first.
        other: The one that is no longer one of its own (`same`), or that became one (`apart`).
    """

    kind: str
    uid: str
    other: str


_MENDED = {"same": "Mended by hand: two contacts are one", "apart": "Mended by hand: one is two"}


def mended(mend: Mend) -> str:
    """The message of a commit of `same` or `apart`."""
    return f"{_MENDED[mend.kind]}\n\nLi-{mend.kind.capitalize()}: {mend.uid} {mend.other}\n"


def read_mend(message: str) -> Mend | None:
    """The mend in a commit message, or None if it is none."""
    found = _MEND.search(message) if message.startswith("Mended by hand: ") else None
    return Mend(found[1].lower(), found[2], found[3]) if found else None


def edited(contacts: int) -> str:
    """The message of a commit of hand edits."""
    return f"Edited by hand: {contacts} contacts\n"


def is_edit(message: str) -> bool:
    """Whether a message is that of a commit of hand edits."""
    return message.startswith("Edited by hand: ")


JOINED = "Joined with the history of another remote, which was done again above\n"
"""The message of a commit that changes nothing, and holds two histories."""


def is_join(message: str) -> bool:
    """Whether a message is that of a commit which only joins two histories."""
    return message == JOINED


def is_ours(message: str) -> bool:
    """Whether li-vault writes such a message: of a snapshot, hand edits, a mend, or a join."""
    return is_edit(message) or is_join(message) or bool(read(message) or read_mend(message))
