"""The programs that keep a user's timers, run to their end; and cron's table."""

from __future__ import annotations

import os
import shutil
import subprocess

from li_vault.errors import BadUsage

OTHER = "What was scheduled is as it was. Choose another way with --with, or look what it says."
"""What to do when one of them fails."""
_SECONDS = 60


def crontab() -> str | None:
    """The user's crontab, to the byte; None without one.

    Raises:
        BadUsage: There may be one, and it can't be read: whatever is written would replace it.
    """
    if not shutil.which("crontab"):
        return None
    try:
        return run("crontab", "-l")
    except BadUsage as error:
        if "no crontab for" in error.message.lower():
            return None
        raise


def write_crontab(text: str | None) -> None:
    """Give the user a crontab, or none."""
    if text is None:
        run("crontab", "-r")
    else:
        run("crontab", "-", stdin=text)


def run(*command: str, stdin: str = "") -> str:
    """Run a program to its end; what it printed.

    Raises:
        BadUsage: It failed, in its own words.
    """
    try:
        done = subprocess.run(
            command, input=stdin.encode("utf-8", "surrogateescape"), capture_output=True,
            timeout=_SECONDS, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise BadUsage(f"{command[0]} could not be run: {error}.", OTHER) from error
    # No text mode: it would change the line ends of what a user wrote.
    out, words = (part.decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr))
    if done.returncode:
        words = (words or out).strip() or f"status {done.returncode}"
        raise BadUsage(f"{' '.join(command)} failed: {words}", OTHER)
    return out


def ran(*command: str) -> str | None:
    """What a program printed, or None if it failed."""
    try:
        return run(*command)
    except BadUsage:
        return None
