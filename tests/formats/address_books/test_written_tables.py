"""The tables that address books and LinkedIn take, read back by us and by a reader not ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import people
from exports import EMAILS, KNOWN, SOMEONE, anybody, back, rows
from li_vault.core.model import Contact, Person
from li_vault.formats import writers
from li_vault.formats.address_books import google, outlook
from li_vault.formats.linkedin import connections
from li_vault.formats.vcard import table_rows


@pytest.mark.parametrize("name", ["google-csv", "outlook-csv", "linkedin-csv", "vcf", "4.0"])
def test_someone_with_everything_arrives_whole(name: str) -> None:
    written = writers.write_contacts("vcf", [SOMEONE], "4.0") if name == "4.0" else None
    written = written or writers.write_contacts(name, [SOMEONE])
    assert back(written) == [SOMEONE.shown]
    assert written.lost == {}
    assert written.people == 1


def test_a_strangers_reader_finds_everything_in_googles_file() -> None:
    (row,) = rows(writers.write_contacts("google-csv", [SOMEONE]))
    assert row["First Name"] == "نور 🚀"
    assert row["Last Name"] == 'الصغير, PhD "Nono"'
    assert row["Organization Name"] == "'=HYPERLINK(1)"  # harmless in a spreadsheet
    assert row["Organization Title"] == "Reckoner, Tides 🌍"
    assert [row[f"E-mail {n} - Value"] for n in (1, 2, 3)] == list(EMAILS)
    assert row["Website 1 - Value"] == SOMEONE.shown.url
    assert (row["Event 1 - Label"], row["Event 1 - Value"]) == ("Connected On", "2024-02-29")
    assert row["Custom Field 1 - Value"] == people.UID
    assert row["Labels"] == "* myContacts ::: LinkedIn"


def test_a_strangers_reader_finds_everything_in_outlooks_file() -> None:
    (row,) = rows(writers.write_contacts("outlook-csv", [SOMEONE]))
    assert [row["First Name"], row["Last Name"]] == ["نور 🚀", 'الصغير, PhD "Nono"']
    assert [row["Company"], row["Job Title"]] == ["'=HYPERLINK(1)", "Reckoner, Tides 🌍"]
    named = ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address")
    assert [row[name] for name in named] == list(EMAILS)
    assert row["Web Page"] == SOMEONE.shown.url
    assert row["Notes"].endswith(f"connected on 2024-02-29, li-vault UID {people.UID}")


GOOGLES = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,"
    "Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,"
    "Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "{}Phone 1 - Label,Phone 1 - Value,Website 1 - Label,Website 1 - Value,Event 1 - Label,"
    "Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)
OUTLOOK_COMS = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,"
    "E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,"
    "Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,"
    "Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,"
    "Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,"
    "Assistant's Phone,Company Yomi,Business Street,Business City,Business State,"
    "Business Postal Code,Business Country/Region,Home Street,Home City,Home State,"
    "Home Postal Code,Home Country/Region,Other Street,Other City,Other State,"
    "Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,"
    "Web Page,Birthday,Anniversary,Notes"
)


def test_the_headers_are_to_the_letter() -> None:
    def header(name: str, contacts: Sequence[Contact]) -> str:
        return writers.write_contacts(name, contacts).data.decode().partition("\r\n")[0]

    more = "".join(f"E-mail {n} - Label,E-mail {n} - Value," for n in (2, 3))
    assert header("google-csv", []) == GOOGLES.format("")
    assert header("google-csv", [people.contact()]) == GOOGLES.format("")
    assert header("google-csv", [SOMEONE]) == GOOGLES.format(more)
    for contacts in ([], [SOMEONE], [KNOWN]):
        assert header("outlook-csv", contacts) == OUTLOOK_COMS


def test_todays_list_is_linkedins_to_the_byte() -> None:
    later = people.contact(people.ADA._replace(connected_on="2024-03-05"))
    undated = people.contact(people.ADA._replace(first_name="Zed", connected_on=""))
    written = writers.write_contacts("linkedin-csv", [people.contact(), undated, later])
    notes, _, table = written.data.partition(b"\n\n")
    assert notes.startswith(b'Notes:\n"When exporting your connection data, ')
    assert notes.endswith(b'https://www.linkedin.com/help/linkedin/answer/261"')
    row = (
        'Ada,"Lovelace, PhD",https://www.linkedin.com/in/ada-lovelace-1a2b3c,ada@example.com,'
        '"Analytical ""Engines"", Ltd.",Mathematician,'
    )
    assert table.decode().split("\n") == [
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        row.replace("Ada", "Zed"),  # at the end it would look cut off
        f"{row}05 Mar 2024",
        f"{row}01 Jan 2024",
    ]  # and no end of the last line
    assert written.lost == {"phones": 3}


def test_who_would_be_a_nameless_row_is_left_out_and_told() -> None:
    nobody = people.contact(Person(phones=("+44 20",), company="Quov", connected_on="2024-01-01"))
    shown = people.contact(Person(full_name="The Weaver", connected_on="2024-01-01"))
    written = writers.write_contacts("linkedin-csv", [nobody, shown])
    assert [one.name for one in back(written)] == ["The Weaver"]
    assert written.people == 1
    assert written.lost == {connections.NAMELESS: 1}


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("google-csv", []),
        ("outlook-csv", ["Categories", "Tags", "emails beyond 3"]),
        (
            "linkedin-csv",
            ["Birthday", "Categories", "Nickname", "Note", "Tags", "Website", "phones"],
        ),
    ],
)
def test_what_a_user_added_goes_along_or_is_told(name: str, lost: list[str]) -> None:
    written = writers.write_contacts(name, [KNOWN, people.contact()])
    always = [table_rows.CORRECTED, table_rows.FORMER_URLS, table_rows.KINDS, "picture"]
    told = dict(written.lost)
    both = {"phones"} & told.keys()  # Ada has one, too
    assert sorted(told) == sorted([*lost, *always])
    assert all(number == (2 if what in both else 1) for what, number in told.items())
    person = next(one for one in back(written) if one.url == KNOWN.shown.url)
    found = dict(person.extra)
    everything = {
        "Note": "Met in Turin over , and ; tea",
        "Categories": "friends; chess",
        "Nickname": "Nono",
        "Birthday": "1980-01-02",
        "Website": "https://nour.example",
        "Tags": "=1+1",
    }
    assert found == {column: value for column, value in everything.items() if column not in lost}
    assert person.position == "Chief Reckoner"
    assert ("+39 011 555 0100" in person.phones) is ("phones" not in lost)


@pytest.mark.parametrize(
    ("own", "labels", "sites"),
    [
        (("CATEGORIES:a\\; b,c",), [], 0),
        (("CATEGORIES:a ::: b,c",), [], 0),
        (("CATEGORIES:* starred",), [], 0),
        (("CATEGORIES:LinkedIn",), [], 0),
        (("CATEGORIES:a:::b,c\\;d",), ["a:::b", "c;d"], 0),
        (("URL:v3 ::: w; z",), [], 0),
        (("URL:v3 ::: w; z", "CATEGORIES:chess"), ["chess"], 0),
        (("URL:https://w.example/a\\; b",), [], 0),
        (("URL:https://w.example/a;b", "URL:https://x.example"), [], 2),
    ],
)
def test_what_googles_cells_would_break_up_goes_along_whole(
    own: tuple[str, ...], labels: list[str], sites: int
) -> None:
    contact = people.contact()._replace(own=own)
    told = table_rows.row_of_contact(contact).person
    written = google.write_google([contact, people.contact()])
    assert written.lost == {}
    row, other = rows(written)
    assert row["Labels"].split(" ::: ") == ["* myContacts", "LinkedIn", *labels]
    websites = [
        value for name, value in row.items() if name.startswith("Website") if "Value" in name
    ]
    assert len([one for one in websites[1:] if one]) == sites
    assert back(written)[0] == told
    assert other["Labels"] == "* myContacts ::: LinkedIn"


@pytest.mark.parametrize("name", ["google-csv", "outlook-csv", "linkedin-csv"])
def test_what_a_hand_put_on_a_card_makes_no_line_and_no_control_in_a_table(name: str) -> None:
    typed = people.person(
        position="Boss\nof\x00 all", company="A\x1b[31m", phones=("+1\n555 0100",)
    )
    own = ("NOTE:a\x00b\\nc\x1bd\x85e\\n\\nf",)
    for said in (typed, people.ADA):  # corrected, or not known of yet
        contact = people.contact(said)._replace(shown=typed, own=own)
        written = writers.write_contacts(name, [people.contact(), contact])
        content = written.data.decode()
        assert [one for one in content if ord(one) < 32 and one not in "\r\n"] == []
        found = {one.position: one for one in back(written)}
        assert found.keys() == {people.ADA.position, "Boss of all"}
        assert found["Boss of all"].company == "A [31m"
        if name != "linkedin-csv":
            assert found["Boss of all"].phones == ("+1 555 0100",)
            assert "a b\nc d\ne\n\nf" in content.replace("\r\n", "\n")


def test_what_google_can_not_bring_back_is_counted() -> None:
    who = people.person(phones=("555 ::: 0100",), extra=(("* x", "y"), (table_rows.UID, "mine")))
    written = google.write_google([people.contact(who), people.contact()])
    assert written.lost == {table_rows.UID: 1, google.BROKEN_UP: 1}
    assert b"mine" not in written.data
    assert dict(back(written)[0].extra) == {"* x": "y"}


def test_a_note_keeps_its_lines_in_a_table() -> None:
    (row,) = rows(writers.write_contacts("google-csv", [KNOWN]))
    assert row["Notes"] == "Met in Turin\nover , and ; tea"
    assert row["Labels"] == "* myContacts ::: LinkedIn ::: friends ::: chess"


@pytest.mark.parametrize("name", ["google-csv", "outlook-csv"])
@pytest.mark.parametrize("field", ["first_name", "last_name", "company", "position"])
def test_no_cell_is_run_by_a_spreadsheet(name: str, field: str) -> None:
    risky = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "'=1", "''@x", "＝1", "+1 of 2"]
    risky += ["+44 20 7946 0000", "+41-44-668-1800", "-1-1", "+1-2", "-"]
    safe = ["'tis", "1-2", "a=b"]
    changes: list[dict[str, Any]] = [{field: value} for value in [*risky, *safe]]
    people_ = [people.contact(people.person(**one)) for one in changes]
    written = writers.write_contacts(name, people_)
    column = {
        "first_name": "First Name",
        "last_name": "Last Name",
        "company": {"google-csv": "Organization Name"}.get(name, "Company"),
        "position": {"google-csv": "Organization Title"}.get(name, "Job Title"),
    }[field]
    cells = [row[column] for row in rows(written)]
    assert cells[len(risky) :] == safe
    assert cells[: len(risky)] == [f"'{value}" for value in risky]
    assert [getattr(one, field) for one in back(written)] == [*risky, *safe]


@pytest.mark.parametrize("name", ["google-csv", "outlook-csv"])
def test_phone_numbers_are_dialled_as_they_are_and_nothing_else_in_their_place(name: str) -> None:
    numbers = ("+41-44-668-1800", "+41446681800", "=1+1", "-1-1", "+1-2", "@x")
    who = people.person(phones=numbers, extra=(("Home Fax", "+41 44 668 18 01"), ("Note", "+1")))
    written = writers.write_contacts(name, [people.contact(who)])
    (row,) = rows(written)
    cells = set(row.values())
    assert cells >= {"+41-44-668-1800", "+41446681800", "'=1+1", "'-1-1", "'+1-2", "'@x"}
    assert cells.isdisjoint(numbers[2:])
    assert row["Notes"].startswith("'+1")
    (found,) = back(written)
    assert sorted(found.phones) == sorted(numbers)
    assert dict(found.extra)["Home Fax"] == "+41 44 668 18 01"


def test_linkedins_own_list_keeps_its_formulas() -> None:
    (row,) = rows(writers.write_contacts("linkedin-csv", [SOMEONE]))
    assert row["Company"] == "=HYPERLINK(1)"


@given(st.lists(anybody(), max_size=3))
def test_google_loses_nothing_of_anybody(contacts: list[Contact]) -> None:
    written = google.write_google(contacts)
    assert written.lost == {}
    assert back(written) == [one.shown for one in contacts]


@given(st.lists(anybody(), max_size=3))
def test_outlook_loses_what_it_says_and_no_more(contacts: list[Contact]) -> None:
    written = outlook.write_outlook_com(contacts)
    for said, found in zip(contacts, back(written), strict=True):
        kept = [pair for pair in said.shown.extra if pair[0] not in written.lost]
        assert found == said.shown._replace(extra=tuple(kept))


@given(st.lists(anybody(), max_size=3))
def test_linkedin_loses_what_it_says_and_no_more(contacts: list[Contact]) -> None:
    written = connections.write_connections(contacts)
    expected = sorted(contacts, key=lambda one: one.shown.connected_on or "undated", reverse=True)
    bare = [one.shown._replace(phones=(), extra=()) for one in expected]
    assert back(written) == bare
    gone = {column for one in contacts for column, _ in one.shown.extra}
    assert set(written.lost) == gone | (
        {"phones"} if any(c.shown.phones for c in contacts) else set()
    )
