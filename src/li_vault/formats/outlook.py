"""Outlook's CSV: LinkedIn's list of before 2016 (Outlook and Outlook Express), or an address book.

LinkedIn wrote 59 quoted columns in cp1252, of which it filled five, and neither dates nor profile
addresses. Outlook itself writes 92; other programs write any of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from li_vault.errors import BadExport
from li_vault.formats import columns, table
from li_vault.formats.base import Export, Reading

_HEADER = (
    "Title,First Name,Middle Name,Last Name,Suffix,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Business Street,Business Street 2,Business Street 3,Business City,"
    "Business State,Business Postal Code,Business Country,Home Street,Home Street 2,"
    "Home Street 3,Home City,Home State,Home Postal Code,Home Country,Other Street,"
    "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country,"
    "Company,Department,Job Title,Assistant's Phone,Business Fax,Business Phone,"
    "Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
    "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,"
    "TTY/TDD Phone,Telex,Assistant's Name,Birthday,Manager's Name,Notes,"
    "Other Address PO Box,Spouse,Web Page,Personal Web Page"
)
_LINKEDINS = columns.keys(_HEADER.split(","))
"""All columns of LinkedIn's file; no program's own export has exactly these."""

_NEEDED = columns.keys(("First Name", "Last Name", "E-mail Address"))
_CLASSIC = columns.keys(
    ("E-mail 2 Address", "Business Phone", "Home Phone", "Mobile Phone", "Business Street")
)
"""One of them tells Outlook's table from any other with names and addresses."""
_STRANGE = columns.keys(("Given Yomi", "Surname Yomi", "Connected On"))
"""Outlook.com's own columns, and LinkedIn's of today."""

_RENAMED = {"title": "Name Prefix", "suffix": "Name Suffix"}
_FIVE = {
    "first_name": "first name",
    "last_name": "last name",
    "emails": "e-mail address|e-mail 2 address|e-mail 3 address",
    "company": "company",
    "position": "job title",
}
_PHONES = (
    "mobile phone|primary phone|business phone|business phone 2|home phone|home phone 2|"
    "other phone|car phone|company main phone|radio phone"
)

_LIST = columns.Sheet(
    kind="linkedin-outlook/2012",
    original="linkedin_connections_export_microsoft_outlook.csv",
    names=columns.vocabulary(_FIVE),
    renamed=_RENAMED,
    covers=frozenset(_FIVE),
    full=True,
)
_ADDRESS_BOOK = columns.Sheet(
    kind="outlook-csv",
    original="outlook.csv",
    names=columns.vocabulary(
        {**_FIVE, "phones": _PHONES, "url": "web page|personal web page|business web page"}
    ),
    renamed=_RENAMED,
    empty=frozenset({"0/0/00"}),  # how Outlook writes a birthday that is not known
)


class Contacts:
    """Outlook's CSV, LinkedIn's own or an address book (a `formats.base.Format`)."""

    name = "outlook-csv"

    def claims(self, export: Export) -> bool:
        """Whether it has Outlook's columns; out of an archive only LinkedIn's own file."""
        return _found(export) is not None

    def read(self, export: Export) -> Reading:
        """Read it: as everyone if it has exactly LinkedIn's columns, else as an address book.

        Raises:
            BadExport: In several encodings, binary, cut off, or with an unclosed quote.
        """
        found = _found(export)
        if found is None:
            raise BadExport(f"{export.source} has none of Outlook's columns.", "Export it again.")
        _, data = found
        is_list = table.has_header(data, _is_linkedins)
        return columns.read(data, _LIST if is_list else _ADDRESS_BOOK, _is_header)


def _found(export: Export) -> tuple[str, bytes] | None:
    return columns.member(export, _is_header, "e-mail address")


def _is_header(cells: Sequence[str]) -> bool:
    if len(cells) < len(_NEEDED):
        return False
    keys = columns.keys(cells)
    return keys >= _NEEDED and not keys.isdisjoint(_CLASSIC) and keys.isdisjoint(_STRANGE)


def _is_linkedins(cells: Sequence[str]) -> bool:
    return len(cells) == len(_LINKEDINS) and columns.keys(cells) == _LINKEDINS
