"""Yahoo's CSV."""

from __future__ import annotations

from collections.abc import Sequence

from li_vault.formats.tables import columns
from li_vault.formats.tables.export import Export, Format, Reading

_NEEDED = columns.header_keys(("First", "Last", "Email", "Yahoo! ID"))
_RENAMED = {"middle": "Middle Name"}
_FIVE = {
    "first_name": "first",
    "last_name": "last",
    "emails": "email|alternate email 1|alternate email 2",
    "company": "company",
    "position": "title",
}

_LIST = columns.Sheet(
    kind="linkedin-yahoo/2012",
    original="linkedin_connections_export_yahoo.csv",
    names=columns.vocabulary(_FIVE),
    renamed=_RENAMED,
    covers=frozenset(_FIVE),
    full=True,
)
_ADDRESS_BOOK = columns.Sheet(
    kind="yahoo-csv",
    original="yahoo.csv",
    names=columns.vocabulary(
        {
            **_FIVE,
            "phones": "mobile|primary|work|home|other|yahoo! phone",
            "url": "personal website|business website",
        }
    ),
    renamed=_RENAMED,
)


def _found(export: Export) -> tuple[str, bytes] | None:
    return columns.archive_member(export, _is_header, "yahoo! id")


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) >= len(_NEEDED) and columns.header_keys(cells) >= _NEEDED


def _read(found: tuple[str, bytes]) -> Reading:
    """As everyone if it is called as LinkedIn called it, else as an address book."""
    name, data = found
    sheet = _LIST if columns.is_linkedins_before_2016(name) else _ADDRESS_BOOK
    return columns.read_sheet(data, sheet, _is_header)


YAHOO = Format("yahoo-csv", _found, _read, "has none of Yahoo's columns")
"""Yahoo's CSV; out of an archive only LinkedIn's own file."""
