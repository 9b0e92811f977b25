"""A second, independent reader for cards: vobject, which knows nothing of how they are written.

It takes longer than all else, so of many cards another process reads them meanwhile.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from li_vault.formats import vcf
from li_vault.store import history
from li_vault.store.repo import Repo

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WORTH = 1000
"""So many cards are worth a process of their own, which takes 0.2 s to start."""

Objections = Callable[[], Mapping[str, str]]
"""Waits for the reader; why it can't read cards as one card each, by their ids."""


@contextmanager
def asked(repo: Repo, ids: Sequence[str]) -> Iterator[Objections]:
    """Begin to read these cards; the words quote nothing of them.

    Raises:
        BadVault: An object can't be read; by the function that is yielded.
    """
    if len(ids) < WORTH:
        yield lambda: _read(repo, ids)
        return
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    reader = context.Process(target=_tell, args=(repo, ids, theirs), daemon=True)
    with _undisturbed():
        reader.start()
    theirs.close()

    def wait() -> Mapping[str, str]:
        with suppress(EOFError, OSError):
            found: Mapping[str, str] = ours.recv()
            return found
        return _read(repo, ids)  # it could not; whatever is wrong is said here

    try:
        yield wait
    finally:
        ours.close()
        reader.terminate()
        reader.join()
        reader.close()


def _read(repo: Repo, ids: Sequence[str]) -> dict[str, str]:
    judged = zip(ids, map(vcf.judge, history.read(repo, ids)), strict=True)
    return {ident: words for ident, words in judged if words}


def _tell(repo: Repo, ids: Sequence[str], there: Connection) -> None:
    """Read in a process of its own, which ends in silence if nobody waits for it any more."""
    with suppress(Exception):  # then the other process reads them itself, and says what is wrong
        there.send(_read(repo, ids))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let what is started here leave an interrupt from the keyboard to us."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
