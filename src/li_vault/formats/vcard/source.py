"""From a file to whole vCards: encoding, folding, where each card ends."""

from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from li_vault.core.content_lines import ContentLine
from li_vault.errors import BadExport

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


class SourceCard(NamedTuple):
    """A card as it stands in a file.

    Attributes:
        lines: Its content lines, decoded, without frame and pictures; values still escaped.
        reason: Why it can't be read, or "".
    """

    number: int
    lines: tuple[ContentLine, ...]
    reason: str = ""


def begins_with_card(data: bytes) -> bool:
    """Whether a card begins near the start of these bytes, in any encoding."""
    head = data[: 4 * _NEAR]
    codec = wide_codec(head)
    content = head.decode(codec, "ignore") if codec else head.decode("latin-1")
    start = content.removeprefix("ï»¿").lstrip()[:_NEAR]
    found = _BEGINNING.search(start)
    # In a table, a cell can hold these words: nothing that looks like a row stands above.
    return found is not None and _ROW.search(start, 0, found.start()) is None


def read_cards(data: bytes) -> list[SourceCard]:
    """The cards of a file in their order; each that can't be read says why.

    Raises:
        BadExport: In several encodings, binary, or cut off.
    """
    content = file_octets(data)
    content = content.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    drafts = list(_apart(content.split("\n")))
    whole = [(draft, [*map(_line, draft.logical)]) for draft in drafts]
    prodids = [line.value for _, lines in whole for line in lines if line.name == "PRODID"]
    values = (
        (line.params, line.value) for _, lines in whole for line in lines if not _is_binary(line)
    )
    codec = common_codec(values, prodids)
    return [_decoded(n, draft, lines, codec) for n, (draft, lines) in enumerate(whole, 1)]


class _CardLines:
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


def _apart(lines: list[str]) -> Iterator[_CardLines]:
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
        self.draft: _CardLines | None = None
        self._depth = 0  # of cards within the card
        self._agent = False  # whether the line before announced one
        self._stray = ""  # the last line outside of cards

    @property
    def is_cut_off(self) -> bool:
        """Whether the file may not end here."""
        return self.draft is not None or bool(
            self._stray and _OPENING.startswith(self._stray.upper())
        )

    def take(self, line: str) -> _CardLines | None:
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

    def _begin(self, *, is_card: bool, announced: bool) -> _CardLines | None:
        unclosed = self.draft
        if unclosed is None:
            self.draft = _CardLines() if is_card else None
        elif is_card and not announced:
            unclosed.reason = _NO_END
            self.draft, self._depth = _CardLines(), 0
            return unclosed
        else:
            self._depth += 1
        return None

    def _end(self, *, is_card: bool) -> _CardLines | None:
        closed = self.draft
        if closed is None:
            return _CardLines(_NO_BEGINNING) if is_card else None
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


def _line(pieces: list[str]) -> ContentLine:
    raw = "".join(pieces)
    found = _PROPERTY.match(raw) or _LOOSE.match(raw)
    if found is None:  # a fold within its head that was never closed
        return ContentLine("", "NOTE", "", raw)
    group, name, params = found.groups()
    return ContentLine(group or "", name.upper().replace("_", "-"), params, raw[found.end() :])


def _is_binary(line: ContentLine) -> bool:
    return line.name in BINARY


def _decoded(number: int, draft: _CardLines, lines: list[ContentLine], codec: str) -> SourceCard:
    if draft.reason:
        return SourceCard(number, (), draft.reason)
    try:
        read_lines = [_text(line, codec) for line in lines if not _is_binary(line)]
    except UnicodeError:
        return SourceCard(number, (), "a value is in another encoding than its CHARSET says")
    return SourceCard(number, tuple(line for line in read_lines if line is not None))


def _text(line: ContentLine, codec: str) -> ContentLine | None:
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
        value=decode_value(value, line.params, codec),
        params=decode_value(line.params, "", codec),
    )


UTF8 = "utf-8"
_CP1252 = "cp1252"
_MAC = "mac_roman"

_WESTERN = {
    **dict.fromkeys(("iso88591", "latin1", "l1", "usascii", "ascii", "ansi"), _CP1252),
    **dict.fromkeys(("windows1252", "cp1252", "xcp1252"), _CP1252),
    **dict.fromkeys(("iso885915", "latin9"), "iso8859-15"),
    **dict.fromkeys(("macintosh", "macroman", "xmacroman", "mac"), _MAC),
}
_CODECS = {
    **_WESTERN,
    **dict.fromkeys(("utf8", "unicode11utf8", "utf8mb4"), UTF8),
    **{f"iso8859{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 16)},
    **{
        f"{name}{n}": f"cp{n}" for n in range(1250, 1259) if n != 1252 for name in ("windows", "cp")
    },
    **dict.fromkeys(("koi8r", "koi8u"), "koi8-u"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "windows31j", "cp932"), "cp932"),
    "iso2022jp": "iso2022_jp_ext",
    "eucjp": "euc_jp",
    **dict.fromkeys(("euckr", "ksc56011987", "cp949"), "cp949"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5hkscs", "cp950"), "big5hkscs"),
}
"""The names that `CHARSET` goes by, without case and punctuation -> Python's codec; no others,
since Python has codecs that are no encodings of text, or take forever."""

_CHARSET = re.compile(r';CHARSET="?([^;:",]++)', re.IGNORECASE)
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf]")
_RARE = frozenset("ŠšŽžŒœŸ\u0192\u0131")
"""Letters that either encoding has, but few names."""
_JOINING = frozenset("\u2018\u2019\u2013\u2014")
"""Apostrophes and dashes, which can stand within a word."""
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_INTO = 4096


