"""Zip archives read within bounds."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from li_vault.errors import BadExport

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
"""What a zip begins with: a member, or nothing but the end of an empty one."""

MAX_FILE = 256 * 1024 * 1024
"""Bytes of a wanted file; LinkedIn's largest list of connections has about 6 MB."""
MAX_MEMBERS = 100_000
MAX_RATIO = 200
"""Times that a member of more than 1 MB may be larger than its packed form; CSV packs 10:1."""
_RATIO_FROM = 1024 * 1024
_CHUNK = 256 * 1024
_DEPTH = 2  # a zip in a zip, as `….zip.zip` can be
_ENCRYPTED = 0x1
_FIRST_DAY = date(2003, 1, 1)  # before LinkedIn: a clock that was not set (zips begin at 1980)
_DRIVE = re.compile(r"[A-Za-z]:")
_END = struct.Struct("<4s4H2LH")  # signature, …, size and offset of the directory, comment's size
_LARGE_END = struct.Struct("<4sQ2H2L4Q")  # the same of Zip64
_LOCATOR = struct.Struct("<4sLQL")  # signature, …, where that begins
_TAIL = _LARGE_END.size + _LOCATOR.size + _END.size + 65535  # with the longest comment
_AGAIN = "Nothing changed. Download the archive from LinkedIn again."

_BROKEN = (
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    OverflowError,
)
"""What zipfile lets through of its parts, given bytes that are not what they say."""

MemberFilter = Callable[[str], bool]


class ZipContents(NamedTuple):
    """What was taken out of an archive.

    Attributes:
        listing: Names of all members, without the clutter of operating systems.
        stamped_on: The newest plausible day among the members' time stamps, which have no zone.
    """

    files: dict[str, bytes]
    listing: tuple[str, ...]
    stamped_on: date | None


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip does, under whatever name."""
    return data.startswith(SIGNATURES)


def is_whole_zip(file: BinaryIO) -> bool:
    """Whether a zip (a seekable file) is there to its end, which is known without the rest.

    Its end record reaches to the file's end, and the directory that it tells of lies right before
    it: else it is that of another zip, packed into one whose own end is missing.
    """
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - _TAIL)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(SIGNATURES[1])
    if at < 0 or len(tail) - at < _END.size:
        return False
    *_, listed, begins, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        return False
    if begins + listed == start + at:
        return True
    if at < _LOCATOR.size:
        return False
    sign, _, where, _ = _LOCATOR.unpack_from(tail, at - _LOCATOR.size)
    if sign != b"PK\x06\x07" or where > size - _LARGE_END.size:
        return False
    file.seek(where)
    sign, *_, listed, begins = _LARGE_END.unpack(file.read(_LARGE_END.size))
    return bool(sign == b"PK\x06\x06" and begins + listed == where)


def read_zip(file: BinaryIO, *, source: str, wanted: MemberFilter, today: date) -> ZipContents:
    """The wanted members of a zip (a seekable file), or of the one zip inside of it.

    Raises:
        BadExport: Broken, encrypted, too large, or with members that nobody would pack so.
    """
    return _read(file, source, wanted, today, depth=1)


def is_clutter(name: str) -> bool:
    """Whether the path is an operating system's own and no one's data."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(p == ".DS_Store" or p.startswith("._") for p in parts[-1:])


