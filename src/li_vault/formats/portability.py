"""The pages of LinkedIn's Member Data Portability API, domain CONNECTIONS, saved as JSON.

One page is `{"paging": {"start": 0, …}, "elements": [{"snapshotDomain": "CONNECTIONS",
"snapshotData": [row, …]}]}`; a row's keys are the columns of today's `Connections.csv`. `start`
counts pages; LinkedIn tells the end by an error with status 404 in place of a page. Source:
LinkedIn's documentation of the Member Snapshot API, 2024.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from li_vault.core import text
from li_vault.errors import BadExport
from li_vault.formats import columns, json_texts, linkedin, portability_end, traces
from li_vault.formats.base import Export, Reading, Skip

ORIGINAL = "Connections.json"
DOMAIN = "CONNECTIONS"
COLUMNS = tuple(linkedin.EXPECTED.split(","))
"""The keys of a row, as LinkedIn writes them."""

_MARKS = re.compile(rb'"(?:snapshotDomain|snapshotData|elements|paging)"')
_HEAD = 64 * 1024  # bytes looked into for a page's own keys
_KIND = "linkedin-portability/2024"
_AGAIN = "Save every page again, as LinkedIn sent it, from start=0 until it answers 404."

Object = json_texts.Object
Kind = TypeVar("Kind")


class _Page(NamedTuple):
    start: int
    rows: list[object]
    raw: str  # as it stands in the file
    source: str  # for messages


class Pages:
    """Pages of the portability API, in one file or several (a `formats.base.Format`)."""

    name = "linkedin-portability"

    def claims(self, export: Export) -> bool:
        """Whether it is JSON that has the keys of a page; an archive's list goes before it."""
        return any(map(_is_page_like, _files(export).values()))

    def read(self, export: Export) -> Reading:
        """Read the pages in the order of their starts; they must not repeat or leave a gap.

        Raises:
            BadExport: No JSON, cut off, another domain, or not the pages of one answer.
        """
        files = [
            (name, data)
            for name, data in sorted(_files(export).items())
            if _is_page_like(data) or portability_end.looks_like(data)
        ]
        texts = [
            (shown, found)
            for name, data in files
            for shown in [repr(name) if len(files) > 1 else "The file"]
            for found in json_texts.objects(data, shown, _AGAIN)
        ]
        return _reading(texts, export)


def wanted(name: str) -> bool:
    """Whether a file of this base name may be a page."""
    return name.lower().endswith(".json")


def join(pages: Sequence[bytes]) -> bytes:
    """Pages as one file that reads back the same: one as it is, several as a JSON array.

    Args:
        pages: Answers of the API as they came, UTF-8, in their order; a 404 at the end may be
            among them, as the proof that there are no more.
    """
    if len(pages) == 1:
        return pages[0]
    return b"[\n" + b",\n".join(page.strip() for page in pages) + b"\n]\n"


class Answer(NamedTuple):
    """One page as the API answered it.

    Attributes:
        start: Its number, from 0.
        rows: Its rows; one that can't be read may be of any kind.
        onward: Where it says that the next page is; "" if it says nothing.
    """

    start: int
    rows: Sequence[object]
    onward: str


def answered(data: bytes, name: str) -> Answer:
    """The one page that an answer of the API is.

    Raises:
        BadExport: It is cut off, no page, or of another domain.
    """
    found = list(json_texts.objects(data, name, _AGAIN))
    if len(found) != 1 or portability_end.is_error(found[0][1]):
        raise BadExport(f"{name} is not one page.", _AGAIN)
    ((raw, page),) = found
    read = _page(page, raw, name)
    links = page["paging"].get("links") or ()
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next":
            return Answer(read.start, read.rows, str(link.get("href") or ""))
    return Answer(read.start, read.rows, "")


def _files(export: Export) -> dict[str, bytes]:
    if not export.packed:
        return dict(export.files)
    if any(n.lower() == linkedin.ORIGINAL.lower() or columns.is_linkedins_before_2016(n)
           for n in export.files):  # fmt: skip
        return {}
    return {name: data for name, data in export.files.items() if wanted(name)}


def _is_page_like(data: bytes) -> bool:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"{", b"[") and _MARKS.search(head) is not None


def _reading(texts: Sequence[tuple[str, tuple[str, Object]]], export: Export) -> Reading:
    pages: list[_Page] = []
    ends: list[str] = []
    for name, (raw, found) in texts:
        if portability_end.is_error(found):
            ends.append(raw)
            _refuse_error(found, name)
        else:
            pages.append(_page(found, raw, name))
    if not pages:
        raise BadExport("There is no page, only LinkedIn's answer that there are none.", _AGAIN)
    pages.sort(key=lambda page: page.start)
    _refuse_gaps(pages)
    rows = [row for page in pages for row in page.rows]
    skipped = [Skip(n, reason) for n, row in enumerate(rows, 1) if (reason := _unread(row))]
    lost = {one.row for one in skipped}
    kept = {n: row for n, row in enumerate(rows, 1) if isinstance(row, dict) and n not in lost}
    if rows and not kept:
        raise BadExport(
            f"There is no row that can be read; of the first: {skipped[0].reason}.", _AGAIN
        )
    header, cells = _table(list(kept.values()))
    found_people = linkedin.listed(header, cells, list(kept))
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
        damage=traces.count("\n".join("\n".join(row) for row in cells), cells),
        newest=found_people.newest,
        timed=found_people.timed,
    )


def _original(export: Export, pages: Sequence[_Page], ends: Sequence[str]) -> bytes:
    """What is kept: a file as it came, or the untouched texts of several as one array."""
    files = [
        d for d in _files(export).values() if _is_page_like(d) or portability_end.looks_like(d)
    ]
    if len(files) == 1:
        return files[0]
    return join([page.raw.encode() for page in pages] + [end.encode() for end in ends[:1]])


def _refuse_error(found: Object, name: str) -> None:
    status = found.get("status", portability_end.STATUS)
    is_404 = str(status) == str(portability_end.STATUS)
    if is_404 and not portability_end.is_end(found):
        raise BadExport(
            f"{name} is not a page but LinkedIn's error 404, and not the one behind the last page "
            f'("{portability_end.WORDS}").',
            _AGAIN,
        )
    if not is_404:
        shown = status if isinstance(status, int) else "without a number"
        raise BadExport(
            f"{name} is not a page but LinkedIn's error {shown}.",
            "Ask LinkedIn for that page again; 401 means an expired token, 429 too many calls.",
        )


def _of_kind(value: object, kind: type[Kind], key: str, name: str) -> Kind:
    return json_texts.of_kind(value, kind, key, name, _AGAIN)


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
        return f"it is {json_texts.kind_of(row)} where an object was expected"
    if not _is_header(tuple(row)):
        return f"it has no First Name, Last Name and Connected On (expected: {linkedin.EXPECTED})"
    for key, value in row.items():
        if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
            shown = key if key in COLUMNS else "a key"
            return f"{shown} is {json_texts.kind_of(value)}; a text was expected"
    return ""


@lru_cache(maxsize=64)
def _is_header(keys: tuple[str, ...]) -> bool:
    return linkedin.is_header(tuple(map(text.clean, keys)))


def _cell(value: object) -> str:
    return "" if value is None else str(value)
