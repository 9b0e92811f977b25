"""From vCards to people; home of vobject, which is the second reader of our own cards, too."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, Protocol

from li_vault.core import content_lines, text
from li_vault.core.card import (
    COLUMN,
    CONNECTED_ON,
    DEPARTMENT,
    FORMER_URL,
    NAME_COLUMNS,
    SAME_AS,
    column_property,
    shown_name,
)
from li_vault.core.content_lines import ContentLine, decode_param
from li_vault.core.model import Contact, Person, Row
from li_vault.formats.tables import columns, csv_table
from li_vault.formats.tables.export import Export, Format, Reading, SkippedRow

ORIGINAL = "contacts.vcf"
LINKEDINS = "linkedin_connections_export.vcf"

_LINKEDINS_NAME = re.compile(r"linkedin_connections_export", re.IGNORECASE)
_UNREADABLE = "another program (vobject) can't read it"
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""How its decoders fail in ways of their own: base64, dates, parameters without a value."""
_GROUP = "it is a group, not a person"
_FRAME = ("VERSION", "PROFILE", "BEGIN", "END")
_MAYBE = re.compile(rb"B\0{0,3}E\0{0,3}G\0{0,3}I\0{0,3}N", re.IGNORECASE)
_NEAR = 8192  # bytes within which a card begins
_MOST = 5000  # properties of one card; vobject takes 0.07 ms for each


def vobject_objection(data: bytes) -> str:
    """Why vobject can't read these bytes as one card, or "" if it can.

    The words quote nothing of the card; they fit after "it is no valid card:".
    """
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8 (byte {error.start})"
    try:
        found = _name_components(content)
    except _Unreadable as error:
        return f"{_UNREADABLE}{error}"
    if found != ["VCARD"]:
        return f"another program (vobject) finds {len(found)} parts in it, not one card"
    return ""


def vobject_misreads(data: bytes, contact: Contact) -> str:
    """What vobject reads in a card otherwise than the contact says, or "" if it is the same.

    For cards in which everything is ours: its own unfolding, splitting and decoding of lines is
    asked, in a tenth of the time that its objects take (`judge`), and every value is compared.
    The words name properties only; they fit after "it is no valid card:".
    """
    from vobject import base

    found: dict[str, list[list[str]]] = {}
    try:
        stream = io.StringIO(data.decode(), newline="")
        for line, number in base.getLogicalLines(stream, allowQP=False):
            name, params, value, _ = base.parseLine(line, number)
            column = [decode_param(one[1]) for one in params if one[0] == COLUMN]
            found.setdefault(name, []).append(_decoded(name, value) + column)
    except (base.VObjectError, *_FAULTS):
        return _UNREADABLE
    said = _said(contact)
    unlike = sorted(
        name for name in found.keys() | said.keys() if found.get(name) != said.get(name)
    )
    return f"another program (vobject) reads {', '.join(unlike)} otherwise" if unlike else ""


def _decoded(name: str, value: str) -> list[str]:
    """The texts of a value, as vobject decodes them where there is anything to decode."""
    if name in ("N", "ORG"):
        if "\\" not in value and "," not in value:
            return _filled(value.split(";"))
        from vobject import vcard

        return _filled([str(part) for part in vcard.splitFields(value)])
    if "\\" not in value and "," not in value:
        return [value]
    from vobject import icalendar

    return list(icalendar.stringToTextValues(value))


def _filled(parts: list[str]) -> list[str]:
    """The parts of a structured value up to the last that is not empty."""
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _said(contact: Contact) -> dict[str, list[list[str]]]:
    """The texts of every property that a card of ours has, by name."""
    person, extra = contact.shown, dict(contact.shown.extra)
    name = [person.last_name, person.first_name, *(extra.pop(c, "") for c in NAME_COLUMNS)]
    company = [person.company]
    if DEPARTMENT in extra:
        company.append(extra.pop(DEPARTMENT))
    said = {
        "BEGIN": [["VCARD"]],
        "VERSION": [["3.0"]],
        "UID": [[contact.uid]],
        "FN": [[shown_name(person)]],
        "N": [_filled(name)],
        "ORG": [company] if any(company) else [],
        "TITLE": [[person.position]] if person.position else [],
        "EMAIL": [[email] for email in person.emails],
        "TEL": [[phone] for phone in person.phones],
        "URL": [[person.url]] if person.url else [],
        FORMER_URL: [[url] for url in contact.former_urls],
        SAME_AS: [[entry] for entry in contact.same_as],
        CONNECTED_ON: [[person.connected_on]] if person.connected_on else [],
        "END": [["VCARD"]],
    }
    for column, value in sorted(extra.items()):
        said.setdefault(column_property(column), []).append([value, column])
    return {name: texts for name, texts in said.items() if texts}


