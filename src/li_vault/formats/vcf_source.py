"""A vCard file -> its cards as whole content lines, whatever program wrote it.

What vobject can't do: it gives up a file at its first odd line. Here cards are told apart, lines
that were folded, cut at soft breaks or not indented are put together again, and encodings are
undone. vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) are read as they come, mixed or not.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from li_vault.core.lines import Line
from li_vault.errors import BadExport
from li_vault.formats import vcf_encoding

BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "AGENT", "X-ABPHOTO", "X-MS-CARDPICTURE"})
"""Properties that no text is read from; they are kept in the original bytes alone."""

_BEGINNING = re.compile(r"(?:\A|[\r\n])[ \t\r\n]*BEGIN[ \t]*:[ \t]*VCARD", re.IGNORECASE)
_ROW = re.compile(r"([,;\t])[^\r\n]*?\1")
_FRAME = re.compile(r"(BEGIN|END)[ \t]*:[ \t]*([A-Za-z0-9_-]+)[ \t]*", re.IGNORECASE)
_PROPERTY = re.compile(
    r"(?:([A-Za-z0-9_-]++)\.)?([A-Za-z0-9_-]++)[ \t]*+((?:;(?:[^\":]++|\"[^\"]*+\")*+)?+):"
)
_LOOSE = re.compile(r"(?:([A-Za-z0-9_-]++)\.)?([A-Za-z0-9_-]++)[ \t]*+((?:;[^:]*+)?+):")
"""The same where quotation marks do not match."""
_OPEN_HEAD = re.compile(r"(?:[A-Za-z0-9_-]++\.)?[A-Za-z0-9_-]++;[A-Za-z0-9-]++=[^:]*+")
"""A property that is folded before its value begins."""
_SEVERAL_LINES = frozenset({"NOTE", "ADR", "LABEL"})
_NEAR = 2000  # characters within which a vCard file begins
_HARD_FOLD = 70  # octets from which a line may have been cut by a program that does not indent
_OPENING = "BEGIN:VCARD"
_FRAME_LIMIT = 64  # octets; a longer line is neither beginning nor end
_NO_BEGINNING = "it has no beginning (BEGIN:VCARD)"
_NO_END = "it has no end (END:VCARD)"


class Source(NamedTuple):
    """A card as it stands in a file.

    Attributes:
        number: Its number in the file, from 1.
        lines: Its content lines, decoded, without frame and pictures; values still escaped.
        reason: Why it can't be read, or "".
    """

    number: int
    lines: tuple[Line, ...]
    reason: str = ""


def begins(data: bytes) -> bool:
    """Whether a card begins near the start of these bytes, in any encoding."""
    head = data[: 4 * _NEAR]
    codec = vcf_encoding.wide_codec(head)
    content = head.decode(codec, "ignore") if codec else head.decode("latin-1")
    start = content.removeprefix("ï»¿").lstrip()[:_NEAR]
    found = _BEGINNING.search(start)
    # In a table, a cell can hold these words: nothing that looks like a row stands above.
    return found is not None and _ROW.search(start, 0, found.start()) is None


def read(data: bytes) -> list[Source]:
    """The cards of a file in their order; each that can't be read says why.

    Raises:
        BadExport: In several encodings, binary, or cut off.
    """
    content = vcf_encoding.octets(data)
    content = content.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    drafts = list(_apart(content.split("\n")))
    whole = [(draft, [*map(_line, draft.logical)]) for draft in drafts]
    prodids = [line.value for _, lines in whole for line in lines if line.name == "PRODID"]
    values = (
        (line.params, line.value) for _, lines in whole for line in lines if not _is_binary(line)
    )
    codec = vcf_encoding.usual(values, prodids)
    return [_decoded(n, draft, lines, codec) for n, (draft, lines) in enumerate(whole, 1)]


class _Draft:
    """A card while its lines are put together."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        self.logical: list[list[str]] = []  # each in pieces, so that long ones stay cheap
        self.is_old = False  # version 2.1
        self._soft = self._printable = self._base64 = False
        self._length = 0
        self.name = ""

    def add(self, line: str) -> None:
        """Take one physical line."""
        length = self._length
        self._length = len(line)
        if self._soft:
            self._continue(line)
        elif not line.strip(" \t"):
            self._base64 = False
        elif line[0] in " \t":
            # In 2.1 a line is folded before white space, which belongs to the value.
            kept = self.is_old and not "\x80" <= line[1:2] <= "\xbf"  # the rest of a character
            self._continue(" " + line[1:] if kept else line[1:])
        elif _is_property(line) or (len(line) >= _HARD_FOLD and _OPEN_HEAD.fullmatch(line)):
            self._begin(line)
        elif self._base64 or (self.logical and length >= _HARD_FOLD):
            self._continue(line)
        elif self.name in _SEVERAL_LINES:
            self._continue("\n" + line)
        else:
            self._begin(f"NOTE:{line}")  # nothing that a user wrote is lost

    def _begin(self, line: str) -> None:
        head = line.partition(":")[0].upper()
        self.name = head.partition(";")[0].rpartition(".")[2].strip()
        self._printable = "QUOTED-PRINTABLE" in head
        self._base64 = "BASE64" in head or "ENCODING=B" in head
        if self.name == "VERSION" and line.rstrip().endswith("2.1"):
            self.is_old = True
        self.logical.append([])
        self._continue(line)

    def _continue(self, piece: str) -> None:
        if not self.logical:
            return
        cut = piece.rstrip(" \t")
        self._soft = self._printable and cut.endswith("=")
        self.logical[-1].append(cut[:-1] if self._soft else piece)


