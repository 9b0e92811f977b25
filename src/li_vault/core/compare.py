"""Two rosters compared: who is new, gone, returned, changed, and why someone is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from li_vault.core import fields, search
from li_vault.core.fields import Change
from li_vault.core.model import Contact, Person


class ChangedContact(NamedTuple):
    """A person of whom something else is known; `before` is what the card showed then."""

    contact: Contact
    before: Person
    changes: tuple[Change, ...]


class Comparison(NamedTuple):
    """What differs; people in the order of their file names.

    Attributes:
        returned: Who was gone before; their changes since they were last seen, if any.
        reasons: Why someone is gone, by UID: hidden, disconnected, or None if it can't be told.
    """

    added: tuple[Contact, ...] = ()
    gone: tuple[Contact, ...] = ()
    returned: tuple[ChangedContact, ...] = ()
    changed: tuple[ChangedContact, ...] = ()
    reasons: Mapping[str, str | None] = {}

    def only(self, words: frozenset[str]) -> Comparison:
        """The differences that these of `kinds.WORDS` ask for.

        Who returned with another job is someone with another job, too.
        """
        if words >= fields.ALL_CATEGORIES:
            return self
        return Comparison(
            self.added if fields.KIND_NEW in words else (),
            self.gone if fields.KIND_GONE in words else (),
            self.returned if fields.KIND_RETURNED in words else _changed_in(self.returned, words),
            _changed_in(self.changed, words),
            self.reasons if fields.KIND_GONE in words else {},
        )


def _changed_in(
    people: Iterable[ChangedContact], words: frozenset[str]
) -> tuple[ChangedContact, ...]:
    """Those of whom something changed that the words ask for, with that alone."""
    kept = (
        one._replace(changes=tuple(c for c in one.changes if fields.category(c.field) in words))
        for one in people
    )
    return tuple(one for one in kept if one.changes)


def compare_contacts(old: Mapping[str, Contact], new: Mapping[str, Contact]) -> Comparison:
    """Compare contacts by file name; who is the same in both may be missing in both."""
    added: list[Contact] = []
    gone: list[Contact] = []
    returned: list[ChangedContact] = []
    changed: list[ChangedContact] = []
    for file in sorted(old.keys() | new.keys()):
        one, other = old.get(file), new.get(file)
        if other is None:
            if one is not None and not one.is_former:
                gone.append(one)
        elif one is None:
            if not other.is_former:
                added.append(other)
        elif other.is_former and not one.is_former:
            gone.append(other)
        else:
            before = search.effective_person(one)
            found = ChangedContact(
                other, before, contact_changes(before, search.effective_person(other))
            )
            if one.is_former and not other.is_former:
                returned.append(found)
            elif found.changes:
                changed.append(found)
    return Comparison(tuple(added), tuple(gone), tuple(returned), tuple(changed))


def contact_changes(before: Person, after: Person) -> tuple[Change, ...]:
    """The changes of a person.

    That an era's clock put a day one off is none, nor is another spelling of the same addresses.
    """
    found = fields.field_changes(before, after)
    if before.connected_on != after.connected_on and _is_a_day_apart(before, after):
        found = tuple(change for change in found if change.field != "connected_on")
    if before.emails != after.emails and _addresses(before) == _addresses(after):
        found = tuple(change for change in found if change.field != "emails")
    return found


def _addresses(person: Person) -> list[str]:
    return [email.lower() for email in person.emails]


def _is_a_day_apart(before: Person, after: Person) -> bool:
    try:
        days = [date.fromisoformat(person.connected_on) for person in (before, after)]
    except ValueError:  # the user's own word for it, or none
        return False
    return abs(days[0] - days[1]) <= timedelta(days=1)


REASON_HIDDEN = "hidden"
REASON_DISCONNECTED = "disconnected"
LONG: Final = timedelta(days=62)
"""In so long a time hidden accounts are closed, too: 3 in 1,000 a month."""


def leaving_reasons(
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
            reason = REASON_HIDDEN
        elif day and more[day] + came[day] <= 0 and not (is_long and still[day]):
            reason = REASON_DISCONNECTED
        found[contact.uid] = reason
    return found


def leaving_reasons_near_days(
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
            found[uid] = REASON_DISCONNECTED
        elif day and not _around(before, day, 2) and rows >= _around(went, day, 2):
            found[uid] = REASON_HIDDEN
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


GONE_HIDDEN: Final = "gone: hidden"
GONE_DISCONNECTED: Final = "gone: disconnected"
GONE_UNEXPLAINED: Final = "gone"

REPORT_KINDS: Final = (
    *fields.CHANGE_KINDS,
    fields.KIND_NEW,
    GONE_HIDDEN,
    GONE_DISCONNECTED,
    GONE_UNEXPLAINED,
    fields.KIND_RETURNED,
)
"""In the order in which they are reported."""

_NAMELESS: Final = "Nameless"
"""Stands for the name of someone who has none."""

_OF_REASON = {
    REASON_HIDDEN: GONE_HIDDEN,
    REASON_DISCONNECTED: GONE_DISCONNECTED,
    None: GONE_UNEXPLAINED,
}


class DiffColumns(NamedTuple):
    """The people of one kind of difference, in the order of their file names.

    Attributes:
        before: What was known, "" for nothing; None where only what is known matters.
        after: What is known: the new value, or what the person does, and where.
        urls: The addresses of their profiles, "" for none.
    """

    names: list[str]
    before: list[str | None]
    after: list[str]
    urls: list[str]


class DiffReport(NamedTuple):
    """What a diff reports: columns by kind, without empty kinds, and how many people differ."""

    lines: Mapping[str, DiffColumns]
    counts: Mapping[str, int]


def build_report(found: Comparison) -> DiffReport:
    """Everyone who differs, once for each kind of difference."""
    rows: dict[str, list[_Row]] = {kind: [] for kind in REPORT_KINDS}
    for one in found.changed:
        for kind, before, after in _pieces(one):
            rows[kind].append(_row(one.contact, before, after))
    for contact in found.added:
        rows[fields.KIND_NEW].append(_row(contact, None, _work(contact)))
    for contact in found.gone:
        rows[_OF_REASON[found.reasons.get(contact.uid)]].append(_row(contact, None, _work(contact)))
    for one in found.returned:
        rows[fields.KIND_RETURNED].append(_row(one.contact, *_since(one)))
    counts = {
        "changed": len(found.changed),
        "new": len(found.added),
        "gone": len(found.gone),
        "returned": len(found.returned),
    }
    return DiffReport(
        {
            kind: DiffColumns(*map(list, zip(*several, strict=True)))
            for kind, several in rows.items()
            if several
        },
        counts,
    )


def _pieces(one: ChangedContact) -> list[fields.CategorisedChange]:
    return fields.categorise(one.before, search.effective_person(one.contact), one.changes)


_Row = tuple[str, str | None, str, str]
"""What `DiffColumns` has of one person."""


def _row(contact: Contact, before: str | None, after: str) -> _Row:
    return contact.shown.name or _NAMELESS, before, after, contact.shown.url


def _work(contact: Contact) -> str:
    shown = contact.shown
    if contact.own:
        return fields.describe_work(
            *(search.field_value(contact, field) for field in ("company", "position"))
        )
    return fields.describe_work(shown.company, shown.position)


def _since(one: ChangedContact) -> tuple[str | None, str]:
    """What is reported of someone who returned: what has changed since, else their work."""
    pieces = _pieces(one)
    if not pieces:
        return None, _work(one.contact)
    before, after = ("; ".join(filter(None, side)) for side in list(zip(*pieces, strict=True))[1:])
    return before, after
