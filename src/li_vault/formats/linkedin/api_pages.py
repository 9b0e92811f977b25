"""Pages of LinkedIn's portability API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from li_vault.core import text
from li_vault.errors import BadExport
from li_vault.formats.linkedin import connections
from li_vault.formats.tables import columns, csv_table
from li_vault.formats.tables.export import Export, Format, Reading, SkippedRow

ORIGINAL = "Connections.json"
DOMAIN = "CONNECTIONS"
COLUMNS = tuple(connections.EXPECTED.split(","))
"""The keys of a row, as LinkedIn writes them."""

_MARKS = re.compile(rb'"(?:snapshotDomain|snapshotData|elements|paging)"')
_HEAD = 64 * 1024  # bytes looked into for a page's own keys
_KIND = "linkedin-portability/2024"
_AGAIN = "Save every page again, as LinkedIn sent it, from start=0 until it answers 404."


class _Page(NamedTuple):
    start: int
    rows: list[object]
    raw: str  # as it stands in the file
    source: str  # for messages


def _with_pages(export: Export) -> Export | None:
    """JSON that has the keys of a page; an archive's list goes before it."""
    return export if any(map(_is_page_like, _files(export).values())) else None


def _read(export: Export) -> Reading:
    """The pages in the order of their starts; they must not repeat or leave a gap."""
    files = [
        (name, data)
        for name, data in sorted(_files(export).items())
        if _is_page_like(data) or may_be_end(data)
    ]
    texts = [
        (shown, found)
        for name, data in files
        for shown in [repr(name) if len(files) > 1 else "The file"]
        for found in json_objects(data, shown, _AGAIN)
    ]
    return _reading(texts, export)


API_PAGES = Format("linkedin-portability", _with_pages, _read, "holds no page of LinkedIn's API")
"""Pages of the portability API, in one file or several."""


def may_be_page(name: str) -> bool:
    """Whether a file of this base name may be a page."""
    return name.lower().endswith(".json")


def join_pages(pages: Sequence[bytes]) -> bytes:
    """Pages as one file that reads back the same: one as it is, several as a JSON array.

    Args:
        pages: Answers of the API as they came, UTF-8, in their order; a 404 at the end may be
            among them, as the proof that there are no more.
    """
    if len(pages) == 1:
        return pages[0]
    return b"[\n" + b",\n".join(page.strip() for page in pages) + b"\n]\n"


class ApiPage(NamedTuple):
    """One page as the API answered it.

    Attributes:
        rows: Its rows; one that can't be read may be of any kind.
        onward: Where it says that the next page is; "" if it says nothing.
    """

    start: int
    rows: Sequence[object]
    onward: str


def read_answer(data: bytes, name: str) -> ApiPage:
    """The one page that an answer of the API is.

    Raises:
        BadExport: It is cut off, no page, or of another domain.
    """
    found = list(json_objects(data, name, _AGAIN))
    if len(found) != 1 or is_error(found[0][1]):
        raise BadExport(f"{name} is not one page.", _AGAIN)
    ((raw, page),) = found
    read = _page(page, raw, name)
    links = page["paging"].get("links") or ()
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next":
            return ApiPage(read.start, read.rows, str(link.get("href") or ""))
    return ApiPage(read.start, read.rows, "")


def _files(export: Export) -> dict[str, bytes]:
    if not export.packed:
        return dict(export.files)
    if any(n.lower() == connections.ORIGINAL.lower() or columns.is_linkedins_before_2016(n)
           for n in export.files):  # fmt: skip
        return {}
    return {name: data for name, data in export.files.items() if may_be_page(name)}


def _is_page_like(data: bytes) -> bool:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"{", b"[") and _MARKS.search(head) is not None


