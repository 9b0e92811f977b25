"""The named keys by which a row of a list is recognised as a contact, strongest first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from li_vault.core import likeness
from li_vault.core.model import Contact, Person


class Key(NamedTuple):
    """A named key.

    Attributes:
        words: What a row has that shares the key with someone known, for doubts.
        of_row: The values by which a person is looked up; several are alternatives.
        of_contact: The same for a contact.
        agrees: What else must hold between row and contact.
        among_all: Whether the key must be unique among everyone, matched ones included.
        suspicious: Whether sharing the key makes a doubt even where nothing else agrees.
    """

    words: str
    of_row: Callable[[Person], Iterable[Hashable]]
    of_contact: Callable[[Contact], Iterable[Hashable]]
    agrees: Callable[[Person, Contact], bool]
    among_all: bool = False
    suspicious: bool = False


EXACT_DAY = "has the name and date of"
NEAR_DAY = "has the name and nearly the date of"

KEYS = (
    Key(
        "has the profile of",
        likeness.slugs,
        likeness.contacts(likeness.slugs),
        likeness.name_and_date_agree,
    ),
    Key(
        "has the profile of",
        likeness.slugs,
        likeness.contacts(likeness.slugs),
        likeness.nothing_disagrees,
        suspicious=True,
    ),
    Key(
        EXACT_DAY,
        likeness.name_and_date,
        likeness.contacts(likeness.name_and_date),
        lambda *_: True,
    ),
    Key(
        NEAR_DAY,
        likeness.name_and_near_date,
        likeness.contacts(likeness.name_and_date),
        lambda *_: True,
    ),
    Key(
        "has a former profile of",
        likeness.slugs,
        likeness.former_slugs,
        likeness.name_or_date_agrees,
        suspicious=True,
    ),
    Key(
        "has the e-mail of",
        likeness.emails,
        likeness.known_emails,
        likeness.name_or_date_agrees,
        suspicious=True,
    ),
    Key(
        "has the date, the work and part of the name of",
        likeness.date_and_work,
        likeness.contacts(likeness.date_and_work),
        likeness.partly_same_name,
    ),
    Key(
        "has the name of",
        likeness.names,
        likeness.contacts(likeness.names),
        likeness.one_has_name_only,
        among_all=True,
    ),
)
"""Strongest first."""
