from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from li_vault.core.model import Coverage, Person, Row
from li_vault.errors import BadExport
from li_vault.formats.tables import columns

NAMES = columns.vocabulary(
    {
        "first_name": "first",
        "last_name": "last",
        "full_name": "full",
        "emails": "mail|other mail",
        "phones": "phone|mobile",
        "url": "site|page",
        "company": "firm",
        "position": "job",
    }
)
BOOK = columns.Sheet("book", "book.csv", NAMES, renamed={"mid": "Middle Name"})
HEADER = ("First", "Last", "Full", "Mail", "Other Mail", "Phone", "Mobile", "Site", "Page", "Mid")


def is_header(cells: Sequence[str]) -> bool:
    return "First" in cells


def person(sheet: columns.Sheet = BOOK, **cells: str) -> Person:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, [cells.get(n.replace(" ", "_"), "") for n in HEADER]])
    (row,) = columns.read_sheet(out.getvalue().encode(), sheet, is_header).people
    return row.person


@pytest.mark.parametrize(
    "name", ["Email Address", "e-mail address", "EMAIL_ADDRESS", "É mail Adress"]
)
def test_a_name_without_what_renaming_tools_change(name: str) -> None:
    assert columns.bare_name(name).startswith("emailad")


def test_of_two_columns_for_a_field_the_better_named_is_taken() -> None:
    names = columns.vocabulary({"company": "company|current company"})
    placed = columns.place_columns(("Current Company", "Company", "Company"), names)
    assert placed.fields == {"company": (1,)}
    assert placed.extra == {"Current Company": 0, "Company": 2}


def test_every_column_has_a_name_of_its_own() -> None:
    placed = columns.place_columns(("Tag", "Tag", "", "Mid", "Middle Name"), {}, (), BOOK.renamed)
    assert placed.extra == {
        "Tag": 0,
        "Tag (2)": 1,
        "Column 3": 2,
        "Middle Name": 3,
        "Middle Name (2)": 4,
    }


def test_several_columns_make_one_list_without_repeats() -> None:
    found = person(First="A", Mail="b@x.example", Other_Mail="a@x.example; B@X.example",
                   Phone="", Mobile="+44 20 7946 0000, +44 20 7946 0001")  # fmt: skip
    assert found.emails == ("b@x.example", "a@x.example")
    assert found.phones == ("+44 20 7946 0000", "+44 20 7946 0001")
    assert found.extra == ()


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        (" +44 20 7946 0000, +44 20 7946 0001", ("+44 20 7946 0000", "+44 20 7946 0001")),
        ("020 7946 0000 ::: 020 7946 0001", ("020 7946 0000", "020 7946 0001")),
        ("020 7946 0000;020 7946 0000", ("020 7946 0000",)),
        ("020 7946 0000, ext 5", ("020 7946 0000, ext 5",)),
        ("112", ("112",)),
        ("call me", ("call me",)),
    ],
)
def test_phones(cell: str, numbers: tuple[str, ...]) -> None:
    assert columns.split_phones(cell) == numbers


def test_only_a_linkedin_profile_is_the_address() -> None:
    found = person(First="A", Site="https://x.example", Page="see www.linkedin.com/in/ada; more")
    assert found.url == "www.linkedin.com/in/ada"
    assert found.extra == (
        ("Page", "see www.linkedin.com/in/ada; more"),
        ("Site", "https://x.example"),
    )
    assert person(First="A", Site="linkedin.com/company/x").url == ""


def test_two_profiles_are_both_kept() -> None:
    found = person(First="A", Site="linkedin.com/in/one", Page="linkedin.com/in/two")
    assert (found.url, found.extra) == ("linkedin.com/in/one", (("Page", "linkedin.com/in/two"),))


def test_what_is_no_address_stays_a_column() -> None:
    found = person(First="A", Mail="/o=Example/cn=a", Other_Mail="a@x.example")
    assert found.emails == ("a@x.example",)
    assert found.extra == (("Mail", "/o=Example/cn=a"),)


@pytest.mark.parametrize(
    ("full", "kept"),
    [("Ada Lovelace", ""), ("Countess Ada", "Countess Ada"), ("A@X.example", ""), ("", "")],
)
def test_a_full_name_is_kept_if_it_says_more(full: str, kept: str) -> None:
    found = person(First="Ada", Last="Lovelace", Full=full, Mail="a@x.example")
    assert found.full_name == kept


def test_a_row_that_names_nobody_is_skipped() -> None:
    data = b"First,Last,Mail,Firm\nA,,,\n,,,Only Ltd.\n,,,\n,,a@x.example,\n\nB\nC,,,,,x\n"
    reading = columns.read_sheet(data, BOOK, is_header)
    assert [row.number for row in reading.people] == [1, 4, 5]
    assert [skip.row for skip in reading.skipped] == [2, 3, 6]
    assert reading.rows == 6
    assert reading.nameless == ()
    assert reading.enriches
    assert not reading.full


def test_values_that_stand_for_none() -> None:
    sheet = BOOK._replace(empty=frozenset({"0/0/00"}))
    assert person(sheet, First="A", Mid="0/0/00").extra == ()
    assert person(First="A", Mid="0/0/00").extra == (("Middle Name", "0/0/00"),)


def test_an_address_book_covers_what_somebody_fills() -> None:
    rows = [
        Row(1, Person("A", emails=("a@x.example",))),
        Row(2, Person("B", extra=(("Tag", "x"),))),
    ]
    assert columns.list_coverage(rows) == Coverage(
        frozenset({"first_name", "emails"}), frozenset({"Tag"})
    )
    assert columns.list_coverage(rows, frozenset({"company"})).fields == {"company"}


def test_a_short_last_row_without_its_end_is_a_cut_off_file() -> None:
    with pytest.raises(BadExport, match="cut off"):
        columns.read_sheet(b"First,Last,Mail\nA,B,a@x.example\nC,D", BOOK, is_header)


CELL = st.text(
    alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
) | st.sampled_from(["", "a@x.example", "linkedin.com/in/a", "+44 20 7946 0000"])


@given(st.lists(st.lists(CELL, min_size=1, max_size=12), max_size=5))
def test_every_row_is_accounted_for(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    try:
        reading = columns.read_sheet(out.getvalue().encode(), BOOK, is_header)
    except BadExport as error:
        assert "not closed" in error.message  # noqa: PT017 - may be raised, must be this one
        return
    numbers = [row.number for row in reading.people] + [skip.row for skip in reading.skipped]
    assert sorted(numbers) == list(range(1, reading.rows + 1))
    for _, found in reading.people:
        assert found.name or found.emails or found.phones or found.url
        assert found.extra == tuple(sorted(found.extra))
