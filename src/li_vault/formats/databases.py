"""SQLite and JSON lines, written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from li_vault.core import search, text
from li_vault.core.fields import Change
from li_vault.core.model import Contact
from li_vault.core.snapshot import Snapshot
from li_vault.errors import BadUsage
from li_vault.formats.vcard.table_rows import WrittenFile

SCHEMA: Final = """
CREATE TABLE people (
    uid TEXT PRIMARY KEY,
    name TEXT,
    first_name TEXT,
    last_name TEXT,
    profile_url TEXT,
    emails TEXT NOT NULL,       -- JSON array
    phones TEXT NOT NULL,       -- JSON array
    company TEXT,
    position TEXT,
    connected_on TEXT,          -- ISO day
    note TEXT,
    former INTEGER NOT NULL,    -- 1: no longer in the newest full list
    path TEXT NOT NULL,
    extra TEXT NOT NULL,        -- JSON object: column of an export -> value
    former_urls TEXT NOT NULL,  -- JSON array
    same_as TEXT NOT NULL,      -- JSON array
    own TEXT NOT NULL,          -- JSON array: the user's own lines of the card
    exported TEXT               -- JSON object: LinkedIn's values where the card was corrected
);
CREATE TABLE snapshots (
    commit_id TEXT PRIMARY KEY,
    taken_on TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    rows INTEGER, contacts INTEGER, nameless INTEGER, duplicates INTEGER, unmatched INTEGER,
    skipped INTEGER, added INTEGER, changed INTEGER, gone INTEGER, returned INTEGER
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL REFERENCES people (uid),
    taken_on TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    event TEXT NOT NULL,        -- added, changed, gone, returned, edited
    field TEXT, before TEXT, after TEXT
);
CREATE VIRTUAL TABLE people_fts USING fts5 (
    name, company, position, emails, phones, profile_url, note, extra,
    content="people", tokenize="unicode61 remove_diacritics 2"
);
"""
"""The tables; `changes` has a row for each field of an event, and one if there is none."""

_INDEX = """
INSERT INTO people_fts (people_fts) VALUES ('rebuild');
CREATE INDEX changes_uid ON changes (uid);
CREATE INDEX changes_taken_on ON changes (taken_on);
CREATE INDEX people_company ON people (company);
PRAGMA optimize;
"""


class HistoryEvent(NamedTuple):
    """What happened to a person, as the history of the cards tells it."""

    uid: str
    taken_on: str
    commit: str
    event: str
    changes: Sequence[Change]


def write_sqlite(
    contacts: Iterable[Contact], snapshots: Iterable[Snapshot], happenings: Iterable[HistoryEvent]
) -> WrittenFile:
    """A database of these, with the events of these people only.

    Raises:
        BadUsage: This Python's SQLite can't make it.
    """
    import sqlite3

    people = [_person(contact) for contact in contacts]
    known = {row[0] for row in people}
    base = sqlite3.connect(":memory:")
    try:
        base.executescript(SCHEMA)
        base.executemany(_into("people", 18), people)
        base.executemany(_into("snapshots", 14), map(_snapshot, snapshots))
        base.executemany(
            "INSERT INTO changes (uid, taken_on, commit_id, event, field, before, after) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row for one in happenings if one.uid in known for row in _rows(one)),
        )
        base.executescript(_INDEX)
        base.commit()
        data = base.serialize()
    except (sqlite3.OperationalError, AttributeError) as error:
        raise BadUsage(
            f"The SQLite of this Python can't make the database: {error}.",
            "It needs FTS5 and serialize(), as any SQLite since 3.36 has. Export as json instead.",
        ) from error
    finally:
        base.close()
    return WrittenFile(data, len(people), {})


def _into(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - our own words


def _person(contact: Contact) -> tuple[str | int | None, ...]:
    one = search.person_as_data(contact)
    exported = search.export_as_data(contact)
    return (
        one["uid"],
        one["name"],
        one["first_name"],
        one["last_name"],
        one["profile_url"],
        _json(one["emails"]),
        _json(one["phones"]),
        one["company"],
        one["position"],
        one["connected_on"],
        search.own_value(contact, "NOTE") or None if contact.own else None,
        int(contact.is_former),
        one["path"],
        _json(one["extra"]),
        _json(contact.former_urls),
        _json(contact.same_as),
        _json(contact.own),
        _json(exported) if exported else None,
    )


def _json(value: Sequence[str] | search.Data) -> str:
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    import json

    return json.dumps(value, ensure_ascii=False)


def _snapshot(one: Snapshot) -> tuple[str | int, ...]:
    record = one.record
    return (
        *(one.commit, record.taken_on, text.writable(record.export), record.kind),
        *(record.rows, record.contacts, record.nameless),
        *(record.duplicates, record.unmatched, record.skipped),
        *(record.added, record.changed, record.gone, record.returned),
    )


def _rows(one: HistoryEvent) -> Iterable[tuple[str | None, ...]]:
    for change in one.changes or (Change("", None, None),):
        field = change.field or None
        yield (one.uid, one.taken_on, one.commit, one.event, field, change.before, change.after)


def write_json_lines(contacts: Iterable[Contact]) -> WrittenFile:
    """The contacts, a line each."""
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    written = [encode(_line(contact)) for contact in contacts]
    data = "\n".join([*written, ""]).encode() if written else b""
    return WrittenFile(data, len(written), {})


def _line(contact: Contact) -> search.Data:
    found = search.person_as_data(contact)
    found["former"] = contact.is_former
    found["former_urls"] = contact.former_urls
    found["same_as"] = contact.same_as
    found["own"] = contact.own
    exported = search.export_as_data(contact)
    if exported is not None:
        found["exported"] = exported
    return found
