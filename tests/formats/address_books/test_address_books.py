"""Outlook's, Yahoo's and LinkedIn's own tables of people who need not be connected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from formats import regenerate
from li_vault.core.model import Person
from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.address_books import outlook
from li_vault.formats.tables import columns
from li_vault.formats.tables.export import Export, Reading

LINKEDINS = outlook._OUTLOOK_HEADER
CLASSIC = "First Name,Last Name,E-mail Address,Mobile Phone,Company,Job Title"
TODAYS = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
YAHOOS = "First,Last,Email,Yahoo! ID,Mobile"
GOOGLES = "First Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value"
BOOK_2018 = "First Name,Last Name,Companies,Title,Email Address,Phone Numbers,Created At,Full Name"
BOOK_2022 = "Source,FirstName,LastName,Emails,PhoneNumbers,CreatedAt,FullName,Profiles"
OUTLOOK_COMS = ",".join(outlook.HEADER)
BOOK_2025 = "FirstName,LastName,NameSuffix,Emails,PhoneNumbers,CreatedAt,ThirdPartyVerified"


def packed(**files: str) -> Export:
    data = {name.replace("__", "."): text.encode() for name, text in files.items()}
    return Export("a.zip", data, tuple(data), True, None, None, date(2026, 11, 23))


def read(text: str, name: str = "any.csv") -> Reading:
    export = Export(name, {name: text.encode()}, (name,), False, None, None, date(2026, 11, 23))
    return registry.read_export(export)


@pytest.mark.parametrize(
    ("header", "kind", "full"),
    [
        (LINKEDINS, "linkedin-outlook/2012", True),
        (",".join(reversed(LINKEDINS.split(","))), "linkedin-outlook/2012", True),
        (f"{LINKEDINS},Gender", "outlook-csv", False),
        (CLASSIC, "outlook-csv", False),
        (YAHOOS, "yahoo-csv", False),
        (BOOK_2018, "linkedin-contacts/2018", False),
        (BOOK_2022, "linkedin-contacts/2022", False),
        (BOOK_2025, "linkedin-contacts/2025", False),
        (GOOGLES, "google-csv", False),
        (",".join(reversed(GOOGLES.split(","))), "google-csv", False),
        (OUTLOOK_COMS, "outlook-com-csv", False),
        (TODAYS, "linkedin-connections/2023", True),
        # LinkedIn's own list, renamed as Outlook calls its columns, is still LinkedIn's own list.
        (f"{CLASSIC},Connected On", "linkedin-connections/2018", True),
    ],
)
def test_the_header_tells_the_format(header: str, kind: str, full: bool) -> None:
    reading = read(header + "\n")
    assert (reading.kind, reading.full, reading.enriches) == (kind, full, not full)
    again = read(header + "\n", reading.original)
    assert again == reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_table_in_any_encoding(encoding: str, delimiter: str) -> None:
    for header in (
        LINKEDINS,
        CLASSIC,
        YAHOOS,
        BOOK_2018,
        BOOK_2022,
        BOOK_2025,
        GOOGLES,
        OUTLOOK_COMS,
    ):
        cells = ["José" if "irst" in name else "" for name in header.split(",")]
        text = f"{header}\r\n{','.join(cells)}\r\n".replace(",", delimiter)
        export = Export("x", {"x": text.encode(encoding)}, ("x",), False, None, None, date.min)
        assert registry.read_export(export).people[0].person.first_name == "José"


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Given Yomi,E-mail Address",
        "First Name,Last Name,Organization Name",
        "Given Name,Family Name,E-mail 1 - Value",
        "First Name,Last Name,E-mail Address",
        "First,Last,Email",
        "FirstName,LastName,CreatedAt",
    ],
)
def test_tables_of_other_programs_are_nobodys(header: str) -> None:
    with pytest.raises(BadExport, match="not LinkedIn's list"):
        read(header + "\n")


def test_the_name_alone_tells_linkedins_yahoo_file() -> None:
    text = f"{YAHOOS}\nAda,Lovelace,ada@example.com,,+44 20 7946 0000\n"
    for name in (
        "linkedin_connections_export_yahoo.csv",
        "LINKEDIN_connections_export_yahoo (2).csv",
    ):
        reading = read(text, name)
        assert reading.full
        assert reading.people[0].person.phones == ()  # LinkedIn's never had any: a column
        assert dict(reading.people[0].person.extra) == {"Mobile": "+44 20 7946 0000"}
    own = read(text, "yahoo_contacts.csv")
    assert own.enriches
    assert own.people[0].person.phones == ("+44 20 7946 0000",)


def test_out_of_an_archive_come_only_linkedins_lists() -> None:
    rows = f"{LINKEDINS}\n,Ada,,Lovelace\n"
    old = packed(linkedin_connections_export_microsoft_outlook__csv=rows)
    assert registry.read_export(old).kind == "linkedin-outlook/2012"
    for name, header in (
        ("Contacts__csv", BOOK_2022),
        ("ImportedContacts__csv", BOOK_2025),
        ("outlook__csv", CLASSIC),
        ("google__csv", GOOGLES),
        ("outlook__com__csv", OUTLOOK_COMS),
    ):
        with pytest.raises(BadExport, match=r"no Connections\.csv"):
            registry.read_export(packed(**{name: f"{header}\n"}))


def test_todays_list_goes_before_an_older_one_beside_it() -> None:
    both = packed(
        Connections__csv=f"{TODAYS}\n", linkedin_connections_export_yahoo__csv=f"{YAHOOS}\n"
    )
    assert registry.read_export(both).kind == "linkedin-connections/2023"


def test_two_older_lists_have_to_be_told_apart() -> None:
    both = packed(
        linkedin_connections_export_microsoft_outlook__csv=f"{LINKEDINS}\n",
        linkedin_connections_export_yahoo__csv=f"{YAHOOS}\n",
    )
    with pytest.raises(BadExport, match="outlook-csv and yahoo-csv"):
        registry.read_export(both)


def test_a_strange_file_under_linkedins_name_is_said_to_be_that() -> None:
    name = "linkedin_connections_export_microsoft_outlook.csv"
    with pytest.raises(BadExport, match=f"{name} is not LinkedIn's list of connections: this is"):
        registry.read_export(packed(**{name.replace(".", "__"): "a,b\n1,2\n"}))


@pytest.mark.parametrize("name", ["Contacts.csv", "LinkedIn/Imported Contacts.csv"])
def test_an_archive_of_imported_contacts_alone_says_what_can_be_done(name: str) -> None:
    export = packed()._replace(listing=("Profile.csv", name))
    with pytest.raises(BadExport) as caught:
        registry.read_export(export)
    assert "Contacts.csv" in caught.value.hint
    assert "hand over that file itself" in caught.value.hint


@pytest.mark.parametrize("case", ["linkedin", "linkedin-utf8-crlf", "archive"])
def test_linkedins_outlook_speaks_of_five_fields(case: str) -> None:
    folder = Path(__file__).parents[1] / "cases" / "outlook" / case
    found = regenerate.outcome(folder)
    assert found["fields"] == ["company", "emails", "first_name", "last_name", "position"]
    assert "José" in [one.get("first_name") for one in found["people"]]


def test_a_quick_look_misses_no_header() -> None:
    for header in map(str.upper, (LINKEDINS, YAHOOS, BOOK_2018, BOOK_2022, OUTLOOK_COMS, GOOGLES)):
        for encoding in ("utf-8", "utf-16", "utf-16-be"):
            mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
            data = mark + f"Notes\n\n{header}\n".encode(encoding)
            export = Export("x", {"x": data}, ("x",), False, None, None, date.min)
            assert not registry.read_export(export).people


@pytest.mark.parametrize(
    ("name", "is_old"),
    [
        ("linkedin_connections_export.vcf", True),
        ("linkedin_connections_export_microsoft_outlook.csv", True),
        ("LINKEDIN_CONNECTIONS_EXPORT_yahoo.csv (1)", True),
        ("my_linkedin_connections_export.csv", False),
        ("linkedin_connections_export.csv.bak", False),
        ("linkedin_connections_export.csv\n", False),
    ],
)
def test_linkedins_names_before_2016(name: str, is_old: bool) -> None:
    assert columns.is_linkedins_before_2016(name) is is_old


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_googles_columns_in_other_capitals(change: Callable[[str], str]) -> None:
    header = change(f"{GOOGLES},Phone 1 - Label,Phone 1 - Value,Notes")
    row = "Ada,Lovelace,Engines,* Home,ada@example.com,Mobile,+44 20 7946 0000,Poet"
    (found,) = read(f"{header}\n{row}\n").people
    assert found.person == Person(
        "Ada", "Lovelace", emails=("ada@example.com",), phones=("+44 20 7946 0000",),
        company="Engines", extra=(("Note", "Poet"),),
    )  # fmt: skip
