"""A contact as a row of a table, with a count of what the table can't hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from li_vault.core import card, content_lines, text
from li_vault.core.content_lines import ContentLine
from li_vault.core.model import Contact, Person

if TYPE_CHECKING:
    from li_vault.formats.vcard import reader


UID: Final = "li-vault UID"
"""What our own id is called where a format has room for one of its own beside it."""

CONNECTED_ON: Final = "Connected On"
"""What the day of connecting is called, as LinkedIn does."""

FORMER_URLS: Final = "former profile addresses"
SAME_AS: Final = "contacts that were taken in"
CORRECTED: Final = "LinkedIn's own values of what was corrected"
KINDS: Final = "kinds of phones and e-mail addresses"
FULL_NAME: Final = "display name"

_SEVERAL = ("emails", "phones")
_TEXTS = tuple(name for name in Person._fields if name not in (*_SEVERAL, "extra"))
_PICTURES = {"PHOTO": "picture", "LOGO": "logo", "SOUND": "sound", "KEY": "key"}
_KIND = "TYPE"
_NO_KIND = frozenset({"INTERNET", "PREF", "VOICE"})
"""Values of `TYPE` that tell nothing apart."""


class WrittenFile(NamedTuple):
    """A file of some format, and what could not go into it.

    Attributes:
        lost: What the format could not carry -> of how many people, most first.
    """

    data: bytes
    people: int
    lost: Mapping[str, int]


class TableRow(NamedTuple):
    """A contact as a table sees it.

    Attributes:
        person: What the card shows, the user's own lines included; text that the user wrote in
            several lines keeps them.
    """

    person: Person
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRows:
    """The people who go into a table, in their order.

    Attributes:
        people: What the card of each says, the user's own lines included.
        extra: Column without a field of its own -> number of the person, from 0 -> value.
        left: What is left behind already -> of how many people.
    """

    uids: Sequence[str]
    people: Sequence[Person]
    extra: Mapping[str, Mapping[int, str]]
    left: Mapping[str, int]

    @cached_property
    def fields(self) -> dict[str, Sequence[Any]]:
        """Field of `Person` -> its value of each."""
        return field_columns(self.people)

    def column(self, name: str) -> Iterable[str]:
        """The cells of a column without a field of its own."""
        if name not in self.extra:
            return repeat("")
        cells = [""] * len(self.people)
        for number, value in self.extra[name].items():
            cells[number] = value
        return cells

    def several(self, field: str, *, least: int = 0) -> list[Iterable[str]]:
        """The first values of a field with several, then the second ones, and so on."""
        values = self.fields[field]
        most = max(map(len, values), default=0)
        found: list[Iterable[str]] = [
            [each[number] if len(each) > number else "" for each in values]
            for number in range(most)
        ]
        return [*found, *[repeat("")] * (least - most)]

    def without(self, columns: Iterable[str]) -> Counter[str]:
        """Of how many people the columns are filled that are none of these."""
        known = frozenset(columns)
        return Counter({name: len(of) for name, of in self.extra.items() if name not in known})


def rows_of_contacts(contacts: Iterable[Contact]) -> TableRows:
    """The contacts as people, in the same order."""
    uids: list[str] = []
    people: list[Person] = []
    extra: dict[str, dict[int, str]] = {}
    left: Counter[str] = Counter()
    for number, (uid, _, said, shown, former_urls, own, same_as) in enumerate(contacts):
        person = shown
        # Nearly everyone's card says what LinkedIn says and no more.
        if own or former_urls or same_as or said is not shown:
            seen = row_of_contact(Contact(uid, "", said, shown, former_urls, own, same_as))
            person = seen.person
            left.update(seen.left)
        uids.append(uid)
        people.append(person)
        if person.extra:
            for column, value in person.extra:
                extra.setdefault(column, {})[number] = (
                    value if value.isprintable() else _clean_lines(value)
                )
    return TableRows(uids, _clean(people), extra, left)


def _clean(people: list[Person]) -> list[Person]:
    """The people as exports tell of them: a hand can put line breaks and controls on a card."""
    columns = field_columns(people)
    changed: dict[int, dict[str, Any]] = {}
    for name in _TEXTS:
        if not "".join(columns[name]).isprintable():  # at the speed of C
            for number, value in enumerate(columns[name]):
                if not value.isprintable() and (cleaned := text.clean(value)) != value:
                    changed.setdefault(number, {})[name] = cleaned
    for name in _SEVERAL:
        if not "".join(chain.from_iterable(columns[name])).isprintable():
            for number, values in enumerate(columns[name]):
                changed.setdefault(number, {})[name] = tuple(map(text.clean, values))
    for number, found in changed.items():
        people[number] = people[number]._replace(**found)
    return people


def _clean_lines(value: str) -> str:
    return "\n".join(map(text.clean, value.splitlines())).strip()


def field_columns(people: Sequence[Person]) -> dict[str, Sequence[Any]]:
    """Field of `Person` -> its value of each of these people."""
    values = zip(*people, strict=True) if people else repeat(())
    return dict(zip(Person._fields, values, strict=False))


def first_names(people: Iterable[Person]) -> list[str]:
    """The first name of each; of who is known by a display name alone, that one."""
    return [one.first_name or ("" if one.last_name else one.full_name) for one in people]


def count_lost_names(people: Iterable[Person]) -> int:
    """How many display names have no cell then."""
    return sum(1 for one in people if one.full_name and (one.first_name or one.last_name))


def row_of_contact(contact: Contact) -> TableRow:
    """What a card says, the user's own lines included, as far as a table can say it."""
    left = dict.fromkeys(
        word
        for word, there in (
            (FORMER_URLS, contact.former_urls),
            (SAME_AS, contact.same_as),
            (CORRECTED, contact.person != contact.shown),
        )
        if there
    )
    if not contact.own:
        return TableRow(contact.shown, tuple(left))
    from li_vault.formats.vcard import reader
    from li_vault.formats.vcard.source import BINARY

    properties = []
    for line in filter(None, map(content_lines.parse_line, contact.own)):
        if line.name in BINARY:
            left[_PICTURES.get(line.name, line.name)] = None
            continue
        if line.name in ("EMAIL", "TEL") and _has_kind(line):
            left[KINDS] = None
        properties.append(_property(line))
    return TableRow(reader.person_of_properties(properties, contact.shown), tuple(left))


def written_file(data: bytes, people: int, *lost: Mapping[str, int]) -> WrittenFile:
    """A file with an account of what was lost, most people first."""
    whole: Counter[str] = Counter()
    for some in lost:
        whole.update({what: number for what, number in some.items() if number})
    return WrittenFile(data, people, dict(sorted(whole.items(), key=lambda one: (-one[1], one[0]))))


def _has_kind(line: ContentLine) -> bool:
    kinds = (line.param(_KIND) or "").upper().split(",")
    return bool(set(kinds) - _NO_KIND - {""}) or bool(line.group)


def _property(line: ContentLine) -> reader.Property:
    """A line of the user's own as a property; a note of several lines keeps them."""
    from li_vault.formats.vcard import reader

    column = line.param(card.COLUMN) or ""
    if line.name in reader.STRUCTURED:
        parts = [text.clean(part) for part in content_lines.components(line.value)]
        parts += [""] * (reader.STRUCTURED[line.name] - len(parts))
    elif line.name in reader.LISTS:
        parts = [reader.join_texts(line.value)]
    else:
        parts = [line.text.strip() if line.name == "NOTE" else text.clean(line.text)]
    return reader.Property(line.name, line.group, column, tuple(parts))
