"""What a vCard's properties are called as columns, where no field of a person holds them."""

from __future__ import annotations

from typing import Final

COLUMNS: Final = {
    "NOTE": "Note",
    "ROLE": "Role",
    "ADR": "Address",
    "LABEL": "Address Label",
    "BDAY": "Birthday",
    "URL": "Website",
    "X-ABURL": "Website",
    "X-SOCIALPROFILE": "Social Profile",
    "SOCIALPROFILE": "Social Profile",
    "IMPP": "Instant Messenger",
    **dict.fromkeys(
        ("X-AIM", "X-ICQ", "X-JABBER", "X-MSN", "X-YAHOO", "X-SKYPE", "X-SKYPE-USERNAME"),
        "Instant Messenger",
    ),
    **dict.fromkeys(("ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY"), "Anniversary"),
    **dict.fromkeys(("RELATED", "X-ABRELATEDNAMES"), "Related Names"),
    "X-MAIDENNAME": "Maiden Name",
    "X-ABDATE": "Date",
    "TZ": "Time Zone",
    "GEO": "Geographical Position",
    "LANG": "Language",
}
"""Property -> the column that holds it; one that is not here is called by its own name."""


def of(name: str) -> str:
    """The column that holds a property, by its name in upper case."""
    words = " ".join(w.capitalize() for w in name.removeprefix("X-").split("-") if w)
    return COLUMNS.get(name) or words or name
