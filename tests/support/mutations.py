"""Files as accidents and programs leave them: golden inputs, changed in ways that keep a shape.

`mutants(seed)` yields them without end; `outcome` hands one over and holds what is promised of
any file: it is read with every row accounted for, or refused in words, within a second per 100 kB.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

from li_vault.core import card
from li_vault.core.matching import match
from li_vault.core.model import Roster
from li_vault.core.planning.plan import draw_plan, without_implied_name
from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.tables.export import Export, Reading
from li_vault.host import open_exports

CASES = Path(__file__).parents[1] / "formats" / "cases"
TODAY = date(2026, 11, 23)
_LARGEST = 200_000  # bytes of a mutant

_TOKENS = (
    *(b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b" ", b"=", b":", b"\\", b"|"),
    *(
        b"\xff",
        b"\xe9",
        b"\xc3",
        b"\xc3\xa9",
        b"\xc3\x83\xc2\xa9",
        b"\xef\xbf\xbd",
        b"\xef\xbb\xbf",
    ),
    *(
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
        b"\x0b",
        b"\x0c",
        b"\x1f",
        b"\x1b[2J",
    ),
    *("\U0001f469\u200d\U0001f680".encode(), "\u202eabc".encode(), "e\u0301".encode() * 40),
    *(
        b"BEGIN:VCARD\r\n",
        b"END:VCARD\r\n",
        b"VERSION:2.1\r\n",
        b"ENCODING=QUOTED-PRINTABLE:=E9=\n",
    ),
    *(b"PHOTO;ENCODING=b:!!!!\r\n", b"item1.X-ABLabel:_$!<x>!$_\r\n", b"N:;;;;\r\n", b"\r\n  "),
    *(b"{", b"}", b"[", b"]", b"null", b"1e999", b'"elements":', b"NaN", b"\\ud800", b"-1"),
    *(b"00 Jan 2024", b"31 Feb 2024", b"1/1/01, 0:00 AM", b"45000", b"99999999999", b"2024-13-01"),
    *(b"https://www.linkedin.com/in/%ff%zz", b"../../etc/passwd", b"=cmd|' /C calc'!A0", b"CON"),
    *(b"First Name,Last Name,Connected On\n", b"<html>", b"PK\x03\x04", b"x" * 5000, b'"' * 999),
)


class Mutant(NamedTuple):
    """A changed file: the golden case that it was made of, and its bytes."""

    name: str
    data: bytes


class Broken(AssertionError):
    """A promise was broken by a mutant; the text says which."""


def seeds() -> list[Mutant]:
    """The golden inputs, small ones."""
    found = [
        Mutant(path.relative_to(CASES).as_posix(), path.read_bytes())
        for path in sorted(CASES.glob("*/*/input.*"))
    ]
    return [one for one in found if len(one.data) < _LARGEST // 4]


def mutants(seed: int) -> Iterator[Mutant]:
    """Changed golden inputs, without end, the same for the same seed."""
    random = Random(seed)
    golden = seeds()
    while True:
        name, data = random.choice(golden)
        for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
            data = random.choice(_WAYS)(random, data, golden)[:_LARGEST]
        yield Mutant(name, data)


def outcome(mutant: Mutant) -> str:
    """What becomes of it: the kind that it was read as, or "refused".

    Raises:
        Broken: A promise does not hold; any other error is one that should not come out either.
    """
    begin = time.perf_counter()
    try:
        exports = open_exports.open_exports(
            "-", wanted=registry.is_wanted_member, stdin=io.BytesIO(mutant.data), today=TODAY
        )
        reading = registry.read_export(_named(exports[0], mutant.name))
    except BadExport as error:
        if not (error.message.strip() and error.hint.strip()):
            raise Broken("it is refused without a reason, or without a next step") from error
        kind = "refused"
    else:
        _hold(reading)
        kind = reading.kind
    took = time.perf_counter() - begin
    if took > max(1.0, len(mutant.data) / 100_000):
        raise Broken(f"it took {took:.1f} s for {len(mutant.data)} bytes")
    return kind


def _named(export: Export, name: str) -> Export:
    """The export as a loose file of that name, since some formats listen to names."""
    if export.packed:
        return export
    (data,) = export.files.values()
    name = f"{name.partition('/')[0]}.{name.rpartition('.')[2]}"
    return export._replace(source=name, files={name: data}, listing=(name,))


def _hold(reading: Reading) -> None:
    """What is promised of everything that was read."""
    if reading.rows != len(reading.people) + len(reading.nameless) + len(reading.skipped):
        raise Broken("rows are not accounted for")
    numbers = [row.number for row in reading.people] + [skip.row for skip in reading.skipped]
    if len(set(numbers)) != len(numbers) or any(n < 1 for n in numbers):
        raise Broken("a row is counted twice, or has no number")
    matching = match.match_rows(Roster({}), reading.people, reading.coverage)
    plan = draw_plan(Roster({}), matching, reading.coverage, full=True)
    if len(plan.added) + plan.duplicates != len(reading.people):
        raise Broken("a person is lost on the way into the vault")
    for contact in plan.added:
        data = card.write_card(contact)
        found = card.read_card(data, contact.path)
        if not found.canonical or found.contact.person != without_implied_name(contact.person):
            raise Broken("a card does not say what was read")
    again = match.match_rows(plan.after, reading.people, reading.coverage)
    if draw_plan(plan.after, again, reading.coverage, full=True).added:
        raise Broken("the same file again brings new people")


def _token(random: Random, data: bytes, _: object) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(_TOKENS) + data[place:]


def _flip(random: Random, data: bytes, _: object) -> bytes:
    if not data:
        return data
    place = random.randrange(len(data))
    return data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]


def _cut(random: Random, data: bytes, _: object) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _drop(random: Random, data: bytes, _: object) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start + random.randrange(1, 60) :]


def _repeat(random: Random, data: bytes, _: object) -> bytes:
    start = random.randrange(len(data) + 1)
    part = data[start : start + random.randrange(1, 200)]
    return data[:start] + part * random.choice((2, 3, 50)) + data[start:]


def _lines(random: Random, data: bytes, _: object) -> bytes:
    """Lines dropped, doubled, swapped, shuffled."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    way = random.randrange(4)
    if way == 0:
        del lines[one]
    elif way == 1:
        lines.insert(other, lines[one])
    elif way == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        random.shuffle(lines)
    return b"".join(lines)


