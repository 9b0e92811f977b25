"""A contact as plain data: the keys that JSON and databases know a person by."""

from __future__ import annotations

from typing import Any

from li_vault.core import finding
from li_vault.core.model import Contact

Data = dict[str, Any]


def person(contact: Contact) -> Data:
    """A person as the card shows it, the user's own additions included; empty is null."""
    shown = contact.shown
    facts = {field: finding.told(contact, field) for field in finding.TOLD}
    return {
        "uid": contact.uid,
        "name": shown.name or None,
        "path": contact.path,
        "first_name": shown.first_name or None,
        "last_name": shown.last_name or None,
        "profile_url": facts["profile_url"] or None,
        "emails": finding.emails(contact),
        "phones": finding.phones(contact),
        "company": facts["company"] or None,
        "position": facts["position"] or None,
        "connected_on": shown.connected_on or None,
        "extra": dict(shown.extra),
    }


def exported(contact: Contact) -> Data | None:
    """What LinkedIn says of a person whose card was corrected; None if it says the same."""
    if contact.person == contact.shown:
        return None
    said = person(contact._replace(shown=contact.person, own=()))
    return {key: value for key, value in said.items() if key not in ("uid", "path")}
