"""What is handed over in tests of the intake: files and zips, and what they are opened as."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.tables.export import Export
from li_vault.host import open_exports

TODAY = date(2026, 11, 23)
CSV = b"First Name,Last Name,Connected On\nAda,Lovelace,01 Jan 2024"
PROFILE = b"First Name,Last Name,Headline\nGrace,Example,Owner\n"

Members = list[tuple[str, bytes]]


def zipped(*members: tuple[str, bytes], stamp: tuple[int, int, int] = (2026, 11, 20)) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (*stamp, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def opened(path: Path | str, stdin: bytes | None = None) -> list[Export]:
    """The exports at a path."""
    stream = None if stdin is None else io.BytesIO(stdin)
    return open_exports.open_exports(
        str(path), wanted=registry.is_wanted_member, stdin=stream, today=TODAY
    )


def one(path: Path | str, stdin: bytes | None = None) -> Export:
    """The one export at a path."""
    (export,) = opened(path, stdin)
    return export


def put(path: Path, data: bytes) -> Path:
    """Write a file, with the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def refused(path: Path | str, pattern: str, stdin: bytes | None = None) -> None:
    """See that a path is refused in words that fit a pattern, with a hint."""
    with pytest.raises(BadExport, match=pattern) as caught:
        opened(path, stdin)
    assert caught.value.hint
