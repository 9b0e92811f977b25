"""What files of vCards come to: by version, by program, by what is wrong with them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import people
from li_vault.core import card
from li_vault.core.model import Contact, Person
from li_vault.errors import BadExport
from li_vault.formats.tables.export import Export, Reading
from li_vault.formats.vcard import reader

DAY = date(2026, 11, 23)
ADA = b"BEGIN:VCARD\nVERSION:3.0\nN:Lovelace;Ada;;;\nFN:Ada Lovelace\nEND:VCARD\n"


def export(data: bytes, name: str = "contacts.vcf", **others: bytes) -> Export:
    files = {name: data, **others}
    return Export(name, files, tuple(files), bool(others), None, None, DAY)


def read(data: bytes, name: str = "contacts.vcf") -> Reading:
    given_file = export(data, name)
    assert reader.VCF.claims(given_file)
    reading = reader.VCF.read(given_file)
    assert reading.rows == len(reading.people) + len(reading.nameless) + len(reading.skipped)
    assert reading.data == data
    return reading


def one(*lines: str, encoding: str = "utf-8") -> Person:
    """The person of one card with these lines."""
    content = "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])
    reading = read(content.encode(encoding))
    assert reading.skipped == ()
    return reading.people[0].person


def extra(*lines: str) -> dict[str, str]:
    return dict(one("FN:Ada", *lines).extra)


def test_a_card_of_every_field() -> None:
    person = one(
        "VERSION:3.0",
        "N:Lovelace\\, PhD;Ada;King;Countess;Esq.",
        "FN:Ada Lovelace\\, PhD",
        "ORG:Analytical Engines\\, Ltd.;Sums",
        "TITLE:Mathematician",
        "EMAIL;TYPE=INTERNET:ada@example.com",
        "item1.EMAIL;type=WORK:mailto:Ada@Example.com",
        "item2.EMAIL:countess@example.com",
        "TEL;TYPE=CELL:+44 20 7946 0000",
        "TEL;VALUE=uri:tel:+44-20-7946-0001;ext=7",
        "item3.URL;type=pref:http\\://www.linkedin.com/in/ada-example",
        "item3.X-ABLabel:_$!<HomePage>!$_",
        "X-LI-CONNECTED-ON:2024-01-01",
    )
    assert person == Person(
        first_name="Ada",
        last_name="Lovelace, PhD",
        url="http://www.linkedin.com/in/ada-example",
        emails=("ada@example.com", "countess@example.com"),
        phones=("+44 20 7946 0000", "+44-20-7946-0001 ext. 7"),
        company="Analytical Engines, Ltd.",
        position="Mathematician",
        connected_on="2024-01-01",
        extra=(
            ("Department", "Sums"),
            ("Middle Name", "King"),
            ("Name Prefix", "Countess"),
            ("Name Suffix", "Esq."),
        ),
    )


@settings(max_examples=60)
@given(people.contacts())
def test_our_own_cards_are_read_back(contact: Contact) -> None:
    known = contact.person
    contact = contact._replace(own=(), shown=known, former_urls=())
    reading = reader.VCF.read(export(card.write_card(contact)))
    if reading.people:
        assert reading.people[0].person.name == known.name
        assert reading.people[0].person.company == known.company
        assert reading.people[0].person.position == known.position
        if known.connected_on >= "2003-01-01":  # an earlier day can't be one of connecting
            assert reading.people[0].person.connected_on == known.connected_on
    else:
        assert reading.skipped[0].reason.startswith("it names nobody")


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("NOTE:met\\nin London\\, twice", "Note", "met in London, twice"),
        ("NOTE:one\r\nNOTE:two\r\nNOTE:one", "Note", "one; two"),
        ("BDAY:18151210", "Birthday", "1815-12-10"),
        ("BDAY:1815-12-10T00:00:00Z", "Birthday", "1815-12-10"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10", "Birthday", "--12-10"),
        ("BDAY:about 1815", "Birthday", "about 1815"),
        ("ADR;TYPE=HOME:;;Sq;London;;SW1;UK", "Address", "Sq, London, SW1, UK"),
        ("ADR:1;2;3;4;5;6;7;8", "Address", "1, 2, 3, 4, 5, 6, 7, 8"),
        ("CATEGORIES:poets,a\\,b , sums", "Categories", "poets; a,b; sums"),
        ("NICKNAME:Bertie", "Nickname", "Bertie"),
        ("URL:https://example.com/ada", "Website", "https://example.com/ada"),
        ("ROLE:Author", "Role", "Author"),
        ("X-SOCIALPROFILE;type=x:http://x.example/ada", "Social Profile", "http://x.example/ada"),
        ("IMPP;X-SERVICE-TYPE=AIM:aim:ada", "Instant Messenger", "aim:ada"),
        ("X-PHONETIC-FIRST-NAME:Ayda", "Phonetic First Name", "Ayda"),
        ("item1.X-ABDATE:1835-07-08\r\nitem1.X-ABLabel:_$!<Anniversary>!$_", "Anniversary",
         "1835-07-08"),
        ("item1.X-ABDATE:1835-07-08\r\nitem1.X-ABLabel:Wedding", "Wedding", "1835-07-08"),
        ("X-LI-TAGS;COLUMN=Tags:a\\, b", "Tags", "a, b"),
        ('X-LI-A;COLUMN="A, b: ^\'c^\'":x', 'A, b: "c"', "x"),
        ("X-LI-CONNECTED-ON:long ago", "Connected On", "long ago"),
        ("TITLE:Countess\r\nTITLE:Author", "Other Position", "Author"),
        ("ORG:One\r\nORG:Two;Sums", "Other Company", "Two, Sums"),
        ("NOTE:call\r\nher back", "Note", "call her back"),
        ("TEL:1\r\nher back", "Note", "her back"),
        ("NOTE;ENCODING=B:aMOpbGxv", "Note", "héllo"),
    ],
)  # fmt: skip
def test_what_has_no_field_is_a_column(line: str, column: str, value: str) -> None:
    assert extra(line)[column] == value


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg==",
        "PHOTO;ENCODING=b:not base64!",
        "PHOTO;ENCODING=b;TYPE=png:data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n 2wBDAQcHBwo\r\n\r\n",
        "PHOTO;BASE64:/9j/4AAQ\r\n2wBDAQcHBwoAAAA",
        "PHOTO;ENCODING=b,b;X-ABCROP-RECTANGLE=ABClipRect_1&0&38&aRl==:/9j/4AAQ",
        "LOGO:http://example.com/a.png",
        "KEY;ENCODING=B:!!",
        "AGENT:BEGIN:VCARD\\nFN:Other\\nEND:VCARD\\n",
        "UID:1",
        "REV:2020-01-01",
        "X-LI-FORMER-URL:https://www.linkedin.com/in/a",
        "X-LI-EXPORT-TITLE:Poet",
        "NOTE:",
    ],
)
def test_pictures_and_technical_lines_are_no_columns(line: str) -> None:
    assert extra(line) == {}


@pytest.mark.parametrize(
    ("lines", "first", "last", "full"),
    [
        (["N:Lovelace;Ada", "FN:Ada Lovelace"], "Ada", "Lovelace", ""),
        (["N:Lovelace;Ada", "FN:Countess Ada"], "Ada", "Lovelace", "Countess Ada"),
        (["N:Lovelace;Ada"], "Ada", "Lovelace", ""),
        (["FN:Ada Lovelace"], "", "", "Ada Lovelace"),
        (["N:;;;;", "FN:ada@example.com", "EMAIL:ada@example.com"], "", "", ""),
        (["N:Lovelace, PhD;Ada"], "Ada", "Lovelace, PhD", ""),
        (["N:Lovelace\\;x;Ada\\"], "Ada\\", "Lovelace;x", ""),
    ],
)
def test_names(lines: list[str], first: str, last: str, full: str) -> None:
    person = one(*lines)
    assert (person.first_name, person.last_name, person.full_name) == (first, last, full)


@pytest.mark.parametrize("name", ["URL", "X-ABURL", "X-SOCIALPROFILE;type=linkedin", "IMPP"])
def test_a_linkedin_profile_under_any_property(name: str) -> None:
    person = one("FN:Ada", f"{name}:https://example.com/a", f"{name}:https://linkedin.com/in/ada")
    assert person.url == "https://linkedin.com/in/ada"
    assert "https://example.com/a" in dict(person.extra).values()


def test_names_of_values_that_vobject_would_lose() -> None:
    person = one("FN:Ada", "TITLE:Chief, Engineer", "ORG:Engines, Ltd;A, B", "NOTE:data:a;b,c")
    assert (person.position, person.company) == ("Chief, Engineer", "Engines, Ltd")
    assert dict(person.extra) == {"Department": "A, B", "Note": "data:a;b,c"}


def test_version_2_1() -> None:
    person = one(
        "VERSION:2.1",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=",
        "ller;J=C3=B6rg;;;",
        "FN;CHARSET=UTF-8;QUOTED-PRINTABLE:J=C3=B6rg =",
        "=4D=C3=BCller",
        "TEL;CELL;VOICE:+49 123",
        "ADR;WORK;encoding=quoted-printable:;;=48=6F=66=",
        "=31;Berlin;;;",
        "NOTE:folded before",
        " a blank",
    )
    assert (person.first_name, person.last_name, person.full_name) == ("Jörg", "Müller", "")
    assert person.phones == ("+49 123",)
    assert dict(person.extra) == {"Address": "Hof1, Berlin", "Note": "folded before a blank"}


def test_version_4() -> None:
    person = one("VERSION:4.0", "KIND:individual", "FN:Ada", "N:L;Ada;;;",
                 'TEL;VALUE=uri;TYPE="voice,home":tel:+1-555', "BDAY:--1210")  # fmt: skip
    assert person.phones == ("+1-555",)
    assert dict(person.extra) == {"Birthday": "--1210"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_and_folds(end: str) -> None:
    content = end.join(["BEGIN:VCARD", "VERSION:3.0", "FN:Ada Love", " lace", "END:VCARD", ""])
    assert read(content.encode() * 2).people[1].person.full_name == "Ada Lovelace"


def test_a_bad_card_does_not_lose_the_others() -> None:
    data = (
        ADA + b"BEGIN:VCARD\nFN:Open\n" + ADA
        + b"FN:No beginning\nEND:VCARD\n"
        + b"BEGIN:VCARD\nKIND:group\nFN:All\nEND:VCARD\n"
        + b"BEGIN:VCARD\nVERSION:3.0\nX-ADDRESSBOOKSERVER-KIND:group\nFN:All\nEND:VCARD\n"
        + b"BEGIN:VCARD\nVERSION:3.0\nNOTE:nobody\nEND:VCARD\n"
        + b"BEGIN:VCARD\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=81=A0=B0=D7\nEND:VCARD\n"
        + b"junk\n" + ADA
    )  # fmt: skip
    reading = read(data)
    assert [row.number for row in reading.people] == [1, 3, 9]
    assert [(s.row, s.reason[:16]) for s in reading.skipped] == [
        (2, "it has no end (E"),
        (4, "it has no beginn"),
        (5, "it is a group, n"),
        (6, "it is a group, n"),
        (7, "it names nobody:"),
        (8, "a value is in an"),
    ]


@pytest.mark.parametrize(
    "agent",
    [
        "AGENT:\nBEGIN:VCARD\nN:Babbage;Charles\nTEL:1\nEND:VCARD\n",
        "AGENT:\nBEGIN:VCARD\nAGENT:\n\nBEGIN:VCARD\nTEL:1\nEND:VCARD\nEND:VCARD\n",
    ],
)
def test_an_agent_within_a_card_is_not_its_person(agent: str) -> None:
    reading = read(f"BEGIN:VCARD\nN:L;Ada\n{agent}EMAIL:a@example.com\nEND:VCARD\n".encode() + ADA)
    assert [row.person.first_name for row in reading.people] == ["Ada", "Ada"]
    assert reading.people[0].person.emails == ("a@example.com",)
    assert reading.people[0].person.phones == ()


def test_an_agent_that_is_not_closed_loses_one_card_only() -> None:
    reading = read(b"BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:B\nEND:VCARD\n" + ADA * 3)
    assert (reading.rows, len(reading.people)) == (4, 3)


@pytest.mark.parametrize("cut", [ADA[:-12], ADA[:-3], ADA + ADA[:30], ADA + b"BEGIN:VC"])
def test_a_file_that_is_cut_off_is_refused(cut: bytes) -> None:
    with pytest.raises(BadExport, match="cut off"):
        reader.VCF.read(export(cut))


def test_what_is_claimed() -> None:
    claims = reader.VCF.claims
    assert claims(export(b"\xef\xbb\xbf\r\n \nbegin:vcard\nFN:x\nend:vcard", "a.txt"))
    assert claims(export(ADA.decode().encode("utf-16"), "-"))
    assert not claims(export(b"First Name,Last Name\nBEGIN,VCARD"))
    assert not claims(export(b"a,BEGIN:VCARD\n"))
    assert not claims(export(b""))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("linkedin_connections_export.vcf", "linkedin-vcf/2012"),
        ("LinkedIn_Connections_Export (1).VCF", "linkedin-vcf/2012"),
        ("contacts.vcf", "vcf"),
        ("-", "vcf"),
    ],
)
def test_linkedins_own_file_is_a_full_list(name: str, kind: str) -> None:
    reading = read(ADA, name)
    own = kind != "vcf"
    assert reading.kind == kind
    assert (reading.full, reading.enriches) == (own, not own)
    assert reading.original == ("linkedin_connections_export.vcf" if own else "contacts.vcf")


def test_only_linkedins_own_is_taken_out_of_an_archive() -> None:
    others = {"notes.txt": b"x"}
    claims = reader.VCF.claims
    assert claims(export(ADA, "linkedin_connections_export.vcf", **others))
    assert not claims(export(ADA, "friends.vcf", **others))
    todays = {"Connections.csv": b"x"}
    assert not claims(export(ADA, "linkedin_connections_export.vcf", **todays))


def test_coverage_is_what_some_card_fills() -> None:
    reading = read(ADA + b"BEGIN:VCARD\nFN:Bo\nTEL:1\nNOTE:x\nEND:VCARD\n")
    assert reading.coverage.fields == {"first_name", "last_name", "full_name", "phones"}
    assert reading.coverage.columns == {"Note"}


def test_what_reads_cards_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys, li_vault.formats.registry; "
        "sys.exit(any(m in sys.modules for m in ('vobject', 'li_vault.formats.vcf_source')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


BOMBS = {
    "nested": b"BEGIN:VCARD\nAGENT:\n" * 5000 + b"END:VCARD\n" * 5000,
    "begun": b"BEGIN:VCARD\n" * 8000 + b"END:VCARD\n",
    "long line": b"BEGIN:VCARD\nFN:x\nNOTE:" + b"a,;\\" * 25000 + b"\nEND:VCARD\n",
    "components": b"BEGIN:VCARD\nFN:x\nORG:" + b"a;" * 50000 + b"\nEND:VCARD\n",
    "values": b"BEGIN:VCARD\nFN:x\nCATEGORIES:" + b"a," * 50000 + b"\nEND:VCARD\n",
    "quotes": b"BEGIN:VCARD\nFN:x\nTEL;X=" + b'"a' * 50001 + b":1\nEND:VCARD\n",
    "parameters": b"BEGIN:VCARD\nFN:x\nTEL" + b";X=a,b" * 16000 + b"\nEND:VCARD\n",
    "groups": b"BEGIN:VCARD\nFN:x\n"
    + b"".join(b"item%d.URL:x\nitem%d.X-ABLabel:y\n" % (i, i) for i in range(2400))
    + b"END:VCARD\n",
    "properties": b"BEGIN:VCARD\nFN:x\n"
    + b"".join(b"X-%d:y\n" % i for i in range(10000))
    + b"END:VCARD\n",
    "no colons": b"BEGIN:VCARD\nFN:x\n" + b"abc\n" * 25000 + b"END:VCARD\n",
    "carriage returns": b"BEGIN:VCARD\nFN:x\n" + b"\r" * 100000 + b"END:VCARD\n",
    "folds": b"BEGIN:VCARD\nFN:x\nNOTE:" + b"\n a" * 33000 + b"\nEND:VCARD\n",
    "soft breaks": b"BEGIN:VCARD\nFN:x\nNOTE;QUOTED-PRINTABLE:"
    + b"=\na" * 33000
    + b"\nEND:VCARD\n",
    "dots": b"BEGIN:VCARD\nFN:x\n" + b"a." * 50000 + b"\nEND:VCARD\n",
    "blanks": b"BEGIN:VCARD\nFN:x\nTEL" + b" " * 100000 + b"\nEND:VCARD\n",
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_nothing_takes_long(data: bytes) -> None:
    begun = process_time()
    reading = read(data)
    assert process_time() - begun < max(1.0, len(data) / 100_000)
    assert reading.rows >= 1


PIECES = st.sampled_from(
    [b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n", b"FN:x\n", b"N;CHARSET=", b"=\n", b"\n ",
     b"ENCODING=QUOTED-PRINTABLE:", b";", b":", b"\\", b"\xc3", b"\xe9", b"\r", b"\0", b'"',
     b"item1.", b"ENCODING=b:", b"=C3", b"X-LI-A;COLUMN=", b"^'", b"BDAY:", b"utf-8",
     b"\xef\xbb\xbf",
     b"VERSION:2.1\n", b"PROFILE:VCARD\n", b"iso-2022-jp:\x1b$B"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=3), max_size=30))
@example([b"BEGIN:VCARD\nN;COLUMN=", b'"":x\nEND:VCARD\n'])
def test_whatever_comes_is_read_or_refused(pieces: list[bytes]) -> None:
    data = ADA + b"".join(pieces) + ADA
    try:
        reading = reader.VCF.read(export(data))
    except BadExport:
        return
    assert reading.rows == len(reading.people) + len(reading.skipped)
    assert reading.people[0].number == 1
