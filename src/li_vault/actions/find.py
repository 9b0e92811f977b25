"""`find`: people by any field, now or then."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from li_vault.core import finding
from li_vault.core.model import Contact
from li_vault.vault import Vault


class Result(NamedTuple):
    """Who was found, by name; `broken` cards could not be searched."""

    people: tuple[Contact, ...]
    broken: dict[str, str]


def run(vault: Vault, words: str, at: str | None, today: date, *, former: bool) -> Result:
    """Find people in `contacts/`, or in `former/`; without words, everyone there.

    Raises:
        NotFound: There is no such day or revision.
    """
    vault.tidy()
    roster = vault.roster(vault.commit_of(at, today) if at is not None else None)
    people = roster.former if former else roster.present
    found = finding.ordered(finding.matching(people, words))
    return Result(tuple(found), dict(vault.broken))
