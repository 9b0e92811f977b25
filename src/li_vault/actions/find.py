"""`find`: people by any field, now or then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from li_vault.core import asking, comparing, finding, layout, timeline
from li_vault.core.model import Contact
from li_vault.errors import BadUsage, NotFound
from li_vault.store import history
from li_vault.vault import Vault


class Result(NamedTuple):
    """Who was found, by name; `broken` cards could not be searched."""

    people: tuple[Contact, ...]
    broken: dict[str, str]


def run(
    vault: Vault,
    words: Sequence[str],
    at: str | None,
    today: date,
    *,
    former: bool,
    changed_since: str | None = None,
) -> Result:
    """Find people in `contacts/`, or in `former/`; without words, everyone there.

    Args:
        vault: The vault.
        words: What must fit, see `core.asking`.
        at: As of which day or revision; by default now.
        today: The current day.
        former: Whether to search those who are no longer in the list.
        changed_since: Only those of whom something was different on that day, or who were not
            there.

    Raises:
        NotFound: There is no such day or revision.
        BadUsage: The words can't be understood, a day is none, or `changed_since` is after `at`.
    """
    try:
        parts = asking.parsed(words)
    except asking.BadQuery as error:
        raise BadUsage(str(error), error.hint) from error
    vault.tidy()
    start = vault.commit_of(at, today) if at is not None else vault.tip()
    roster = vault.roster(start)
    people = roster.former if former else roster.present
    if changed_since is not None:
        before = _start_of(vault, changed_since, today)
        if before and at is not None and before != start and _is_later(vault, before, start):
            raise BadUsage(
                f"{changed_since!r} is later than {at!r}: who changed since then and until then?",
                "Name the earlier day with --changed-since, the later one with --at.",
            )
        people = _changed(vault, people, before, start) if start else people
    found = finding.ordered(asking.fitting(people, parts))
    return Result(tuple(found), dict(vault.broken))


def _start_of(vault: Vault, since: str, today: date) -> str | None:
    """The commit as of a day; None if the vault is younger."""
    try:
        return vault.commit_of(since, today)
    except NotFound:
        if timeline.day(since, today) is None:
            raise
        return None


def _is_later(vault: Vault, one: str, other: str | None) -> bool:
    return other in {commit.id for commit in vault.commits(one)}


def _changed(
    vault: Vault, people: Iterable[Contact], before: str | None, after: str
) -> list[Contact]:
    """Who differs from before: other facts, another folder, or not there at all."""
    if before is None:
        return list(people)
    changes = history.changed(vault.repo, before, after, layout.FOLDERS)
    changed = {change.path.partition("/")[2] for change in changes}
    old = vault.read_cards({c.path: c.before for c in changes if c.before})
    was = {contact.uid: contact for contact in old.values()}
    return [
        contact
        for contact in people
        if contact.file in changed and _differs(was.get(contact.uid), contact)
    ]


def _differs(before: Contact | None, now: Contact) -> bool:
    return (
        before is None
        or before.folder != now.folder
        or before.own != now.own
        or bool(comparing.changes(finding.as_read(before), finding.as_read(now)))
    )
