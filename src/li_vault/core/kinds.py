"""What people call a change: a move to another company, a new role, a new name and so on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from li_vault.core import diffs, text
from li_vault.core.diffs import Change
from li_vault.core.model import Person

JOBS: Final = "jobs"
NAMES: Final = "names"
EMAILS: Final = "emails"
URLS: Final = "urls"
NEW: Final = "new"
GONE: Final = "gone"
RETURNED: Final = "returned"
OTHER: Final = "other"

WORDS: Final = (JOBS, NAMES, EMAILS, URLS, NEW, GONE, RETURNED, OTHER)
"""The words by which one asks for some of the differences alone."""

EVERYTHING: Final = frozenset(WORDS)

_WORD_OF = {
    "company": JOBS,
    "position": JOBS,
    "first_name": NAMES,
    "last_name": NAMES,
    "full_name": NAMES,
    "emails": EMAILS,
    "profile_url": URLS,
}
_NAMES = frozenset({"first_name", "last_name", "full_name"})

MOVED: Final = "moved company"
ROLE: Final = "new role"
RENAMED: Final = "renamed"
ADDRESS: Final = "new address"
WITHDRAWN: Final = "address withdrawn"
PROFILE: Final = "new profile URL"
REST: Final = "other changes"

_WORD_OF_KIND: Final = {
    MOVED: JOBS,
    ROLE: JOBS,
    RENAMED: NAMES,
    ADDRESS: EMAILS,
    WITHDRAWN: EMAILS,
    PROFILE: URLS,
    REST: OTHER,
}
OF_CHANGES: Final = tuple(_WORD_OF_KIND)
"""In the order in which they are told."""


class Piece(NamedTuple):
    """One change as it is told: the values before and after, "" for none.

    Of a profile's address it is the part that differs.
    """

    kind: str
    before: str
    after: str

    @property
    def word(self) -> str:
        """The word that asks for it."""
        return _WORD_OF_KIND[self.kind]


def word(field: str) -> str:
    """The word that asks for the changes of a field."""
    return _WORD_OF.get(field, OTHER)


def pieces(before: Person, after: Person, changes: Sequence[Change]) -> list[Piece]:
    """The changes of one person, each once, in the order of `OF_CHANGES`."""
    fields = [change.field for change in changes]
    found = []
    if "company" in fields:
        found.append(moved(before.company, before.position, after.company, after.position))
    elif "position" in fields:
        found.append(Piece(ROLE, before.position, role(after.company, after.position)))
        if len(fields) == 1:
            return found  # the usual change, of 30,000
    if not _NAMES.isdisjoint(fields):
        found.append(_renamed(before, after))
    if "emails" in fields:
        found.append(_address(before.emails, after.emails))
    if "profile_url" in fields:
        found.append(Piece(PROFILE, *(text.slug(p.url) or p.url for p in (before, after))))
    rest = [change for change in changes if change.field not in _WORD_OF]
    if rest:
        found.append(Piece(REST, *(_named(rest, side) for side in (1, 2))))
    return found


def moved(old_company: str, old_position: str, company: str, position: str) -> Piece:
    """Another company, as it is told: with the position, if that is another one, too."""
    if old_position == position:
        return Piece(MOVED, old_company, company)
    return Piece(MOVED, _job(old_company, old_position), _job(company, position))


def _job(company: str, position: str) -> str:
    """What someone does, and where; a position by itself must not be taken for a company."""
    return f"{position} (no company)" if position and not company else work(company, position)


def role(company: str, position: str) -> str:
    """Another position, as it is told: with the company, which is the one it was before."""
    return f"{position} ({company})" if position and company else position


def work(company: str, position: str) -> str:
    """What someone does, and where."""
    return f"{position}, {company}" if position and company else position or company


def _renamed(before: Person, after: Person) -> Piece:
    if before.name != after.name:
        return Piece(RENAMED, before.name, after.name)
    # The same words, shared out differently between first and last name.
    return Piece(RENAMED, *(f"{one.last_name}, {one.first_name}" for one in (before, after)))


def _address(before: tuple[str, ...], after: tuple[str, ...]) -> Piece:
    went, came = diffs.exchange(before, after)
    if went and came:  # the same one, spelt in another way, neither went nor came
        old, new = ({email.lower() for email in several} for several in (before, after))
        went = tuple(email for email in went if email.lower() not in new)
        came = tuple(email for email in came if email.lower() not in old)
    if not went and not came:  # another one comes first
        went, came = before, after
    return Piece(ADDRESS if came else WITHDRAWN, ", ".join(went), ", ".join(came))


def _named(changes: Iterable[Change], side: int) -> str:
    """The values of several fields on one side, each with the field's name."""
    values = ((change.field, change[side]) for change in changes)
    return "; ".join(f"{field.replace('_', ' ')}: {value}" for field, value in values if value)
