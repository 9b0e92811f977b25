"""Normal forms of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import unquote_to_bytes

_ODD_BLANKS = r"\x00-\x1e\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""C0 and C1 controls, DEL, white space of any script, the byte order mark; not space and U+001F.
Spelt out, since `\\s` is seven times slower."""
_BLANK = re.compile(rf"[ \x1f{_ODD_BLANKS}]+")
_ODD_BLANK = re.compile(rf"[{_ODD_BLANKS}]")

_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATOR = "\x1f"  # a control character, so that no clean text holds it

_USUAL = "https://www.linkedin.com/in/"
_PROFILE = re.compile(
    r"\s*(?:https?:)?(?://)?(?:[a-z0-9-]+\.)*linkedin\.com\.?(?::\d+)?/+(?:mwlite/+)?in/+([^/?#]+)",
    re.IGNORECASE,
)

_FILE_LIMIT = 60
_ACCENTS = re.compile("[\u0300-\u036f]+")
"""Those of Latin letters, which nearly all names have that are not ASCII."""
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_ACCENT = 200
"""Combining classes from here on are accents above and below a letter."""
_POINTS = range(10, 36)
"""Combining classes of Hebrew and Arabic vowel points, which most people leave out."""
_PICTURES = range(0x1F000, 0x1FC00)
"""Unicode's blocks of emoji and game symbols."""
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)

_ASCII_FORMS = {
    ord(letter): form
    for letter, form in (
        [("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"), ("ŋ", "ng")]
        + [("ø", "o"), ("ł", "l"), ("đ", "d"), ("ð", "d"), ("ħ", "h"), ("ı", "i"), ("ȷ", "j")]
        + [("ŧ", "t"), ("ĸ", "k"), ("ə", "e"), ("ɛ", "e"), ("ɔ", "o"), ("ƒ", "f"), ("ɓ", "b")]
        + [("ɗ", "d"), ("ƙ", "k"), ("ƴ", "y"), ("ɨ", "i"), ("ʉ", "u"), ("ʋ", "v"), ("ɖ", "d")]
        # Apostrophes and primes that Unicode counts among the letters.
        + [(mark, "") for mark in "ʹʺʻʼʽʾʿˈˊˋ"]
    )
}
"""Latin letters, in lower case, that do not decompose into an ASCII letter and an accent."""


def clean(text: str) -> str:
    """The text as it is kept: Unicode NFC, trimmed, every run of blanks one space.

    Blanks are white space and control characters: NBSP, TAB, VT, U+0085, U+2028, C0, C1, DEL and
    U+FEFF too. Emoji, joiners, direction marks and percent signs stay as they came. A lone
    surrogate, which no UTF-8 file can hold, becomes U+FFFD.
    """
    if text.isascii():
        if text.isprintable() and "  " not in text:
            return text.strip(" ")
    else:
        text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text))
    return _BLANK.sub(" ", text).strip(" ")


