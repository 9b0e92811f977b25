"""The chapters of many commits, in the form in which years of them are told in a moment.

A comparison of two distant states takes the cards of everyone who changed in between, on both
sides: 54,000 of them for ten years of 30,000 people. For those of whom nothing but the job changed
it is enough to know their first job and their last one.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, repeat

from li_vault.core.careers import Chapter, Move
from li_vault.vault import roster_cache

_COLUMNS = 5  # of a move, in numbers: the person, and the four words that `Move` ends with


class Chronicle:
    """Chapters by the ids of their commits, with every person and every word in them once.

    As bytes they are parts, one a chapter in the order in which they came in, each behind a line
    that says how long it is. A part names people and words by their numbers, and brings those
    that no part before it has; how many those are stands in it, too.
    """

    def __init__(self, data: bytes) -> None:
        """The chapters of these bytes, as far as they are whole and of this version."""
        self._people: list[tuple[str, str, str]] = []
        self._words: list[str] = []
        self._moves: dict[str, Sequence[bytes]] = {}
        self._others: dict[str, Sequence[str]] = {}
        whole = end = 0
        while end < len(data):
            line, _, _ = data[whole : whole + 20].partition(b"\n")
            start = whole + len(line) + 1
            end = start + int(line) if line.isdigit() else len(data)
            values = roster_cache.unseal(data[start:end])
            if values is None or not self._take_in(*values):
                break
            whole = end
        self._data = data[:whole]

    def __contains__(self, ident: object) -> bool:
        return ident in self._others

    def __bytes__(self) -> bytes:
        return self._data

    def add(self, chapters: Iterable[tuple[str, Chapter]]) -> None:
        """Add chapters by the ids of their commits."""
        people = {person: number for number, person in enumerate(self._people)}
        words = {word: number for number, word in enumerate(self._words)}
        for ident, chapter in chapters:
            known = len(people), len(words)
            rows = [
                (
                    people.setdefault(move[:3], len(people)),
                    *(words.setdefault(word, len(words)) for word in move[3:]),
                )
                for move in chapter.moves
            ]
            new = list(people)[known[0] :], list(words)[known[1] :]
            columns = [array("I", column).tobytes() for column in zip(*rows, strict=True)]
            values = (ident, known, *new, columns or [b""] * _COLUMNS, list(chapter.others))
            self._take_in(*values)
            part = roster_cache.seal(values)
            self._data += b"%d\n" % len(part) + part

    def _take_in(
        self,
        ident: str,
        known: tuple[int, int],
        people: Iterable[tuple[str, str, str]],
        words: Iterable[str],
        columns: Sequence[bytes],
        others: Sequence[str],
    ) -> bool:
        """Take a part in, if it follows on the parts that are there."""
        if known != (len(self._people), len(self._words)):
            return False
        self._people += people
        self._words += words
        self._moves[ident] = columns
        self._others[ident] = others
        return True

    def others(self, idents: Iterable[str]) -> frozenset[str]:
        """The file names of those of whom the chapters of these commits do not tell everything."""
        return frozenset(chain.from_iterable(self._others[ident] for ident in idents))

    def moves(self, idents: Sequence[str], without: Collection[str]) -> Iterator[Move]:
        """The jobs before the first of these commits and after the last, in no order.

        Args:
            idents: Commits that follow on one another, oldest first.
            without: The file names of those who are left out.
        """
        if not idents:
            return iter(())
        parts = zip(*(self._moves[ident] for ident in idents), strict=True)
        who, *jobs = (array("I", b"".join(column)) for column in parts)
        last = dict(zip(who, range(len(who)), strict=True))
        first = dict(zip(reversed(who), range(len(who) - 1, -1, -1), strict=True))
        numbers = [number for number in last if self._people[number][0] not in without]
        ends = [list(map(side.__getitem__, numbers)) for side in (first, first, last, last)]
        word = self._words.__getitem__
        columns = [
            *zip(*map(self._people.__getitem__, numbers), strict=True),
            *(map(word, map(job.__getitem__, at)) for job, at in zip(jobs, ends, strict=True)),
        ]
        # What namedtuples do, but for 30,000 of them at once.
        return map(tuple.__new__, repeat(Move), zip(*columns, strict=True))
