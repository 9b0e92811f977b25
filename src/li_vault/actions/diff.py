"""`diff`: who is new, gone, returned or changed between two states of a vault."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import NamedTuple

from li_vault.core import kinds
from li_vault.core.telling import Differences
from li_vault.vault import Vault, comparing


class End(NamedTuple):
    """One end of a comparison; without a commit it is the time before the first."""

    commit: str | None
    taken_on: str | None


class Result(NamedTuple):
    """What differs between two ends."""

    start: End
    end: End
    differences: Differences


def run(
    vault: Vault,
    start: str | None,
    end: str | None,
    today: date,
    only: frozenset[str] = kinds.EVERYTHING,
) -> Result:
    """Compare two days, snapshots or revisions.

    Without `end`, up to the newest commit; without `start`, from the snapshot before the newest.

    Args:
        vault: Whose states.
        start: A day or revision.
        end: The same.
        today: The current day.
        only: Which differences are asked for, of `kinds.WORDS`.

    Raises:
        NotFound: There is no such day or revision.
    """
    vault.tidy()
    after = _end(vault, vault.commit_of(end, today) if end is not None else vault.tip())
    before = _end(vault, vault.commit_of(start, today) if start is not None else _previous(vault))
    return Result(before, after, comparing.compare(vault, before.commit, after.commit, only))


def _previous(vault: Vault) -> str | None:
    """The snapshot before the newest one, or None if that is the first."""
    found = next(islice(vault.past(), 1, None), None)
    return found.commit if found else None


def _end(vault: Vault, commit: str | None) -> End:
    found = next(vault.past(commit), None) if commit else None
    return End(commit, found.record.taken_on if found else None)