def _reading(texts: Sequence[tuple[str, tuple[str, Object]]], export: Export) -> Reading:
    pages: list[_Page] = []
    ends: list[str] = []
    for name, (raw, found) in texts:
        if is_error(found):
            ends.append(raw)
            _refuse_error(found, name)
        else:
            pages.append(_page(found, raw, name))
    if not pages:
        raise BadExport("There is no page, only LinkedIn's answer that there are none.", _AGAIN)
    pages.sort(key=lambda page: page.start)
    _refuse_gaps(pages)
    rows = [row for page in pages for row in page.rows]
    skipped = [SkippedRow(n, reason) for n, row in enumerate(rows, 1) if (reason := _unread(row))]
    lost = {one.row for one in skipped}
    kept = {n: row for n, row in enumerate(rows, 1) if isinstance(row, dict) and n not in lost}
    if rows and not kept:
        raise BadExport(
            f"There is no row that can be read; of the first: {skipped[0].reason}.", _AGAIN
        )
    header, cells = _table(list(kept.values()))
    found_people = connections.read_listed(header, cells, list(kept))
    return Reading(
        kind=_KIND,
        original=ORIGINAL,
        data=_original(export, pages, ends),
        rows=len(rows),
        people=tuple(found_people.people),
        nameless=tuple(found_people.nameless),
        skipped=tuple(sorted([*skipped, *found_people.skipped])),
        coverage=found_people.coverage,
        full=bool(ends) and pages[0].start == 0,
        damage=csv_table.count_broken_cells("\n".join("\n".join(row) for row in cells), cells),
        newest=found_people.newest,
        timed=found_people.timed,
    )


def _original(export: Export, pages: Sequence[_Page], ends: Sequence[str]) -> bytes:
    """What is kept: a file as it came, or the untouched texts of several as one array."""
    files = [d for d in _files(export).values() if _is_page_like(d) or may_be_end(d)]
    if len(files) == 1:
        return files[0]
    return join_pages([page.raw.encode() for page in pages] + [end.encode() for end in ends[:1]])


def _refuse_error(found: Object, name: str) -> None:
    status = found.get("status", STATUS)
    is_404 = str(status) == str(STATUS)
    if is_404 and not is_end(found):
        raise BadExport(
            f"{name} is not a page but LinkedIn's error 404, and not the one behind the last page "
            f'("{WORDS}").',
            _AGAIN,
        )
    if not is_404:
        shown = status if isinstance(status, int) else "without a number"
        raise BadExport(
            f"{name} is not a page but LinkedIn's error {shown}.",
            "Ask LinkedIn for that page again; 401 means an expired token, 429 too many calls.",
        )


def _of_kind(value: object, kind: type[Kind], key: str, name: str) -> Kind:
    return as_kind(value, kind, key, name, _AGAIN)


def _page(found: Object, raw: str, name: str) -> _Page:
    paging = _of_kind(found.get("paging"), dict, "paging", name)
    start = _of_kind(paging.get("start"), int, "paging.start", name)
    elements = _of_kind(found.get("elements"), list, "elements", name)
    rows: list[object] = []
    for element in elements:
        _of_kind(element, dict, "elements[]", name)
        domain = _of_kind(element.get("snapshotDomain"), str, "snapshotDomain", name)
        if domain != DOMAIN:
            shown = domain if re.fullmatch(r"[A-Za-z0-9_ ]{1,60}", domain) else "another one"
            raise BadExport(
                f"{name} is a page of the domain {shown}, not of {DOMAIN}.",
                f"Ask LinkedIn's API for domain={DOMAIN}.",
            )
        rows += _of_kind(element.get("snapshotData"), list, "snapshotData", name)
    if start < 0:
        raise BadExport(f"{name}: paging.start is {start}, below 0.", _AGAIN)
    if len(rows) > 1 and all(map(_unread, rows)):
        raise BadExport(
            f"{name} has no row that can be read; of the first: {_unread(rows[0])}.", _AGAIN
        )
    return _Page(start, rows, raw, name)


def _refuse_gaps(pages: Sequence[_Page]) -> None:
    for before, after in pairwise(pages):
        if before.start == after.start:
            raise BadExport(f"The page of start={after.start} is there twice.", _AGAIN)
        if before.start + 1 != after.start:
            raise BadExport(
                f"Pages are missing: after start={before.start} comes start={after.start}.", _AGAIN
            )
        if before.rows and before.rows == after.rows:
            raise BadExport(
                f"The pages of start={before.start} and start={after.start} hold the same rows.",
                _AGAIN,
            )


def _table(rows: Sequence[Object]) -> tuple[tuple[str, ...], list[list[str]]]:
    """The rows as a table: today's columns that any row has, then every other key."""
    keys = dict.fromkeys(key for row in rows for key in row) if rows else dict.fromkeys(COLUMNS)
    header = [column for column in COLUMNS if column in keys]
    header += [key for key in keys if key not in COLUMNS]
    cells = [[_cell(row.get(key)) for key in header] for row in rows]
    return tuple(map(text.clean, header)), cells


