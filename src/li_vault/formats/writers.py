"""The formats that people can be written in, by name; each is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from li_vault.core.model import Contact
from li_vault.formats.outgoing import Written

VCARDS: Final = ("3.0", "4.0")
"""The versions of vCard that `vcf` is written in, the usual one first."""

LINKEDIN: Final = "linkedin-csv"
SQLITE: Final = "sqlite"
"""It takes more than people: `formats.sqlite` writes it."""

NAMES: Final = ("google-csv", "outlook-csv", LINKEDIN, "vcf", "json", SQLITE)
"""Every format, as `export` names it."""


def write(name: str, contacts: Sequence[Contact], vcard: str = VCARDS[0]) -> Written:
    """The contacts as a file of one of the formats, but for `sqlite`, in the order given."""
    if name == "google-csv":
        from li_vault.formats import google

        return google.write(contacts)
    if name == "outlook-csv":
        from li_vault.formats import outlook_com

        return outlook_com.write(contacts)
    if name == LINKEDIN:
        from li_vault.formats import linkedin_writing

        return linkedin_writing.write(contacts)
    if name == "json":
        from li_vault.formats import json_lines

        return json_lines.write(contacts)
    from li_vault.formats import vcf_writing

    return vcf_writing.write(contacts, vcard)