def pick_members(names: Iterable[str], wanted: MemberFilter, source: str) -> dict[str, str]:
    """Base name -> path of each wanted file; of several, the one that lies highest.

    Raises:
        BadExport: Two of the same base name lie equally high.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        base = PurePosixPath(name).name
        if wanted(base):
            found.setdefault(base.lower(), []).append(name)
    picked = {}
    for paths in found.values():
        paths.sort(key=lambda path: path.count("/"))
        if len(paths) > 1 and paths[0].count("/") == paths[1].count("/"):
            raise BadExport(
                f"{source!r} holds the same file twice: {paths[0]!r} and {paths[1]!r}.",
                "Nothing changed. Hand over the one that is meant, by itself.",
            )
        picked[PurePosixPath(paths[0]).name] = paths[0]
    return picked


def _read(
    file: BinaryIO, source: str, wanted: MemberFilter, today: date, *, depth: int
) -> ZipContents:
    if not is_whole_zip(file):
        words = "its end is missing, as if the download had stopped"
        raise BadExport(f"{source!r} is a broken zip: {words}.", _AGAIN)
    try:
        with zipfile.ZipFile(file) as archive:
            return _members(archive, source, wanted, today, depth=depth)
    except zipfile.BadZipFile as error:
        raise BadExport(f"{source!r} is a broken zip: {_zip_words(error)}.", _AGAIN) from None
    except NotImplementedError as error:
        raise BadExport(
            f"{source!r} is a zip of a kind that Python can't unpack ({error}).",
            "Nothing changed. Unpack it with another program and hand over the folder.",
        ) from None
    except _BROKEN:
        raise BadExport(
            f"{source!r} is a broken zip: what it holds can't be unpacked.", _AGAIN
        ) from None


def _zip_words(error: zipfile.BadZipFile) -> str:
    words = str(error)
    if "CRC" in words:
        return "a member's checksum is wrong, so its bytes are not what LinkedIn packed"
    return "its directory does not fit its members"


def _members(
    archive: zipfile.ZipFile, source: str, wanted: MemberFilter, today: date, *, depth: int
) -> ZipContents:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise BadExport(
            f"{source!r} holds {len(infos)} members; li-vault reads up to {MAX_MEMBERS}.",
            "Nothing changed. Hand over LinkedIn's own archive.",
        )
    infos = [i for i in infos if not i.is_dir() and not is_clutter(i.filename)]
    by_name: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.orig_filename
        base = re.split(r"[/\\]", name)[-1]
        if wanted(base):
            _refuse_name(name, source)
            if name in by_name:
                raise BadExport(f"{source!r} holds two members of the name {name!r}.", _AGAIN)
            by_name[name] = info
    picked = pick_members(by_name, wanted, source)
    if not picked and depth < _DEPTH:
        inner = [i for i in infos if i.filename.lower().endswith(".zip")]
        if len(inner) == 1:
            packed = _bytes_of(archive, inner[0], source)
            if is_zip(packed):
                return _read(io.BytesIO(packed), source, wanted, today, depth=depth + 1)
    files: dict[str, bytes] = {}
    for base, name in picked.items():
        files[base] = _bytes_of(archive, by_name[name], source)
        if sum(map(len, files.values())) > MAX_FILE:
            raise _too_large(source, base)
    return ZipContents(files, tuple(i.filename for i in infos), _newest(infos, today))


def _refuse_name(name: str, source: str) -> None:
    parts = re.split(r"[/\\]", name)
    if "\\" in name or ".." in parts or parts[0] == "" or _DRIVE.match(name) or "\0" in name:
        raise BadExport(
            f"{source!r} holds a member whose name leads out of the archive: {name!r}.",
            "Nothing changed. LinkedIn makes no such archive: do not trust where it came from.",
        )


def _bytes_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str) -> bytes:
    """A member's bytes, counted while they come: its header may say anything."""
    name = info.filename
    if info.flag_bits & _ENCRYPTED:
        raise BadExport(
            f"{source!r}: {name!r} is encrypted; LinkedIn's own archive is not.",
            "Nothing changed. Unpack it with its password and hand over the folder.",
        )
    most = max(_RATIO_FROM, MAX_RATIO * max(info.compress_size, 0))
    chunks: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                size += len(chunk)
                chunks.append(chunk)
                if size > MAX_FILE:
                    raise _too_large(source, name)
                if size > most:
                    raise BadExport(
                        f"{source!r}: {name!r} unpacks to more than {MAX_RATIO} times its size, "
                        "as no list of people does.",
                        "Nothing changed. Do not trust where this archive came from.",
                    )
    except NotImplementedError:
        raise  # says which method it is
    except RuntimeError as error:
        raise BadExport(f"{source!r}: {name!r} can't be unpacked ({error}).", _AGAIN) from None
    return b"".join(chunks)


def _too_large(source: str, name: str) -> BadExport:
    return BadExport(
        f"{source!r}: {name!r} is larger than {MAX_FILE // 1024 // 1024} MB.",
        "Nothing changed. LinkedIn's lists are far smaller: hand over its own archive.",
    )


def _newest(infos: Iterable[zipfile.ZipInfo], today: date) -> date | None:
    found = []
    for info in infos:
        try:
            day = date(*info.date_time[:3])
        except ValueError:
            continue
        if _FIRST_DAY <= day <= today + timedelta(days=1):
            found.append(day)
    return max(found, default=None)
