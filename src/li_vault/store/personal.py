"""What a user has told git about themselves and their machine; no part of any vault."""

from __future__ import annotations

import os
import subprocess


def git_setting(key: str) -> str | None:
    """A setting of the user's own or the machine's git configuration; None if it is not set."""
    try:
        answer = subprocess.run(
            ("git", "config", "--null", "--get", key),
            capture_output=True,
            check=False,
            cwd=os.path.abspath(os.sep),  # no repository's: a vault's own is not asked
        )
    except OSError:
        return None
    found = answer.stdout.decode("utf-8", "replace").partition("\0")[0]
    return found if answer.returncode == 0 else None
