"""Two states of one contact compared, field by field; home of deepdiff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

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


def contact_facts(person: Person) -> dict[str, str]:
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


def facts_differ(before: Person, after: Person) -> bool:
    """Whether anything that counts as a change differs."""
    return before != after and bool(changed_fields(contact_facts(before), contact_facts(after)))


def changed_fields(old: dict[str, str], new: dict[str, str]) -> set[str]:
    """The fields of two sets of `facts` that differ in a way that counts as a change."""
    return {
        field
        for field in old.keys() | new.keys()
        if is_field_change(field, old.get(field, ""), new.get(field, ""))
    }


def is_field_change(field: str, old: str, new: str) -> bool:
    """Whether two values of a field differ in a way that counts as a change."""
    return old != new and not _says_the_same(field, old, new)


def field_changes(before: Person, after: Person) -> tuple[Change, ...]:
    """Every change of one person, in the order of the fields.

    White space, the spelling of an unchanged address, and a text that was cut off at 100
    characters and now shows longer (or the other way round) are no change.
    """
    if before == after:
        return ()
    if before.extra != after.extra:
        return _with_columns(contact_facts(before), contact_facts(after))
    found = []
    for place, field in _PLACES:  # comparisons over years have 30,000 people to go through
        if before[place] != after[place]:
            one, other = _joined(before[place]), _joined(after[place])
            if is_field_change(field, one, other):
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


class ValueExchange(NamedTuple):
    """Of several values of one field: those that went, and those that came."""

    went: tuple[str, ...]
    came: tuple[str, ...]


def exchanged_values(before: Sequence[str], after: Sequence[str]) -> ValueExchange:
    """Which of a person's e-mail addresses (or phones) went and which came, whatever their order.

    Where there are several to tell apart, deepdiff does.
    """
    if before == after:
        return ValueExchange((), ())
    if len(before) < 2 and len(after) < 2:
        return ValueExchange(tuple(before), tuple(after))
    from deepdiff import DeepDiff

    delta = DeepDiff(list(before), list(after), ignore_order=True, view="tree")
    nodes = [node for found in delta.values() for node in found]
    went = {node.t1 for node in nodes if isinstance(node.t1, str)}
    came = {node.t2 for node in nodes if isinstance(node.t2, str)}
    return ValueExchange(
        tuple(value for value in before if value in went),
        tuple(value for value in after if value in came),
    )


def _joined(value: Any) -> str:  # noqa: ANN401 - text, or several
    return value if isinstance(value, str) else ", ".join(value)


_EVERY_FIELD = Person("x", "x", "x", ("x",), ("x",), "x", "x", "x", "x")
_PLACE = {field: place for place, field in enumerate(contact_facts(_EVERY_FIELD))}
"""The order of the fields; columns follow, by name."""

_PLACES = [
    (Person._fields.index("url" if field == "profile_url" else field), field) for field in _PLACE
]
"""Where each field stands in a `Person`, in that order."""


def _says_the_same(field: str, old: str, new: str) -> bool:
    if field == "profile_url":
        return text.profile_slug(old) == text.profile_slug(new) != ""
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


JOBS: Final = "jobs"
NAMES: Final = "names"
EMAILS: Final = "emails"
URLS: Final = "urls"
KIND_NEW: Final = "new"
KIND_GONE: Final = "gone"
KIND_RETURNED: Final = "returned"
OTHER: Final = "other"

CATEGORIES: Final = (JOBS, NAMES, EMAILS, URLS, KIND_NEW, KIND_GONE, KIND_RETURNED, OTHER)
"""The words by which one asks for some of the differences alone."""

ALL_CATEGORIES: Final = frozenset(CATEGORIES)

_WORD_OF = {
    "company": JOBS,
    "position": JOBS,
    "first_name": NAMES,
    "last_name": NAMES,
    "full_name": NAMES,
    "emails": EMAILS,
    "profile_url": URLS,
}
_NAMES = frozenset({"first_name", "last_name", "full_name"})

MOVED: Final = "moved company"
ROLE: Final = "new role"
RENAMED: Final = "renamed"
ADDRESS: Final = "new address"
WITHDRAWN: Final = "address withdrawn"
PROFILE: Final = "new profile URL"
REST: Final = "other changes"

_WORD_OF_KIND: Final = {
    MOVED: JOBS,
    ROLE: JOBS,
    RENAMED: NAMES,
    ADDRESS: EMAILS,
    WITHDRAWN: EMAILS,
    PROFILE: URLS,
    REST: OTHER,
}
CHANGE_KINDS: Final = tuple(_WORD_OF_KIND)
"""In the order in which they are reported."""


class CategorisedChange(NamedTuple):
    """One change as it is reported: the values before and after, "" for none.

    Of a profile's address it is the part that differs.
    """

    kind: str
    before: str
    after: str

    @property
    def word(self) -> str:
        """The word that asks for it."""
        return _WORD_OF_KIND[self.kind]


def category(field: str) -> str:
    """The word that asks for the changes of a field."""
    return _WORD_OF.get(field, OTHER)


def categorise(before: Person, after: Person, changes: Sequence[Change]) -> list[CategorisedChange]:
    """The changes of one person, each once, in the order of `OF_CHANGES`."""
    fields = [change.field for change in changes]
    found = []
    if "company" in fields:
        found.append(describe_move(before.company, before.position, after.company, after.position))
    elif "position" in fields:
        found.append(
            CategorisedChange(ROLE, before.position, describe_role(after.company, after.position))
        )
        if len(fields) == 1:
            return found  # the usual change, of 30,000
    if not _NAMES.isdisjoint(fields):
        found.append(_renamed(before, after))
    if "emails" in fields:
        found.append(_address(before.emails, after.emails))
    if "profile_url" in fields:
        found.append(
            CategorisedChange(
                PROFILE, *(text.profile_slug(p.url) or p.url for p in (before, after))
            )
        )
    rest = [change for change in changes if change.field not in _WORD_OF]
    if rest:
        found.append(CategorisedChange(REST, *(_named(rest, side) for side in (1, 2))))
    return found


def describe_move(
    old_company: str, old_position: str, company: str, position: str
) -> CategorisedChange:
    """Another company, as it is reported: with the position, if that is another one, too."""
    if old_position == position:
        return CategorisedChange(MOVED, old_company, company)
    return CategorisedChange(MOVED, _job(old_company, old_position), _job(company, position))


def _job(company: str, position: str) -> str:
    """What someone does, and where; a position by itself must not be taken for a company."""
    return (
        f"{position} (no company)" if position and not company else describe_work(company, position)
    )


def describe_role(company: str, position: str) -> str:
    """Another position, as it is reported: with the company, which is the one it was before."""
    return f"{position} ({company})" if position and company else position


def describe_work(company: str, position: str) -> str:
    """What someone does, and where."""
    return f"{position}, {company}" if position and company else position or company


def _renamed(before: Person, after: Person) -> CategorisedChange:
    if before.name != after.name:
        return CategorisedChange(RENAMED, before.name, after.name)
    # The same words, shared out differently between first and last name.
    return CategorisedChange(
        RENAMED, *(f"{one.last_name}, {one.first_name}" for one in (before, after))
    )


def _address(before: tuple[str, ...], after: tuple[str, ...]) -> CategorisedChange:
    went, came = exchanged_values(before, after)
    if went and came:  # the same one, spelt in another way, neither went nor came
        old, new = ({email.lower() for email in several} for several in (before, after))
        went = tuple(email for email in went if email.lower() not in new)
        came = tuple(email for email in came if email.lower() not in old)
    if not went and not came:  # another one comes first
        went, came = before, after
    return CategorisedChange(ADDRESS if came else WITHDRAWN, ", ".join(went), ", ".join(came))


def _named(changes: Iterable[Change], side: int) -> str:
    """The values of several fields on one side, each with the field's name."""
    values = ((change.field, change[side]) for change in changes)
    return "; ".join(f"{field.replace('_', ' ')}: {value}" for field, value in values if value)