def _cells(random: Random, data: bytes, _: object) -> bytes:
    """Cells dropped, doubled, or filled with something else."""
    cells = re.split(rb"([,;\t\n:])", data)
    place = random.randrange(len(cells))
    filling = random.choice((b"", cells[place] * 2, random.choice(_TOKENS), random.choice(cells)))
    return b"".join([*cells[:place], filling, *cells[place + 1 :]])


def _ends(random: Random, data: bytes, _: object) -> bytes:
    end = random.choice((b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n"))
    count = random.choice((-1, -1, random.randrange(1, 9)))
    return data.replace(b"\r\n", b"\n").replace(b"\n", end, count)


def _delimiters(random: Random, data: bytes, _: object) -> bytes:
    return data.replace(random.choice((b",", b";", b":")), random.choice((b",", b";", b"\t", b"=")))


def _encoding(random: Random, data: bytes, _: object) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "ignore")
    return text.encode(
        random.choice(
            ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman", "utf-7", "utf-32")
        ),
        "replace",
    )


def _splice(random: Random, data: bytes, golden: list[Mutant]) -> bytes:
    """The beginning of one file and the end of another."""
    other = random.choice(golden).data
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


_WAYS: tuple[Callable[[Random, bytes, list[Mutant]], bytes], ...] = (
    *(_token, _token, _token, _flip, _cut, _drop, _repeat),
    *(_lines, _lines, _cells, _cells, _cells, _ends, _delimiters, _encoding, _splice),
)
