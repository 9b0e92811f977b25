from __future__ import annotations

import csv
import io
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.core.model import Coverage, Person
from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.linkedin import connections
from li_vault.formats.tables.export import DamagedCells, Export, Reading

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
ADA = "Ada,Lovelace,https://www.linkedin.com/in/ada,,Engines,Mathematician,01 Jan 2024"


def export(content: str | bytes, name: str = "Connections.csv") -> Export:
    data = content.encode() if isinstance(content, str) else content
    return Export(name, {name: data}, (name,), False, None, None, date(2026, 11, 23))


def read(*lines: str) -> Reading:
    return registry.read_export(export("\n".join(lines)))


def accounted(reading: Reading) -> bool:
    people, skipped = reading.people, reading.skipped
    numbers = {row.number for row in people} | {skip.row for skip in skipped}
    return (
        reading.rows == len(people) + len(reading.nameless) + len(skipped)
        and len(numbers) == len(people) + len(skipped)
        and numbers <= set(range(1, reading.rows + 1))
    )


def test_bytes_are_kept_untouched() -> None:
    data = b"\xef\xbb\xbf" + f"Notes:\r\n{HEADER}\r\n{ADA}\r\n".encode()
    reading = registry.read_export(export(data))
    assert reading.data == data
    assert reading.original == "Connections.csv"
    assert reading.full


def test_a_person() -> None:
    (row,) = read(HEADER, ADA).people
    assert row.number == 1
    assert row.person == Person(
        first_name="Ada",
        last_name="Lovelace",
        url="https://www.linkedin.com/in/ada",
        company="Engines",
        position="Mathematician",
        connected_on="2024-01-01",
    )


def test_any_order_of_columns_reads_the_same() -> None:
    names, cells = HEADER.split(","), ADA.split(",")
    for shift in range(7):
        turned = [",".join(row[shift:] + row[:shift]) for row in (names, cells)]
        reading = read(*turned, "")
        assert reading.people == read(HEADER, ADA).people
        assert reading.kind == "linkedin-connections/2023"


def test_a_column_that_is_not_there_is_not_covered() -> None:
    reading = read("First Name,Last Name,Connected On,Shoe Size", "Ada,Lovelace,01 Jan 2024,38")
    named = frozenset({"first_name", "last_name", "connected_on"})
    assert reading.coverage == Coverage(named, frozenset({"Shoe Size"}))
    assert reading.people[0].person.extra == (("Shoe Size", "38"),)


def test_linkedins_own_name_goes_before_an_alias() -> None:
    reading = read(
        "First Name,Last Name,Current Company,Company,Connected On",
        "Ada,Lovelace,Old,New,01 Jan 2024",
    )
    assert reading.people[0].person.company == "New"
    assert reading.people[0].person.extra == (("Current Company", "Old"),)


def test_no_two_fields_share_a_name_in_any_language() -> None:
    names = [name for known in connections._NAMES.values() for name in known]
    assert len(names) == len(set(names))


def test_no_column_is_lost_by_its_name() -> None:
    header = "First Name,Last Name,Connected On,Tag,Tag (2),Tag,,,Last"
    extra = dict(read(header, "A,B,01 Jan 2024,1,2,3,4,5,6").people[0].person.extra)
    assert sorted(extra.values()) == ["1", "2", "3", "4", "5", "6"]
    assert extra["Tag"] == "1"
    assert extra["Tag (2)"] == "2"


def test_identical_nameless_rows_are_counted_each() -> None:
    reading = read(HEADER, *[",,,,,,03 Mar 2021"] * 37, ADA)
    assert reading.nameless == ("2021-03-03",) * 37
    assert reading.newest == "2024-01-01"
    assert accounted(reading)


def test_newest_counts_nameless_rows() -> None:
    assert read(HEADER, ADA, ",,,,,,03 Mar 2025").newest == "2025-03-03"


@pytest.mark.parametrize(
    ("cell", "emails"),
    [
        ("", ()),
        ("ada@example.com", ("ada@example.com",)),
        ("not an address", ("not an address",)),
        ("a@example.com; b@example.com,c@example.com", tuple(f"{c}@example.com" for c in "abc")),
        ("a@example.com a@example.com", ("a@example.com",)),
    ],
)
def test_emails(cell: str, emails: tuple[str, ...]) -> None:
    (row,) = read(HEADER, f'Ada,Lovelace,,"{cell}",,,01 Jan 2024').people
    assert row.person.emails == emails


@pytest.mark.parametrize(
    "broken", ["JosÃ©", "Oâ€™Tool", "ðŸš€", "Â©", "ÐŸÑ€Ð¸", "Å\u201a", "æ—¥æœ¬"]
)
def test_doubled_text_is_counted(broken: str) -> None:
    assert read(HEADER, ADA.replace("Engines", broken)).damage == DamagedCells(doubled=1)


@pytest.mark.parametrize(
    "whole",
    ["José", "NESTLÉ®", "Ñandú", "JOSÉ’S “CAFÉ”", "São", "Ängel", "Mañana – „Öl“", "🚀", "日本"],
)
def test_whole_text_is_no_damage(whole: str) -> None:
    assert read(HEADER, ADA.replace("Engines", whole)).damage == DamagedCells()


