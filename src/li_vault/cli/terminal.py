"""The terminal: results, messages, progress, pager, colour."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO, TypeVar

import click

from li_vault.cli import render
from li_vault.cli.render import Look
from li_vault.errors import LiVaultError

if TYPE_CHECKING:
    from rich.progress import Progress


Value = TypeVar("Value")


def look_of_stream(stream: TextIO | None = None) -> Look:
    """How text looks on a stream: colours, links and a width on a terminal, none elsewhere.

    `NO_COLOR` (no-color.org) and `TERM=dumb` take colours and links away.
    """
    stream = stream or sys.stdout
    if not stream.isatty():
        return Look()
    import shutil

    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    links = colour and takes_links(os.environ)
    return Look(colour, shutil.get_terminal_size().columns, links)


@dataclass
class Terminal:
    """What one call of the program knows of its terminal; it is the object of click's context.

    Attributes:
        withheld: Variables of the environment that no program which is started gets.
        has_result: Whether the result is known and being printed: then the command is as good as
            done. It is not while anything is still to be asked or written (`show_plan`).
    """

    withheld: Mapping[str, str] = field(default_factory=dict)
    pages: bool = False
    has_result: bool = False


def current() -> Terminal:
    """The terminal of the command that runs; one that knows nothing where none does."""
    context = click.get_current_context(silent=True)
    found = context.find_root().obj if context else None
    return found if isinstance(found, Terminal) else Terminal()


def open_streams() -> None:
    """Give closed streams (`>&-`) the null device, before a file of ours takes their number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(handle, True)
            setattr(sys, name, os.fdopen(handle, mode, encoding="utf-8"))


def show(lines: Iterable[str]) -> None:
    """Print lines of a result; a long one on a terminal by way of a pager, where that may be.

    A terminal gets nothing that commands it but our own styles; a file gets what there is.
    """
    text = _as_shown(lines)
    if sys.stdout.isatty() and current().pages:
        current().has_result = True
        if show_paged(text):
            return
    _write_result(text)


def show_plan(lines: Iterable[str]) -> None:
    """Print what is going to be done, before it is: a command that is ended here did nothing."""
    with _until_reader_leaves():
        _write(sys.stdout, _as_shown(lines))


def _as_shown(lines: Iterable[str]) -> str:
    text = "\n".join([*lines, ""])
    return render.safe_lines(text, styled=look_of_stream().colour) if sys.stdout.isatty() else text


def show_json(data: dict[str, object]) -> None:
    """Print one object as JSON, UTF-8 whatever the locale says."""
    import json

    from li_vault.core.text import writable

    # A path need not be Unicode; JSON must.
    text = writable(json.dumps({"format": 1, **data}, ensure_ascii=False, indent=2))
    _write_result(render.safe_json(text) + "\n" if sys.stdout.isatty() else text + "\n")


def show_bytes(data: bytes) -> None:
    """Put the bytes of a result on standard output, as they are."""
    current().has_result = True
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        click.echo(data.decode(), nl=False)
        return
    with _until_reader_leaves():
        binary.write(data)
        binary.flush()


def note(words: str) -> None:
    """Tell something beside the result."""
    _write(sys.stderr, render.safe_lines(words, styled=False) + "\n")


def show_error(error: LiVaultError, *, is_json: bool) -> None:
    """Print an error: words to standard error, or an object to standard output."""
    if is_json:
        from li_vault.cli import render

        show_json(render.error_as_json(error))
        return
    from li_vault.cli import render

    style = look_of_stream(sys.stderr)
    lines = "".join(f"{line}\n" for line in render.error_as_text(error, style))
    _write(sys.stderr, render.safe_lines(lines, styled=style.colour))


def result(
    is_json: bool,
    value: Value,
    as_json: Callable[[Value], dict[str, object]],
    as_text: Callable[[Value, Look], Iterable[str]],
) -> None:
    """Print a result in the form that was asked for."""
    if is_json:
        show_json(as_json(value))
    else:
        show(as_text(value, look_of_stream()))


def _write_result(text: str) -> None:
    current().has_result = True
    with _until_reader_leaves():
        _write(sys.stdout, text)


@contextmanager
def _until_reader_leaves() -> Iterator[None]:
    """Print a result; whoever reads may have seen enough, but the status is still the answer."""
    try:
        yield
    except BrokenPipeError:
        hush()


def hush() -> None:
    """Let standard output go nowhere: Python must not complain of it on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class ReaderGone(Exception):
    """Whoever read the output has seen enough; no error, which click would make of it."""


def _write(stream: TextIO, text: str) -> None:
    """Write text as UTF-8: names must not depend on the locale, nor end in an error."""
    binary = getattr(stream, "buffer", None)
    if binary is None or (os.name == "nt" and stream.isatty()):
        click.echo(text, file=stream, nl=False)
        return
    stream.flush()
    binary.write(text.encode("utf-8", "backslashreplace"))
    binary.flush()


_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"})
_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm", "domterm")
_MARKS = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM")
_VTE = 5000  # 0.50, the first with links


def takes_links(environment: Mapping[str, str]) -> bool:
    """Whether links (OSC 8) are shown as links; a terminal that is not known gets none.

    `FORCE_HYPERLINK` decides: 0 is no, anything else yes. Inside `screen`, and on the console of
    a machine, nobody can tell.
    """
    forced = environment.get("FORCE_HYPERLINK", "")
    if forced:
        return forced != "0"
    name = environment.get("TERM", "")
    if name.startswith(("screen", "linux", "dumb")) or not name:
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _PROGRAMS
        or name.startswith(_TERMS)
        or any(environment.get(mark) for mark in _MARKS)
        or (vte.isdecimal() and int(vte) >= _VTE)
    )


_AFTER = 0.7
"""Seconds before a bar appears."""


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function to report progress to: what is done, how much of it, of how much."""
    if quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    shown = _Bar()
    try:
        yield shown.tell
    finally:
        shown.close()


class _Bar:
    """A rich progress bar that is drawn, and imported, only when the work is long."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._rich: Progress | None = None
        self._tasks: dict[str, int] = {}

    def tell(self, what: str, done: int, total: int) -> None:
        """Show how far the work is; at once, if its length is unknown."""
        if self._rich is None:
            if total and time.monotonic() - self._began < _AFTER:
                return
            self._rich = self._start()
        if what not in self._tasks:
            self._tasks[what] = self._rich.add_task(what, total=total or None)
        self._rich.update(self._tasks[what], completed=done, total=total or None)  # type: ignore[arg-type]

    def close(self) -> None:
        """Take the bar away."""
        if self._rich is not None:
            self._rich.stop()

    @staticmethod
    def _start() -> Progress:
        from rich.console import Console
        from rich.progress import Progress

        started = Progress(console=Console(stderr=True), transient=True)
        started.start()
        return started


_NO_PAGER = ("", "cat")
_LACKING = (126, 127)
"""How a shell ends that could not run what it was told."""

_ESCAPES = re.compile("\x1b\\[\\d*m")


def show_paged(text: str) -> bool:
    """Show lines by way of the user's pager, if they do not fit on the screen.

    To leave the pager early is no error; an interrupt is the pager's own matter.

    Returns:
        Whether it was shown; else the caller has to print it.
    """
    import subprocess

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
        ran.communicate(render.unlinked(text).encode("utf-8", "backslashreplace"))
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
    from li_vault.store import sealed

    configured = sealed.git_setting("core.pager")
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
    bare = _ESCAPES.sub("", render.unlinked(text)).splitlines()
    return sum(max(-(-render.display_width(line) // max(width, 1)), 1) for line in bare) > room
