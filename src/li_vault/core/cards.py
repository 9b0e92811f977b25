"""Contact <-> the bytes of its card: vCard 3.0 in one canonical form (RFC 2426).

A card has two parts. First ours, in a fixed order: what the exports say, or what the user made of
it; where the two differ, the export's own value stands beside it in an `X-LI-EXPORT-…` property.
Then the user's own lines, untouched and in their order. Where the second part begins is told by
the order alone: it is the first line that is not ours or is out of our order. Where that could
mislead, `X-LI-OWN:below` stands between the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from li_vault.core import lines, soundness, text
from li_vault.core.lines import Line
from li_vault.core.model import Contact, Person

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
"""What a card keeps of a person's past; `Draft.person` knows nothing of it."""

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


class Draft:
    """A person while the values of a card, still escaped, are gathered by their head."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.extra: dict[str, str] = {}

    def take(self, head: str, value: str) -> None:
        """Add a value of one of the `HEADS`."""
        self.values.setdefault(head, []).append(value)

    def person(self, instead: Draft | None = None) -> Person:
        """The person of these values, or of those that stand beside them instead."""
        values = {**self.values, **instead.values} if instead else self.values
        extra = {**self.extra, **instead.extra} if instead else dict(self.extra)
        last, first, *rest = [*lines.components(_first(values, "N")), "", ""]
        extra.update(zip(NAME_COLUMNS, rest, strict=False))
        company, department, *_ = [*lines.components(_first(values, "ORG")), ""]
        extra[DEPARTMENT] = department
        person = Person(
            first_name=first,
            last_name=last,
            url=lines.unescape(_first(values, "URL")),
            emails=tuple(filter(None, map(lines.unescape, values.get(EMAIL, ())))),
            phones=tuple(filter(None, map(lines.unescape, values.get("TEL", ())))),
            company=company,
            position=lines.unescape(_first(values, "TITLE")),
            connected_on=lines.unescape(_first(values, CONNECTED_ON)),
            extra=tuple(sorted((column, value) for column, value in extra.items() if value)),
        )
        name = lines.unescape(_first(values, "FN"))
        return person if name in ("", shown_name(person)) else person._replace(full_name=name)


def shown_name(person: Person) -> str:
    """What a card calls this person; never empty, since every card needs an `FN`."""
    return (
        person.name
        or text.slug(person.url)
        or next(iter(person.emails), "")
        or person.company
        or "Nameless"
    )


def write(contact: Contact) -> bytes:
    """The canonical card: UTF-8, CRLF, folded at 75 octets."""
    return lines.framed(content(contact))


def content(contact: Contact) -> list[str]:
    """The content lines of the canonical card, from the UID on, without its frame."""
    uid, _, said, shown, former_urls, own, same_as = contact
    ours = _properties(shown)
    connected = ours.pop()
    if former_urls or same_as:
        ours += [f"{FORMER_URL}:{lines.escape(url)}" for url in former_urls]
        ours += [f"{SAME_AS}:{lines.escape(entry)}" for entry in same_as]
    ours += [connected] if connected else ()
    ours += _columns(shown) if shown.extra else ()
    if said != shown:
        ours += _corrections(said, shown)
    if own and _could_be_ours(own, ours):
        ours.append(_OWN)
    return ["UID:" + lines.escape(uid), *ours, *own]


def read(data: bytes, path: str) -> Card:
    """The contact of a card that li-vault wrote, or of any valid vCard.

    Raises:
        BrokenCard: It is no valid card.
    """
    try:
        content = lines.unfold(data)
    except UnicodeDecodeError as error:
        raise BrokenCard(soundness.problems(data)[0]) from error
    contact = _in_order(content, path)
    canonical = contact is not None and write(contact) == data
    if contact is None or not canonical or contact.own:  # what is ours alone is sound
        found = soundness.problems(data)
        if found:
            raise BrokenCard(found[0])
    if contact is not None and canonical:
        return Card(contact, canonical=True)
    return Card(_in_any_order(content, path), canonical=False)


def values(person: Person) -> dict[str, list[str]]:
    """The escaped values of a person's own properties by the head of their line, in order."""
    extra = dict(person.extra)
    name = [person.last_name, person.first_name, *(extra.get(c, "") for c in NAME_COLUMNS)]
    organisation = [person.company]
    if DEPARTMENT in extra:
        organisation.append(extra[DEPARTMENT])
    escape = lines.escape
    return {
        "FN": [escape(shown_name(person))],
        "N": [lines.structured(name)],
        "ORG": [lines.structured(organisation)] if any(organisation) else [],
        "TITLE": [escape(person.position)] if person.position else [],
        EMAIL: [escape(email) for email in person.emails],
        "TEL": [escape(phone) for phone in person.phones],
        "URL": [escape(person.url)] if person.url else [],
        CONNECTED_ON: [escape(person.connected_on)] if person.connected_on else [],
    }


