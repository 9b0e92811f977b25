"""li-vault on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress


def _as_a_shell_does() -> None:
    """Have Ctrl-C come, also where whoever runs the tests is started with it ignored."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(
    *args: object,
    env: Mapping[str, str],
    keys: bytes = b"",
    question: bytes = b"",
    sent: int | None = None,
) -> tuple[int, str]:
    """Run li-vault on a terminal, which types `keys`; its status, and what the terminal got.

    With a `question` nothing is typed until it is shown; a signal is `sent` just before.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "li_vault", *map(str, args)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **env},
        start_new_session=True,
        preexec_fn=_as_a_shell_does,  # noqa: PLW1509 - no thread of ours is at work
    ) as process:
        os.close(theirs)
        shown = b""
        while question not in shown:
            shown += os.read(ours, 65536)
        if question:
            time.sleep(0.3)  # the question waits for its answer: nobody types while it appears
        if sent is not None:
            process.send_signal(sent)
            time.sleep(0.2)
        with suppress(OSError):  # who ended has no terminal any more
            os.write(ours, keys)
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how Linux tells that the other end is closed
            pass
        status = process.wait()
    os.close(ours)
    return status, shown.decode()
