"""The usual card, read at once: nothing of the user's on it, no column, one address at most.

Nine cards in ten are so, and a comparison over years reads 50,000 of them. `cards.read` is the
home of reading; what is not usual is its own.
"""

from __future__ import annotations

import re
from contextlib import suppress

from li_vault.core import cards, lines
from li_vault.core.model import Contact, Person

_TEXT = r"([^\x00-\x1f\x7f]+)"
_PART = r"([^;\x00-\x1f\x7f]*)"  # of a structured value; an escaped semicolon is not usual
_CARD = re.compile(
    rf"BEGIN:VCARD\r\nVERSION:3\.0\r\nUID:([0-9a-f-]{{36}})\r\nFN:{_TEXT}\r\n"
    rf"N:{_PART};{_PART};;;\r\n(?:ORG:{_PART}\r\n)?(?:TITLE:{_TEXT}\r\n)?"
    rf"(?:EMAIL;TYPE=INTERNET:{_TEXT}\r\n)?(?:URL:{_TEXT}\r\n)?"
    rf"(?:X-LI-FORMER-URL:{_TEXT}\r\n)?(?:X-LI-CONNECTED-ON:{_TEXT}\r\n)?END:VCARD\r\n"
)


def read_any(data: bytes, path: str) -> Contact | None:
    """The contact of any card, the usual ones quickly; None if it is broken."""
    contact = read(data, path)
    if contact is None:
        with suppress(cards.BrokenCard):
            contact = cards.read(data, path).contact
    return contact


def read(data: bytes, path: str) -> Contact | None:
    """The contact of a card if it is a usual one; None says nothing of what it is."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if "\r\n " in text:
        text = text.replace("\r\n ", "")
    found = _CARD.fullmatch(text)
    if found is None:
        return None
    values = found.groups("")
    if "\\" in text:
        values = tuple(map(lines.unescape, values))
    uid, name, last, first, company, position, email, url, former, day = values
    if name != (f"{first} {last}" if first and last else first or last):
        return None
    person = Person(first, last, url, (email,) if email else (), (), company, position, day)
    return Contact(uid, path, person, person, (former,) if former else ())
