"""In which encoding the values of a vCard file are: decided by evidence, decoded strictly.

The bytes of a value come as Latin-1 text, one character a byte, so that lines can be put together
before they are decoded: some programs fold within a character.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from li_vault.errors import BadExport

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


def octets(data: bytes) -> str:
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


def charset(params: str) -> str:
    """The codec that a property's `CHARSET` names; "" if it names none that is known."""
    found = _CHARSET.search(params)
    if found is None:
        return ""
    return _CODECS.get(re.sub(r"[^a-z0-9]", "", found[1].lower()), "")


def usual(values: Iterable[tuple[str, str]], prodids: Sequence[str]) -> str:
    """The codec of the values, each a pair of its parameters and octets, that name none.

    Raises:
        BadExport: They are in several encodings, or in none that is known.
    """
    odd = []
    is_utf8 = False
    for params, value in values:
        if value.isascii() or charset(params):
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


def text_of(value: str, params: str, otherwise: str) -> str:
    """A value's octets as text; `otherwise` is the file's own codec.

    Raises:
        UnicodeError: It is in none of the encodings that it could be in.
    """
    named = charset(params)
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
