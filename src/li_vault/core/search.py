"""Contacts found by name, number, text or query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from li_vault.core import card, content_lines, text
from li_vault.core.model import Alias, Contact, Person

_DIGITS = re.compile(r"[0-9a-f-]{1,36}")
_BETWEEN_DIGITS = re.compile(r"[^\d+]")
_EAST = "\u2e80"
"""The first of the signs that names are written with from China to Japan."""
_ENOUGH = 4
"""With fewer digits, a number that is looked for is no UID."""


def resolve_contacts(contacts: Iterable[Contact], words: str) -> list[Contact]:
    """Who is meant by a UID or its first digits, a profile URL or slug, a file name, or text.

    The first of these that fits anyone decides; within text, a full name beats a part of one.
    """
    everyone = list(contacts)
    words = words.strip()
    if not words:
        return []
    name, lower = text.name_key(words), words.lower()
    is_digits = bool(_DIGITS.fullmatch(lower))
    has_numeral = _has_numeral(lower)
    slug = text.profile_slug(words) or lower.strip("/").removeprefix("in/")
    file = words.rpartition("/")[2]
    files = [(one, f"{one}.vcf") for one in (file, file.lower())]
    wanted = fold_text(words).split()
    holds = _holder(wanted)
    tests: list[Callable[[Contact], bool]] = [
        lambda c: c.uid.lower() == lower,
        lambda c: any(alias.uid.lower() == lower for alias in c.aliases),
        lambda c: _could_hold(c.shown.url, slug) and text.profile_slug(c.shown.url) == slug,
        lambda c: c.file in files[0],
        lambda c: c.file.lower() in files[1],
        lambda c: any(alias.file.lower() in files[1] for alias in c.aliases),
        lambda c: is_digits and has_numeral and c.uid.lower().startswith(lower),
        lambda c: has_numeral and matching_alias(c, lower) is not None,
        lambda c: bool(c.former_urls) and slug in map(text.profile_slug, c.former_urls),
        lambda c: text.name_key(c.shown.name) == name,
        lambda c: bool(wanted) and holds(c),
        # Letters alone are rather a name, or the beginning of one: Ada, Bea, Edda.
        lambda c: (
            is_digits and (c.uid.lower().startswith(lower) or matching_alias(c, lower) is not None)
        ),
    ]
    found = ([contact for contact in everyone if test(contact)] for test in tests)
    return next(filter(None, found), [])


def _could_hold(url: str, slug: str) -> bool:
    """Whether a slug can be that of an address; most can be told apart at a glance."""
    return slug != "" and (slug in url.lower() or "%" in url or not url.isascii())


def matching_alias(contact: Contact, words: str) -> Alias | None:
    """The one that this contact took in and that the words name: UID, its first digits, or file."""
    lower = words.strip().lower()
    file = lower.rpartition("/")[2]
    for found in contact.aliases:
        digits = bool(_DIGITS.fullmatch(lower)) and found.uid.lower().startswith(lower)
        if digits or found.file.lower() in (file, f"{file}.vcf"):
            return found
    return None


def filter_by_text(contacts: Iterable[Contact], wanted: Sequence[str]) -> list[Contact]:
    """Everyone in whose fields all these folded texts occur, each within one field.

    A text may be any part of a field, but only the beginning of a UID; without texts, everyone.
    """
    return list(filter(_holder(wanted), contacts)) if wanted else list(contacts)


def _holder(wanted: Sequence[str]) -> Callable[[Contact], bool]:
    """Whether all these folded texts occur in the fields of a contact."""
    digits = {
        word
        for word in wanted
        if len(word) >= _ENOUGH and _DIGITS.fullmatch(word) and _has_numeral(word)
    }

    def fits(contact: Contact) -> bool:
        haystack = _haystack(contact)
        return all(
            word in haystack or (word in digits and contact.uid.startswith(word)) for word in wanted
        )

    return fits


def _has_numeral(word: str) -> bool:
    return any(map(str.isdecimal, word))


def order_by_name(contacts: Iterable[Contact]) -> list[Contact]:
    """Contacts in the order of their names, as people look for them."""
    return sorted(contacts, key=lambda c: (text.name_key(card.shown_name(c.shown)), c.file))


def all_emails(contact: Contact) -> list[str]:
    """All addresses on the card: those of the exports and those that the user added.

    One that stands there twice, in whatever case, is told once, as it is spelt first.
    """
    return _once([*contact.shown.emails, *own_values(contact, "EMAIL")])


def all_phones(contact: Contact) -> list[str]:
    """All phone numbers on the card, each once."""
    return _once([*contact.shown.phones, *own_values(contact, "TEL")])


def joined_name(person: Person) -> str:
    """A name as Chinese, Japanese and Korean ones are written, family name first; others: ""."""
    is_eastern = min(person.first_name, person.last_name) >= _EAST
    return person.last_name + person.first_name if is_eastern else ""


def compact(phone: str) -> str:
    """A phone number without what stands between its digits, as one may have it from elsewhere."""
    return _BETWEEN_DIGITS.sub("", phone)


def _once(values: list[str]) -> list[str]:
    """The first of values that differ in case alone."""
    if len(values) < 2:
        return values
    first: dict[str, str] = {}
    for value in values:
        first.setdefault(value.lower(), value)
    return list(first.values())


TOLD = {"company": "ORG", "position": "TITLE", "profile_url": "URL"}
"""Fields that the user may have written in a form of their own, and the property of each."""


def field_value(contact: Contact, field: str) -> str:
    """What the card says in one of the `TOLD` fields, in our form or the user's own, or ""."""
    shown = contact.shown
    ours = {"company": shown.company, "position": shown.position, "profile_url": shown.url}
    return ours[field] or own_value(contact, TOLD[field])


