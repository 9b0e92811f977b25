"""What ends the pages of LinkedIn's portability API: an answer with status 404.

LinkedIn's own says "No data found for this memberId". Others say less, and end them as well; but
what names another error (no access, another version, no such address) leaves open whether more
people follow. Source: LinkedIn's documentation of the Member Snapshot API, 2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

STATUS = 404
"""LinkedIn's status behind the last page."""
WORDS = "No data found for this memberId"
"""What LinkedIn says behind the last page."""

_BARE = b'{"status":404}'
_SAYS_END = "no data found"
_OTHER = re.compile(
    r"denied|permission|unauthori[sz]ed|forbidden|credential|token|scope|expired|revoked"
    r"|version|throttl|quota|too many|rate.?limit|limit exceeded"
    r"|resource|endpoint|\broute|\bpath\b|\burl\b|\buri\b|\bpage\b|cannot get|no such"
    r"|method|not supported|unsupported|invalid|malformed|bad.?request"
    r"|server|service|gateway|proxy|internal|unavailable|time.?out|maintenance|<html"
)
"""Words of an answer, in lower case, that name another error than that there is no more."""
_STATUSES = frozenset({"status", "statusCode", "httpStatus", "code"})
_LOOKS_LIKE = re.compile(
    rb'"status"[ \t\r\n]*+:[ \t\r\n]*+"?[45]\d\d\b|"code"[ \t\r\n]*+:[ \t\r\n]*+"NOT_FOUND"'
    rb"|no data found",
    re.IGNORECASE,
)
_LONGEST = 64 * 1024


def looks_like(data: bytes) -> bool:
    """Whether a file may be an answer of LinkedIn that is an error, and so perhaps the end."""
    return len(data) < _LONGEST and _LOOKS_LIKE.search(data) is not None


def is_error(found: Mapping[str, object]) -> bool:
    """Whether an object stands where a page would, and is an error that holds no one."""
    if _holds_rows(found):
        return False
    is_page = "paging" in found or "elements" in found
    if is_page:
        return str(found.get("status")) == str(STATUS) or _says_end(found)
    return bool({"status", "code", "message"} & found.keys())


def is_end(found: object) -> bool:
    """Whether a value of JSON, that came with status 404, says that there is no more.

    That it names no other error is enough; that it says so outweighs words, but not a status.
    """
    if _holds_rows(found):
        return False
    if not all(_is_own(value) for key, value in _inside(found) if key in _STATUSES):
        return False
    return _says_end(found) or not _OTHER.search(_words(found))


def kept(data: bytes) -> bytes | None:
    """What is kept of an answer with status 404 behind the last page; None if it is no end.

    Its own text if it reads back as the end, else no more than the status. What is no JSON must
    say that it is the end, or nothing at all.
    """
    import json

    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        is_said = not data.strip() or _SAYS_END.encode() in data.lower()
        return _BARE if is_said else None
    if not is_end(found):
        return None
    reads_back = isinstance(found, dict) and found.get("status") == STATUS and looks_like(data)
    return data if reads_back and is_error(found) else _BARE


def _holds_rows(found: object) -> bool:
    """Whether there is a row in it; people must not be taken for the end of them."""
    return any(key == "snapshotData" and value for key, value in _inside(found))


def _says_end(found: object) -> bool:
    return _SAYS_END in _words(found)


def _words(found: object) -> str:
    """All texts in it, in lower case, one a line."""
    return "\n".join(value for _, value in _inside(found) if isinstance(value, str)).lower()


def _inside(found: object) -> Iterator[tuple[str, object]]:
    """A value and all that is in it, however deep, each with the nearest key above it, or ""."""
    left = [("", found)]
    while left:
        key, value = left.pop()
        yield key, value
        if isinstance(value, dict):
            left += value.items()
        elif isinstance(value, list):
            left += ((key, one) for one in value)


def _is_own(status: object) -> bool:
    """Whether a status is the end's, or no number of HTTP at all."""
    shown = str(status).strip()
    return shown == str(STATUS) or re.fullmatch(r"[1-5]\d\d", shown) is None
