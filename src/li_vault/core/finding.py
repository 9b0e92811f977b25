"""People by what one knows of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from li_vault.core import cards, lines, own_lines, text
from li_vault.core.model import Alias, Contact, Person

_DIGITS = re.compile(r"[0-9a-f-]{1,36}")
_BETWEEN_DIGITS = re.compile(r"[^\d+]")
_EAST = "\u2e80"
"""The first of the signs that names are written with from China to Japan."""
_ENOUGH = 4
"""With fewer digits, a number that is looked for is no UID."""


def named(contacts: Iterable[Contact], words: str) -> list[Contact]:
    """Who is meant by a UID or its first digits, a profile URL or slug, a file name, or text.

    The first of these that fits anyone decides; within text, a full name beats a part of one.
    """
    everyone = list(contacts)
    words = words.strip()
    if not words:
        return []
    name, lower = text.key(words), words.lower()
    is_digits = bool(_DIGITS.fullmatch(lower))
    has_numeral = _has_numeral(lower)
    slug = text.slug(words) or lower.strip("/").removeprefix("in/")
    file = words.rpartition("/")[2]
    files = [(one, f"{one}.vcf") for one in (file, file.lower())]
    wanted = folded(words).split()
    holds = _holder(wanted)
    tests: list[Callable[[Contact], bool]] = [
        lambda c: c.uid.lower() == lower,
        lambda c: any(alias.uid.lower() == lower for alias in c.aliases),
        lambda c: _could_hold(c.shown.url, slug) and text.slug(c.shown.url) == slug,
        lambda c: c.file in files[0],
        lambda c: c.file.lower() in files[1],
        lambda c: any(alias.file.lower() in files[1] for alias in c.aliases),
        lambda c: is_digits and has_numeral and c.uid.lower().startswith(lower),
        lambda c: has_numeral and alias(c, lower) is not None,
        lambda c: bool(c.former_urls) and slug in map(text.slug, c.former_urls),
        lambda c: text.key(c.shown.name) == name,
        lambda c: bool(wanted) and holds(c),
        # Letters alone are rather a name, or the beginning of one: Ada, Bea, Edda.
        lambda c: is_digits and (c.uid.lower().startswith(lower) or alias(c, lower) is not None),
    ]
    found = ([contact for contact in everyone if test(contact)] for test in tests)
    return next(filter(None, found), [])


def _could_hold(url: str, slug: str) -> bool:
    """Whether a slug can be that of an address; most can be told apart at a glance."""
    return slug != "" and (slug in url.lower() or "%" in url or not url.isascii())


def alias(contact: Contact, words: str) -> Alias | None:
    """The one that this contact took in and that the words name: UID, its first digits, or file."""
    lower = words.strip().lower()
    file = lower.rpartition("/")[2]
    for found in contact.aliases:
        digits = bool(_DIGITS.fullmatch(lower)) and found.uid.lower().startswith(lower)
        if digits or found.file.lower() in (file, f"{file}.vcf"):
            return found
    return None


def holding(contacts: Iterable[Contact], wanted: Sequence[str]) -> list[Contact]:
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


def ordered(contacts: Iterable[Contact]) -> list[Contact]:
    """Contacts in the order of their names, as people look for them."""
    return sorted(contacts, key=lambda c: (text.key(cards.shown_name(c.shown)), c.file))


def emails(contact: Contact) -> list[str]:
    """All addresses on the card: those of the exports and those that the user added.

    One that stands there twice, in whatever case, is told once, as it is spelt first.
    """
    return _once([*contact.shown.emails, *own_values(contact, "EMAIL")])


def phones(contact: Contact) -> list[str]:
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


def told(contact: Contact, field: str) -> str:
    """What the card says in one of the `TOLD` fields, in our form or the user's own, or ""."""
    shown = contact.shown
    ours = {"company": shown.company, "position": shown.position, "profile_url": shown.url}
    return ours[field] or own_text(contact, TOLD[field])


def as_read(contact: Contact) -> Person:
    """What a reader of the card learns of the person: the user's own lines count like ours."""
    shown = contact.shown
    if not contact.own and len(shown.emails) < 2 and len(shown.phones) < 2:
        return shown
    return shown._replace(
        emails=tuple(emails(contact)),
        phones=tuple(phones(contact)),
        company=told(contact, "company"),
        position=told(contact, "position"),
        url=told(contact, "profile_url"),
    )


def own_text(contact: Contact, name: str) -> str:
    """The first value of a property that the user wrote in place of ours, or "".

    Of an `ORG` it is the organisation, without its departments.
    """
    for line in filter(None, map(lines.parse, contact.own)):
        if line.name == name:
            return lines.components(line.value)[0] if name == "ORG" else line.text
    return ""


def own_values(contact: Contact, name: str) -> list[str]:
    """The values of a property in the lines that the user added."""
    parsed = (lines.parse(raw) for raw in contact.own if lines.name(raw) == name)
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
        values.append(text.slug(url))
    if first >= _EAST:
        values.append(joined_name(shown))
    if numbers or contact.own:
        values += map(compact, phones(contact))
        values += own_lines.searched(contact.own)
    return searched(values)


def folded(words: str) -> str:
    """Case and accents off; unlike a name's key it keeps `@`, `.` and `-`."""
    return words.lower() if words.isascii() else text.searchable(words)


def searched(values: Sequence[str]) -> str:
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
