"""Hand edits of one machine done again upon another's state: who wins where both corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from li_vault.core import carrying
from li_vault.core.model import FIELDS, Contact, Person

_SINGLE = sorted(FIELDS - {"emails", "phones"})


class Conflict(NamedTuple):
    """A field of one card for which two values were left, and only one can stand.

    Attributes:
        uid: The contact.
        path: Its card.
        field: Name of a `Person` field, or of a column of the export.
        kept: The value that the card shows now.
        other: The one that it does not.
    """

    uid: str
    path: str
    field: str
    kept: str
    other: str


class Reconciled(NamedTuple):
    """The contact with the edits of both, and where they met."""

    contact: Contact
    conflicts: tuple[Conflict, ...]


def reconcile(
    now: Contact,
    before: Contact,
    after: Contact,
    *,
    is_outdated: bool,
    theirs_is_later: Callable[[], bool],
) -> Reconciled:
    """Do to `now` what was done to `before`, unless something later stands there already.

    Lines of the user's own, addresses and phones of both sides are united. A value that both
    corrected is the later one. A correction made before an export that says something new ends
    with it, as it would have on one machine.

    Args:
        now: The contact as the other machine has it.
        before: As it was here before it was edited.
        after: As it was here afterwards.
        is_outdated: Whether the edit was made before the newest export that `now` knows.
        theirs_is_later: Tells whether the other machine's edit of this card is the later one.
    """
    conflicts: list[Conflict] = []
    kept: dict[str, Any] = {}

    def wins(field: str, old: str, new: str, mine: str, said: bool) -> bool:
        """Whether the value from here stands; `said` is whether their export says another one."""
        if mine in (new, old) and not said:
            return True
        ours = not (is_outdated if said else theirs_is_later())
        if mine != new:
            values = (new, mine) if ours else (mine, new)
            conflicts.append(Conflict(now.uid, now.path, field, *values))
        return ours

    for field in _SINGLE:
        old, new, mine = (getattr(one.shown, field) for one in (before, after, now))
        if old != new and not wins(field, old, new, mine, _is_news(now, before, field)):
            kept[field] = old
    old_extra, new_extra, my_extra = (dict(one.shown.extra) for one in (before, after, now))
    said_then, said_now = dict(before.person.extra), dict(now.person.extra)
    extra = dict(new_extra)
    for column in sorted(old_extra.keys() | new_extra.keys()):
        old, new, mine = (one.get(column, "") for one in (old_extra, new_extra, my_extra))
        said = said_now.get(column, "") == mine != said_then.get(column, "")
        if old != new and not wins(column, old, new, mine, said):
            extra[column] = old
    shown: Person = after.shown._replace(
        **kept, extra=tuple(sorted((column, value) for column, value in extra.items() if value))
    )
    return Reconciled(carrying.carry(now, before, after._replace(shown=shown)), tuple(conflicts))


def _is_news(now: Contact, before: Contact, field: str) -> bool:
    """Whether the card shows what an export says that nobody here had seen."""
    said = getattr(now.person, field)
    return bool(said == getattr(now.shown, field) != getattr(before.person, field))
