"""What a commit changed of people's jobs, which is most of what ever changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from li_vault.core import vault_layout
from li_vault.core.model import Contact


class Move(NamedTuple):
    """Someone whose job changed and nothing else: no line of the user's, the card in its place.

    Attributes:
        file: The file name of the card.
        name: What the person is called.
        url: The address of the profile.
        old_company: Where the person worked before, "" if that was not known.
        old_position: As what.
        company: Where the person works since; after several changes all can be the same again.
        position: As what.
    """

    file: str
    name: str
    url: str
    old_company: str
    old_position: str
    company: str
    position: str


class Chapter(NamedTuple):
    """What one commit changed of people.

    Attributes:
        moves: Those whose job changed and nothing else.
        others: The file names of all other cards that differ.
    """

    moves: Sequence[Move]
    others: Sequence[str]


def chapter(paths: Collection[str], pairs: Iterable[tuple[Contact, Contact]]) -> Chapter:
    """What a commit changed.

    Args:
        paths: All paths that it changed, and no harm if more.
        pairs: People before and after; those who stay as they are, or are missing, do no harm.
    """
    moves = [
        Move(
            after.file,
            after.shown.name,
            after.shown.url,
            before.shown.company,
            before.shown.position,
            after.shown.company,
            after.shown.position,
        )
        for before, after in pairs
        if after.path in paths and _has_only_moved(before, after)
    ]
    files = {path.partition("/")[2] for path in paths if vault_layout.is_card(path)}
    return Chapter(moves, sorted(files.difference(move.file for move in moves)))


def _has_only_moved(before: Contact, after: Contact) -> bool:
    """Whether a person is the same in everything that is told of people, but for the job."""
    was, now = before.shown, after.shown
    return (
        before[:2] == after[:2]
        and not (before.own or after.own or before.same_as or after.same_as)
        and was._replace(company="", position="") == now._replace(company="", position="")
    )
