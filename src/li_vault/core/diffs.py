"""What differs between two states of a person; the one home of deepdiff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from li_vault.core import text
from li_vault.core.model import Person

CUT = 100
"""LinkedIn cuts company and position off at this many characters."""

_CUT_FIELDS = frozenset({"company", "position"})


class Change(NamedTuple):
    """One field before and after; None is "nothing known"."""

    field: str
    before: str | None
    after: str | None


def facts(person: Person) -> dict[str, str]:
    """A person's facts by the field names of `--json`, without the empty ones.

    Several values of a field are one text, separated by ", ".
    """
    named = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "profile_url": person.url,
        "emails": ", ".join(person.emails),
        "phones": ", ".join(person.phones),
        "company": person.company,
        "position": person.position,
        "connected_on": person.connected_on,
    }
    for column, value in person.extra:
        named[column if column not in named else f"{column} (column)"] = value
    return {field: value for field, value in named.items() if value}


def differs(before: Person, after: Person) -> bool:
    """Whether anything that counts as a change differs."""
    return before != after and bool(changed_fields(facts(before), facts(after)))


def changed_fields(old: dict[str, str], new: dict[str, str]) -> set[str]:
    """The fields of two sets of `facts` that differ in a way that counts as a change."""
    return {
        field
        for field in old.keys() | new.keys()
        if is_change(field, old.get(field, ""), new.get(field, ""))
    }


def is_change(field: str, old: str, new: str) -> bool:
    """Whether two values of a field differ in a way that counts as a change."""
    return old != new and not _says_the_same(field, old, new)


def changes(before: Person, after: Person) -> tuple[Change, ...]:
    """Every change of one person, in the order of the fields.

    White space, the spelling of an unchanged address, and a text that was cut off at 100
    characters and now shows longer (or the other way round) are no change.
    """
    if before == after:
        return ()
    if before.extra != after.extra:
        return _with_columns(facts(before), facts(after))
    found = []
    for place, field in _PLACES:  # comparisons over years have 30,000 people to go through
        if before[place] != after[place]:
            one, other = _joined(before[place]), _joined(after[place])
            if is_change(field, one, other):
                found.append(Change(field, one or None, other or None))
    return tuple(found)


def _with_columns(old: dict[str, str], new: dict[str, str]) -> tuple[Change, ...]:
    """The changes of someone whose columns differ, which can be any, and any number."""
    counted = changed_fields(old, new)
    if not counted:
        return ()
    from deepdiff import DeepDiff  # takes a tenth of a second

    # With the default threshold two people who share few fields differ as a whole.
    delta = DeepDiff(
        old, new, view="tree", ignore_private_variables=False, threshold_to_diff_deeper=0
    )
    touched = {node.path(output_format="list")[0] for nodes in delta.values() for node in nodes}
    return tuple(
        Change(field, old.get(field), new.get(field))
        for field in sorted(touched & counted, key=lambda field: (_PLACE.get(field, 99), field))
    )


class Exchange(NamedTuple):
    """Of several values of one field: those that went, and those that came."""

    went: tuple[str, ...]
    came: tuple[str, ...]


def exchange(before: Sequence[str], after: Sequence[str]) -> Exchange:
    """Which of a person's e-mail addresses (or phones) went and which came, whatever their order.

    Where there are several to tell apart, deepdiff does.
    """
    if before == after:
        return Exchange((), ())
    if len(before) < 2 and len(after) < 2:
        return Exchange(tuple(before), tuple(after))
    from deepdiff import DeepDiff

    delta = DeepDiff(list(before), list(after), ignore_order=True, view="tree")
    nodes = [node for found in delta.values() for node in found]
    went = {node.t1 for node in nodes if isinstance(node.t1, str)}
    came = {node.t2 for node in nodes if isinstance(node.t2, str)}
    return Exchange(
        tuple(value for value in before if value in went),
        tuple(value for value in after if value in came),
    )


def _joined(value: Any) -> str:  # noqa: ANN401 - text, or several
    return value if isinstance(value, str) else ", ".join(value)


_EVERY_FIELD = Person("x", "x", "x", ("x",), ("x",), "x", "x", "x", "x")
_PLACE = {field: place for place, field in enumerate(facts(_EVERY_FIELD))}
"""The order of the fields; columns follow, by name."""

_PLACES = [
    (Person._fields.index("url" if field == "profile_url" else field), field) for field in _PLACE
]
"""Where each field stands in a `Person`, in that order."""


def _says_the_same(field: str, old: str, new: str) -> bool:
    if field == "profile_url":
        return text.slug(old) == text.slug(new) != ""
    if field not in _CUT_FIELDS or len(old) + len(new) <= CUT:  # too short to be cut, for all
        return False
    return is_cut(old, new) or is_cut(new, old)


def is_cut(short: str, long: str) -> bool:
    """Whether one text is the other, cut off where LinkedIn cuts."""
    if len(long) <= len(short) or not long.startswith(short):
        return False
    lengths = (len(short), _units(short))
    # A cut just behind a space left 99 characters, since the space was trimmed.
    return CUT in lengths or (CUT - 1 in lengths and long[len(short)] == " ")


def _units(value: str) -> int:
    """Length in UTF-16 code units, the characters that LinkedIn counts."""
    return len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
