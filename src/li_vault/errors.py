"""What can go wrong, named by what the user does next.

Every error that li-vault raises on purpose is a `LiVaultError`: a message that says what was
found and what was expected, a hint that says what to do, and the exit status that scripts see.
"""

from __future__ import annotations

from typing import ClassVar


class LiVaultError(Exception):
    """An error with a next step.

    Attributes:
        message: What was found and what was expected; one or more plain sentences.
        kind: A short stable name of the kind, as `--json` prints it.
    """

    kind: ClassVar[str] = "error"
    status: ClassVar[int] = 70

    def __init__(self, message: str, hint: str = "", *, rule: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.rule = rule


class NotFound(LiVaultError):
    """The answer is no: there is nobody, or nothing, of that description."""

    kind = "not-found"
    status = 1


class BadUsage(LiVaultError):
    """The command line is wrong: call again, corrected."""

    kind = "usage"
    status = 2


class BadExport(LiVaultError):
    """The export can't be read: hand over another file."""

    kind = "export"
    status = 3


class Unreachable(BadExport):
    """The export can't be had now, as whoever has it is away: only time mends that."""


class Refused(LiVaultError):
    """A guard refused: look, then allow its rule or leave it."""

    kind = "guard"
    status = 4


class BadVault(LiVaultError):
    """The vault is not usable: mend it first."""

    kind = "vault"
    status = 5


class GitFailed(LiVaultError):
    """git, or a remote, failed: git's own words are in the message."""

    kind = "git"
    status = 6


class Interrupted(LiVaultError):
    """It was stopped from the keyboard: run it again."""

    kind = "interrupted"
    status = 130


class Terminated(LiVaultError):
    """It was told to end: run it again."""

    kind = "terminated"
    status = 143