def file_octets(data: bytes) -> str:
    """The file's bytes as Latin-1 text, out of UTF-16 or without its mark if need be.

    Raises:
        BadExport: Binary, or UTF-16 that ends within a character.
    """
    codec = wide_codec(data)
    if codec:
        try:
            data = data.decode(codec).encode()
        except UnicodeError:
            raise BadExport(
                f"The file is cut off, or damaged: it is no whole {codec.upper()} text.",
                "Export the contacts again.",
            ) from None
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(0)) + 1
        raise BadExport(
            f"Line {line} holds a NUL byte, so this is no text file.",
            "Hand over the file as the address book exported it.",
        )
    return data.decode("latin-1")


def wide_codec(data: bytes) -> str:
    """The codec of a file in UTF-16 or UTF-32, told by its mark or by its NULs; else ""."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return codec
    head = data[:_LOOKED_INTO]
    for codec, nuls in (("utf-16-be", head[0::2]), ("utf-16-le", head[1::2])):
        others = head[1::2] if codec == "utf-16-be" else head[0::2]
        if nuls and nuls.count(0) > len(nuls) // 3 and not others.count(0):
            return codec
    return ""


def charset_codec(params: str) -> str:
    """The codec that a property's `CHARSET` names; "" if it names none that is known."""
    found = _CHARSET.search(params)
    if found is None:
        return ""
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", found[1].lower()), "")


def common_codec(values: Iterable[tuple[str, str]], prodids: Sequence[str]) -> str:
    """The codec of the values, each a pair of its parameters and octets, that name none.

    Raises:
        BadExport: They are in several encodings, or in none that is known.
    """
    odd = []
    is_utf8 = False
    for params, value in values:
        if value.isascii() or charset_codec(params):
            continue
        data = value.encode("latin-1")
        try:
            data.decode(UTF8)
            is_utf8 = True
        except UnicodeDecodeError:
            odd.append(data)
            is_utf8 = is_utf8 or _UTF8_CHARACTER.search(data) is not None
    if not odd:
        return UTF8
    if is_utf8:
        raise BadExport(
            "The file holds values that are not UTF-8, beside others that are.",
            "Some program mixed two encodings. Hand over the file as the address book exported it.",
        )
    codec = _legacy(b"\n".join(odd), prodids)
    if not codec:
        raise BadExport(
            "The file holds values that are neither UTF-8 nor cp1252 nor Mac Roman.",
            "Export the contacts again as UTF-8 (vCard 3.0).",
        )
    return codec


def decode_value(value: str, params: str, otherwise: str) -> str:
    """A value's octets as text; `otherwise` is the file's own codec.

    Raises:
        UnicodeError: It is in none of the encodings that it could be in.
    """
    named = charset_codec(params)
    if value.isascii() and not named.startswith("iso2022"):
        return value
    data = value.encode("latin-1")
    # Programs write Latin-1's name on UTF-8; the bytes can't be both and make sense as both.
    tries = [UTF8, named] if named in _WESTERN.values() else [named, UTF8]
    for codec in [*filter(None, tries), otherwise]:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode(_legacy(data, ()) or UTF8)


class _Likeness(NamedTuple):
    """How far bytes beyond ASCII make words: of so many, letters and plausible signs."""

    odd: int
    letters: float
    likely: float


def _legacy(data: bytes, prodids: Sequence[str]) -> str:
    """cp1252, unless that makes no words of these bytes and Mac Roman does; "" if neither does."""
    mac = _likeness(data.decode(_MAC))
    try:
        western = _likeness(data.decode(_CP1252))
    except UnicodeDecodeError:
        return _MAC if 2 * mac.letters >= mac.odd else ""
    if any("apple" in prodid.lower() or "mac os" in prodid.lower() for prodid in prodids):
        return _MAC if mac.likely >= western.likely else _CP1252
    return _MAC if 2 * western.likely < western.odd and mac.likely > western.likely else _CP1252


def _likeness(content: str) -> _Likeness:
    odd, letters, signs = 0, 0.0, 0.0
    for before, char, after in zip(" " + content, content, content[1:] + " ", strict=False):
        if char.isascii():
            continue
        odd += 1
        category = unicodedata.category(char)
        begins = not before.isalpha() or (before.isupper() and not after.islower())
        if category == "Ll" or (category == "Lu" and begins):
            letters += 0.5 if char in _RARE else 1.0
        elif not char.isalpha():
            is_inside = before.isalpha() and after.isalpha()
            signs += (0.5 if char in _JOINING else 0.0) if is_inside else 1.0
    return _Likeness(odd, letters, letters + signs)
