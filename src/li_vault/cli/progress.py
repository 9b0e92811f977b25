"""A progress bar for long work: on a terminal only, and only once it has taken a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_AFTER = 0.7
"""Seconds before a bar appears."""


@contextmanager
def bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that is told what is done, how far it is, and how much there is."""
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
        """Show how far the work is; at once, if there is no telling how long it takes."""
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