def property_of(column: str, prefix: str = "X-LI-") -> str:
    """The property of a column that has none of its own; which one, its parameter tells."""
    name = text.file_slug(column).upper() or "COLUMN"
    return f"{prefix}COLUMN-{name}" if name.startswith(_RESERVED) else prefix + name


def is_frame(line: Line) -> bool:
    """Whether a line belongs to the form of a card, not to what it says of a person."""
    return line.name in _FRAME


def is_bookkeeping(line: Line) -> bool:
    """Whether a line is li-vault's own account of the exports, which a user has no use for."""
    return line.name in (FORMER_URL, SAME_AS, "X-LI-OWN") or line.name.startswith(_EXPORT)


def fits_org(line: Line) -> bool:
    """Whether company and department can say all of an `ORG`; deeper ones stay the user's own."""
    return len(lines.components(line.value)) <= 2


def _first(found: Mapping[str, list[str]], head: str) -> str:
    return found.get(head, [""])[0]


def _properties(person: Person) -> list[str]:
    """The lines of a person's own properties; the last is `Connected On`, empty if there is none.

    The hot path of a first snapshot, so the usual person goes without the detour over `values`.
    """
    first, last, url, emails, phones, company, position, connected, full_name, extra = person
    if full_name or extra or not (first and last):
        out = [f"{head}:{value}" for head, several in values(person).items() for value in several]
        return out if connected else [*out, ""]
    texts = (first, last, url, company, position, connected, *emails, *phones)
    if not lines.is_plain("".join(texts)):
        first, last, url, company, position, connected = map(lines.escape, texts[:6])
        emails, phones = (tuple(map(lines.escape, several)) for several in (emails, phones))
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
        f"{property_of(column, prefix)};{COLUMN}={lines.encode_param(column)}:{lines.escape(value)}"
        for column, value in person.extra
        if column not in _PLACED
    ]


def _corrections(said: Person, shown: Person) -> list[str]:
    """The export's own values beside those that the user made of them.

    An empty line tells that the export says nothing where the card says something.
    """
    ours = values(shown)
    out = [
        f"{_EXPORT}{head.partition(';')[0].removeprefix('X-LI-')}:{value}"
        for head, several in values(said).items()
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
    shown, said = Draft(), Draft()
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
            uid = lines.unescape(value)
        elif head.startswith("X-LI-") and line != _OWN and _place(line) >= reached:
            reached = _place(line)
            _take_column(line, shown, said)
        else:
            own = body[number + (line == _OWN) :]
            break
    return _contact(uid, path, (said, shown), own) if uid else None


def _take_column(line: str, shown: Draft, said: Draft) -> bool:
    """Take a line of an `X-LI-…` property that tells a column or an export's own value."""
    parsed = lines.parse(line)
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
    shown, said = Draft(), Draft()
    own = []
    plain = {head.partition(";")[0]: head for head in HEADS}
    for raw in content:
        line = lines.parse(raw)
        if line is None or line.name in ("BEGIN", "VERSION", "END") or raw == _OWN:
            continue
        head = plain.get(line.name, "")
        ours = not line.group and f"{line.name}{line.params.upper()}" in (head, line.name)
        ours = ours and head != "" and (head != "ORG" or fits_org(line))
        if line.name == "UID":
            uid = line.text
        elif head in _TAKEN or (ours and (head in MANY or head not in shown.values)):
            shown.take(head, line.value)
        elif not (line.name.startswith("X-LI-") and _take_column(raw, shown, said)):
            own.append(raw)
    return _contact(uid, path, (said, shown), own)


def _contact(uid: str, path: str, drafts: tuple[Draft, Draft], own: list[str]) -> Contact:
    """A contact of what was said instead of what is shown, and of what is shown."""
    said, shown = drafts
    looks = shown.person()
    person = shown.person(said) if said.values or said.extra else looks
    former, same = (tuple(map(lines.unescape, shown.values.get(head, ()))) for head in _KEPT)
    return Contact(uid, path, person, looks, former, tuple(own), same)
