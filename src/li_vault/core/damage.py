"""Damage as data: what is wrong with a vault or a copy of it, where, and what to do."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is damaged.

    Attributes:
        kind: What kind of thing: `object`, `file` (of `.git`), `ref`, `history`, `layout`,
            `card`, `reader`, `account`, `derivation`, `original` or `work-tree`.
        commit: The commit it is found in, or empty.
        path: The path in the vault (or in its folder, for a file of `.git`), or empty.
        message: What was found and what was expected, in words that name no one.
        hint: What to do.
    """

    kind: str
    commit: str
    path: str
    message: str
    hint: str
