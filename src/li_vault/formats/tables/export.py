"""What formats share: Export, Reading, Format, and kinds of lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from li_vault.core.model import Coverage, Row
from li_vault.errors import BadExport


class Export(NamedTuple):
    """What a user handed over, as bytes in memory.

    Attributes:
        source: Its name as the user knows it: a base name, or `-` for standard input.
        files: The files that some format may want, by their base name in the spelling found.
            A loose file is one entry under its own name.
        listing: Names of everything in an archive or folder, for error messages; may be cut.
        packed: Whether `files` came out of an archive or a folder.
        stamped_on: The newest plausible day among an archive's member time stamps (as written
            there, no zone).
    """

    source: str
    files: Mapping[str, bytes]
    listing: tuple[str, ...]
    packed: bool
    named_on: date | None
    stamped_on: date | None
    dated_on: date


class SkippedRow(NamedTuple):
    """A data row that could not be read, and why (without any of its text)."""

    row: int
    reason: str


class DamagedCells(NamedTuple):
    """Traces of text that was broken before it came here, as numbers of cells.

    Attributes:
        replaced: Cells with U+FFFD, where a character was lost for good.
        doubled: Cells that look like UTF-8 decoded as cp1252 (`Ã©` for `é`).
    """

    replaced: int = 0
    doubled: int = 0


class Reading(NamedTuple):
    """An export as data: who is in it, and an account of every row.

    Attributes:
        kind: Format and era, such as `linkedin-connections/2023`.
        original: Name under `exports/` that the bytes are kept by, such as `Connections.csv`.
        rows: Number of data rows; `len(people) + len(nameless) + len(skipped)`.
        nameless: The ISO days of the rows that hold no more than a date ("" if not even that).
        full: Whether it lists everyone, so that who is missing is gone.
        enriches: Whether it knows nothing of LinkedIn (an address book, a telephone): taken as
            a list that is not full, it adds to people what they lack, and replaces nothing.
        owner: The account owner's name where the archive told it, else empty.
        newest: The newest `Connected On` of any row, nameless ones included, or empty.
    """

    kind: str
    original: str
    data: bytes
    rows: int
    people: tuple[Row, ...]
    nameless: tuple[str, ...]
    skipped: tuple[SkippedRow, ...]
    coverage: Coverage
    full: bool
    damage: DamagedCells = DamagedCells()
    owner: str = ""
    newest: str = ""
    timed: bool = False
    enriches: bool = False


Found = TypeVar("Found")


@dataclass(frozen=True)
class Format(Generic[Found]):
    """One kind of export, as `formats.registry` asks it.

    Attributes:
        find: What of an export it reads, None if nothing: looks at content, trusts no name.
        parse: What that says. It raises BadExport: what was found, what was expected, what to do.
        lacks: What is wrong with an export that is not of this kind, behind its name.
    """

    name: str
    find: Callable[[Export], Found | None]
    parse: Callable[[Found], Reading]
    lacks: str

    def claims(self, export: Export) -> bool:
        """Whether this export is of this format."""
        return self.find(export) is not None

    def read(self, export: Export) -> Reading:
        """Read it.

        Raises:
            BadExport: It is none, in several encodings, binary, or cut off.
        """
        found = self.find(export)
        if found is None:
            raise BadExport(f"{export.source} {self.lacks}.", "Export it again.")
        return self.parse(found)


_CONNECTIONS = "linkedin-connections/"
_FULL = (_CONNECTIONS, "linkedin-outlook/", "linkedin-yahoo/", "linkedin-vcf/")
_EITHER = "linkedin-portability/"


def lists_everyone(kind: str) -> bool | None:
    """Whether lists of this kind are full; None if that is another matter with each of them."""
    return None if kind.startswith(_EITHER) else kind.startswith(_FULL)


def has_days(kind: str) -> bool:
    """Whether lists of this kind are LinkedIn's own, with the day of connecting in every row."""
    return kind.startswith(_CONNECTIONS)
