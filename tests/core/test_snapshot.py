from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.core import snapshot
from li_vault.core.snapshot import Trailers

RECORD = Trailers(
    taken_on="2026-11-23",
    export="Connections.csv",
    digest="0123456789abcdef" * 4,
    kind="linkedin-connections/2023",
    rows=1346,
    contacts=1312,
    nameless=33,
    duplicates=0,
    unmatched=0,
    skipped=1,
    added=3,
    changed=14,
    gone=1,
    returned=1,
)
MESSAGE = """\
Snapshot 2026-11-23: 3 new, 14 changed, 1 gone, 1 returned

Li-Taken-On: 2026-11-23
Li-Export: Connections.csv sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
Li-Format: linkedin-connections/2023
Li-Rows: 1346
Li-Contacts: 1312
Li-Nameless: 33
Li-Duplicates: 0
Li-Unmatched: 0
Li-Skipped: 1
Li-Added: 3
Li-Changed: 14
Li-Gone: 1
Li-Returned: 1
"""


def test_the_message_of_the_contract() -> None:
    assert snapshot.write_message(RECORD) == MESSAGE
    assert snapshot.read_trailers(MESSAGE) == RECORD


def test_how_a_list_was_taken_is_told_where_it_is_not_usual() -> None:
    record = RECORD._replace(listed="partial")
    assert "Li-Format: linkedin-connections/2023\nLi-List: partial\n" in snapshot.write_message(
        record
    )
    assert snapshot.read_trailers(snapshot.write_message(record)) == record


@given(
    st.dates(),
    st.sampled_from(["Connections.csv", "My export (2).csv"]),
    st.tuples(*[st.integers(0, 30_000)] * 10),
)
def test_what_is_written_is_read(day: object, name: str, counts: Any) -> None:
    record = Trailers(str(day), name, "f" * 64, "outlook/2015", *counts)
    assert snapshot.read_trailers(snapshot.write_message(record)) == record
    assert snapshot.read_trailers(snapshot.write_message(record).rstrip() + "\n\n") == record


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Edited by hand: 1 contacts\n",
        "Merge branch 'x'",
        "Snapshot of my garden\n",
        MESSAGE.replace("Li-Rows: 1346\n", ""),
        MESSAGE.replace("Li-Gone: 1", "Li-Gone: -1"),
        MESSAGE.replace("Li-Taken-On", "Li-Taken"),
        MESSAGE.replace("Li-Taken-On: 2026-11-23", "Li-Taken-On: soon"),
        MESSAGE.replace("sha256:0", "sha1:0"),
        "Revert: " + MESSAGE,
    ],
)
def test_what_is_no_snapshot(message: str) -> None:
    assert snapshot.read_trailers(message) is None


def test_hand_edits() -> None:
    assert snapshot.edit_message(3) == "Edited by hand: 3 contacts\n"
    assert snapshot.is_edit(snapshot.edit_message(1))
    assert not snapshot.is_edit(MESSAGE)
