"""Carry forward: what an export can't say stays, and so does what a user changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from li_vault.core import cards, diffs, finding, headings, lines, naming, text
from li_vault.core.model import FIELDS, Contact, Coverage, Person

Value = TypeVar("Value")

_SINGLE = FIELDS - {"emails", "phones", "full_name"}


def merge(contact: Contact, row: Person, coverage: Coverage) -> Contact:
    """The contact as it is after a list said `row` of that person."""
    said = _stated(contact.person, row, coverage)
    if contact.shown == contact.person:
        shown = said
    else:
        shown = corrected(contact.person, contact.shown, said)
    return contact._replace(
        person=said,
        shown=shown,
        former_urls=_former_urls(contact, said.url),
        own=without_repeated(contact.own, shown) if contact.own else (),
    )


def enrich(contact: Contact, row: Person) -> Contact:
    """The contact with what an address book knows besides; what is known is not replaced.

    LinkedIn's lists speak of e-mail addresses and would take these away again, so they are kept
    as if the user had added them. Company, position and name are left to LinkedIn.
    """
    person, shown = contact.person, contact.shown
    # What the user took off the card is not brought again.
    phones = _unknown(row.phones, (*finding.phones(contact), *person.phones), _digits)
    emails = _unknown(row.emails, (*finding.emails(contact), *person.emails), str.lower)
    said = person._replace(
        url=person.url or (row.url if text.slug(row.url) else ""),
        connected_on=person.connected_on or row.connected_on,
        phones=(*person.phones, *phones),
        extra=tuple(sorted({**dict(person.extra), **_unsaid(row.extra, contact.own)}.items())),
    )
    own = [f"{cards.EMAIL}:{lines.escape(email)}" for email in emails]
    looks = said
    if shown != person:
        looks = corrected(person, shown, said)
        looks = looks._replace(emails=shown.emails, phones=(*shown.phones, *phones))
    return contact._replace(person=said, shown=looks, own=(*contact.own, *own))


def _unknown(
    values: Iterable[str], known: Iterable[str], key: Callable[[str], str]
) -> tuple[str, ...]:
    """The values, each once, that are not among the known ones; compared by a key."""
    taken = set(map(key, known))
    new = {key(value): value for value in reversed(tuple(values)) if key(value) not in taken}
    return tuple(reversed(new.values()))


def _unsaid(extra: Iterable[tuple[str, str]], own: Iterable[str]) -> dict[str, str]:
    """The columns that the user's own lines do not say already.

    What was taken from a card into an address book comes back from there as a column.
    """
    said: dict[str, str] = {}
    for line in filter(None, map(lines.parse, own)):
        column = headings.of(line.name)
        said[column] = f"{said.get(column, '')} {line.text}"
        if line.name == "ORG":
            said[cards.DEPARTMENT] = " ".join(lines.components(line.value)[1:])
    return {c: value for c, value in extra if text.key(value) != text.key(said.get(c, ""))}


def _digits(phone: str) -> str:
    """A phone number without what people space it with."""
    return "".join(filter(str.isalnum, phone)) or phone


def _stated(known: Person, row: Person, coverage: Coverage) -> Person:
    """What the exports say now: the row where the list can speak, else what was known."""
    stated: dict[str, Any] = {}
    for field in FIELDS & coverage.fields:
        value = getattr(row, field)
        before = getattr(known, field)
        # A text that is the known one, cut off, is no news; the longer one is kept.
        cut = field in ("company", "position") and diffs.is_cut(value, before)
        stated[field] = before if cut else value
    if row.extra or known.extra:
        kept = {c: v for c, v in known.extra if c not in coverage.columns}
        stated["extra"] = tuple(sorted({**kept, **dict(row.extra)}.items()))
    return naming.plain(known._replace(**stated))


def corrected(before: Person, shown: Person, said: Person) -> Person:
    """What the card shows: the user's corrections, wherever the export says nothing new."""
    old, now, new = dict(before.extra), dict(shown.extra), dict(said.extra)
    extra = {
        column: value
        for column in old.keys() | now.keys() | new.keys()
        if (value := _one(old.get(column, ""), now.get(column, ""), new.get(column, "")))
    }
    looks = Person(
        **{name: _one(*(getattr(p, name) for p in (before, shown, said))) for name in _SINGLE},
        emails=_several(before.emails, shown.emails, said.emails),
        phones=_several(before.phones, shown.phones, said.phones),
        extra=tuple(sorted(extra.items())),
    )
    # The name on the card was corrected, or not, whatever became of first and last name.
    name = _one(*map(cards.shown_name, (before, shown, said)))
    if name == cards.shown_name(looks):
        return looks
    return looks._replace(full_name=name)


def _one(before: Value, shown: Value, said: Value) -> Value:
    return shown if shown != before and said == before else said


def _several(
    before: tuple[str, ...], shown: tuple[str, ...], said: tuple[str, ...]
) -> tuple[str, ...]:
    """The values of the export without those that the user took out."""
    taken_out = set(before) - set(shown)
    return tuple(value for value in said if value not in taken_out)


def without_repeated(own: tuple[str, ...], shown: Person) -> tuple[str, ...]:
    """The user's own lines without plain addresses that the export itself brings now."""
    said = {f"EMAIL;TYPE=INTERNET:{lines.escape(email)}" for email in shown.emails}
    said |= {f"EMAIL:{lines.escape(email)}" for email in shown.emails}
    return tuple(line for line in own if line not in said)


def _former_urls(contact: Contact, url: str) -> tuple[str, ...]:
    """The addresses that the profile had before, oldest first; the present one is none of them."""
    slug, before = text.slug(url), text.slug(contact.person.url)
    if slug == before:
        return contact.former_urls
    former = [old for old in contact.former_urls if text.slug(old) not in (slug, before)]
    return (*former, contact.person.url) if contact.person.url else tuple(former)
