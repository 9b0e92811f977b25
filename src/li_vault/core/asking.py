"""What `find` is asked: words, phrases and fields, and who fits them.

    zürich "head of" company:quo        every part must fit

A part is a word or a "phrase in quotes", in any field or, behind `field:`, in that one alone.
Accents and case do not count, and a word may be any part of a field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from li_vault.core import finding, text
from li_vault.core.model import Contact

_PART = re.compile(r'(?:(?P<field>[^\s":/]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"|$)|(?P<word>\S*))')
_WHOLE = re.compile(r'([^\s":/]+):([^":]*\s[^":]*)')
_NUMBER = re.compile(r"\d+")
_NO_FIELD = frozenset({"http", "https"})
"""Beginnings of addresses, whose colon names no field."""


class Part(NamedTuple):
    """One thing that must fit: the field it is looked for in (empty: any), and the folded text."""

    field: str
    wanted: str


class BadQuery(ValueError):
    """A query that can't be understood; the text says why, `hint` what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _name(contact: Contact) -> list[str]:
    shown = contact.shown
    return [
        shown.name,
        f"{shown.first_name} {shown.last_name}",
        finding.joined_name(shown),
        *finding.own_values(contact, "NICKNAME"),
    ]


def _urls(contact: Contact) -> list[str]:
    own = (
        value for name in ("URL", "X-SOCIALPROFILE") for value in finding.own_values(contact, name)
    )
    urls = [contact.shown.url, *own, *contact.former_urls]
    return [*urls, *filter(None, map(text.slug, urls))]


FIELDS: Final[dict[str, Callable[[Contact], list[str]]]] = {
    "name": _name,
    "company": lambda c: [c.shown.company, *finding.own_values(c, "ORG")],
    "position": lambda c: [c.shown.position, *finding.own_values(c, "TITLE")],
    "email": finding.emails,
    "phone": lambda c: [*finding.phones(c), *map(finding.compact, finding.phones(c))],
    "url": _urls,
    "connected": lambda c: [c.shown.connected_on],
    "note": lambda c: finding.own_values(c, "NOTE"),
    "tag": lambda c: finding.own_values(c, "CATEGORIES"),
    "uid": lambda c: [c.uid, *(alias.uid for alias in c.aliases)],
}
"""The fields that can be named before a colon, and what each looks at."""

_ALSO = {
    "emails": "email", "mail": "email", "phones": "phone", "profile_url": "url", "org": "company",
    "connected_on": "connected", "title": "position", "mailto": "email", "tel": "phone",
}  # fmt: skip
"""Other names of them: those of `--json`, of vCard, and the beginnings of addresses to click on."""


def parsed(arguments: Iterable[str]) -> tuple[Part, ...]:
    """The parts of a query, given as a shell hands it over: quotes of its own are gone.

    So all of an argument such as `company:Big Co` is looked for in that field.

    Raises:
        BadQuery: A quotation has no end, a field is unknown, or nothing follows a field.
    """
    return tuple(part for argument in arguments for part in _parts(" ".join(argument.split())))


def _parts(words: str) -> Iterator[Part]:
    whole = _WHOLE.fullmatch(words)
    if whole and _field(whole[1]):
        yield _part(_field(whole[1]), whole[2])
        return
    for found in _PART.finditer(words):
        name, phrase = found["field"], found["phrase"]
        if phrase is not None and not found["end"]:
            raise BadQuery(f'The quotation "{phrase} has no end.', 'Close it with ".')
        value = found["word"] if phrase is None else phrase
        if name is not None and (_NUMBER.fullmatch(name) or name.lower() in _NO_FIELD):
            name, value = None, found[0]
        if name is not None:
            yield _part(_field(name), value, name)
        elif wanted := finding.folded(value).strip():
            yield Part("", wanted)


def _field(name: str) -> str:
    """The field of this name, or "" if there is none."""
    lower = name.lower()
    lower = _ALSO.get(lower, lower)
    return lower if lower in FIELDS else ""


def _part(field: str, value: str, name: str = "") -> Part:
    if not field:
        raise BadQuery(
            f"There is no field {name!r} to search in.",
            f"The fields are {', '.join(FIELDS)}. To search for the text itself, put it "
            f"in double quotes within the argument: '\"{name}:{value}\"'",
        )
    wanted = finding.folded(value).strip()
    if not wanted:
        raise BadQuery(f"Nothing follows {field}: to search for.", f"Write {field}:word.")
    return Part(field, wanted)


def fitting(contacts: Iterable[Contact], parts: Sequence[Part]) -> list[Contact]:
    """Everyone whom all parts fit; without parts, everyone."""
    anywhere = [part.wanted for part in parts if not part.field]
    found = list(contacts)
    for part in parts:
        if part.field:
            look, wanted = FIELDS[part.field], part.wanted
            found = [c for c in found if wanted in finding.searched(look(c))]
    return finding.holding(found, anywhere)
