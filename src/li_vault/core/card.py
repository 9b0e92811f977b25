"""From a contact to its card and back; lines that the user added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from li_vault.core import content_lines
from li_vault.core.content_lines import ContentLine
from li_vault.core.model import Contact, Person
from li_vault.core.text import file_slug, profile_slug

NAME_COLUMNS: Final = ("Middle Name", "Name Prefix", "Name Suffix")
"""Columns with a place of their own: components three to five of `N`."""

DEPARTMENT: Final = "Department"
"""The column that is the second component of `ORG`."""

COLUMN: Final = "COLUMN"
"""The parameter that names the column of an `X-LI-…` property."""

EMAIL: Final = "EMAIL;TYPE=INTERNET"
FORMER_URL: Final = "X-LI-FORMER-URL"
SAME_AS: Final = "X-LI-SAME-AS"
CONNECTED_ON: Final = "X-LI-CONNECTED-ON"
_KEPT: Final = (FORMER_URL, SAME_AS)
"""What a card keeps of a person's past; `CardDraft.person` knows nothing of it."""

HEADS: Final = ("FN", "N", "ORG", "TITLE", EMAIL, "TEL", "URL", *_KEPT, CONNECTED_ON)
"""How the lines of our own properties begin, in their order on a card."""

MANY: Final = frozenset({EMAIL, "TEL", *_KEPT})
"""Those that can occur several times."""

_PLACED = frozenset({*NAME_COLUMNS, DEPARTMENT})
_EXPORT = "X-LI-EXPORT-"
_OWN = "X-LI-OWN:below"
"""Stands between the two parts where the order alone could not tell them apart."""

_ORDER = {head: place for place, head in enumerate(HEADS)}
_COLUMN_PLACE = len(HEADS)
_EXPORT_PLACE = _COLUMN_PLACE + 1
_EXPORTED = {_EXPORT + head.partition(";")[0].removeprefix("X-LI-"): head for head in HEADS}
_RESERVED = ("EXPORT", "OWN", "FORMER-URL", "SAME-AS", "CONNECTED-ON")
"""Beginnings of `X-LI-…` names that are not a column's."""
_TAKEN = frozenset({"FN", "N", *_KEPT})
"""Those that are ours in whatever form they are written."""

_FRAME = frozenset({"BEGIN", "VERSION", "UID", "END"})


class BrokenCard(ValueError):
    """These bytes are no card; the text says why, in words that name no one."""


class Card(NamedTuple):
    """What a card file holds, and whether it holds it in the canonical form."""

    contact: Contact
    canonical: bool