def writable(text: str) -> str:
    """The text as UTF-8 can hold it: a `?` for each byte of a file's name that is no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def clean_all(texts: Iterable[str]) -> list[str]:
    """`clean` of each text, in order: many cells at once, at the speed of C."""
    texts = list(texts)
    joined = _SEPARATOR.join(texts)
    if not texts or joined.count(_SEPARATOR) != len(texts) - 1:
        return [clean(text) for text in texts]
    if joined.isascii() and _is_clean(joined):
        return texts
    if not joined.isascii():
        joined = _SURROGATE.sub("\ufffd", joined)
        if not unicodedata.is_normalized("NFC", joined):
            joined = unicodedata.normalize("NFC", joined)
    joined = _ODD_BLANK.sub(" ", joined)
    while "  " in joined:
        joined = joined.replace("  ", " ")
    joined = joined.replace(" " + _SEPARATOR, _SEPARATOR).replace(_SEPARATOR + " ", _SEPARATOR)
    return joined.strip(" ").split(_SEPARATOR)


def _is_clean(joined: str) -> bool:
    """Whether texts of ASCII, joined by the separator, are clean as they are."""
    ends = f"{_SEPARATOR}{joined}{_SEPARATOR}"
    blank = any(two in ends for two in ("  ", f" {_SEPARATOR}", f"{_SEPARATOR} "))
    return not blank and joined.replace(_SEPARATOR, "").isprintable()


def profile_slug(url: str) -> str:
    """The profile's slug, from any spelling of a LinkedIn profile URL; else "".

    Percent-decoded, NFC, lower-case. Scheme, host (`de.linkedin.com`), slash at the end, language
    folder and query do not matter. A percent-code that is no UTF-8 stays as it is spelt.
    """
    if url.startswith(_USUAL):
        usual = url[len(_USUAL) :]
        if usual.isascii() and usual.replace("-", "").isalnum():
            return usual.lower()
    found = _PROFILE.match(url)
    if found is None:
        return ""
    spelt: str = _SURROGATE.sub("\ufffd", found.group(1))
    if "%" in spelt:
        with suppress(UnicodeDecodeError):
            spelt = unquote_to_bytes(spelt).decode("utf-8")
    return unicodedata.normalize("NFC", clean(spelt).lower())


def name_key(name: str) -> str:
    """A name's form for comparison: case, accents, fonts, punctuation and emoji do not count.

    Letters and digits of any script, lower-case, words apart by one space: "Søren  ŁUKASZ-Žižek,
    PhD 🚀" is `soren lukasz zizek phd`. Vowel signs without which Indic words differ stay. If
    nothing would be left (a name of emoji alone) it is the case-folded text itself.
    """
    if name.isascii():
        bare = name.lower()
        if bare.isalnum():
            return bare
        return " ".join(_NOT_ASCII_WORD.sub(" ", bare).split()) or clean(bare)
    folded = unicodedata.normalize("NFKC", _SURROGATE.sub("\ufffd", name)).casefold()
    # Case folding can undo the composition and bring in compatibility forms of its own.
    parts = unicodedata.normalize("NFKD", folded).casefold().translate(_ASCII_FORMS)
    kept = unicodedata.normalize("NFC", "".join(map(_key_part, parts)))
    return " ".join(kept.split()) or clean(folded)


def file_slug(text: str, limit: int = _FILE_LIMIT) -> str:
    """The text as part of a file name: `a-z`, `0-9` and single inner `-`, at most `limit` long.

    Accents are dropped and Latin letters spelt out (`ß` as `ss`). "" if any letter has no ASCII
    form, since half a name would mislead, or if there is no letter or digit at all.
    """
    lowered = text.lower()
    if lowered.isascii() and lowered.replace(" ", "").isalnum():
        return "-".join(lowered.split())[:limit].rstrip("-")
    if not lowered.isascii():
        lowered = _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered).lower())
    if not lowered.isascii():
        parts = lowered.translate(_ASCII_FORMS)
        if any(map(_is_foreign_letter, parts)):
            return ""
        # An accent and a joiner go without a gap; every other sign is one.
        lowered = "".join(c for c in parts if c.isascii() or unicodedata.category(c) not in _GLUE)
    return _NOT_ASCII_WORD.sub("-", lowered).strip("-")[:limit].rstrip("-")


_GLUE = frozenset({"Mn", "Me", "Cf"})


def _key_part(char: str) -> str:
    """What a character of a decomposed name contributes to its key: itself, a gap or nothing."""
    if char.isalnum():
        return char
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category in ("Mn", "Mc"):
        mark = unicodedata.combining(char)
        dropped = mark >= _ACCENT or mark in _POINTS or ord(char) in _VARIATION_SELECTORS
        return "" if dropped else char
    return " "


def _is_foreign_letter(char: str) -> bool:
    """Whether a character is a letter without ASCII form, whatever Python's Unicode version.

    A character that this Python's Unicode does not know yet counts as a letter, except where
    emoji are added every year: a file name may not depend on the version of Python.
    """
    if char.isascii():
        return False
    if char.isalpha():
        return True
    return unicodedata.category(char) == "Cn" and ord(char) not in _PICTURES


_TYPED = _ASCII_FORMS | {
    ord(sign): typed
    for signs, typed in (("’‘‛ʼʻ′", "'"), ("“”„‟", '"'), ("‐‒–—―−", "-"))
    for sign in signs
}
"""Letters, quotes and dashes in place of which people type those of their keyboard."""


def searchable(text: str) -> str:
    """The text as people type it: small letters, no accents, a keyboard's quotes and dashes.

    Unlike in a name's key, punctuation stays. Joiners and marks of direction are not typed.
    """
    parts = unicodedata.normalize("NFKD", text).casefold().translate(_TYPED)
    kept = "".join(char for char in parts if char < "\x80" or not _is_mark(char))
    while "  " in kept:
        kept = kept.replace("  ", " ")
    return kept


def _is_mark(char: str) -> bool:
    """Whether a sign is not typed by itself: an accent, a joiner, what makes a sign a picture."""
    if unicodedata.combining(char) or ord(char) in _VARIATION_SELECTORS:
        return True
    return unicodedata.category(char) == "Cf"