def _file_of(export: Export) -> tuple[str, bytes] | None:
    """Name and bytes of the file of cards: the only one, or LinkedIn's among an archive's."""
    return next((found for found in columns.archive_tables(export) if _begins(found[1])), None)


def _read(found: tuple[str, bytes]) -> Reading:
    name, data = found
    return _reading(data, is_linkedins=_LINKEDINS_NAME.search(name) is not None)


VCF = Format("vcf", _file_of, _read, "holds no vCard file")
"""vCards, a loose file in any encoding or LinkedIn's own in an archive."""


def _begins(data: bytes) -> bool:
    if _MAYBE.search(data, 0, _NEAR) is None:
        return False
    from li_vault.formats.vcard.source import (
        begins_with_card,  # what reads cards is loaded for cards only
    )

    return begins_with_card(data)


def _reading(data: bytes, *, is_linkedins: bool) -> Reading:
    from li_vault.formats.vcard.source import read_cards

    sources = read_cards(data)
    people: list[Row] = []
    skipped: list[SkippedRow] = []
    for source in sources:
        found = source.reason or _person(source.lines)
        if isinstance(found, str):
            skipped.append(SkippedRow(source.number, found))
        else:
            people.append(Row(source.number, found))
    cells = [[line.value for line in source.lines] for source in sources]
    return Reading(
        kind="linkedin-vcf/2012" if is_linkedins else "vcf",
        original=LINKEDINS if is_linkedins else ORIGINAL,
        data=data,
        rows=len(sources),
        people=tuple(people),
        nameless=(),
        skipped=tuple(skipped),
        coverage=columns.list_coverage(people),
        full=is_linkedins,
        enriches=not is_linkedins,
        damage=csv_table.count_broken_cells("\n".join(map("\n".join, cells)), cells),
        newest=max((row.person.connected_on for row in people), default=""),
    )


def _person(given: tuple[ContentLine, ...]) -> Person | str:
    if len(given) > _MOST:
        return f"it has {len(given)} properties, more than {_MOST}"
    try:
        properties = _properties(given)
    except _Unreadable:
        return _UNREADABLE
    if is_group(properties):
        return _GROUP
    person = person_of_properties(properties)
    return person if card_identifies_someone(person) else columns.NOBODY


class _Unreadable(ValueError):
    """vobject gave up; the text says where or why, without any text of the card."""


