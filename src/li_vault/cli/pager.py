"""Long answers by way of a pager, as git shows its own; on a terminal only."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from li_vault.store import personal
from li_vault.views import look

_NO_PAGER = ("", "cat")
_LACKING = (126, 127)
"""How a shell ends that could not run what it was told."""

_ESCAPES = re.compile("\x1b\\[\\d*m")


def show(text: str) -> bool:
    """Show lines by way of the user's pager, if they do not fit on the screen.

    To leave the pager early is no error; an interrupt is the pager's own matter.

    Returns:
        Whether it was shown; else the caller has to print it.
    """
    size = shutil.get_terminal_size()
    command = _command(os.environ)
    if command in _NO_PAGER or not _is_long(text, size.columns, size.lines):
        return False
    shell = shutil.which("sh")
    if shell is None:
        return False
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    ask = subprocess.Popen((shell, "-c", command), stdin=subprocess.PIPE, env=environment)
    with _interrupts_left_alone(), ask as ran, suppress(BrokenPipeError):
        # Older pagers show the codes of links; colours they all know.
        ran.communicate(look.unlinked(text).encode("utf-8", "backslashreplace"))
    return ask.returncode not in _LACKING


@contextmanager
def _interrupts_left_alone() -> Iterator[None]:
    """Leave Ctrl-C to the pager, which gets it as well; a handler is not handed down to it."""
    before = None
    with suppress(ValueError):  # not the main thread
        before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _command(environment: Mapping[str, str]) -> str:
    """The pager's command line, by the rules of git; `LI_VAULT_PAGER` comes first."""
    for name in ("LI_VAULT_PAGER", "GIT_PAGER"):
        if name in environment:
            return environment[name].strip()
    configured = personal.git_setting("core.pager")
    if configured is not None:
        return configured.strip()
    if "PAGER" in environment:
        return environment["PAGER"].strip()
    return "less" if shutil.which("less") else ""


def _is_long(text: str, width: int, height: int) -> bool:
    """Whether lines take more of a screen than it has, one line for the next prompt."""
    room = max(height - 1, 1)
    if text.count("\n") > room:
        return True
    bare = _ESCAPES.sub("", look.unlinked(text)).splitlines()
    return sum(max(-(-look.columns(line) // max(width, 1)), 1) for line in bare) > room
