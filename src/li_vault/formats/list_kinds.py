"""What the kind of a list alone tells of it, without any format being loaded."""

from __future__ import annotations

_CONNECTIONS = "linkedin-connections/"
_FULL = (_CONNECTIONS, "linkedin-outlook/", "linkedin-yahoo/", "linkedin-vcf/")
_EITHER = "linkedin-portability/"


def lists_everyone(kind: str) -> bool | None:
    """Whether lists of this kind are full; None if that is another matter with each of them."""
    return None if kind.startswith(_EITHER) else kind.startswith(_FULL)


def has_days(kind: str) -> bool:
    """Whether lists of this kind are LinkedIn's own, with the day of connecting in every row."""
    return kind.startswith(_CONNECTIONS)