class CardDraft:
    """A person while the values of a card, still escaped, are gathered by their head."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.extra: dict[str, str] = {}

    def take(self, head: str, value: str) -> None:
        """Add a value of one of the `HEADS`."""
        self.values.setdefault(head, []).append(value)

    def person(self, instead: CardDraft | None = None) -> Person:
        """The person of these values, or of those that stand beside them instead."""
        values = {**self.values, **instead.values} if instead else self.values
        extra = {**self.extra, **instead.extra} if instead else dict(self.extra)
        last, first, *rest = [*content_lines.components(_first(values, "N")), "", ""]
        extra.update(zip(NAME_COLUMNS, rest, strict=False))
        company, department, *_ = [*content_lines.components(_first(values, "ORG")), ""]
        extra[DEPARTMENT] = department
        person = Person(
            first_name=first,
            last_name=last,
            url=content_lines.unescape(_first(values, "URL")),
            emails=tuple(filter(None, map(content_lines.unescape, values.get(EMAIL, ())))),
            phones=tuple(filter(None, map(content_lines.unescape, values.get("TEL", ())))),
            company=company,
            position=content_lines.unescape(_first(values, "TITLE")),
            connected_on=content_lines.unescape(_first(values, CONNECTED_ON)),
            extra=tuple(sorted((column, value) for column, value in extra.items() if value)),
        )
        name = content_lines.unescape(_first(values, "FN"))
        return person if name in ("", shown_name(person)) else person._replace(full_name=name)


def shown_name(person: Person) -> str:
    """What a card calls this person; never empty, since every card needs an `FN`."""
    return (
        person.name
        or profile_slug(person.url)
        or next(iter(person.emails), "")
        or person.company
        or "Nameless"
    )


def write_card(contact: Contact) -> bytes:
    """The canonical card: UTF-8, CRLF, folded at 75 octets."""
    return content_lines.frame_card(card_lines(contact))


def card_lines(contact: Contact) -> list[str]:
    """The content lines of the canonical card, from the UID on, without its frame."""
    uid, _, said, shown, former_urls, own, same_as = contact
    ours = _properties(shown)
    connected = ours.pop()
    if former_urls or same_as:
        ours += [f"{FORMER_URL}:{content_lines.escape(url)}" for url in former_urls]
        ours += [f"{SAME_AS}:{content_lines.escape(entry)}" for entry in same_as]
    ours += [connected] if connected else ()
    ours += _columns(shown) if shown.extra else ()
    if said != shown:
        ours += _corrections(said, shown)
    if own and _could_be_ours(own, ours):
        ours.append(_OWN)
    return ["UID:" + content_lines.escape(uid), *ours, *own]


def read_card(data: bytes, path: str) -> Card:
    """The contact of a card that li-vault wrote, or of any valid vCard.

    Raises:
        BrokenCard: It is no valid card.
    """
    try:
        content = content_lines.unfold(data)
    except UnicodeDecodeError as error:
        raise BrokenCard(card_problems(data)[0]) from error
    contact = _in_order(content, path)
    canonical = contact is not None and write_card(contact) == data
    if contact is None or not canonical or contact.own:  # what is ours alone is sound
        found = card_problems(data)
        if found:
            raise BrokenCard(found[0])
    if contact is not None and canonical:
        return Card(contact, canonical=True)
    return Card(_in_any_order(content, path), canonical=False)


def property_values(person: Person) -> dict[str, list[str]]:
    """The escaped values of a person's own properties by the head of their line, in order."""
    extra = dict(person.extra)
    name = [person.last_name, person.first_name, *(extra.get(c, "") for c in NAME_COLUMNS)]
    organisation = [person.company]
    if DEPARTMENT in extra:
        organisation.append(extra[DEPARTMENT])
    escape = content_lines.escape
    return {
        "FN": [escape(shown_name(person))],
        "N": [content_lines.structured(name)],
        "ORG": [content_lines.structured(organisation)] if any(organisation) else [],
        "TITLE": [escape(person.position)] if person.position else [],
        EMAIL: [escape(email) for email in person.emails],
        "TEL": [escape(phone) for phone in person.phones],
        "URL": [escape(person.url)] if person.url else [],
        CONNECTED_ON: [escape(person.connected_on)] if person.connected_on else [],
    }


def column_property(column: str, prefix: str = "X-LI-") -> str:
    """The property of a column that has none of its own; which one, its parameter tells."""
    name = file_slug(column).upper() or "COLUMN"
    return f"{prefix}COLUMN-{name}" if name.startswith(_RESERVED) else prefix + name


def is_frame(line: ContentLine) -> bool:
    """Whether a line belongs to the form of a card, not to what it says of a person."""
    return line.name in _FRAME


def is_bookkeeping(line: ContentLine) -> bool:
    """Whether a line is li-vault's own account of the exports, which a user has no use for."""
    return line.name in (FORMER_URL, SAME_AS, "X-LI-OWN") or line.name.startswith(_EXPORT)


def fits_org_property(line: ContentLine) -> bool:
    """Whether company and department can say all of an `ORG`; deeper ones stay the user's own."""
    return len(content_lines.components(line.value)) <= 2


def _first(found: Mapping[str, list[str]], head: str) -> str:
    return found.get(head, [""])[0]


