"""The API's token: environment, key ring, or a private file."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, TypeVar

from li_vault.errors import BadUsage
from li_vault.host import private_files, timeout, user_folders

VARIABLE = "LI_VAULT_TOKEN"
_SERVICE, _USER = "li-vault", "linkedin-member-data-portability"
_LONGEST = 4096
_LOGIN = "Get one with: li-vault fetch --login"
_RING = "the system's key ring"
_ALONE, _AT_HAND = 5.0, 30.0
"""Seconds that a key ring may take: without anyone there, and with somebody who can open it."""


T = TypeVar("T")


class Token(NamedTuple):
    """A token, and where it was found, in words."""

    value: str
    place: str


class KeyRingSilent(Exception):
    """The key ring did not answer in time: it is locked, and waits for somebody, or hangs."""

    def __init__(self) -> None:
        super().__init__(f"{_RING} did not answer in {_patience():g} seconds")


def find_token(environ: Mapping[str, str]) -> Token | None:
    """The token: `LI_VAULT_TOKEN`, else the file's, else the key ring's; None without one.

    A key ring that does not answer in time counts as none. The file goes before it: when the
    ring takes a token, the file is deleted, so what is in a file is newer.

    Raises:
        BadUsage: What was found is no token, or others can read the file.
    """
    with suppress(KeyRingSilent):
        return _found(environ)
    return None


def _found(environ: Mapping[str, str]) -> Token | None:
    if environ.get(VARIABLE):
        return Token(check_token(environ[VARIABLE], VARIABLE), VARIABLE)
    path = token_file()
    text = _of_file(path)
    if text is not None:
        return Token(check_token(text, str(path)), str(path))
    kept = _of_ring()
    return Token(check_token(kept, "the key ring's"), _RING) if kept else None


def _of_file(path: Path) -> str | None:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # a pipe would be waited for
            raise BadUsage(f"{path} is no ordinary file.", f"Take it away. {_LOGIN}")
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
    return text


def require_token(environ: Mapping[str, str]) -> Token:
    """As `find`.

    Raises:
        BadUsage: There is none, or what was found is none.
    """
    silent = ""
    try:
        found = _found(environ)
    except KeyRingSilent as error:
        found, silent = None, f"; {error}"
    if found is None:
        raise BadUsage(
            f"There is no token for LinkedIn's API: not in {VARIABLE}, a key ring, or "
            f"{token_file()}{silent}.",
            f"Unlock the key ring, then run it again. {_LOGIN}" if silent else _LOGIN,
        )
    return found


def keep_token(value: str) -> str:
    """Keep a token in the system's key ring, or else in a file of 0600; where, in words."""
    silent = ""
    try:
        if _take(value):
            token_file().unlink(missing_ok=True)
            return _RING
    except KeyRingSilent as error:
        silent = f" ({error})"
    path = token_file()
    private_files.private_folder(path.parent)
    private_files.write_private(path, value.encode() + b"\n")
    return f"{path}{silent}"


def check_token(text: str, place: str) -> str:
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


def token_file() -> Path:
    """Where a token is kept without a key ring."""
    return user_folders.config_folder() / "token"


def _of_ring() -> str | None:
    def work() -> str | None:
        ring = _ring()
        with suppress(Exception):  # a ring that is locked, or has no one who could open it
            return ring.get_password(_SERVICE, _USER) if ring else None
        return None

    return _in_time(work)


def _take(value: str) -> bool:
    """Whether the key ring took a token, and gives it back."""

    def work() -> bool:
        ring = _ring()
        with suppress(Exception):  # many kinds of rings, each with errors of its own
            if ring is not None:
                ring.set_password(_SERVICE, _USER, value)
                return bool(ring.get_password(_SERVICE, _USER) == value)
        return False

    return _in_time(work)


def _in_time(work: Callable[[], T]) -> T:
    """What a key ring says, if it does in time: one that is locked may ask, and wait."""
    try:
        return timeout.run_within(_patience(), work)
    except TimeoutError:
        raise KeyRingSilent from None


def _patience() -> float:
    is_alone = sys.stdin is None or not sys.stdin.isatty()
    return _ALONE if is_alone else _AT_HAND


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