def effective_person(contact: Contact) -> Person:
    """What a reader of the card learns of the person: the user's own lines count like ours."""
    shown = contact.shown
    if not contact.own and len(shown.emails) < 2 and len(shown.phones) < 2:
        return shown
    return shown._replace(
        emails=tuple(all_emails(contact)),
        phones=tuple(all_phones(contact)),
        company=field_value(contact, "company"),
        position=field_value(contact, "position"),
        url=field_value(contact, "profile_url"),
    )


def own_value(contact: Contact, name: str) -> str:
    """The first value of a property that the user wrote in place of ours, or "".

    Of an `ORG` it is the organisation, without its departments.
    """
    for line in filter(None, map(content_lines.parse_line, contact.own)):
        if line.name == name:
            return content_lines.components(line.value)[0] if name == "ORG" else line.text
    return ""


def own_values(contact: Contact, name: str) -> list[str]:
    """The values of a property in the lines that the user added."""
    parsed = (
        content_lines.parse_line(raw)
        for raw in contact.own
        if content_lines.property_name(raw) == name
    )
    return [line.text for line in parsed if line is not None]


def _haystack(contact: Contact) -> str:
    """All that can be found of a person, folded, a field a line; the usual person costs little."""
    shown = contact.shown
    first, last, url, emails, numbers, company, position, connected, full, extra = shown
    values = [first, last, f"{first} {last}", company, position, url, connected]
    if full or emails or numbers or extra or contact.former_urls or contact.same_as:
        values += [full, *emails, *numbers, *contact.former_urls]
        values += [file.rpartition("-")[0] for _, file in contact.aliases]  # what they were called
        values += [value for _, value in extra]
    if "%" in url or not url.isascii():
        values.append(text.profile_slug(url))
    if first >= _EAST:
        values.append(joined_name(shown))
    if numbers or contact.own:
        values += map(compact, all_phones(contact))
        values += card.searchable_lines(contact.own)
    return searchable_fields(values)


def fold_text(words: str) -> str:
    """Case and accents off; unlike a name's key it keeps `@`, `.` and `-`."""
    return words.lower() if words.isascii() else text.searchable(words)


def searchable_fields(values: Sequence[str]) -> str:
    """What folded words are looked for in: the folded values, a line each.

    White space of any kind is one space: a title that was edited by hand can hold any.
    """
    joined = "\n".join(values)
    bare = joined.replace("\n", "")
    if "  " in bare or len(joined) - len(bare) >= len(values) or not bare.isprintable():
        joined = "\n".join(" ".join(value.split()) for value in values)
    if joined.isascii():
        return joined.lower()
    foreign = [line for line in joined.split("\n") if not line.isascii()]
    return joined.lower() + "\n" + text.searchable("\n".join(foreign))


_PART = re.compile(r'(?:(?P<field>[^\s":/]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"|$)|(?P<word>\S*))')
_WHOLE = re.compile(r'([^\s":/]+):([^":]*\s[^":]*)')
_NUMBER = re.compile(r"\d+")
_NO_FIELD = frozenset({"http", "https"})
"""Beginnings of addresses, whose colon names no field."""