def _properties(person: Person) -> list[str]:
    """The lines of a person's own properties; the last is `Connected On`, empty if there is none.

    The hot path of a first snapshot, so the usual person goes without the detour over `values`.
    """
    first, last, url, emails, phones, company, position, connected, full_name, extra = person
    if full_name or extra or not (first and last):
        out = [
            f"{head}:{value}"
            for head, several in property_values(person).items()
            for value in several
        ]
        return out if connected else [*out, ""]
    texts = (first, last, url, company, position, connected, *emails, *phones)
    if not content_lines.is_plain("".join(texts)):
        first, last, url, company, position, connected = map(content_lines.escape, texts[:6])
        emails, phones = (tuple(map(content_lines.escape, several)) for several in (emails, phones))
    out = [f"FN:{first} {last}", f"N:{last};{first};;;"]
    if company:
        out.append(f"ORG:{company}")
    if position:
        out.append(f"TITLE:{position}")
    if emails or phones:
        out += [f"{EMAIL}:{email}" for email in emails] + [f"TEL:{phone}" for phone in phones]
    if url:
        out.append(f"URL:{url}")
    out.append(f"{CONNECTED_ON}:{connected}" if connected else "")
    return out


def _columns(person: Person, prefix: str = "X-LI-") -> list[str]:
    """The lines of the columns that have no property of their own, sorted by column."""
    return [
        f"{column_property(column, prefix)};{COLUMN}={content_lines.encode_param(column)}:"
        f"{content_lines.escape(value)}"
        for column, value in person.extra
        if column not in _PLACED
    ]


def _corrections(said: Person, shown: Person) -> list[str]:
    """The export's own values beside those that the user made of them.

    An empty line tells that the export says nothing where the card says something.
    """
    ours = property_values(shown)
    out = [
        f"{_EXPORT}{head.partition(';')[0].removeprefix('X-LI-')}:{value}"
        for head, several in property_values(said).items()
        if several != ours[head]
        for value in several or [""]
    ]
    corrected = {**dict.fromkeys(dict(shown.extra), ""), **dict(said.extra)}.items()
    differing = tuple(sorted(pair for pair in corrected if pair not in shown.extra))
    return out + _columns(said._replace(extra=differing), _EXPORT)


def _could_be_ours(own: Sequence[str], ours: list[str]) -> bool:
    """Whether the user's lines, just behind ours, could be taken for ours.

    Another e-mail or phone behind all of ours can't, nor can a second title. So a card into whose
    first part someone put a line is never canonical: what follows there is ours all the same.
    """
    if _place(own[0]) >= _place(ours[-1]):
        return True
    heads = {line.partition(":")[0] for line in ours}
    for line in own:
        head = line.partition(":")[0]
        if _place(line) >= 0 and head not in (EMAIL, "TEL") and head not in heads:
            return True
    return any(line.startswith((FORMER_URL + ":", SAME_AS + ":")) for line in own)


def _place(line: str) -> int:
    """Where in the order of our part a line could stand; -1 if it can't be ours."""
    head = line.partition(":")[0]
    if head in _ORDER:
        return _ORDER[head]
    if head.startswith(_EXPORT):
        return _EXPORT_PLACE
    return _COLUMN_PLACE if head.startswith("X-LI-") and f";{COLUMN}=" in line else -1


def _in_order(content: list[str], path: str) -> Contact | None:
    """The contact of a canonical card; of another one, something that is written differently."""
    uid = ""
    shown, said = CardDraft(), CardDraft()
    own: list[str] = []
    reached = -1
    body = content[1:-1]
    for number, line in enumerate(body):
        head, _, value = line.partition(":")
        place = _ORDER.get(head, -1)
        if place > reached or (place == reached and head in MANY):
            reached = place
            shown.take(head, value)
        elif number == 0 and head == "VERSION":
            continue
        elif number == 1 and head == "UID":
            uid = content_lines.unescape(value)
        elif head.startswith("X-LI-") and line != _OWN and _place(line) >= reached:
            reached = _place(line)
            _take_column(line, shown, said)
        else:
            own = body[number + (line == _OWN) :]
            break
    return _contact(uid, path, (said, shown), own) if uid else None


