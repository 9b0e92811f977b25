"""The named keys by which a row of a list is recognised as a contact, strongest first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from li_vault.core import likeness
from li_vault.core.model import Contact, Person

Values = Callable[[Person], Iterable[Hashable]]
Agreement = Callable[[Person, Contact], bool]


class Key(NamedTuple):
    """A named key.

    Attributes:
        words: What a row has that shares the key with someone known, for doubts.
        of_row: The values by which a person is looked up; several are alternatives.
        of_contact: The same for a contact.
        agrees: What else must hold between row and contact.
        among_all: Whether the key must be unique among everyone, matched ones included.
        of_a_day: Whether everyone who can share it has the same date, or nearly.
        suspects: What must hold for a doubt at least, if not the same.
        wary: Whether someone who left must have more in common with the row than this key, if
            anyone else, matched or not, has the same name and date.
    """

    words: str
    of_row: Values
    of_contact: Callable[[Contact], Iterable[Hashable]]
    agrees: Agreement
    among_all: bool = False
    of_a_day: bool = False
    suspects: Agreement | None = None
    wary: bool = False


def _anything(_row: Person, _contact: Contact) -> bool:
    return True


_SLUG, _NAME_AND_DATE = (
    likeness.contacts(likeness.slugs),
    likeness.contacts(likeness.name_and_date),
)


def _keys(*, near: bool) -> tuple[Key, ...]:
    """The keys for lists whose days are right, or can be off by one."""
    agreed = likeness.name_or_near_date_agrees if near else likeness.name_or_date_agrees
    work = likeness.near_date_and_work if near else likeness.date_and_work
    words = likeness.near_date_and_words if near else likeness.date_and_words
    nearly = "nearly " if near else ""
    return (
        Key(
            "has the profile of",
            likeness.slugs,
            _SLUG,
            likeness.name_and_near_date_agree if near else likeness.name_and_date_agree,
        ),
        Key(
            "has the profile of",
            likeness.slugs,
            _SLUG,
            likeness.nothing_disagrees_but_for_a_day if near else likeness.nothing_disagrees,
            suspects=_anything,
        ),
        Key(
            f"has the name and {nearly}the date of",
            likeness.name_and_near_date if near else likeness.name_and_date,
            _NAME_AND_DATE,
            _anything,
            wary=True,
        ),
        Key(
            "has a former profile of",
            likeness.slugs,
            likeness.former_slugs,
            agreed,
            suspects=_anything,
        ),
        Key(
            "has the e-mail of",
            likeness.emails,
            likeness.known_emails,
            lambda row, contact: agreed(row, contact) or likeness.email_is_enough(row, contact),
            suspects=_anything,
        ),
        Key(
            f"has {nearly}the date, the work and part of the name of",
            work,
            likeness.contacts(likeness.date_and_work),
            likeness.partly_same_name,
        ),
        # The second key once more, for names to which something was added or from which it went.
        Key(
            f"has the name, but for additions, and {nearly}the date of",
            words,
            likeness.contacts(likeness.date_and_words),
            likeness.same_but_for_additions,
            among_all=True,
            of_a_day=True,
        ),
        Key(
            "has the name of",
            likeness.names,
            likeness.contacts(likeness.names),
            likeness.name_is_enough,
            among_all=True,
            suspects=likeness.one_has_name_only,
        ),
        Key(
            "has the name, but for additions, and the work of",
            likeness.words_with_more,
            likeness.contacts(likeness.words_with_more),
            likeness.name_but_for_additions_is_enough,
            among_all=True,
        ),
    )


KEYS = _keys(near=False)
"""Strongest first."""

NEAR_KEYS = _keys(near=True)
"""The same, where the days of two lists in succession can be off by one."""

_LONG_GONE = Key(
    "has the name and nearly the date of",
    likeness.name_and_near_date,
    _NAME_AND_DATE,
    likeness.has_left_without_address,
    wary=True,
)
_AFTER_TIMES = (*KEYS[:3], _LONG_GONE, *KEYS[3:])


def rounds(*, near_days: bool, once_near: bool) -> tuple[Key, ...]:
    """The keys, strongest first; `once_near`: of those who left, days can be off by one."""
    if near_days:
        return NEAR_KEYS
    return _AFTER_TIMES if once_near else KEYS
