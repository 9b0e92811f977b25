"""A contact as plain data: the keys that JSON and databases know a person by."""

from __future__ import annotations

from typing import Any

from li_vault.core import finding, text
from li_vault.core.model import Contact

Data = dict[str, Any]


def person(contact: Contact) -> Data:
    """A person as the card shows it, the user's own additions included; empty is null."""
    uid, path, _, shown, _, own, _ = contact
    first, last, url, emails, phones, company, position, connected_on, full_name, extra = shown
    if own:
        company, position = (finding.told(contact, field) for field in ("company", "position"))
        url = finding.told(contact, "profile_url")
    return {
        "uid": uid,
        "name": full_name or (f"{first} {last}" if first and last else first or last or None),
        "path": path if path.isascii() else text.writable(path),
        "first_name": first or None,
        "last_name": last or None,
        "profile_url": url or None,
        "emails": finding.emails(contact) if own or len(emails) > 1 else list(emails),
        "phones": finding.phones(contact) if own or len(phones) > 1 else list(phones),
        "company": company or None,
        "position": position or None,
        "connected_on": connected_on or None,
        "extra": dict(extra),
    }


def exported(contact: Contact) -> Data | None:
    """What LinkedIn says of a person whose card was corrected; None if it says the same."""
    if contact.person == contact.shown:
        return None
    said = person(contact._replace(shown=contact.person, own=()))
    return {key: value for key, value in said.items() if key not in ("uid", "path")}
