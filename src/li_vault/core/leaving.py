"""Why someone is gone, as far as the lists can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
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
