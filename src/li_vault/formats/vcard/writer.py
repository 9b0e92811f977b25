"""Contacts as one vCard file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from li_vault.core import card, content_lines
from li_vault.core.content_lines import ContentLine
from li_vault.core.model import Contact
from li_vault.formats.vcard import table_rows
from li_vault.formats.vcard.reader import STRUCTURED
from li_vault.formats.vcard.table_rows import WrittenFile

UID_AGAIN: Final = "X-LI-UID"

_UID = len("UID:7d1f3f0e-6c55-5c0e-9a57-0c4d4f6f3f2a")
_REMOVED = frozenset({"AGENT", "CLASS", "LABEL", "MAILER", "NAME", "PROFILE", "SORT-STRING"})
"""Properties that 4.0 no longer has."""
_COMPOUND = ("N:", "ORG:")
"""Our lines whose values have parts, with semicolons between them."""
_PAIR = re.compile(r"\\.")
_MEDIA = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio", "KEY": "application"}
_DATES = frozenset({"BDAY", "ANNIVERSARY", "DEATHDATE", "REV"})
_DASHED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(.*))?")
_NO_YEAR = "1604"
"""What Apple writes in 3.0 where the year is not known."""
_PARAM = re.compile(r';([^=;:"]*)(?:=((?:[^;"]|"[^"]*")*))?')


def write_vcf(contacts: Iterable[Contact], version: str = "3.0") -> WrittenFile:
    """The contacts as one file, their own lines included; 3.0 loses nothing."""
    found: list[bytes] = []
    lost: Counter[str] = Counter()
    is_modern = version == "4.0"
    for contact in contacts:
        content = card.card_lines(contact)
        if is_modern:
            _modernise(content, contact)
            if contact.own:
                lost.update(_modernise_own(content, len(contact.own)))
        content.append(f"{UID_AGAIN}:{contact.uid}")
        found.append(content_lines.frame_card(content, version))
    return table_rows.written_file(b"".join(found), len(found), lost)


def _modernise(content: list[str], contact: Contact) -> None:
    """Rewrite our lines of a card as 4.0 has them."""
    uid = content[0]
    if len(uid) == _UID and uid.count("-") == 4:
        content[0] = "UID:urn:uuid:" + uid[len("UID:") :]
    if contact.shown.emails or "\\;" in "".join(content):
        ours = len(content) - len(contact.own)
        content[:ours] = map(_of_ours, content[:ours])


def _modernise_own(content: list[str], own: int) -> set[str]:
    """Rewrite the user's own lines, of which there are so many; the properties that 4.0 lacks."""
    taken = content[-own:]
    del content[-own:]
    left = set()
    for raw in taken:
        line = content_lines.parse_line(raw)
        if line is None or line.name in _REMOVED:
            left.add(line.name if line else "lines that are no property")
        else:
            content.append(_rewritten(line))
    return left


def _of_ours(line: str) -> str:
    """A line of ours, of 3.0, as 4.0 writes it."""
    if line.startswith(card.EMAIL):
        line = "EMAIL" + line[len(card.EMAIL) :]
    return line if line.startswith(_COMPOUND) else _bare(line)


def _bare(value: str) -> str:
    """A value, or a line, of one text: 4.0 escapes no semicolon there."""
    return _PAIR.sub(lambda found: found[0].replace("\\;", ";"), value)


def _rewritten(line: ContentLine) -> str:
    """A line of the user's own, of 3.0, as 4.0 writes it."""
    value = line.value
    params = list(_params(line.params))
    kinds = [kind for name, one in params if name == "TYPE" for kind in one.split(",")]
    encoding = next((one for name, one in params if name == "ENCODING"), "").upper()
    kept = [(name, one) for name, one in params if name not in ("TYPE", "ENCODING", "CHARSET")]
    if encoding in ("B", "BASE64"):
        media = _MEDIA.get(line.name, "application")
        kind = kinds[0].lower() if kinds and media != "application" else "octet-stream"
        value = f"data:{media}/{kind};base64,{''.join(value.split())}"
        kept, kinds = [(name, one) for name, one in kept if name != "VALUE"], []
    elif line.name in _DATES:
        value = _DASHED.sub(_basic, value)
    elif line.name not in STRUCTURED:
        value = _bare(value)
    if line.name == "GEO" and value.count(";") == 1:
        value = "geo:" + value.replace(";", ",")
    words = [kind.lower() for kind in kinds if kind.upper() not in ("INTERNET", "PREF", "")]
    if any(kind.upper() == "PREF" for kind in kinds):
        kept.append(("PREF", "1"))
    if words:
        kept.append(("TYPE", ",".join(words)))
    head = f"{line.group}.{line.name}" if line.group else line.name
    return "".join([head, *(f";{name}={one}" for name, one in kept), ":", value])


def _params(params: str) -> Iterator[tuple[str, str]]:
    """The parameters by name, in upper case; one without a value is a type, as in 2.1."""
    for name, value in _PARAM.findall(params):
        yield (name.upper(), value) if value else ("TYPE", name)


def _basic(found: re.Match[str]) -> str:
    """A day, or a moment, without dashes and colons."""
    year, month, day, hour, minute, second, zone = found.groups()
    date = f"--{month}{day}" if year == _NO_YEAR else f"{year}{month}{day}"
    return date if hour is None else f"{date}T{hour}{minute}{second}{zone.replace(':', '')}"
