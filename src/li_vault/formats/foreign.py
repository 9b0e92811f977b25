"""What a file that no format claims looks to be, in words for an error message.

Nobody's data is ever part of them: of a header, only words that headers are made of are shown.
"""

from __future__ import annotations

import codecs
import csv
import re

from li_vault.core import text

_SHOWN = 12  # columns
_LINES = 40  # looked into for a header

_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"bplist", "an Apple property list"),
)

_BEGINNINGS = (
    ("<!doctype html", "a web page, maybe LinkedIn's log-in page under the export's name"),
    ("<html", "a web page, maybe LinkedIn's log-in page under the export's name"),
    ("<", "an XML or HTML file"),
    ("begin:vcard", "a vCard file"),
    ("{", "a JSON file"),
    ("[", "a JSON file"),
)

_PROGRAMS = (
    ("Google Contacts' CSV", {"first name", "organization name"}),
    ("Google Contacts' CSV", {"first name", "e mail 1 value"}),
    ("Google Contacts' older CSV", {"given name", "family name"}),
    ("Outlook.com's CSV", {"first name", "given yomi"}),
    ("Outlook's CSV (LinkedIn wrote it too, before 2016)", {"first name", "business street"}),
    ("Outlook's CSV", {"first name", "e mail 2 address"}),
    ("Yahoo's CSV", {"first", "last", "yahoo id"}),
    ("Thunderbird's CSV", {"first name", "primary email"}),
    ("the list of imported contacts out of a LinkedIn export", {"source", "firstname", "profiles"}),
    ("the list of imported contacts out of a LinkedIn export", {"first name", "created at"}),
    ("the list of imported contacts out of a LinkedIn export", {"firstname", "createdat"}),
    ("the messages out of a LinkedIn export", {"conversation id", "from", "to"}),
    ("the invitations out of a LinkedIn export", {"from", "to", "sent at", "direction"}),
    ("the owner's profile out of a LinkedIn export", {"first name", "headline"}),
    ("the recommendations out of a LinkedIn export", {"first name", "text", "status"}),
    ("the endorsements out of a LinkedIn export", {"endorsement date", "skill name"}),
    ("the owner's addresses out of a LinkedIn export", {"email address", "confirmed"}),
)
"""Whose CSV it is, and columns (as `text.key` spells them) that give it away."""

_HEADER_WORDS = frozenset(
    word
    for line in (
        "address birthday city company confirmed connected country created date department email",
        "direction display mail family first firstname from full given group headline home id job",
        "label last lastname location middle mobile name nickname notes number on organization",
        "phone position postal primary profile profiles sent source state status street subject",
        "suffix tags telephone text time title to url value web website websites work yomi zip",
        "nachname vorname nom prenom unternehmen entreprise poste verbunden nombre apellidos",
        "empresa cargo puesto conectado correo nome sobrenome endereco telefono telefone telefon",
    )
    for word in line.split()
)


def describe(data: bytes) -> str:
    """What these bytes look to be, such as "a PDF document"; fits after "this is"."""
    for magic, words in _MAGIC:
        if data.startswith(magic):
            return words
    content = _text(data)
    if content is None:
        return "a binary file"
    start = content[:1000].strip().lower()
    for beginning, words in _BEGINNINGS:
        if start.startswith(beginning):
            return words
    return _described_table(content) if start else "an empty file"


def _text(data: bytes) -> str | None:
    """The beginning of the file as text, leniently, since it is only looked at."""
    head = data[:65536]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    if b"\0" in head:
        return None
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore")


def _described_table(content: str) -> str:
    best: list[str] = []
    for line in re.split(r"[\r\n]+", content)[:_LINES]:
        for delimiter in (",", ";", "\t"):
            cells = _cells(line, delimiter)
            keys = {text.key(cell) for cell in cells}
            for program, columns in _PROGRAMS:
                if columns <= keys:
                    return program
            if len(cells) > 1 and _is_header_like(cells) and len(cells) > len(best):
                best = cells
    if not best and "linkedin.com/in/" in content:
        return "a list of people whose header is missing"
    if not best:
        return "text without a header that li-vault knows"
    shown = ", ".join(repr(c[:30] if _is_header_word(c) else "…") for c in best[:_SHOWN])
    more = f" and {len(best) - _SHOWN} more" if len(best) > _SHOWN else ""
    return f"a table with the columns {shown}{more}"


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [text.clean(c) for c in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _is_header_like(cells: list[str]) -> bool:
    return 2 * sum(map(_is_header_word, cells)) >= len([c for c in cells if c]) > 0


def _is_header_word(cell: str) -> bool:
    """Whether the cell is made of nothing but words that columns are called by."""
    words = text.key(cell).split()
    return bool(words) and all(w in _HEADER_WORDS or (w.isdigit() and len(w) < 3) for w in words)
