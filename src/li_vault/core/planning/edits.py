"""What a hand edit means, and the same edit made elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from li_vault.core import card, content_lines, text
from li_vault.core.content_lines import ContentLine
from li_vault.core.matching import match
from li_vault.core.model import FIELDS, Contact, Coverage, Person, Roster, Row

_HARMLESS = frozenset({"", ";TYPE=INTERNET", ";CHARSET=UTF-8", ";VALUE=TEXT", ";VALUE=URI"})
"""Parameters that say nothing new, so that a line with them can still be ours."""

_REQUIRED = frozenset({"FN", "N"})
_STRUCTURED = frozenset({"N", "ORG"})


class _EditedLine(NamedTuple):
    """A content line of the edited card, in parts and as it stands."""

    line: ContentLine
    raw: str


def adopt_edit(data: bytes, base: Contact) -> Contact:
    """The contact of an edited card, seen against the contact as it was.

    Values of ours that were changed or taken out are corrections: `shown` has them, `person` keeps
    what the export says. Everything else that is new is the user's own. Nothing of either is lost,
    in whatever order and form a program wrote the card.

    Raises:
        cards.BrokenCard: It is no valid card, or it has another person's UID.
    """
    wrong = card.card_problems(data, uid=base.uid)
    if wrong:
        raise card.BrokenCard(wrong[0])
    left = []
    for raw in content_lines.unfold(data):
        line = content_lines.parse_line(raw)
        if line is not None and not (card.is_frame(line) or card.is_bookkeeping(line)):
            left.append(_EditedLine(line, raw))
    draft = card.CardDraft()
    for head, before in card.property_values(base.shown).items():
        for value in _take_ours(head, before, left):
            draft.take(head, value)
    draft.extra = _take_columns(base.shown, left)
    shown = draft.person()
    return base._replace(
        shown=base.person if shown == base.person else shown,
        own=tuple(found.raw for found in left),
    )


def _take_ours(head: str, before: list[str], left: list[_EditedLine]) -> list[str]:
    """The values that one property of ours has now; their lines are taken from `left`."""
    name = head.partition(";")[0]
    candidates = [
        found
        for found in left
        if found.line.name == name
        and (name in _REQUIRED or (not found.line.group and _is_harmless(found.line)))
    ]
    known = [_meaning(name, value) for value in before]
    ours = []
    for found in candidates:
        meaning = _meaning(name, found.line.value)
        if meaning in known:
            known.remove(meaning)
            ours.append(found)
    if head not in card.MANY and before and not ours:
        # The value is not there any more: the first other one is what the user made of it.
        ours = [
            found for found in candidates if name != "ORG" or card.fits_org_property(found.line)
        ][:1]
    for found in ours:
        left.remove(found)
    return [found.line.value for found in ours]


def _is_harmless(line: ContentLine) -> bool:
    return line.params.upper().replace('"', "") in _HARMLESS


def _meaning(name: str, value: str) -> list[str]:
    """What a value says, however a program escapes it and whatever empty parts it leaves out."""
    if name not in _STRUCTURED:
        return [content_lines.unescape(value)]
    parts = content_lines.components(value)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _take_columns(before: Person, left: list[_EditedLine]) -> dict[str, str]:
    """The columns of ours that are still there, as they are now; taken from `left`."""
    known = {column for column, _ in before.extra}
    kept: dict[str, str] = {}
    for found in list(left):
        column = found.line.param(card.COLUMN) if found.line.name.startswith("X-LI-") else None
        if column is not None and column in known and column not in kept:
            kept[column] = text.clean(found.line.text)
            left.remove(found)
    return kept


class RejoinedPair(NamedTuple):
    """Two contacts of the new history that are one person."""

    known: Contact
    stranger: Contact


def find_rejoined(now: Roster, ours: Roster) -> Iterator[RejoinedPair]:
    """The contacts that this machine would have known, had it read what the other one read.

    The other machine did not see a month between in which name or address changed alone, and made
    somebody new of a person who has both anew. What they are called now is matched with everyone
    whom this machine knows, by the keys of any list; two of the newest list are never one.
    """
    familiar = ours.contacts.keys() | {alias.uid for one in ours for alias in one.aliases}
    strangers = [one for one in now if one.uid not in familiar]
    if not strangers:
        return
    asked = [*now.present, *(one for one in strangers if one.is_former)]
    columns = frozenset(column for one in asked for column, _ in one.person.extra)
    rows = [Row(number, one.person) for number, one in enumerate(asked)]
    matching = match.match_rows(ours, rows, Coverage(FIELDS, columns))
    new = {one.uid for one in strangers}
    for row, contact in (*matching.equal, *matching.known):
        stranger, known = asked[row.number], now.contacts.get(contact.uid)
        if stranger.uid not in new or known is None:
            continue
        if known.is_former or stranger.is_former:
            yield RejoinedPair(known, stranger)


def reapply_edit(contact: Contact, before: Contact, after: Contact) -> Contact:
    """The contact, edited as somebody edited `before` into `after`.

    Only what differs between these two is carried over: lines of the user's own that came and
    went, values that were corrected, and a card that was moved into the other folder.
    """
    if (contact.person, contact.shown, contact.own) == (before.person, before.shown, before.own):
        edited = contact._replace(shown=after.shown, own=after.own)
    else:
        shown = _corrected(contact.shown, before.shown, after.shown)
        edited = contact._replace(shown=shown, own=_lines(contact.own, before.own, after.own))
    if after.folder != before.folder:
        edited = edited._replace(path=f"{after.folder}/{contact.file}")
    return edited


def reapply_enrichment(contact: Contact, before: Contact, after: Contact) -> Contact:
    """The contact with what a list that only adds gave to `before`, where it has not got it."""
    phones = [one for one in after.person.phones if one not in before.person.phones]
    columns = dict(before.person.extra)
    extra = {column: value for column, value in after.person.extra if column not in columns}
    own = tuple(one for one in after.own if one not in (*before.own, *contact.own))

    def add(person: Person) -> Person:
        more = tuple(one for one in phones if one not in person.phones)
        whole = tuple(sorted({**extra, **dict(person.extra)}.items()))
        return person._replace(phones=(*person.phones, *more), extra=whole)

    said = add(contact.person)
    shown = said if contact.shown == contact.person else add(contact.shown)
    return contact._replace(person=said, shown=shown, own=(*contact.own, *own))


def _lines(
    now: tuple[str, ...], before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[str, ...]:
    gone = Counter(before) - Counter(after)
    kept = []
    for line in now:
        if gone[line]:
            gone[line] -= 1
        else:
            kept.append(line)
    come = Counter(after) - Counter(before) - (Counter(kept) - Counter(before))
    for line in after:
        if come[line]:
            come[line] -= 1
            kept.append(line)
    return tuple(kept)


def _corrected(now: Person, before: Person, after: Person) -> Person:
    changes: dict[str, Any] = {}
    for field in FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if old == new:
            continue
        mine = getattr(now, field)
        is_list = field in ("emails", "phones")
        changes[field] = _lines(mine, old, new) if is_list and mine != old else new
    old, new = dict(before.extra), dict(after.extra)
    if old != new:
        extra = dict(now.extra)
        for column in old.keys() | new.keys():
            if old.get(column) != new.get(column):
                extra[column] = new.get(column, "")
        changes["extra"] = tuple(sorted((c, v) for c, v in extra.items() if v))
    return now._replace(**changes)


def locate_contacts(
    roster: Roster,
    wanted: Iterable[Contact],
    everyone: Callable[[], Roster],
    *,
    is_kin: bool = False,
) -> dict[str, Contact]:
    """Who of a roster each of these contacts of another vault is, by their UID there.

    The UID is made of what was known at first sight, so it can differ where an older export
    shows somebody earlier: the facts decide. Where both vaults began as one, a contact that
    `same` took in is who took it in. Who can't be found for sure is left out.
    """
    found: dict[str, Contact] = {}
    left: list[Contact] = []
    taken_in = {alias.uid: one for one in roster for alias in one.aliases} if is_kin else {}
    for contact in wanted:
        same = roster.contacts.get(contact.uid) or taken_in.get(contact.uid)
        if same is not None and (is_kin or same.person == contact.person):
            found[contact.uid] = same
        else:
            left.append(contact)
    if not left:
        return found
    there = everyone()
    matched = _matched(roster, there)
    taken = {contact.uid for contact in found.values()}
    for contact in left:
        same = matched.get(contact.uid)
        if same is not None and same.uid not in taken:
            found[contact.uid] = same
            taken.add(same.uid)
    return found


def _matched(roster: Roster, there: Roster) -> Mapping[str, Contact]:
    """The contacts of this roster by the UIDs of those of the other: equal facts, then by keys."""
    people = list(there)
    columns = frozenset(column for one in people for column, _ in one.person.extra)
    rows = [Row(number, one.person) for number, one in enumerate(people)]
    matching = match.match_rows(roster, rows, Coverage(FIELDS, columns))
    return {people[row.number].uid: contact for row, contact in (*matching.equal, *matching.known)}


_SINGLE = sorted(FIELDS - {"emails", "phones"})


class FieldConflict(NamedTuple):
    """A field of one card for which two values were left, and only one can stand.

    Attributes:
        field: Name of a `Person` field, or of a column of the export.
    """

    uid: str
    path: str
    field: str
    kept: str
    other: str


class Reconciled(NamedTuple):
    """The contact with the edits of both, and where they met."""

    contact: Contact
    conflicts: tuple[FieldConflict, ...]


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
    """
    conflicts: list[FieldConflict] = []
    kept: dict[str, Any] = {}

    def wins(field: str, old: str, new: str, mine: str, said: bool) -> bool:
        """Whether the value from here stands; `said` is whether their export says another one."""
        if mine in (new, old) and not said:
            return True
        ours = not (is_outdated if said else theirs_is_later())
        if mine != new:
            values = (new, mine) if ours else (mine, new)
            conflicts.append(FieldConflict(now.uid, now.path, field, *values))
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
    return Reconciled(reapply_edit(now, before, after._replace(shown=shown)), tuple(conflicts))


def _is_news(now: Contact, before: Contact, field: str) -> bool:
    """Whether the card shows what an export says that nobody here had seen."""
    said = getattr(now.person, field)
    return bool(said == getattr(now.shown, field) != getattr(before.person, field))
