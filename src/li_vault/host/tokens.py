"""The access token for LinkedIn's API: from the environment, the system's key ring, or a file.

It is shown nowhere, and is no process's argument. `keyring` has its one home here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from li_vault.errors import BadUsage
from li_vault.host import files, places

VARIABLE = "LI_VAULT_TOKEN"
_SERVICE, _USER = "li-vault", "linkedin-member-data-portability"
_LONGEST = 4096
_LOGIN = "Get one with: li-vault fetch --login"


class Token(NamedTuple):
    """A token, and where it was found, in words."""

    value: str
    place: str


def find(environ: Mapping[str, str]) -> Token | None:
    """The token: `LI_VAULT_TOKEN`, else the key ring's, else the file's; None without one.

    Raises:
        BadUsage: What was found is no token, or others can read the file.
    """
    if environ.get(VARIABLE):
        return Token(checked(environ[VARIABLE], VARIABLE), VARIABLE)
    kept = _from_ring()
    if kept:
        return Token(checked(kept, "the key ring's"), "the system's key ring")
    path = file()
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"The token in {path} can't be read: {error}.", _LOGIN) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise BadUsage(
            f"Others can read the token in {path}.",
            f"Close it, then run it again: chmod 600 {path}",
        )
    return Token(checked(text, str(path)), str(path))


def required(environ: Mapping[str, str]) -> Token:
    """As `find`.

    Raises:
        BadUsage: There is none, or what was found is none.
    """
    found = find(environ)
    if found is None:
        raise BadUsage(
            f"There is no token for LinkedIn's API: not in {VARIABLE}, a key ring, or {file()}.",
            _LOGIN,
        )
    return found


def keep(value: str) -> str:
    """Keep a token in the system's key ring, or else in a file of 0600; where, in words."""
    ring = _ring()
    if ring is not None:
        with suppress(Exception):  # many kinds of rings, each with errors of its own
            ring.set_password(_SERVICE, _USER, value)
            if ring.get_password(_SERVICE, _USER) == value:
                file().unlink(missing_ok=True)
                return "the system's key ring"
    path = file()
    files.private_folder(path.parent)
    files.write_private(path, value.encode() + b"\n")
    return str(path)


def checked(text: str, place: str) -> str:
    """A token without the white space around it.

    Raises:
        BadUsage: It can't be one.
    """
    value = text.strip()
    if not value or len(value) > _LONGEST or not value.isascii() or not value.isprintable():
        raise BadUsage(f"What {place} holds is no token: one line of ASCII was expected.", _LOGIN)
    if " " in value:
        raise BadUsage(f"What {place} holds is no token: there is a space in it.", _LOGIN)
    return value


def file() -> Path:
    """Where a token is kept without a key ring."""
    return places.config() / "token"


def _from_ring() -> str | None:
    ring = _ring()
    if ring is None:
        return None
    with suppress(Exception):  # a ring that is locked, or has no one who could open it
        found: str | None = ring.get_password(_SERVICE, _USER)
        return found
    return None


def _ring() -> ModuleType | None:
    """The library of key rings, if it is installed and finds one that holds."""
    try:
        import keyring
        from keyring.backends import chainer, fail
    except ImportError:
        return None
    with suppress(Exception):
        found = keyring.get_keyring()
        if isinstance(found, fail.Keyring) or getattr(found, "priority", 0) <= 0:
            return None
        if isinstance(found, chainer.ChainerBackend) and not found.backends:
            return None
        return keyring
    return None