def test_every_way_of_doubling_is_found() -> None:
    for word in (
        "José",
        "Zoë",
        "naïve",
        "Łódź",
        "Žižek",
        "Ångström",
        "Пушкин",
        "日本",
        "🚀",
        "x’s",
    ):
        doubled = "".join(
            bytes([b]).decode("cp1252" if b not in b"\x81\x8d\x8f\x90\x9d" else "latin-1")
            for b in word.encode()
        )
        assert read(HEADER, ADA.replace("Engines", doubled)).damage.doubled == 1, word


def test_owner_only_from_an_archive() -> None:
    files = {
        "connections.csv": f"{HEADER}\n{ADA}".encode(),
        "profile.csv": b"Headline,First Name,Last Name\nx, Grace ,Example\n",
    }
    packed = Export("a.zip", files, tuple(files), True, None, None, date(2026, 11, 23))
    assert registry.read_export(packed).owner == "Grace Example"
    for broken in (b"", b"\0", b"First Name,Last Name", b'First Name,Last Name\n"x', b"a,b\n1,2"):
        files["profile.csv"] = broken
        assert registry.read_export(packed).owner == ""


def test_a_last_row_without_its_day_is_a_cut_off_file() -> None:
    with pytest.raises(BadExport, match="cut off"):
        read(HEADER, ADA, "Bob,Builder,,,,,")
    assert len(read(HEADER, ADA, "Bob,Builder,,,,,", "").people) == 2  # a whole line
    assert len(read(HEADER, "Bob,Builder,,,,,").people) == 1


@given(st.integers(0, 10_000))
def test_a_cut_is_refused_or_at_the_end_of_a_row(at: int) -> None:
    lines = [HEADER, ADA, 'José,"Example, PhD",,,"A ""B""",,02 Feb 2024', ",,,,,,03 Mar 2021"]
    data = "\n".join(lines).encode()
    first = len(f"{HEADER}\n{ADA}")  # a single row may do without its day
    cut = data[: first + at % (len(data) - first)]
    try:
        reading = registry.read_export(export(cut))
    except BadExport:
        return
    ends = {len("\n".join(lines[:n]).encode()) for n in range(1, 5)}
    assert len(cut) in ends | {end + 1 for end in ends}
    assert not reading.skipped


CELL = st.text(
    alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
)
DAY = st.sampled_from(["01 Jan 2024", "1/2/15, 3:04 PM", "31 Feb 2024", "", "x", "16-Sep-21"])
ROWS = st.lists(st.tuples(st.lists(CELL | st.just(""), min_size=4, max_size=8), DAY), max_size=6)


@given(ROWS)
def test_every_row_is_accounted_for(rows: list[tuple[list[str], str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER.split(","))
    writer.writerows([*cells, day] for cells, day in rows)
    try:
        reading = registry.read_export(export(out.getvalue()))
    except BadExport as error:
        assert "not closed" in error.message  # noqa: PT017 - may be raised, must be this one
        return
    assert accounted(reading)
    assert reading.rows == len(rows)


@given(st.data())
def test_whatever_happens_to_the_bytes(data: st.DataObject) -> None:
    broken = bytearray(f'Notes:\n\n{HEADER}\n{ADA}\nJosé,É,,,"A, B",,02 Feb 2024\n'.encode())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        reading = registry.read_export(export(bytes(broken)))
    except BadExport:
        return
    assert accounted(reading)


@pytest.mark.parametrize(
    "name",
    [
        "Connections.csv",
        "connections.CSV",
        "Profile.csv",
        "linkedin_connections_export_yahoo.csv",
        "LinkedIn_Connections_Export.vcf",
        "linkedin_connections_export_microsoft_outlook (1).csv",
    ],
)
def test_wanted(name: str) -> None:
    assert registry.is_wanted_member(name)


@pytest.mark.parametrize(
    "name",
    [
        "messages.csv",
        "My Connections.csv",
        "Connections.csv.bak",
        "",
        "Contacts.csv",
        "outlook.csv",
        "contacts.vcf",
        "linkedin_connections_export.txt",
    ],
)
def test_not_wanted(name: str) -> None:
    assert not registry.is_wanted_member(name)


def test_exactly_one_format_may_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "FORMATS", (connections.CONNECTIONS, connections.CONNECTIONS))
    with pytest.raises(BadExport, match="one of them"):
        read(HEADER, ADA)


def test_messages_never_show_a_person() -> None:
    for content in (
        ADA,
        f"{ADA}\n{HEADER}\n{ADA}",
        f"Name,Company\n{ADA}\n",
        f'{HEADER}\nAda,"Lovelace,https://www.linkedin.com/in/ada\n{ADA}',
        "Ada Lovelace;ada@example.com;Engines",
        "FN:Ada Lovelace",
    ):
        with pytest.raises(BadExport) as caught:
            registry.read_export(export(content))
        assert not any(word in str(caught.value) for word in ("Ada", "Lovelace", "Engines"))


def test_thirty_thousand_rows_take_no_time() -> None:
    rows = [ADA.replace("/ada", f"/ada-{n}").replace("Ada", "Zoë 🚀") for n in range(30_000)]
    whole = export("\n".join([HEADER, *rows]))
    started = time.process_time()
    assert registry.read_export(whole).rows == 30_000
    assert time.process_time() - started < 3  # measured: 0.25 s