def _take_column(line: str, shown: CardDraft, said: CardDraft) -> bool:
    """Take a line of an `X-LI-…` property that tells a column or an export's own value."""
    parsed = content_lines.parse_line(line)
    if parsed is None:
        return False
    column = parsed.param(COLUMN)
    if column is not None:
        (said if parsed.name.startswith(_EXPORT) else shown).extra[column] = parsed.text
    elif parsed.name in _EXPORTED:
        said.take(_EXPORTED[parsed.name], parsed.value)
    else:
        return False
    return True


def _in_any_order(content: list[str], path: str) -> Contact:
    """The contact of a valid card that someone else wrote or arranged."""
    uid = ""
    shown, said = CardDraft(), CardDraft()
    own = []
    plain = {head.partition(";")[0]: head for head in HEADS}
    for raw in content:
        line = content_lines.parse_line(raw)
        if line is None or line.name in ("BEGIN", "VERSION", "END") or raw == _OWN:
            continue
        head = plain.get(line.name, "")
        ours = not line.group and f"{line.name}{line.params.upper()}" in (head, line.name)
        ours = ours and head != "" and (head != "ORG" or fits_org_property(line))
        if line.name == "UID":
            uid = line.text
        elif head in _TAKEN or (ours and (head in MANY or head not in shown.values)):
            shown.take(head, line.value)
        elif not (line.name.startswith("X-LI-") and _take_column(raw, shown, said)):
            own.append(raw)
    return _contact(uid, path, (said, shown), own)


def _contact(uid: str, path: str, drafts: tuple[CardDraft, CardDraft], own: list[str]) -> Contact:
    """A contact of what was said instead of what is shown, and of what is shown."""
    said, shown = drafts
    looks = shown.person()
    person = shown.person(said) if said.values or said.extra else looks
    former, same = (
        tuple(map(content_lines.unescape, shown.values.get(head, ()))) for head in _KEPT
    )
    return Contact(uid, path, person, looks, former, tuple(own), same)


_TEXT = r"([^\x00-\x1f\x7f]+)"
_PART = r"([^;\x00-\x1f\x7f]*)"  # of a structured value; an escaped semicolon is not usual
_CARD = re.compile(
    rf"BEGIN:VCARD\r\nVERSION:3\.0\r\nUID:([0-9a-f-]{{36}})\r\nFN:{_TEXT}\r\n"
    rf"N:{_PART};{_PART};;;\r\n(?:ORG:{_PART}\r\n)?(?:TITLE:{_TEXT}\r\n)?"
    rf"(?:EMAIL;TYPE=INTERNET:{_TEXT}\r\n)?(?:URL:{_TEXT}\r\n)?"
    rf"(?:X-LI-FORMER-URL:{_TEXT}\r\n)?(?:X-LI-CONNECTED-ON:{_TEXT}\r\n)?END:VCARD\r\n"
)


def read_contact(data: bytes, path: str) -> Contact | None:
    """The contact of any card, the usual ones quickly; None if it is broken."""
    contact = read_usual(data, path)
    if contact is None:
        with suppress(BrokenCard):
            contact = read_card(data, path).contact
    return contact