class QueryPart(NamedTuple):
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
        joined_name(shown),
        *own_values(contact, "NICKNAME"),
    ]


def _urls(contact: Contact) -> list[str]:
    own = (value for name in ("URL", "X-SOCIALPROFILE") for value in own_values(contact, name))
    urls = [contact.shown.url, *own, *contact.former_urls]
    return [*urls, *filter(None, map(text.profile_slug, urls))]


FIELDS: Final[dict[str, Callable[[Contact], list[str]]]] = {
    "name": _name,
    "company": lambda c: [c.shown.company, *own_values(c, "ORG")],
    "position": lambda c: [c.shown.position, *own_values(c, "TITLE")],
    "email": all_emails,
    "phone": lambda c: [*all_phones(c), *map(compact, all_phones(c))],
    "url": _urls,
    "connected": lambda c: [c.shown.connected_on],
    "note": lambda c: own_values(c, "NOTE"),
    "tag": lambda c: own_values(c, "CATEGORIES"),
    "uid": lambda c: [c.uid, *(alias.uid for alias in c.aliases)],
}
"""The fields that can be named before a colon, and what each looks at."""

_ALSO = {
    "emails": "email", "mail": "email", "phones": "phone", "profile_url": "url", "org": "company",
    "connected_on": "connected", "title": "position", "mailto": "email", "tel": "phone",
}  # fmt: skip
"""Other names of them: those of `--json`, of vCard, and the beginnings of addresses to click on."""


def parse_query(arguments: Iterable[str]) -> tuple[QueryPart, ...]:
    """The parts of a query, given as a shell hands it over: quotes of its own are gone.

    So all of an argument such as `company:Big Co` is looked for in that field.

    Raises:
        BadQuery: A quotation has no end, a field is unknown, or nothing follows a field.
    """
    return tuple(part for argument in arguments for part in _parts(" ".join(argument.split())))


def _parts(words: str) -> Iterator[QueryPart]:
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
        elif wanted := fold_text(value).strip():
            yield QueryPart("", wanted)


def _field(name: str) -> str:
    """The field of this name, or "" if there is none."""
    lower = name.lower()
    lower = _ALSO.get(lower, lower)
    return lower if lower in FIELDS else ""


def _part(field: str, value: str, name: str = "") -> QueryPart:
    if not field:
        raise BadQuery(
            f"There is no field {name!r} to search in.",
            f"The fields are {', '.join(FIELDS)}. To search for the text itself, put it "
            f"in double quotes within the argument: '\"{name}:{value}\"'",
        )
    wanted = fold_text(value).strip()
    if not wanted:
        raise BadQuery(f"Nothing follows {field}: to search for.", f"Write {field}:word.")
    return QueryPart(field, wanted)


def filter_by_query(contacts: Iterable[Contact], parts: Sequence[QueryPart]) -> list[Contact]:
    """Everyone whom all parts fit; without parts, everyone."""
    anywhere = [part.wanted for part in parts if not part.field]
    found = list(contacts)
    for part in parts:
        if part.field:
            look, wanted = FIELDS[part.field], part.wanted
            found = [c for c in found if wanted in searchable_fields(look(c))]
    return filter_by_text(found, anywhere)


Data = dict[str, Any]


def person_as_data(contact: Contact) -> Data:
    """A person as the card shows it, the user's own additions included; empty is null."""
    uid, path, _, shown, _, own, _ = contact
    first, last, url, emails, phones, company, position, connected_on, full_name, extra = shown
    if own:
        company, position = (field_value(contact, field) for field in ("company", "position"))
        url = field_value(contact, "profile_url")
    return {
        "uid": uid,
        "name": full_name or (f"{first} {last}" if first and last else first or last or None),
        "path": path if path.isascii() else text.writable(path),
        "first_name": first or None,
        "last_name": last or None,
        "profile_url": url or None,
        "emails": all_emails(contact) if own or len(emails) > 1 else list(emails),
        "phones": all_phones(contact) if own or len(phones) > 1 else list(phones),
        "company": company or None,
        "position": position or None,
        "connected_on": connected_on or None,
        "extra": dict(extra),
    }


def export_as_data(contact: Contact) -> Data | None:
    """What LinkedIn says of a person whose card was corrected; None if it says the same."""
    if contact.person == contact.shown:
        return None
    said = person_as_data(contact._replace(shown=contact.person, own=()))
    return {key: value for key, value in said.items() if key not in ("uid", "path")}