def _properties(given: tuple[ContentLine, ...]) -> list[Property]:
    """The properties of a card, as vobject parses them out of plain lines of vCard 3.0."""
    import vobject

    plain = dict.fromkeys(
        as_version_3(line) for line in given if line.value and line.name not in _FRAME
    )
    try:
        card = vobject.readOne("\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *plain, "END:VCARD"]))
        return [_property(line) for line in card.lines()]
    except (vobject.base.VObjectError, StopIteration, *_FAULTS) as error:
        raise _Unreadable from error


class _Line(Protocol):
    """What vobject makes of a content line."""

    name: str
    group: str | None
    params: dict[str, list[str]]
    value: Any


def _property(line: _Line) -> Property:

    value = line.value
    if line.name == "N":
        parts = [value.family, value.given, value.additional, value.prefix, value.suffix]
    elif line.name == "ADR":
        parts = [value.box, value.extended, value.street, value.city, value.region]
        parts += [value.code, value.country]
    else:
        parts = value if isinstance(value, list) else [value]
    column = decode_param(line.params.get("COLUMN", [""])[0])
    texts = tuple(text.clean(str(part)) for part in parts) or ("",)
    return Property(line.name, line.group or "", column, texts)


def _name_components(content: str) -> list[str]:
    """The names of the components in a text, each read and validated by vobject."""
    import vobject

    names = []
    try:
        for component in vobject.readComponents(content):
            names.append(str(component.name))
            if component.name == "VCARD":
                component.validate(raiseException=True)
    except vobject.base.ParseError as error:
        where = "" if error.lineNumber is None else f" (line {error.lineNumber})"
        raise _Unreadable(where) from error
    except vobject.base.ValidateError as error:
        raise _Unreadable(": a property is missing or repeated") from error
    except vobject.base.VObjectError as error:
        raise _Unreadable("") from error
    except _FAULTS as error:
        raise _Unreadable(": a value is not what its property calls for") from error
    return names


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
    """A property as vobject understood it."""

    name: str
    group: str
    column: str
    parts: tuple[str, ...]


def is_group(properties: Iterable[Property]) -> bool:
    """Whether the card is a mailing list or a group of cards."""
    return any(p.name in _KINDS and p.parts[:1] and p.parts[0].lower() == "group"
               for p in properties)  # fmt: skip


def card_identifies_someone(person: Person) -> bool:
    """Whether anything says who it is, or how to reach them."""
    named = person.first_name or person.last_name or person.full_name
    return bool(named or person.emails or person.phones or text.profile_slug(person.url))


def person_of_properties(properties: Iterable[Property], known: Person = _NOBODY) -> Person:
    """The person of these properties; what has no field goes into columns.

    What is `known` stands first: of a field with one value, the properties can't change it.
    """
    draft = _PersonOfCard(known)
    given = list(properties)
    labels = {p.group: p.parts[0] for p in given if p.name == "X-ABLABEL" and p.group}
    for one in given:
        if any(one.parts):
            draft.take(one, labels.get(one.group, ""))
    return draft.person()


class _PersonOfCard:
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
            CONNECTED_ON: self._take_day,
        }

    def take(self, one: Property, label: str) -> None:
        """Take a property that says something."""
        name, value = one.name, one.parts[0]
        if name.startswith(_BOOKKEEPING) or (name in _TECHNICAL and not one.column):
            return
        taker = self._takers.get(name)
        if taker:
            taker(one)
        elif name in _PROFILES and text.profile_slug(value):
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
        day = columns.parse_days(one.parts[:1]).iso[one.parts[0]]
        self._take("connected_on" if day else "", _CONNECTED_COLUMN, day or one.parts[0])

    def _take_name(self, one: Property) -> None:
        last, first, *rest = one.parts
        if "last_name" in self.fields or "first_name" in self.fields:
            self._add("Other Name", " ".join(filter(None, (first, last))))
            return
        self.fields.update(first_name=first, last_name=last)
        for column, value in zip(NAME_COLUMNS, rest, strict=False):
            self._add(column, value)

    def _take_organisation(self, one: Property) -> None:
        if "company" in self.fields:
            self._add("Other Company", ", ".join(filter(None, one.parts)))
            return
        self.fields["company"] = one.parts[0]
        self._add(DEPARTMENT, ", ".join(filter(None, one.parts[1:])))

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
        if self.shown in ("", shown_name(one)) or self.shown.lower() in self.emails:
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
    return content_lines.column_for_property(name)


def _stated(one: Property) -> str:
    if one.name == "ADR":
        return ", ".join(filter(None, one.parts))
    value = one.parts[0]
    if one.name in _DATES and (found := _DAY.fullmatch(value)):
        year, month, day = found.groups()
        return f"--{month}-{day}" if year == _NO_YEAR else f"{year}-{month}-{day}"
    return value


def as_version_3(line: content_lines.ContentLine) -> str:
    """A content line of any version as a plain one of vCard 3.0, which vobject reads right.

    Its own reading of what others write loses text: behind a comma that is not escaped, in a
    sixth component, of an encoding in lower case.
    """
    head = f"{line.group}.{line.name}" if line.group else line.name
    column = line.param(COLUMN)
    if column and text.clean(column):
        head += f";{COLUMN}={content_lines.encode_param(text.clean(column))}"
    value = text.clean(line.value)
    if line.name in STRUCTURED:
        return f"{head}:{content_lines.structured(_components(value, STRUCTURED[line.name]))}"
    if line.name in LISTS:
        return f"{head}:{content_lines.escape(join_texts(value))}"
    return f"{head}:{content_lines.escape(text.clean(content_lines.unescape(value)))}"


def join_texts(value: str) -> str:
    """The texts of a list as one; a comma that is escaped stays, the others are between texts."""
    texts = [text.clean(content_lines.unescape(one)) for one in re.split(r"(?<!\\),", value)]
    return _JOINT.join(dict.fromkeys(filter(None, texts)))


def _components(value: str, count: int) -> list[str]:
    """The cleaned components; what is too much for the property joins its last one."""
    found = [text.clean(part) for part in content_lines.components(value)]
    if count and len(found) > count:
        found[count - 1 :] = [", ".join(filter(None, found[count - 1 :]))]
    return found
