"""Pages of the portability API: in any packing, all of them, or refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.errors import BadExport
from li_vault.formats.linkedin import api_pages, connections
from li_vault.formats.tables.export import Export, Reading

ADA = dict(
    zip(
        api_pages.COLUMNS,
        ("Ada", "Lovelace", "https://www.linkedin.com/in/ada-example", "a@example.com",
         "Engines", "Mathematician", "03 Aug 2026"),
        strict=True,
    )
)  # fmt: skip
BOB = {**ADA, "First Name": "Bob", "URL": "https://www.linkedin.com/in/bob-example"}
END = b'{"status":404,"message":"No data found for this memberId"}'


def page(start: int, *rows: dict[str, Any], domain: str = "CONNECTIONS") -> bytes:
    found = {
        "paging": {"start": start, "count": 10, "links": [], "total": 1},
        "elements": [{"snapshotDomain": domain, "snapshotData": list(rows)}],
    }
    return json.dumps(found, indent=1).encode()


def export(*files: bytes, packed: bool | None = None) -> Export:
    named = {f"page-{n}.json": data for n, data in enumerate(files)}
    is_packed = len(files) > 1 if packed is None else packed
    day = date(2026, 11, 23)
    return Export("pages", named, tuple(named), is_packed, None, None, day)


def read(*files: bytes) -> Reading:
    given_files = export(*files)
    assert api_pages.API_PAGES.claims(given_files)
    return api_pages.API_PAGES.read(given_files)


def names(reading: Reading) -> list[str]:
    return [row.person.first_name for row in reading.people]


def test_one_page_alone_is_no_proof_of_the_end() -> None:
    reading = read(page(0, ADA))
    assert (reading.full, reading.enriches) == (False, False)
    assert reading.kind == "linkedin-portability/2024"
    assert (reading.original, reading.data) == ("Connections.json", page(0, ADA))
    assert reading.newest == "2026-08-03"


def test_it_says_the_same_as_the_csv() -> None:
    rows = [ADA, BOB]
    lines = [",".join(api_pages.COLUMNS), *(",".join(row.values()) for row in rows)]
    loose = {"Connections.csv": "\n".join(lines).encode()}
    csv = connections.CONNECTIONS.read(export()._replace(files=loose))
    reading = read(page(0, *rows))
    assert reading.people == csv.people
    assert reading.coverage == csv.coverage


@pytest.mark.parametrize(
    ("files", "full"),
    [
        ([page(1, BOB), page(0, ADA), END], True),
        ([page(0, ADA), page(1, BOB)], False),
        ([api_pages.join_pages([page(0, ADA), page(1, BOB), END])], True),
        ([api_pages.join_pages([page(1, BOB), page(0, ADA)])], False),
        ([json.dumps(json.loads(page(0, ADA))).encode() + b"\n" + page(1, BOB) + b"\n"], False),
        ([b"\xef\xbb\xbf" + page(0, ADA), page(1, BOB), END, b"{}"], True),
    ],
)
def test_pages_in_any_packing(files: list[bytes], full: bool) -> None:
    reading = read(*files)
    assert names(reading) == ["Ada", "Bob"]
    assert reading.full is full
    again = read(reading.data)
    assert again == reading._replace(data=again.data)
    assert again.data == reading.data


@pytest.mark.parametrize(
    "end",
    [
        b'{"status":"404","message":"Not Found"}',
        b'{"code":"NOT_FOUND"}',
        b'{"message":"No data found for this memberId"}',
        b'[{"status":404}]',
        b'{"elements":[],"paging":{"start":1},"status":404,"message":"No data found"}',
    ],
)
def test_an_end_in_other_words_is_the_end_of_saved_pages_as_well(end: bytes) -> None:
    reading = read(page(0, ADA), end)
    assert (names(reading), reading.full) == (["Ada"], True)
    assert read(reading.data).full


def test_pages_that_do_not_begin_at_the_beginning_are_not_all() -> None:
    assert not read(page(1, BOB), END).full


def test_joined_pages_keep_their_own_text() -> None:
    pages = [page(0, ADA), page(1, BOB)]
    assert api_pages.join_pages(pages[:1]) == pages[0]
    assert api_pages.join_pages(pages) == b"[\n" + pages[0] + b",\n" + pages[1] + b"\n]\n"
    assert read(*pages).data == api_pages.join_pages(pages)


def test_nameless_rows_and_other_columns() -> None:
    nameless = dict.fromkeys(api_pages.COLUMNS, "") | {"Connected On": "01 Jan 2020"}
    reading = read(page(0, {**ADA, "Tags": "x"}, nameless, {**BOB, "Connected On": "never"}))
    assert reading.nameless == ("2020-01-01",)
    assert reading.people[0].person.extra == (("Tags", "x"),)
    assert [s.row for s in reading.skipped] == [3]
    assert reading.rows == 3


def test_a_row_that_can_not_be_read_is_skipped() -> None:
    rows: list[Any] = [{}, 7, None, {"First Name": "Eve", "Connected On": ""},
                       {**BOB, "Company": True}, {**BOB, "Tags": ["x"]}]  # fmt: skip
    reading = read(page(0, rows[0], ADA), page(1, *rows[1:], {**BOB, "Company": 42, "URL": None}))
    assert names(reading) == ["Ada", "Bob"]
    assert [row.number for row in reading.people] == [2, 8]
    assert reading.people[1].person.company == "42"
    assert (reading.rows, [skip.row for skip in reading.skipped]) == (8, [1, 3, 4, 5, 6, 7])
    assert [skip.reason.partition(" (")[0] for skip in reading.skipped] == [
        "it has no First Name, Last Name and Connected On",
        "it is a whole number where an object was expected",
        "it is null where an object was expected",
        "it has no First Name, Last Name and Connected On",
        "Company is true or false; a text was expected",
        "a key is an array; a text was expected",
    ]


def test_damage_is_counted() -> None:
    reading = read(page(0, {**ADA, "Company": "caf\u00c3\u00a9"}, {**BOB, "Position": "\ufffd"}))
    assert (reading.damage.replaced, reading.damage.doubled) == (1, 1)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([page(0, ADA), page(0, BOB)], "start=0 is there twice"),
        ([page(0, ADA), page(2, BOB)], "after start=0 comes start=2"),
        ([page(0, ADA), page(1, ADA)], "hold the same rows"),
        ([page(0, ADA), b'{"status":404,"message":"No such page"}'], "error 404, and not the one"),
        ([page(0, ADA), b'{"status":404,"code":"RESOURCE_NOT_FOUND"}'], "error 404, and not the"),
        ([page(0, ADA)[:-9]], "cut off"),
        ([page(0, ADA)[:200]], "cut off"),
        ([b"[" + page(0, ADA) + b","], "cut off"),
        ([b"[" + page(0, ADA) + b"}"], "no JSON"),
        ([page(0, ADA).replace(b'"Ada"', b"Ada")], r"no JSON \(line"),
        ([b"[1, " + page(0, ADA) + b"]"], "holds a whole number where a page"),
        ([page(0, ADA, domain="PROFILE")], "domain PROFILE, not of CONNECTIONS"),
        ([page(0, ADA, domain="<b>Ada</b>")], "domain another one"),
        ([page(0, ADA).replace(b'"start": 0', b'"start": "0"')], "paging.start is a text"),
        ([page(0, ADA).replace(b'"start": 0', b'"start": true')], "paging.start is true or false"),
        ([page(0, ADA).replace(b'"start"', b'"begin"')], "has no paging.start"),
        ([page(-1, ADA)], "below 0"),
        ([b'{"elements":[]}'], "has no paging"),
        ([b'{"paging":{"start":0},"elements":[7]}'], r"elements\[\] is a whole number"),
        ([page(0, ADA).replace(b"snapshotData", b"data")], "has no snapshotData"),
        ([page(0, {**ADA, "URL": 3.5})], "no row that can be read; of the first: URL is a number"),
        ([page(0, {**ADA, "Secret": []})], "of the first: a key is an array"),
        ([page(0, {"First Name": "Bob"})], "of the first: it has no First Name, Last Name"),
        ([page(0, ADA), page(1, {}, {})], "has no row that can be read"),
        ([page(0, ADA), b'{"status":429,"message":"x"}'], "LinkedIn's error 429"),
        ([page(0, ADA).replace(b"Ada", b"\xe9")], "not UTF-8"),
        ([b'{"elements":' + b"[" * 100_000], "nested too deeply"),
    ],
)
def test_what_is_refused(files: list[bytes], words: str) -> None:
    with pytest.raises(BadExport, match=words) as error:
        read(*files)
    assert error.value.hint
    assert "Ada" not in error.value.message


def test_a_list_in_the_archive_goes_before_pages() -> None:
    both = export(page(0, ADA), packed=True)
    todays = {**both.files, "Connections.csv": b"x"}
    assert api_pages.API_PAGES.claims(both)
    assert not api_pages.API_PAGES.claims(both._replace(files=todays))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"a": 1}', END, b'x"elements"', b"a,b"])
def test_what_is_not_claimed(data: bytes) -> None:
    assert not api_pages.API_PAGES.claims(export(data))


@given(st.integers(0, 400), st.binary(max_size=4))
def test_whatever_comes_is_read_or_refused(at: int, noise: bytes) -> None:
    data = api_pages.join_pages([page(0, ADA), page(1, BOB), END])
    try:
        reading = api_pages.API_PAGES.read(export(data[:at] + noise + data[at:]))
    except BadExport:
        return
    assert reading.rows == len(reading.people) + len(reading.nameless) + len(reading.skipped)
