"""What was told of which trouble, kept in `.git/li-vault/`; without it, it is told once more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from li_vault.core import reminding
from li_vault.core.reminding import Memory
from li_vault.store import cache
from li_vault.store.repo import Repo

_NAME = "reminders"
_FAILING = "failing"


def load(repo: Repo) -> dict[str, Memory]:
    """What is remembered, by key; nothing if it can't be read."""
    try:
        rows = json.loads(cache.load(repo, _NAME) or b"{}")
        return {key: Memory(_day(since), _day(told) if told else None)
                for key, (since, told) in rows.items()}  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        return {}


def save(repo: Repo, memories: Mapping[str, Memory]) -> None:
    """Keep what is to be remembered."""
    rows = {
        key: [one.since.isoformat(), one.told.isoformat() if one.told else None]
        for key, one in memories.items()
    }
    cache.save(repo, _NAME, json.dumps(rows, indent=0).encode())


def is_news(repo: Repo, words: str) -> bool:
    """Whether this has to be told of what goes wrong in every look at a folder.

    It is kept as the last that was told; "" for a look in which nothing goes wrong. What can't be
    kept is no news: it would be told in every look.
    """
    said = reminding.gist(words).encode("utf-8", "replace")
    if (cache.load(repo, _FAILING) or b"") == said:
        return False
    cache.save(repo, _FAILING, said)
    return bool(words) and cache.load(repo, _FAILING) == said


def _day(text: str) -> date:
    return date.fromisoformat(text)
