"""Each way in which a public project was seen to fail on these files, and li-vault does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import outside
from isolation import Run
from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.tables.export import DamagedCells, Export, Reading

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
NOTES = 'Notes:\n"When exporting your connection data, you may notice, that some are missing"\n\n'
ADA = "Ada,Lovelace,https://www.linkedin.com/in/ada-example,ada@example.com,Mill,Weaver,01 Jan 2024"
BOB = "Bob,Example,https://www.linkedin.com/in/bob-example,,Bricks,Builder,02 Feb 2023"

Record = Callable[..., dict[str, Any]]


def export(text: str | bytes, name: str = "Connections.csv") -> Export:
    data = text.encode() if isinstance(text, str) else text
    return Export(name, {name: data}, (name,), False, None, None, date(2026, 11, 23))


def read(*lines: str) -> Reading:
    return registry.read_export(export("\n".join(lines)))


@pytest.fixture
def record(run: Run, vault_dir: Path, tmp_path: Path) -> Record:
    """Records rows below today's header as the export of a day, by a process of its own."""

    def call(day: str, *rows: str) -> dict[str, Any]:
        path = tmp_path / "Connections.csv"
        path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        done = run("snapshot", path, "--vault", vault_dir, "--init", "--taken-on", day, "--json")
        assert done.status == 0, done
        found: dict[str, Any] = json.loads(done.out)
        return found

    return call


def test_preamble_taken_for_the_header() -> None:
    """A zero-row success: columns called `Notes:` and nobody in them."""
    for above in (NOTES, "Notes:,,,,,,\n\n", "Notes:\n\n", NOTES.replace("\n", "\r\n")):
        assert len(registry.read_export(export(f"{above}{HEADER}\n{ADA}\n{BOB}")).people) == 2
    with pytest.raises(BadExport):
        registry.read_export(export(NOTES + ADA))


def test_skiprows_eats_data() -> None:
    """Three lines skipped where the preamble is gone, or is one line shorter."""
    for above in ("", "\n", "Notes:\n", "Notes:\n\n", NOTES, NOTES + "\n\n"):
        reading = registry.read_export(export(f"{above}{HEADER}\n{ADA}\n{BOB}"))
        assert [row.person.first_name for row in reading.people] == ["Ada", "Bob"]


def test_preamble_compared_with_lf() -> None:
    """The exact preamble looked for with `\\n` is not found in a file with CRLF, nor with CR."""
    for end in ("\n", "\r\n", "\r"):
        text = f"{NOTES}{HEADER}\n{ADA}\n{BOB}\n".replace("\n", end)
        assert len(registry.read_export(export(text)).people) == 2


def test_nameless_rows_overwrite_one_file(record: Record, vault_dir: Path) -> None:
    """Everyone without a name written to one and the same file, so that one is left."""
    found = record("2024-02-01", ADA, *[",,,,,,03 Mar 2021"] * 3, ",a@example.com,,,,,", BOB)
    assert (found["rows"], found["nameless"]) == (6, 3)
    kept = outside.cards(vault_dir)
    assert len(kept) == found["contacts"]
    assert found["contacts"] + found["nameless"] + len(found["skipped"]) == 6


def test_percent_encoded_slug_as_file_name(record: Record, vault_dir: Path) -> None:
    """`%F0%9F%9A%80` in a file name, or the decoded emoji, or both for one person."""
    slug = "jos%C3%A9-exemplo-%F0%9F%9A%80"
    record("2024-02-01", f"José,Exemplo,https://www.linkedin.com/in/{slug},,,,01 Jan 2024", ADA)
    raw = "https://www.linkedin.com/in/José-exemplo-🚀"
    found = record("2024-03-01", f"José,Exemplo,{raw},,,,01 Jan 2024", ADA)
    assert (found["added"], found["gone"]) == (0, 0)
    names = list(outside.cards(vault_dir))
    assert len(names) == 2
    assert all(name.isascii() and "%" not in name for name in names)


def test_changed_slug_leaves_an_orphan(record: Record, vault_dir: Path) -> None:
    """A file per slug: a new slug makes a second file, and the first one is never touched again."""
    record("2024-02-01", ADA, BOB)
    before = set(outside.cards(vault_dir))
    found = record("2024-03-01", ADA.replace("ada-example", "countess"), BOB)
    assert (found["added"], found["gone"], found["changed"]) == (0, 0, 1)
    assert set(outside.cards(vault_dir)) == before
    assert not outside.cards(vault_dir, "former")


