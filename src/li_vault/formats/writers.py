"""Formats to write, by name, each loaded when it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from li_vault.core.model import Contact
from li_vault.formats.vcard.table_rows import WrittenFile

VCARDS: Final = ("3.0", "4.0")
"""The versions of vCard that `vcf` is written in, the usual one first."""

LINKEDIN: Final = "linkedin-csv"
SQLITE: Final = "sqlite"
"""It takes more than people: `formats.databases` writes it."""

NAMES: Final = ("google-csv", "outlook-csv", LINKEDIN, "vcf", "json", SQLITE)
"""Every format, as `export` names it."""


def write_contacts(name: str, contacts: Sequence[Contact], vcard: str = VCARDS[0]) -> WrittenFile:
    """The contacts as a file of one of the formats, but for `sqlite`, in the order given."""
    if name == "google-csv":
        from li_vault.formats.address_books import google

        return google.write_google(contacts)
    if name == "outlook-csv":
        from li_vault.formats.address_books import outlook

        return outlook.write_outlook_com(contacts)
    if name == LINKEDIN:
        from li_vault.formats.linkedin import connections

        return connections.write_connections(contacts)
    if name == "json":
        from li_vault.formats import databases

        return databases.write_json_lines(contacts)
    from li_vault.formats.vcard import writer

    return writer.write_vcf(contacts, vcard)
