"""The guards: rules that refuse an accident."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from li_vault.core import fields, text
from li_vault.core.model import FIELDS, Person
from li_vault.core.planning.plan import ContactChange, Plan

RULES = ("gone", "changed", "stranger", "older", "empty", "damaged")
ALLOWABLE = tuple(rule for rule in RULES if rule != "older")
"""The rules that `--allow` takes."""


class Policy(NamedTuple):
    """The thresholds; each is a default that `git config li-vault.NAME` sets in a vault.

    Shares are percentages.
    """

    gone_people: int = 10
    gone_share: int = 10
    gone_most: int = 50
    gone_most_from: int = 3
    changed_share: int = 50
    stranger_share: int = 20
    stranger_from: int = 20

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> Policy:
        """The policy of these settings, by name without regard to case or `_`.

        Raises:
            ValueError: A setting is no whole number; the text names it.
        """
        wanted = {field.replace("_", ""): field for field in cls._fields}
        chosen = {}
        for name, value in settings.items():
            field = wanted.get(name.lower().replace("_", "").replace("-", ""))
            if field is not None:
                if not (value.isascii() and value.strip().isdigit()):
                    msg = f"li-vault.{name} is {value!r}, not a whole number"
                    raise ValueError(msg)
                chosen[field] = int(value)
        return cls(**chosen)


class Refusal(NamedTuple):
    """A rule that speaks against a plan, what it saw, and what allowing it would do."""

    rule: str
    saw: str
    allowing: str


class Circumstances(NamedTuple):
    """What is known besides the plan.

    Attributes:
        taken_on: ISO day the export was made.
        last_taken_on: ISO day of the last snapshot, empty if there is none.
        owner: Owner named by the archive, empty if it does not tell.
        vault_owner: Owner named by the vault, empty if it does not tell.
        damage: Cells with lost characters and with double-encoded text, now.
        last_damage: The same in the last export; None if there is none.
        enriching: Whether the list only adds to those whom it knows, as an address book does.
        appeared: Fields of `Person` and columns that the last export could not speak of.
    """

    taken_on: str
    last_taken_on: str
    owner: str
    vault_owner: str
    listed: int
    damage: tuple[int, int]
    last_damage: tuple[int, int] | None
    appeared: frozenset[str] = frozenset()
    enriching: bool = False


def judge(plan: Plan, seen: Circumstances, policy: Policy) -> list[Refusal]:
    """Every rule that speaks against the plan, in the order of `RULES`."""
    found = [
        _gone(plan, policy),
        _changed(plan, seen, policy),
        _stranger(plan, seen, policy),
        _older(seen),
        _empty(seen),
        _damaged(seen),
    ]
    return [refusal for refusal in found if refusal is not None]


def first_not_allowed(refusals: list[Refusal], allowed: Collection[str]) -> Refusal | None:
    """The refusal that ends the snapshot; what can't be allowed comes first, then `empty`."""
    order = ("older", "empty", "stranger", "damaged", "gone", "changed")
    left = [refusal for refusal in refusals if refusal.rule not in allowed]
    return min(left, key=lambda refusal: order.index(refusal.rule), default=None)


def _gone(plan: Plan, policy: Policy) -> Refusal | None:
    present = len(plan.before.present)
    gone = len(plan.gone)
    many = gone > policy.gone_people and gone * 100 > policy.gone_share * present
    most = present >= policy.gone_most_from and gone * 100 > policy.gone_most * present
    if not (many or most):
        return None
    return Refusal(
        "gone",
        f"{gone} of {present} people would move to former/",
        "they would be moved; nobody is deleted, and they come back when a list has them again",
    )


def _changed(plan: Plan, seen: Circumstances, policy: Policy) -> Refusal | None:
    stay = len(plan.changed) + plan.unchanged
    if seen.enriching or len(plan.changed) * 100 <= policy.changed_share * stay:
        return None
    counted = sum(_counts(pair, seen.appeared) for pair in plan.changed)
    if counted * 100 <= policy.changed_share * stay:
        return None
    return Refusal(
        "changed",
        f"{counted} of the {stay} people who stay would change",
        "the new values would be recorded; the old ones stay in the history",
    )


def _counts(pair: ContactChange, appeared: frozenset[str]) -> bool:
    """Whether a change is one, besides columns that appear and a day that shifted by one."""
    before = _without(pair.before.person, appeared)
    after = _without(pair.after.person, appeared)
    if _is_day_apart(before.connected_on, after.connected_on):
        after = after._replace(connected_on=before.connected_on)
    return fields.facts_differ(before, after)


def _without(person: Person, appeared: frozenset[str]) -> Person:
    empty = {field: getattr(_NOBODY, field) for field in FIELDS & appeared}
    extra = tuple(pair for pair in person.extra if pair[0] not in appeared)
    return person._replace(**empty, extra=extra)


_NOBODY = Person()


def _is_day_apart(one: str, other: str) -> bool:
    """Whether two ISO days follow each other, as those of lists that wrote times can."""
    if not one or not other:
        return False
    try:
        return abs(date.fromisoformat(one) - date.fromisoformat(other)) == timedelta(days=1)
    except ValueError:
        return False


def _stranger(plan: Plan, seen: Circumstances, policy: Policy) -> Refusal | None:
    if (
        seen.owner
        and seen.vault_owner
        and text.name_key(seen.owner) != text.name_key(seen.vault_owner)
    ):
        return Refusal(
            "stranger",
            "the archive's Profile.csv names another owner than the vault",
            "the other account's connections would be mixed into this vault",
        )
    if seen.enriching:  # most of whom an address book lists are no LinkedIn contacts at all
        return None
    people = len(plan.before)
    smaller = min(seen.listed, len(plan.before.present) or people)
    if people < policy.stranger_from or not smaller:
        return None
    if plan.known * 100 >= policy.stranger_share * smaller:
        return None
    return Refusal(
        "stranger",
        f"only {plan.known} of the {seen.listed} people listed are known here, in a vault of "
        f"{people}",
        "the list would be recorded as this account's own",
    )


def _older(seen: Circumstances) -> Refusal | None:
    if not seen.last_taken_on or seen.taken_on >= seen.last_taken_on:
        return None
    return Refusal(
        "older",
        f"it was made on {seen.taken_on}, before the last snapshot of {seen.last_taken_on}",
        "",
    )


def _empty(seen: Circumstances) -> Refusal | None:
    if seen.listed:
        return None
    return Refusal("empty", "it lists no person", "everyone would move to former/")


def _damaged(seen: Circumstances) -> Refusal | None:
    if seen.last_damage is None:
        return None
    kinds = ("with lost characters (U+FFFD)", "with double-encoded text")
    more = [
        f"{now} cells {kind}, where the last export had {last}"
        for now, last, kind in zip(seen.damage, seen.last_damage, kinds, strict=True)
        if now > last
    ]
    if not more:
        return None
    return Refusal(
        "damaged", f"it has {' and '.join(more)}", "the damaged text would be recorded as it is"
    )
