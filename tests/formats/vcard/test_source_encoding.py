"""Encodings of vCard files: told by evidence, decoded strictly, never repaired."""

from __future__ import annotations

import pytest

from formats.vcard.test_reader_programs import export, read
from li_vault.errors import BadExport
from li_vault.formats.tables.export import DamagedCells
from li_vault.formats.vcard import reader

ALL = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;José;;;\r\nFN:José Müller\r\n{}END:VCARD\r\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
def test_a_whole_file_in_one_encoding(encoding: str) -> None:
    person = read(ALL.format("").encode(encoding)).people[0].person
    assert (person.first_name, person.last_name, person.full_name) == ("José", "Müller", "")


@pytest.mark.parametrize(
    "names",
    [
        "Øystein Åse",
        "Émile Zola",
        "Ève Søren",
        "Čapek Žižek",
        "Nuñez Peña",
        "Groß",
        "Sœur",
        "“Bo” O’Neill – Paris–Rome ©",
    ],
)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_western_names_in_either_old_encoding(names: str, encoding: str) -> None:
    try:
        data = f"BEGIN:VCARD\nFN:{names}\nEND:VCARD\n".encode(encoding)
    except UnicodeEncodeError:
        data = f"BEGIN:VCARD\nFN:{names}\nEND:VCARD\n".encode()
    if encoding == "mac_roman":
        data = data.replace(b"FN:", b"PRODID:-//Apple Inc.//Address Book 4//EN\nFN:")
    assert read(data).people[0].person.full_name == names


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"FN;CHARSET=ISO-8859-1:Jos\xe9", "José"),
        (b"FN;CHARSET=UTF-8:Jos\xc3\xa9", "José"),
        (b"FN;CHARSET=ISO-8859-1:Jos\xc3\xa9", "José"),  # the wrong name on UTF-8
        (b"FN;CHARSET=UTF-8:Jos\xe9", "José"),  # and on what is not
        (b"FN;CHARSET=macintosh:Jos\x8e", "José"),
        (b'FN;charset="windows-1251":\xcf\xf3\xf8\xea\xe8\xed', "Пушкин"),
        (b"FN;CHARSET=SHIFT_JIS:\x8eR\x93c", "山田"),
        (b"FN;CHARSET=ISO-2022-JP:\x1b$B;3ED\x1b(B", "山田"),
        (b"FN;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=C0=EE", "李"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9", "José"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:Jos=E9", "José"),
        (b"FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Jos=E9", "José"),
        (b"FN;CHARSET=unicode_escape:Jos\xc3\xa9", "José"),  # none that text is in
        (b"FN:Jos\xc3\r\n \xa9", "José"),  # folded within a character
    ],
)
def test_a_property_in_an_encoding_of_its_own(line: bytes, name: str) -> None:
    reading = read(b"BEGIN:VCARD\nVERSION:2.1\n" + line + b"\nEND:VCARD\n")
    assert reading.people[0].person.full_name == name


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"FN:Jos\xc3\xa9\nNOTE:Jos\xe9", "beside others"),
        (b"FN:\x81\xa0\xb0\xd7\xe2\xb5\xf9", "neither UTF-8 nor cp1252"),
        (b"FN:a\0b", "Line 2 holds a NUL"),
    ],
)
def test_what_is_in_no_one_encoding_is_refused(line: bytes, words: str) -> None:
    with pytest.raises(BadExport, match=words):
        reader.VCF.read(export(b"BEGIN:VCARD\n" + line + b"\nEND:VCARD\n"))


def test_utf_16_that_ends_within_a_character() -> None:
    with pytest.raises(BadExport, match="cut off"):
        reader.VCF.read(export(ALL.format("").encode("utf-16")[:-1]))


def test_damage_is_counted_not_mended() -> None:
    data = ALL.format("NOTE:caf\u00c3\u00a9\r\nROLE:caf\ufffd\r\nTITLE:\u00c3\u00bc\r\n")
    reading = read(data.encode())
    assert reading.damage == DamagedCells(replaced=1, doubled=2)
    assert dict(reading.people[0].person.extra)["Note"] == "caf\u00c3\u00a9"
