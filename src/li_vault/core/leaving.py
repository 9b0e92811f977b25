"""Why someone is gone, as far as the lists can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from li_vault.core.model import Contact

HIDDEN = "hidden"
DISCONNECTED = "disconnected"
LONG: Final = timedelta(days=62)
"""In so long a time hidden accounts are closed, too: 3 in 1,000 a month."""


def reasons(
    gone: Iterable[Contact],
    back: Iterable[Contact],
    nameless_before: Iterable[str],
    nameless_after: Iterable[str],
    *,
    is_long: bool = False,
) -> dict[str, str | None]:
    """The reason for each who is gone, by UID; None where it can't be told.

    Whoever hides or closes an account turns into a nameless row of the same date. Rows are told
    apart by their date alone, so each date is judged as a whole: it speaks for everyone who is
    gone and has it, or for no one.

    Args:
        gone: Who is gone.
        back: Who came (back), and could have been a nameless row before.
        nameless_before: The dates of the nameless rows of the list before.
        nameless_after: The same of the list after.
        is_long: Whether more than `LONG` lies between the lists. A nameless row that is there in
            both need not be the same one then: it may have gone, and another one come.
    """
    leavers = list(gone)
    went = Counter(contact.person.connected_on for contact in leavers)
    came = Counter(contact.person.connected_on for contact in back)
    still = Counter(nameless_after)
    more = still.copy()
    more.subtract(Counter(nameless_before))
    found: dict[str, str | None] = {}
    for contact in leavers:
        day = contact.person.connected_on
        reason = None
        if day and more[day] >= went[day]:
            reason = HIDDEN
        elif day and more[day] + came[day] <= 0 and not (is_long and still[day]):
            reason = DISCONNECTED
        found[contact.uid] = reason
    return found


def reasons_across_clocks(
    gone: Iterable[Contact], nameless_before: Iterable[str], nameless_after: Iterable[str]
) -> dict[str, str | None]:
    """The same where one of the lists wrote times of day, and so had some days one off.

    Told is only what is so on whichever day a row belongs.
    """
    leavers = {contact.uid: _number(contact.person.connected_on) for contact in gone}
    went, before, after = (
        Counter(filter(None, numbers))
        for numbers in (
            leavers.values(),
            map(_number, nameless_before),
            map(_number, nameless_after),
        )
    )
    found: dict[str, str | None] = {}
    for uid, day in leavers.items():
        rows = _around(after, day, 1)
        found[uid] = None
        if day and not rows:
            found[uid] = DISCONNECTED
        elif day and not _around(before, day, 2) and rows >= _around(went, day, 2):
            found[uid] = HIDDEN
    return found


def _number(day: str) -> int:
    """The number of an ISO day, as days follow one another; 0 for what is none."""
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return 0


def _around(counts: Counter[int], day: int, reach: int) -> int:
    """How many there are of a day and so many days before and after it."""
    return sum(counts[one] for one in range(day - reach, day + reach + 1))
