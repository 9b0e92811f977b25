"""li-vault on a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping


def run(*args: object, env: Mapping[str, str], keys: bytes = b"") -> tuple[int, str]:
    """Run li-vault on a terminal, which types `keys`; its status, and what the terminal got."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "li_vault", *map(str, args)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **env},
    ) as process:
        os.close(theirs)
        os.write(ours, keys)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how Linux tells that the other end is closed
            pass
        status = process.wait()
    os.close(ours)
    return status, shown.decode()