def _apart(lines: list[str]) -> Iterator[_Draft]:
    """The cards, those that are not closed too; what stands between them is no one's."""
    stack = _Open()
    for line in lines:
        if closed := stack.take(line):
            yield closed
    if stack.is_cut_off:
        raise BadExport(
            "The file is cut off: its last card has no end (END:VCARD).",
            "Export the contacts again, or download the file again.",
        )


class _Open:
    """The card that is open while the lines of a file go by, if any is."""

    def __init__(self) -> None:
        self.draft: _Draft | None = None
        self._depth = 0  # of cards within the card
        self._agent = False  # whether the line before announced one
        self._stray = ""  # the last line outside of cards

    @property
    def is_cut_off(self) -> bool:
        """Whether the file may not end here."""
        return self.draft is not None or bool(
            self._stray and _OPENING.startswith(self._stray.upper())
        )

    def take(self, line: str) -> _Draft | None:
        """Take the next physical line; the card that it closes, or shows never to be closed."""
        frame = None
        if len(line) < _FRAME_LIMIT:
            # Within a card an indented line is the rest of the one before.
            frame = _FRAME.fullmatch(line if self.draft else line.strip(" \t"))
        if frame is None:
            self._take_content(line)
            return None
        is_card = frame[2].upper() == "VCARD"
        announced, self._agent = self._agent, False
        self._stray = "" if is_card else line.strip()
        if frame[1].upper() == "BEGIN":
            return self._begin(is_card=is_card, announced=announced)
        return self._end(is_card=is_card)

    def _take_content(self, line: str) -> None:
        if self.draft is None:
            self._stray = line.strip() or self._stray
        elif not self._depth:
            self.draft.add(line)
        if line.strip():
            self._agent = _announces(line)

    def _begin(self, *, is_card: bool, announced: bool) -> _Draft | None:
        unclosed = self.draft
        if unclosed is None:
            self.draft = _Draft() if is_card else None
        elif is_card and not announced:
            unclosed.reason = _NO_END
            self.draft, self._depth = _Draft(), 0
            return unclosed
        else:
            self._depth += 1
        return None

    def _end(self, *, is_card: bool) -> _Draft | None:
        closed = self.draft
        if closed is None:
            return _Draft(_NO_BEGINNING) if is_card else None
        if self._depth:
            self._depth -= 1
        elif is_card:
            self.draft = None
            return closed
        return None


def _announces(line: str) -> bool:
    head, _, value = line.partition(":")
    name = head.partition(";")[0].rpartition(".")[2]
    return name.strip().upper() == "AGENT" and not value.strip()


def _is_property(line: str) -> bool:
    found = _PROPERTY.match(line) or _LOOSE.match(line)
    if found is None:
        return False
    return not (line.startswith("//", found.end()) and found[2].lower() in ("http", "https"))


def _line(pieces: list[str]) -> Line:
    raw = "".join(pieces)
    found = _PROPERTY.match(raw) or _LOOSE.match(raw)
    if found is None:  # a fold within its head that was never closed
        return Line("", "NOTE", "", raw)
    group, name, params = found.groups()
    return Line(group or "", name.upper().replace("_", "-"), params, raw[found.end() :])


def _is_binary(line: Line) -> bool:
    return line.name in BINARY


def _decoded(number: int, draft: _Draft, lines: list[Line], codec: str) -> Source:
    if draft.reason:
        return Source(number, (), draft.reason)
    try:
        read_lines = [_text(line, codec) for line in lines if not _is_binary(line)]
    except UnicodeError:
        return Source(number, (), "a value is in another encoding than its CHARSET says")
    return Source(number, tuple(line for line in read_lines if line is not None))


def _text(line: Line, codec: str) -> Line | None:
    """The line with its encoding undone; None if it holds no text."""
    upper = line.params.upper()
    value = line.value
    if "QUOTED-PRINTABLE" in upper:
        value = binascii.a2b_qp(value.encode("latin-1")).decode("latin-1")
    elif "BASE64" in upper or re.search(r"ENCODING=\"?B(?![A-Z])", upper):
        try:
            value = binascii.a2b_base64("".join(value.split())).decode("utf-8")
        except ValueError:
            return None
        return line._replace(value=value, params="")
    return line._replace(
        value=vcf_encoding.text_of(value, line.params, codec),
        params=vcf_encoding.text_of(line.params, "", codec),
    )