def test_joining_emails_by_name(record: Record, vault_dir: Path) -> None:
    """An address looked up by the name alone is given to a namesake."""
    twin = "Ada,Lovelace,https://www.linkedin.com/in/ada-2,{},Looms,Pilot,05 May 2022"
    others = [f"Person{n},Other,,,,,{n + 1:02} Jan 2020" for n in range(4)]
    record("2024-02-01", *others, ADA, twin.format(""))
    now = (ADA.replace("ada@example.com", ""), twin.format("pilot@example.org"))
    assert record("2024-03-01", *others, *now)["changed"] == 2
    adas = [card for card in outside.cards(vault_dir).values() if b"Lovelace" in card]
    cards = {b"ada-2" in card: card for card in adas}
    assert b"pilot@example.org" in cards[True]
    assert b"pilot@example.org" not in cards[False]
    assert b"EMAIL" not in cards[False].replace(b"X-LI-", b"")


def test_split_at_commas() -> None:
    """`line.split(",")` makes other cells out of every quoted one."""
    reading = read(HEADER, 'Ada,"Lovelace, PhD, MBA",,,"Engines, ""Big"" & Co., Ltd.",,01 Jan 2024')
    (row,) = reading.people
    assert row.person.last_name == "Lovelace, PhD, MBA"
    assert row.person.company == 'Engines, "Big" & Co., Ltd.'
    assert row.person.connected_on == "2024-01-01"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_splitlines_cuts_inside_a_cell(mark: str) -> None:
    """`str.splitlines` and text mode's kin end lines where CSV does not."""
    reading = read(HEADER, f"Ada,Lovelace,,,One{mark}Two,Three,01 Jan 2024", BOB)
    assert reading.rows == len(reading.people) == 2
    assert reading.people[0].person.company == "One Two"
    assert reading.people[0].person.connected_on == "2024-01-01"


def test_decoding_with_replacement() -> None:
    """`errors="replace"` loses letters for good, and `errors="ignore"` without a trace."""
    whole = f"{HEADER}\nJosé,Exemplo,,,Café,,01 Jan 2024\n"
    assert (
        registry.read_export(export(whole.encode("cp1252"))).people[0].person.first_name == "José"
    )
    mixed = whole.encode() + "Zoë,Example,,,,,02 Jan 2024\n".encode("cp1252")
    with pytest.raises(BadExport, match="Line 3"):
        registry.read_export(export(mixed))
    lost = registry.read_export(export(mixed.decode(errors="replace")))
    assert lost.damage == DamagedCells(replaced=1)


def test_a_value_becoming_empty_is_recorded(record: Record, vault_dir: Path) -> None:
    """An upsert that writes only what is there keeps a company that somebody left."""
    record("2024-02-01", ADA, BOB)
    found = record("2024-03-01", ADA.replace("Mill,Weaver", ","), BOB)
    assert found["changed"] == 1
    (card,) = (c for c in outside.cards(vault_dir).values() if b"ada-example" in c)
    assert b"ORG" not in card
    assert b"TITLE" not in card
    assert b"ada@example.com" in card


def test_expecting_every_member() -> None:
    """A Basic archive has no messages, no profile, and may have no connections at all."""
    files = {"Connections.csv": f"{NOTES}{HEADER}\n{ADA}".encode()}
    packed = Export("a.zip", files, ("Connections.csv",), True, None, None, date(2026, 11, 23))
    assert registry.read_export(packed).owner == ""
    nothing = packed._replace(files={}, listing=("Profile.csv", "Skills.csv"))
    with pytest.raises(BadExport, match=r"holds no Connections\.csv; it holds 'Profile\.csv'"):
        registry.read_export(nothing)


def test_every_row_named_differently_from_the_header_is_counted() -> None:
    """Rows that are too short or too long dropped without a word (`on_bad_lines="skip"`)."""
    reading = read(HEADER, ADA, "Bob,Example", f"{BOB},more", BOB, "")
    assert reading.rows == 4
    assert [skip.row for skip in reading.skipped] == [2, 3]
