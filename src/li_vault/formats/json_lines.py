"""JSON Lines: one person a line, with all that a card holds; nothing is lost.

The keys are those of a person in `--json`, and besides: `former`, `former_urls`, `same_as`, `own`
(the user's own lines, as they stand on the card) and `exported` (LinkedIn's values, where the card
says something else). UTF-8, LF.
"""

from __future__ import annotations

from collections.abc import Iterable

from li_vault.core import plain
from li_vault.core.model import Contact
from li_vault.formats.outgoing import Written


def write(contacts: Iterable[Contact]) -> Written:
    """The contacts, a line each."""
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    written = [encode(_line(contact)) for contact in contacts]
    data = "\n".join([*written, ""]).encode() if written else b""
    return Written(data, len(written), {})


def _line(contact: Contact) -> plain.Data:
    found = plain.person(contact)
    found["former"] = contact.is_former
    found["former_urls"] = contact.former_urls
    found["same_as"] = contact.same_as
    found["own"] = contact.own
    exported = plain.exported(contact)
    if exported is not None:
        found["exported"] = exported
    return found
