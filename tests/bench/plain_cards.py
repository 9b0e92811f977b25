"""The script anyone would write: rows of Google's CSV -> vCards, by plain code.

    python tests/bench/plain_cards.py GOOGLE.csv CARDS.vcf 3.0

It knows the columns of exactly these people: nothing of anyone's own, no column of another list.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from typing import NamedTuple


class Someone(NamedTuple):
    """What a card tells of a person."""

    uid: str
    first: str
    last: str
    company: str
    position: str
    emails: tuple[str, ...]
    url: str
    connected_on: str


def write(people: Iterable[Someone], version: str) -> bytes:
    """The cards, folded at 75 octets."""
    is_new = version == "4.0"
    email, urn = ("EMAIL", "urn:uuid:") if is_new else ("EMAIL;TYPE=INTERNET", "")
    out = io.BytesIO()
    for one in people:
        lines = [
            "BEGIN:VCARD",
            f"VERSION:{version}",
            f"UID:{urn}{one.uid}",
            f"FN:{_escaped(f'{one.first} {one.last}')}",
            f"N:{_escaped(one.last)};{_escaped(one.first)};;;",
        ]
        if one.company:
            lines.append(f"ORG:{_escaped(one.company)}")
        if one.position:
            lines.append(f"TITLE:{_escaped(one.position)}")
        lines += [f"{email}:{_escaped(address)}" for address in one.emails]
        lines.append(f"URL:{_escaped(one.url)}")
        lines.append(f"X-LI-CONNECTED-ON:{one.connected_on}")
        lines += [f"X-LI-UID:{one.uid}", "END:VCARD"]
        for line in lines:
            data = line.encode()
            while len(data) > 75:
                end = 75
                while data[end] & 0xC0 == 0x80:
                    end -= 1
                out.write(data[:end] + b"\r\n")
                data = b" " + data[end:]
            out.write(data + b"\r\n")
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def main(source: str, target: str, version: str) -> None:
    """Read the table and write the cards."""
    with open(source, newline="", encoding="utf-8") as file:  # noqa: PTH123 - as anyone would
        header, *rows = csv.reader(file)
    names = ["Custom Field 1 - Value", "First Name", "Last Name", "Organization Name"]
    names += ("Organization Title", "E-mail 1 - Value", "Website 1 - Value", "Event 1 - Value")
    places = [header.index(name) for name in names]
    people = []
    for row in rows:
        uid, first, last, company, position, mail, url, day = (row[place] for place in places)
        people.append(
            Someone(uid, first, last, company, position, (mail,) if mail else (), url, day)
        )
    with open(target, "wb") as file_:  # noqa: PTH123 - as anyone would
        file_.write(write(people, version))


if __name__ == "__main__":
    main(*sys.argv[1:])
