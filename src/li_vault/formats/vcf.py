"""vCards that other programs wrote; the one home of vobject.

Two uses: to read the people of an address book's file, and to give a second opinion on a card of
ours: whether an independent reader can make sense of it too.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Protocol

from li_vault.core import cards, text
from li_vault.core.lines import Line, decode_param
from li_vault.core.model import Contact, Person, Row
from li_vault.errors import BadExport
from li_vault.formats import columns, traces
from li_vault.formats.base import Export, Reading, Skip

if TYPE_CHECKING:
    from li_vault.formats.vcf_person import Property

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


class Cards:
    """A file of vCards, loose or LinkedIn's own in an archive (a `formats.base.Format`)."""

    name = "vcf"

    def claims(self, export: Export) -> bool:
        """Whether a card begins near its start, under any file name and in any encoding."""
        return _file_of(export) is not None

    def read(self, export: Export) -> Reading:
        """Read it; a card that can't be read, or that names nobody, is skipped and counted.

        Raises:
            BadExport: In several encodings, binary, or cut off.
        """
        found = _file_of(export)
        if found is None:
            raise BadExport(f"{export.source} holds no vCard file.", "Export it again.")
        name, data = found
        return _reading(data, is_linkedins=_LINKEDINS_NAME.search(name) is not None)


def judge(data: bytes) -> str:
    """Why vobject can't read these bytes as one card, or "" if it can.

    The words quote nothing of the card; they fit after "it is no valid card:".
    """
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"it is not UTF-8 (byte {error.start})"
    try:
        found = _components(content)
    except _Unreadable as error:
        return f"{_UNREADABLE}{error}"
    if found != ["VCARD"]:
        return f"another program (vobject) finds {len(found)} parts in it, not one card"
    return ""


def misread(data: bytes, contact: Contact) -> str:
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
            column = [decode_param(one[1]) for one in params if one[0] == cards.COLUMN]
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
    name = [person.last_name, person.first_name, *(extra.pop(c, "") for c in cards.NAME_COLUMNS)]
    company = [person.company]
    if cards.DEPARTMENT in extra:
        company.append(extra.pop(cards.DEPARTMENT))
    said = {
        "BEGIN": [["VCARD"]],
        "VERSION": [["3.0"]],
        "UID": [[contact.uid]],
        "FN": [[cards.shown_name(person)]],
        "N": [_filled(name)],
        "ORG": [company] if any(company) else [],
        "TITLE": [[person.position]] if person.position else [],
        "EMAIL": [[email] for email in person.emails],
        "TEL": [[phone] for phone in person.phones],
        "URL": [[person.url]] if person.url else [],
        cards.FORMER_URL: [[url] for url in contact.former_urls],
        cards.SAME_AS: [[entry] for entry in contact.same_as],
        cards.CONNECTED_ON: [[person.connected_on]] if person.connected_on else [],
        "END": [["VCARD"]],
    }
    for column, value in sorted(extra.items()):
        said.setdefault(cards.property_of(column), []).append([value, column])
    return {name: texts for name, texts in said.items() if texts}


def _file_of(export: Export) -> tuple[str, bytes] | None:
    """Name and bytes of the file of cards: the only one, or LinkedIn's among an archive's."""
    return next((found for found in columns.of_members(export) if _begins(found[1])), None)


def _begins(data: bytes) -> bool:
    if _MAYBE.search(data, 0, _NEAR) is None:
        return False
    from li_vault.formats import vcf_source  # what reads cards is loaded for cards only

    return vcf_source.begins(data)


def _reading(data: bytes, *, is_linkedins: bool) -> Reading:
    from li_vault.formats import vcf_source

    sources = vcf_source.read(data)
    people: list[Row] = []
    skipped: list[Skip] = []
    for source in sources:
        found = source.reason or _person(source.lines)
        if isinstance(found, str):
            skipped.append(Skip(source.number, found))
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
        coverage=columns.coverage(people),
        full=is_linkedins,
        enriches=not is_linkedins,
        damage=traces.count("\n".join(map("\n".join, cells)), cells),
        newest=max((row.person.connected_on for row in people), default=""),
    )


def _person(given: tuple[Line, ...]) -> Person | str:
    """The person whom a card describes, or why it describes none."""
    from li_vault.formats import vcf_person

    if len(given) > _MOST:
        return f"it has {len(given)} properties, more than {_MOST}"
    try:
        properties = _properties(given)
    except _Unreadable:
        return _UNREADABLE
    if vcf_person.is_group(properties):
        return _GROUP
    person = vcf_person.person(properties)
    return person if vcf_person.is_somebody(person) else columns.NOBODY


class _Unreadable(ValueError):
    """vobject gave up; the text says where or why, without any text of the card."""


def _properties(given: tuple[Line, ...]) -> list[Property]:
    """The properties of a card, as vobject parses them out of plain lines of vCard 3.0."""
    import vobject

    from li_vault.formats import vcf_person

    plain = dict.fromkeys(
        vcf_person.rendered(line) for line in given if line.value and line.name not in _FRAME
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
    from li_vault.formats import vcf_person

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
    return vcf_person.Property(line.name, line.group or "", column, texts)


def _components(content: str) -> list[str]:
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
