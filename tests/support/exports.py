"""Exports that are handed over, and what is read back of files that were written."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import strategies as st

import people
from li_vault.core.model import Contact, Person
from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.linkedin import connections
from li_vault.formats.tables.export import Export, Reading
from li_vault.formats.vcard.table_rows import WrittenFile
from li_vault.host import open_exports

TODAY = date(2026, 11, 23)
CSV = b"First Name,Last Name,Connected On\nAda,Lovelace,01 Jan 2024"
PROFILE = b"First Name,Last Name,Headline\nGrace,Example,Owner\n"

Members = list[tuple[str, bytes]]


def zipped(*members: tuple[str, bytes], stamp: tuple[int, int, int] = (2026, 11, 20)) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (*stamp, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def opened(path: Path | str, stdin: bytes | None = None) -> list[Export]:
    """The exports at a path."""
    stream = None if stdin is None else io.BytesIO(stdin)
    return open_exports.open_exports(
        str(path), wanted=registry.is_wanted_member, stdin=stream, today=TODAY
    )


def one(path: Path | str, stdin: bytes | None = None) -> Export:
    """The one export at a path."""
    (export,) = opened(path, stdin)
    return export


def put(path: Path, data: bytes) -> Path:
    """Write a file, with the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def refused(path: Path | str, pattern: str, stdin: bytes | None = None) -> None:
    """See that a path is refused in words that fit a pattern, with a hint."""
    with pytest.raises(BadExport, match=pattern) as caught:
        opened(path, stdin)
    assert caught.value.hint


EMAILS = ("nour@example.com", "n.s@example.org", "nour+li@example.net")
SOMEONE = people.contact(
    Person(
        first_name="نور 🚀",
        last_name='الصغير, PhD "Nono"',
        url="https://www.linkedin.com/in/%D9%86%D9%88%D8%B1-%F0%9F%9A%80-1a2b3c",
        emails=EMAILS,
        company="=HYPERLINK(1)",
        position="Reckoner, Tides 🌍",
        connected_on="2024-02-29",
    )
)
OWN = (
    "NOTE:Met in Turin\\nover \\, and \\; tea",
    "CATEGORIES:friends,chess",
    "NICKNAME:Nono",
    "BDAY:1980-01-02",
    "TEL;TYPE=CELL:+39 011 555 0100",
    "EMAIL:own@example.com",
    "URL:https://nour.example",
    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
)
KNOWN = SOMEONE._replace(
    shown=SOMEONE.person._replace(position="Chief Reckoner", extra=(("Tags", "=1+1"),)),
    own=OWN,
    former_urls=("https://www.linkedin.com/in/nour-old",),
)


def read(data: bytes) -> Reading:
    export = Export("x", {"x": data}, ("x",), False, None, None, date.min)
    return registry.read_export(export)


def back(written: WrittenFile) -> list[Person]:
    reading = read(written.data)
    assert not reading.skipped
    return [row.person for row in reading.people]


def rows(written: WrittenFile) -> list[dict[str, str]]:
    """The rows of a CSV file as Python's own module reads them."""
    content = written.data.decode().removeprefix(connections.NOTES)
    return list(csv.DictReader(io.StringIO(content, newline="")))


LINKS = st.one_of(
    st.just(""),
    st.sampled_from("ada josé-é %F0%9F%9A%80 云石".split()).map(
        "https://www.linkedin.com/in/{}".format
    ),
)
ADDRESSES = st.lists(st.sampled_from([*EMAILS, "a@example.com"]), max_size=3, unique=True).map(
    tuple
)
NUMBERS = st.lists(
    st.sampled_from(["+44 20 7946 0000", "555 0100", "(0)30-1234567"]), max_size=3, unique=True
).map(tuple)


@st.composite
def anybody(draw: st.DrawFn) -> Contact:
    """Anyone whom an export and an address book could have made, whatever the text."""
    extra = draw(st.dictionaries(people.columns, people.full, max_size=3))
    person = Person(
        first_name=draw(people.full),
        last_name=draw(people.texts),
        url=draw(LINKS),
        emails=draw(ADDRESSES),
        phones=draw(NUMBERS),
        company=draw(people.texts),
        position=draw(people.texts),
        connected_on=draw(st.one_of(st.just(""), st.dates(date(2003, 5, 5)).map(date.isoformat))),
        extra=tuple(sorted(extra.items())),
    )
    return people.contact(person)
