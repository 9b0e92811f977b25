"""Words and data to the terminal: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from li_vault.cli import terminal
from li_vault.errors import LiVaultError
from li_vault.views import safety
from li_vault.views.look import Look


def look(stream: TextIO | None = None) -> Look:
    """How text looks on a stream: colours, links and a width on a terminal, none elsewhere.

    `NO_COLOR` (no-color.org) and `TERM=dumb` take colours and links away.
    """
    stream = stream or sys.stdout
    if not stream.isatty():
        return Look()
    import shutil

    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    links = colour and terminal.takes_links(os.environ)
    return Look(colour, shutil.get_terminal_size().columns, links)


def begin() -> None:
    """Be ready for a command.

    Closed streams (`>&-`) get the null device, before a file of ours takes their number.
    """
    _results.clear()
    _paging.clear()
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(handle, True)
            setattr(sys, name, os.fdopen(handle, mode, encoding="utf-8"))


def page(allowed: bool) -> None:
    """Let long results be shown by a pager from here on, or not."""
    _paging[:] = [True] if allowed else []


def show(lines: Iterable[str]) -> None:
    """Print lines of a result; a long one on a terminal by way of a pager, where that may be.

    A terminal gets nothing that commands it but our own styles; a file gets what there is.
    """
    text = _as_shown(lines)
    if sys.stdout.isatty() and _paging:
        from li_vault.cli import pager

        _results.append(text)
        if pager.show(text):
            return
    _write_result(text)


def show_plan(lines: Iterable[str]) -> None:
    """Print what is going to be done, before it is: a command that is ended here did nothing."""
    with _until_reader_leaves():
        _write(sys.stdout, _as_shown(lines))


def _as_shown(lines: Iterable[str]) -> str:
    text = "\n".join([*lines, ""])
    return safety.lines(text, styled=look().colour) if sys.stdout.isatty() else text


def show_json(data: dict[str, object]) -> None:
    """Print one object as JSON, UTF-8 whatever the locale says."""
    import json

    from li_vault.core.text import writable

    # A path need not be Unicode; JSON must.
    text = writable(json.dumps({"format": 1, **data}, ensure_ascii=False, indent=2))
    _write_result(safety.json(text) + "\n" if sys.stdout.isatty() else text + "\n")


def show_bytes(data: bytes) -> None:
    """Put the bytes of a result on standard output, as they are."""
    _results.append("")
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
    _write(sys.stderr, safety.lines(words, styled=False) + "\n")


def show_error(error: LiVaultError, *, as_json: bool) -> None:
    """Print an error: words to standard error, or an object to standard output."""
    if as_json:
        from li_vault.views import data

        show_json(data.of_error(error))
        return
    from li_vault.views import text

    style = look(sys.stderr)
    lines = "".join(f"{line}\n" for line in text.of_error(error, style))
    _write(sys.stderr, safety.lines(lines, styled=style.colour))


def result(
    as_json: bool, data: Callable[[], dict[str, object]], text: Callable[[], Iterable[str]]
) -> None:
    """Print a result in the form that was asked for."""
    if as_json:
        show_json(data())
    else:
        show(text())


_results: list[str] = []
_paging: list[bool] = []


def is_said() -> bool:
    """Whether the result is known and being printed: then the command is as good as done.

    It is not while anything is still to be asked or written: that is shown by `show_plan`.
    """
    return bool(_results)


def _write_result(text: str) -> None:
    _results.append(text)
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
