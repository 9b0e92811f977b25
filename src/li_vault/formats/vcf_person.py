"""The properties of a card -> the person whom it describes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from li_vault.core import cards, headings, lines, text
from li_vault.core.model import Person
from li_vault.formats import days

STRUCTURED: Final = {"N": 5, "ADR": 7, "ORG": 0}
"""Properties of several components, and how many; 0: any number."""
LISTS: Final = frozenset({"CATEGORIES", "NICKNAME"})
"""Properties whose value is several texts, apart by commas."""

_TECHNICAL = frozenset(
    name
    for line in (
        "UID PRODID REV VERSION PROFILE MAILER CLASS SOURCE NAME KIND CLIENTPIDMAP XML FBURL",
        "CALURI CALADRURI X-ABUID X-ABADR X-ABSHOWAS X-ABLABEL X-ADDRESSBOOKSERVER-KIND",
        "X-IMAGEHASH X-IMAGETYPE X-SHARED-PHOTO-DISPLAY-PREF X-ACCOUNT X-APPLE-OMIT-YEAR",
        "X-ABRELATION-UID X-WEBDAV-CARDDAV-ID X-LI-OWN X-LI-FORMER-URL X-LI-SAME-AS X-LI-UID",
    )
    for name in line.split()
)
"""What programs say to each other; nothing about the person."""
_BOOKKEEPING = "X-LI-EXPORT-"
_KINDS = frozenset({"KIND", "X-ADDRESSBOOKSERVER-KIND"})
_PROFILES = frozenset({"URL", "X-ABURL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", "X-LINKEDIN"})
_DATES = frozenset({"BDAY", "ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-ABDATE"})
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")
_NO_YEAR = "1604"
"""What Apple writes where the year is not known."""
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_CONNECTED_COLUMN = "Connected On"
_NOBODY = Person()
_SINGLE = ("first_name", "last_name", "url", "company", "position", "connected_on")
_JOINT = "; "
"""Between several values in one column."""


class Property(NamedTuple):
    """A property as vobject understood it.

    Attributes:
        name: In upper case.
        group: What ties it to others (`item1`), or empty.
        column: The column that our own card names, or empty.
        parts: Its components, or its one text; cleaned.
    """

    name: str
    group: str
    column: str
    parts: tuple[str, ...]


def is_group(properties: Iterable[Property]) -> bool:
    """Whether the card is a mailing list or a group of cards."""
    return any(p.name in _KINDS and p.parts[:1] and p.parts[0].lower() == "group"
               for p in properties)  # fmt: skip


def is_somebody(person: Person) -> bool:
    """Whether anything says who it is, or how to reach them."""
    named = person.first_name or person.last_name or person.full_name
    return bool(named or person.emails or person.phones or text.slug(person.url))


def person(properties: Iterable[Property], known: Person = _NOBODY) -> Person:
    """The person of these properties; what has no field goes into columns.

    What is `known` stands first: of a field with one value, the properties can't change it.
    """
    draft = _Draft(known)
    given = list(properties)
    labels = {p.group: p.parts[0] for p in given if p.name == "X-ABLABEL" and p.group}
    for one in given:
        if any(one.parts):
            draft.take(one, labels.get(one.group, ""))
    return draft.person()


class _Draft:
    """A person while the properties of a card are taken one by one."""

    def __init__(self, known: Person) -> None:
        self.fields = {name: value for name in _SINGLE if (value := getattr(known, name))}
        self.emails = {address.lower(): address for address in known.emails}
        self.phones = dict.fromkeys(known.phones)
        self.extra = {column: dict.fromkeys((value,)) for column, value in known.extra}
        self.shown = known.full_name
        self._takers: dict[str, Callable[[Property], None]] = {
            "N": self._take_name,
            "FN": self._take_shown,
            "EMAIL": self._take_email,
            "TEL": self._take_phone,
            "ORG": self._take_organisation,
            "TITLE": self._take_position,
            cards.CONNECTED_ON: self._take_day,
        }

    def take(self, one: Property, label: str) -> None:
        """Take a property that says something."""
        name, value = one.name, one.parts[0]
        if name.startswith(_BOOKKEEPING) or (name in _TECHNICAL and not one.column):
            return
        taker = self._takers.get(name)
        if taker:
            taker(one)
        elif name in _PROFILES and text.slug(value):
            self._take("url", "Website", value)
        else:
            self._add(one.column or _column(name, label), _stated(one))

    def _take_shown(self, one: Property) -> None:
        self.shown = self.shown or one.parts[0]

    def _take_email(self, one: Property) -> None:
        address = re.sub(r"(?i)^mailto:", "", one.parts[0])
        self.emails.setdefault(address.lower(), address)

    def _take_phone(self, one: Property) -> None:
        self.phones.setdefault(_phone(one.parts[0]))

    def _take_position(self, one: Property) -> None:
        self._take("position", "Other Position", one.parts[0])

    def _take_day(self, one: Property) -> None:
        day = days.read(one.parts[:1]).iso[one.parts[0]]
        self._take("connected_on" if day else "", _CONNECTED_COLUMN, day or one.parts[0])

    def _take_name(self, one: Property) -> None:
        last, first, *rest = one.parts
        if "last_name" in self.fields or "first_name" in self.fields:
            self._add("Other Name", " ".join(filter(None, (first, last))))
            return
        self.fields.update(first_name=first, last_name=last)
        for column, value in zip(cards.NAME_COLUMNS, rest, strict=False):
            self._add(column, value)

    def _take_organisation(self, one: Property) -> None:
        if "company" in self.fields:
            self._add("Other Company", ", ".join(filter(None, one.parts)))
            return
        self.fields["company"] = one.parts[0]
        self._add(cards.DEPARTMENT, ", ".join(filter(None, one.parts[1:])))

    def _take(self, field: str, column: str, value: str) -> None:
        """The first value is the field's, every other one goes into the column."""
        if field and self.fields.setdefault(field, value) == value:
            return
        self._add(column, value)

    def _add(self, column: str, value: str) -> None:
        if value:
            self.extra.setdefault(column, {}).setdefault(value)

    def person(self) -> Person:
        """All that was taken; what the card is called by only where it says more than the rest."""
        one = Person(
            **self.fields,
            emails=tuple(self.emails.values()),
            phones=tuple(self.phones),
            extra=tuple(sorted((column, _JOINT.join(v)) for column, v in self.extra.items())),
        )
        if self.shown in ("", cards.shown_name(one)) or self.shown.lower() in self.emails:
            return one
        return one._replace(full_name=self.shown)