def read_usual(data: bytes, path: str) -> Contact | None:
    """The contact of a card if it is a usual one; None says nothing of what it is."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if "\r\n " in text:
        text = text.replace("\r\n ", "")
    found = _CARD.fullmatch(text)
    if found is None:
        return None
    values = found.groups("")
    if "\\" in text:
        values = tuple(map(content_lines.unescape, values))
    uid, name, last, first, company, position, email, url, former, day = values
    if name != (f"{first} {last}" if first and last else first or last):
        return None
    person = Person(first, last, url, (email,) if email else (), (), company, position, day)
    return Contact(uid, path, person, person, (former,) if former else ())


_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \r]|$)", re.MULTILINE)
_VERSIONS = ("3.0", "4.0")


def card_problems(data: bytes, uid: str | None = None) -> list[str]:
    """Why these bytes are no card, or an empty list; with a UID, whether it is that person's.

    The words name no one and quote nothing; they fit after "it is no valid card:".
    """
    if _CONFLICT.search(data):
        return ["it holds a conflict marker of an unfinished merge"]
    try:
        content = content_lines.unfold(data)
    except UnicodeDecodeError as error:
        return [f"it is not UTF-8 (byte {error.start})"]
    if not content:
        return ["it is empty"]
    if content[0].upper() != "BEGIN:VCARD" or content[-1].upper() != "END:VCARD":
        return ["it does not begin with BEGIN:VCARD and end with END:VCARD"]
    found: dict[str, list[str]] = {}
    for number, line in enumerate(content, 1):
        head, colon, value = line.partition(":")
        if not (colon and head.isascii() and head.replace("-", "").isalnum()):
            parsed = content_lines.parse_line(line)
            if parsed is None:
                return [f"its content line {number} is no vCard property"]
            head, value = parsed.name, parsed.value
        found.setdefault(head.upper(), []).append(value)
    return _wrong_properties(found, uid)


def _wrong_properties(found: dict[str, list[str]], uid: str | None) -> list[str]:
    """What is wrong with the properties that every card has; their values by name."""
    if len(found["BEGIN"]) != 1 or len(found["END"]) != 1:
        return ["it holds more than one card"]
    missing = [name for name in ("VERSION", "UID", "FN", "N") if not _is_once(name, found)]
    if missing:
        return [f"it needs exactly one {missing[0]}"]
    if found["VERSION"][0].strip() not in _VERSIONS:
        return ["its VERSION is not 3.0"]
    if uid is not None and content_lines.unescape(found["UID"][0]).strip() != uid:
        return ["its UID is not the one that this card has"]
    return []


def _is_once(name: str, found: dict[str, list[str]]) -> bool:
    """Whether there is one such property; only `N` may be empty."""
    values: Sequence[str] = found.get(name, ())
    return len(values) == 1 and bool(name == "N" or values[0].strip())


_PICTURES: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_UNSEARCHED: Final = _PICTURES | {"REV", "PRODID", "CALSCALE", "CLASS", "MAILER", "X-LI-OWN"}
"""Pictures, keys, and what a program notes down for itself."""

_STRUCTURED: Final = frozenset({"ADR", "ORG", "N", "GENDER"})
"""Those whose value has parts, with semicolons between."""

_LONG = 2000
"""A longer value without any space is a picture or a key by whatever name."""


def searchable_lines(own: Iterable[str]) -> Iterator[str]:
    """The texts that one can be found by, each a line."""
    for raw in own:
        if content_lines.property_name(raw) in _UNSEARCHED:
            continue
        line = content_lines.parse_line(raw)
        if line is not None and not _is_encoded(line):
            several = line_parts(line)
            yield " ".join(several)
            if len(several) > 1:
                yield shown_line(line)


def shown_line(line: ContentLine) -> str:
    """What a line says, as it is shown: an address in parts with commas between, no picture."""
    return "…" if _is_encoded(line) else ", ".join(line_parts(line))


def line_parts(line: ContentLine) -> list[str]:
    """The texts of a line: several of a value that has parts, none where it is empty."""
    found = content_lines.components(line.value) if line.name in _STRUCTURED else [line.text]
    return [text for text in found if text]


def line_label(line: ContentLine) -> str:
    """What a line is called: the column that it was, or the property in small letters."""
    return line.param(COLUMN) or line.name.lower()


def _is_encoded(line: ContentLine) -> bool:
    value = line.value
    if len(value) <= _LONG:
        return False
    return line.name in _PICTURES or " " not in value[:_LONG] or value.startswith("data:")
