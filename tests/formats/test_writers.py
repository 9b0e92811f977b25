"""Cards, lines of JSON and databases: nothing of a card is lost, whoever reads them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import people
from exports import EMAILS, KNOWN, SOMEONE, anybody, back
from li_vault.core import card, search
from li_vault.core.fields import Change
from li_vault.core.model import Contact
from li_vault.core.snapshot import Snapshot, Trailers
from li_vault.formats import databases, writers
from li_vault.formats.vcard.table_rows import WrittenFile


def test_someone_with_everything_is_whole_in_json_and_a_database() -> None:
    (line,) = writers.write_contacts("json", [SOMEONE]).data.decode().splitlines()
    assert {**search.person_as_data(SOMEONE), "former": False}.items() <= json.loads(line).items()
    (row,) = _table(databases.write_sqlite([SOMEONE], [], []), "people")
    assert (row["first_name"], row["last_name"]) == (SOMEONE.shown[0], SOMEONE.shown[1])
    assert (row["company"], row["position"]) == (SOMEONE.shown.company, SOMEONE.shown.position)
    assert json.loads(row["emails"]) == list(EMAILS)


@given(st.lists(people.contacts(), max_size=3))
def test_a_file_of_cards_holds_each_card_to_the_byte(contacts: list[Contact]) -> None:
    written = writers.write_contacts("vcf", contacts)
    whole = b""
    for contact in contacts:
        line = f"X-LI-UID:{contact.uid}\r\n".encode()
        whole += card.write_card(contact).removesuffix(b"END:VCARD\r\n") + line + b"END:VCARD\r\n"
    assert written.data == whole
    assert written.lost == {}


@given(anybody())
@example(SOMEONE)
def test_cards_of_both_versions_are_read_back_as_the_same_person(contact: Contact) -> None:
    for version in writers.VCARDS:
        assert back(writers.write_contacts("vcf", [contact], version)) == [contact.shown]


def test_vobject_reads_what_is_written() -> None:
    import vobject

    data = writers.write_contacts("vcf", [KNOWN, SOMEONE]).data.decode()
    first, second = vobject.readComponents(data)
    assert [line.value for line in second.contents["email"]] == list(EMAILS)
    assert first.org.value == ["=HYPERLINK(1)"]
    assert first.note.value == "Met in Turin\nover , and ; tea"
    assert first.contents["x-li-uid"][0].value == first.uid.value == people.UID


@pytest.mark.parametrize(
    ("own", "modern"),
    [
        ("TEL;TYPE=CELL,PREF:+39 1", "TEL;PREF=1;TYPE=cell:+39 1"),
        ("TEL;HOME:+39 1", "TEL;TYPE=home:+39 1"),
        (
            "item1.EMAIL;TYPE=INTERNET;TYPE=HOME:a@example.com",
            "item1.EMAIL;TYPE=home:a@example.com",
        ),
        ("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", "PHOTO:data:image/jpeg;base64,/9j/4AAQ"),
        ("KEY;ENCODING=B:AAAA", "KEY:data:application/octet-stream;base64,AAAA"),
        ("BDAY:1980-01-02", "BDAY:19800102"),
        ("BDAY;VALUE=date:1604-03-04", "BDAY;VALUE=date:--0304"),
        ("REV:2024-01-02T03:04:05Z", "REV:20240102T030405Z"),
        ("GEO:45.07;7.69", "GEO:geo:45.07,7.69"),
        ("NOTE;CHARSET=UTF-8:x", "NOTE:x"),
        ("NOTE:a\\, b\\; c\\\\; d", "NOTE:a\\, b; c\\\\; d"),
        ("ADR:;;a\\;b;;;;", "ADR:;;a\\;b;;;;"),
        ("X-MINE;A=b:c", "X-MINE;A=b:c"),
        ("SORT-STRING:Lovelace", None),
    ],
)
def test_a_users_own_line_in_version_4(own: str, modern: str | None) -> None:
    written = writers.write_contacts("vcf", [people.contact(own=(own,))], "4.0")
    content = written.data.decode().replace("\r\n ", "").split("\r\n")
    assert content[1] == "VERSION:4.0"
    assert content[2] == f"UID:urn:uuid:{people.UID}"
    assert "EMAIL:ada@example.com" in content
    assert content[-4:-1] == [
        *([modern] if modern else [content[-4]]),
        f"X-LI-UID:{people.UID}",
        "END:VCARD",
    ]
    assert written.lost == ({} if modern else {"SORT-STRING": 1})
    assert max(map(len, written.data.split(b"\r\n"))) <= 75


@given(st.lists(people.contacts(), max_size=3))
def test_a_line_of_json_holds_all_of_a_card(contacts: list[Contact]) -> None:
    written = writers.write_contacts("json", contacts)
    found = [json.loads(line) for line in written.data.decode().split("\n")[:-1]]
    assert len(found) == len(contacts) == written.people
    for one, contact in zip(found, contacts, strict=True):
        _is_all_of(one, contact)


def _is_all_of(one: dict[str, Any], contact: Contact) -> None:
    shown = contact.shown
    assert {key: one[key] for key in search.person_as_data(contact)} == search.person_as_data(
        contact
    )
    for kept, value in (
        ("own", contact.own),
        ("former_urls", contact.former_urls),
        ("same_as", contact.same_as),
    ):
        assert one[kept] == list(value)
    assert one["former"] is contact.is_former
    assert one["extra"] == dict(shown.extra)
    if contact.person == shown:
        assert not one.get("exported")
    else:
        assert one["exported"]["position"] == (contact.person.position or None)


def _table(written: WrittenFile, name: str) -> list[sqlite3.Row]:
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    base.deserialize(written.data)
    found = base.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - a table of ours
    base.close()
    return found


@given(st.lists(people.contacts(), max_size=3, unique_by=lambda one: one.uid))
def test_a_database_holds_all_of_a_card(contacts: list[Contact]) -> None:
    found = _table(databases.write_sqlite(contacts, [], []), "people")
    assert len(found) == len(contacts)
    for row, contact in zip(found, contacts, strict=True):
        one = dict(row)
        for column in ("emails", "phones", "extra", "former_urls", "same_as", "own"):
            one[column] = json.loads(one[column])
        one["exported"] = json.loads(one["exported"]) if one["exported"] else None
        one["former"] = bool(one["former"])
        _is_all_of(one, contact)


def test_a_database_tells_snapshots_and_changes_and_finds_text() -> None:
    record = Trailers("2026-11-20", "Connections.csv", "0" * 64, "linkedin-connections/2023",
                    2, 1, 1, 0, 0, 0, 1, 0, 0, 0)  # fmt: skip
    change = Change("company", "Quov", "=HYPERLINK(1)")
    written = databases.write_sqlite(
        [SOMEONE],
        [Snapshot("c" * 40, record)],
        [
            databases.HistoryEvent(people.UID, "2026-10-20", "b" * 40, "added", ()),
            databases.HistoryEvent(people.UID, "2026-11-20", "c" * 40, "changed", (change,)),
            databases.HistoryEvent("someone else", "2026-11-20", "c" * 40, "gone", ()),
        ],
    )
    (snapshot,) = _table(written, "snapshots")
    assert (snapshot["taken_on"], snapshot["nameless"]) == ("2026-11-20", 1)
    told = [(row["event"], row["field"], row["after"]) for row in _table(written, "changes")]
    assert told == [("added", None, None), ("changed", "company", "=HYPERLINK(1)")]
    base = sqlite3.connect(":memory:")
    base.deserialize(written.data)
    ask = (
        "SELECT uid FROM people JOIN people_fts ON people.rowid = people_fts.rowid "
        "WHERE people_fts MATCH ?"
    )
    assert base.execute(ask, ("hyperlink",)).fetchall() == [(people.UID,)]
    assert base.execute(ask, ("الصغير",)).fetchall() == [(people.UID,)]
    assert base.execute(ask, ("nobody",)).fetchall() == []
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    base.close()


def test_the_same_people_are_the_same_bytes() -> None:
    for name in writers.NAMES:
        if name == "sqlite":
            assert (
                databases.write_sqlite([KNOWN], [], []).data
                == databases.write_sqlite([KNOWN], [], []).data
            )
        else:
            assert writers.write_contacts(name, [KNOWN]) == writers.write_contacts(name, [KNOWN])


def test_nobody_is_a_file_as_well() -> None:
    for name in ("google-csv", "outlook-csv", "linkedin-csv"):
        assert back(writers.write_contacts(name, [])) == []
    for name in ("vcf", "json"):
        assert writers.write_contacts(name, []).data == b""