def _phone(value: str) -> str:
    if value[:4].lower() != "tel:":
        return value
    return re.sub(r"(?i);ext=", " ext. ", value[4:])


def _column(name: str, label: str) -> str:
    """The column of a property; a date that the user gave a name is called by it."""
    if name == "X-ABDATE" and label:
        found = _LABEL.fullmatch(label)
        return found[1] if found and found[1] else label
    return headings.of(name)


def _stated(one: Property) -> str:
    if one.name == "ADR":
        return ", ".join(filter(None, one.parts))
    value = one.parts[0]
    if one.name in _DATES and (found := _DAY.fullmatch(value)):
        year, month, day = found.groups()
        return f"--{month}-{day}" if year == _NO_YEAR else f"{year}-{month}-{day}"
    return value


def rendered(line: lines.Line) -> str:
    """A content line of any version as a plain one of vCard 3.0, which vobject reads right.

    Its own reading of what others write loses text: behind a comma that is not escaped, in a
    sixth component, of an encoding in lower case.
    """
    head = f"{line.group}.{line.name}" if line.group else line.name
    column = line.param(cards.COLUMN)
    if column and text.clean(column):
        head += f";{cards.COLUMN}={lines.encode_param(text.clean(column))}"
    value = text.clean(line.value)
    if line.name in STRUCTURED:
        return f"{head}:{lines.structured(_components(value, STRUCTURED[line.name]))}"
    if line.name in LISTS:
        return f"{head}:{lines.escape(joined(value))}"
    return f"{head}:{lines.escape(text.clean(lines.unescape(value)))}"


def joined(value: str) -> str:
    """The texts of a list as one; a comma that is escaped stays, the others are between texts."""
    texts = [text.clean(lines.unescape(one)) for one in re.split(r"(?<!\\),", value)]
    return _JOINT.join(dict.fromkeys(filter(None, texts)))


def _components(value: str, count: int) -> list[str]:
    """The cleaned components; what is too much for the property joins its last one."""
    found = [text.clean(part) for part in lines.components(value)]
    if count and len(found) > count:
        found[count - 1 :] = [", ".join(filter(None, found[count - 1 :]))]
    return found