def _unread(row: object) -> str:
    """Why a row can't be read, in words; "" if it can.

    A whole number is read as its digits: a company may be called by one.
    """
    if not isinstance(row, dict):
        return f"it is {kind_name(row)} where an object was expected"
    if not _is_header(tuple(row)):
        return (
            f"it has no First Name, Last Name and Connected On (expected: {connections.EXPECTED})"
        )
    for key, value in row.items():
        if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
            shown = key if key in COLUMNS else "a key"
            return f"{shown} is {kind_name(value)}; a text was expected"
    return ""


@lru_cache(maxsize=64)
def _is_header(keys: tuple[str, ...]) -> bool:
    return connections.is_connections_header(tuple(map(text.clean, keys)))


def _cell(value: object) -> str:
    return "" if value is None else str(value)


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


def may_be_end(data: bytes) -> bool:
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


def closing_answer(data: bytes) -> bytes | None:
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
    reads_back = isinstance(found, dict) and found.get("status") == STATUS and may_be_end(data)
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
    shown = str(status).strip()
    return shown == str(STATUS) or re.fullmatch(r"[1-5]\d\d", shown) is None


Object = Mapping[str, Any]
Kind = TypeVar("Kind")


def _decoded(data: bytes, name: str, hint: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadExport(
            f"{name} is not UTF-8 (byte {error.start}), as LinkedIn's answers are.", hint
        ) from None


def json_objects(data: bytes, name: str, hint: str) -> Iterator[tuple[str, Object]]:
    """The JSON objects of a file, each with its own text: one, an array, or one a line.

    Args:
        data: The file, UTF-8.

    Raises:
        BadExport: It is no JSON, cut off, or holds something else than objects.
    """
    content = _decoded(data, name, hint)
    import json  # takes two milliseconds, and few exports are JSON

    decoder = json.JSONDecoder()
    at, is_array = _past_blanks(content, 0), False
    if content.startswith("[", at):
        at, is_array = _past_blanks(content, at + 1), True
    while at < len(content) and not (is_array and content.startswith("]", at)):
        try:
            found, end = decoder.raw_decode(content, at)
        except (ValueError, RecursionError) as error:
            raise _broken(content, name, error, hint) from None
        if not isinstance(found, dict):
            raise BadExport(
                f"{name} holds {kind_name(found)} where a page, an object, was expected.", hint
            )
        yield content[at:end], found
        at = _past_blanks(content, end)
        if is_array and content.startswith(",", at):
            at = _past_blanks(content, at + 1)
        elif is_array and not content.startswith("]", at):
            raise _broken(content, name, None, hint, cut=at >= len(content))
    if is_array and _past_blanks(content, at + 1) < len(content):
        raise _broken(content, name, None, hint)
    if is_array and at >= len(content):
        raise _broken(content, name, None, hint, cut=True)


_BLANKS = re.compile(r"[ \t\r\n]*+")


def _past_blanks(content: str, at: int) -> int:
    found = _BLANKS.match(content, at)
    return found.end() if found else at


def _broken(
    content: str, name: str, error: Exception | None, hint: str, *, cut: bool = False
) -> BadExport:
    if isinstance(error, RecursionError):
        return BadExport(f"{name} is nested too deeply to be LinkedIn's answer.", hint)
    import json

    if isinstance(error, json.JSONDecodeError):
        cut = error.pos >= len(content.rstrip()) or error.msg.startswith("Unterminated")
    if cut:
        return BadExport(f"{name} is cut off: its JSON does not end.", hint)
    where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
    return BadExport(f"{name} is no JSON{where}, or not all of it.", hint)


def as_kind(value: object, kind: type[Kind], key: str, name: str, hint: str) -> Kind:
    """The value, if it is of a kind.

    Raises:
        BadExport: It is missing, or of another kind.
    """
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    expected = _NAMES[kind]
    if value is None:
        raise BadExport(f"{name} has no {key}; {expected} was expected.", hint)
    raise BadExport(f"{name}: {key} is {kind_name(value)}; {expected} was expected.", hint)


_NAMES: Mapping[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def kind_name(value: object) -> str:
    """What a value of JSON is, in words."""
    return _NAMES.get(type(value), "null")
