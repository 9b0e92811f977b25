from __future__ import annotations

import pytest

from li_vault.core.matching import match
from li_vault.core.model import Coverage, Person, Roster, Row
from li_vault.core.planning import guards
from li_vault.core.planning.guards import Circumstances, Policy, Refusal
from li_vault.core.planning.plan import Plan, draw_plan
from matching import numbered
from people import LINKEDIN

SEEN = Circumstances(
    taken_on="2026-11-23",
    last_taken_on="2026-10-20",
    owner="",
    vault_owner="",
    listed=1,
    damage=(0, 0),
    last_damage=(0, 0),
)


def who(number: int, **changes: object) -> Person:
    """An invented person by number."""
    base = Person(
        first_name=f"First{number}",
        last_name=f"Last{number}",
        url=f"https://www.linkedin.com/in/p{number}",
        company=f"Company {number}",
        connected_on=f"2020-{number % 12 + 1:02}-{number % 27 + 1:02}",
    )
    return base._replace(**changes)  # type: ignore[arg-type]


def people(*numbers: int, **changes: object) -> list[Person]:
    """Invented people by numbers."""
    return [who(number, **changes) for number in numbers]


def plan(before: list[Person], after: list[Person], coverage: Coverage = LINKEDIN) -> Plan:
    """What a full list makes of another."""
    first = match.match_rows(Roster({}), numbered(before), coverage)
    roster = draw_plan(Roster({}), first, coverage, full=True).after
    second = match.match_rows(roster, numbered(after), coverage)
    return draw_plan(roster, second, coverage, full=True)


def rules(
    before: list[Person], after: list[Person], policy: Policy | None = None, **seen: object
) -> list[str]:
    """The rules that refuse a full list after another."""
    circumstances = SEEN._replace(**{"listed": len(after), **seen})  # type: ignore[arg-type]
    found = guards.judge(plan(before, after), circumstances, policy or Policy())
    return [refusal.rule for refusal in found]


# gone


@pytest.mark.parametrize(
    ("present", "gone", "refused"),
    [
        (50, 10, False),  # not more than 10 people
        (50, 11, True),
        (110, 11, False),  # not more than 10 %
        (109, 11, True),
        (3, 1, False),
        (3, 2, True),  # more than half of 3
        (2, 2, False),  # fewer than 3
        (4, 2, False),  # just half
        (20, 10, False),
        (21, 11, True),
    ],
)
def test_gone(present: int, gone: int, refused: bool) -> None:
    everyone = people(*range(present))
    known = everyone[gone:] or [who(99)]
    policy = Policy(stranger_share=0)
    assert rules(everyone, known, policy) == ["gone"] * refused


def test_gone_counts_only_who_is_present() -> None:
    everyone = people(*range(4))
    roster = plan(everyone, everyone[:2]).after
    matching = match.match_rows(roster, [Row(1, who(0))], LINKEDIN)
    drawn = draw_plan(roster, matching, LINKEDIN, full=True)
    assert guards.judge(drawn, SEEN, Policy()) == []  # one of two


def test_gone_follows_its_settings() -> None:
    everyone = people(*range(50))
    assert rules(everyone, everyone[12:], Policy(gone_people=12)) == []
    assert rules(everyone, everyone[12:], Policy(gone_share=24)) == []
    assert rules(everyone, everyone[1:], Policy(gone_people=0, gone_share=0)) == ["gone"]
    assert rules(everyone[:3], everyone[:1], Policy(gone_most=67)) == []
    assert rules(everyone[:3], everyone[:1], Policy(gone_most_from=4)) == []


# changed


@pytest.mark.parametrize(("changed", "refused"), [(5, False), (6, True), (10, True)])
def test_changed(changed: int, refused: bool) -> None:
    after = [*people(*range(changed), company="New"), *people(*range(changed, 10))]
    assert rules(people(*range(10)), after) == ["changed"] * refused
    assert rules(people(*range(10)), after, Policy(changed_share=100)) == []


def test_changed_counts_those_who_stay() -> None:
    before = people(*range(20))
    after = [*people(0, 1, 2, company="New"), who(3), who(4), *people(*range(40, 90))]
    assert "changed" in rules(before, after)


def test_a_column_that_appears_is_no_change() -> None:
    before = people(*range(10), url="")
    new = frozenset({"url", "position"})
    assert rules(before, people(*range(10)), appeared=new) == []
    assert rules(before, people(*range(10), position="Boss"), appeared=new) == []
    assert rules(before, people(*range(10), company="New"), appeared=new) == ["changed"]


def test_a_column_that_was_there_and_empty_did_not_appear() -> None:
    before = people(*range(10), position="")
    assert rules(before, people(*range(10), position="Boss")) == ["changed"]


def test_an_extra_column_that_appears_is_no_change() -> None:
    after = people(*range(10), extra=(("Tags", "x"),))
    assert rules(people(*range(10)), after, appeared=frozenset({"Tags"})) == []


def test_a_column_appears_even_where_some_have_a_value_of_old() -> None:
    before = [*people(*range(9)), who(9, position="Smith")]
    after = people(*range(10), position="Boss")
    assert rules(before, after, appeared=frozenset({"position"})) == []


def test_cut_texts_are_no_change() -> None:
    before = people(*range(10), position="x" * 100)
    assert rules(before, people(*range(10), position="x" * 120)) == []
    assert rules(before, people(*range(10), position="y" * 120)) == ["changed"]


def test_days_that_shift_by_one_with_the_era_are_no_change() -> None:
    before = people(*range(10), connected_on="2018-05-05")
    assert rules(before, people(*range(10), connected_on="2018-05-06")) == []
    shifted = people(*range(10), connected_on="2018-05-06", company="New")
    assert rules(before, shifted) == ["changed"]


def test_only_what_counts_is_counted() -> None:
    """Six of ten would change, but one of them by a shifted day alone."""
    before = people(*range(10), connected_on="2018-05-05")
    after = [*people(*range(5), company="New", connected_on="2018-05-05")]
    after += people(5, connected_on="2018-05-06")
    after += people(*range(6, 10), connected_on="2018-05-05")
    assert rules(before, after) == []
    after[5] = who(5, connected_on="2018-05-06", company="New")
    assert rules(before, after) == ["changed"]


def test_days_that_shift_by_more_are_changes() -> None:
    """Such as day and month changed over by a spreadsheet."""
    before = people(*range(10), connected_on="2018-05-06")
    assert rules(before, people(*range(10), connected_on="2018-06-05")) == ["changed"]


# stranger


@pytest.mark.parametrize(
    ("size", "known", "refused"), [(20, 3, True), (20, 4, False), (19, 0, False), (40, 7, True)]
)
def test_stranger(size: int, known: int, refused: bool) -> None:
    after = people(*range(known), *range(100, 100 + size - known))
    found = rules(people(*range(size)), after, Policy(gone_share=100, gone_most=100))
    assert found == ["stranger"] * refused


def test_stranger_looks_at_the_smaller_side() -> None:
    lenient = Policy(gone_share=100, gone_most=100)
    few = people(0, 100, 101, 102, 103)
    assert rules(people(*range(30)), few, lenient) == []
    assert rules(people(*range(30)), people(100, 101), lenient) == ["stranger"]
    many = people(*range(4), *range(100, 200))
    assert rules(people(*range(20)), many, lenient) == []
    lenient = Policy(gone_share=100, gone_most=100, stranger_share=5)
    assert rules(people(*range(20)), people(0, *range(100, 119)), lenient) == []
    lenient = Policy(gone_share=100, gone_most=100, stranger_from=21)
    assert rules(people(*range(20)), people(*range(100, 120)), lenient) == []


@pytest.mark.parametrize(
    ("owner", "vault_owner", "refused"),
    [
        ("Ada Lovelace", "Ada Lovelace", False),
        ("ADA  Lövelace", "Ada Lovelace", False),
        ("Eve Moth", "Ada Lovelace", True),
        ("", "Ada Lovelace", False),
        ("Eve Moth", "", False),
    ],
)
def test_another_owner_is_a_stranger(owner: str, vault_owner: str, refused: bool) -> None:
    found = rules([who(0)], [who(0)], owner=owner, vault_owner=vault_owner)
    assert found == ["stranger"] * refused


# older, empty, damaged


@pytest.mark.parametrize(
    ("last", "refused"),
    [("", False), ("2026-11-22", False), ("2026-11-23", False), ("2026-11-24", True)],
)
def test_older(last: str, refused: bool) -> None:
    assert rules([who(0)], [who(0)], last_taken_on=last) == ["older"] * refused


def test_empty() -> None:
    assert rules([who(0)], []) == ["empty"]
    assert rules([], []) == ["empty"]


@pytest.mark.parametrize(
    ("now", "last", "refused"),
    [(0, 0, False), (1, 0, True), (1, 1, False), (2, 1, True), (1, 5, False), (9, None, False)],
)
def test_damaged(now: int, last: int | None, refused: bool) -> None:
    before = None if last is None else (last, 2)
    assert rules([who(0)], [who(0)], damage=(now, 2), last_damage=before) == ["damaged"] * refused


def test_another_kind_of_damage_is_new() -> None:
    assert rules([who(0)], [who(0)], damage=(1, 0), last_damage=(0, 3)) == ["damaged"]


# what is done about it


def test_a_plain_list_is_not_refused() -> None:
    everyone = people(*range(100))
    assert rules(everyone, [*everyone[3:], who(200)]) == []
    assert rules([], everyone) == []


def test_every_refusal_says_what_it_saw_and_what_allowing_does() -> None:
    before = people(*range(30))
    after = people(*range(100, 110))
    seen = Circumstances("2026-01-01", "2026-02-02", "Eve", "Ada", 10, (3, 0), (0, 0))
    found = guards.judge(plan(before, after), seen, Policy())
    assert [refusal.rule for refusal in found] == ["gone", "stranger", "older", "damaged"]
    assert all(refusal.saw for refusal in found)
    assert all(refusal.allowing for refusal in found if refusal.rule in guards.ALLOWABLE)
    words = " ".join(refusal.saw for refusal in found)
    assert "First" not in words
    assert "Eve" not in words


def test_what_cannot_be_allowed_comes_first() -> None:
    refusals = [Refusal(rule, "", "") for rule in guards.RULES]
    assert "older" not in guards.ALLOWABLE
    first = guards.first_not_allowed(refusals, ())
    assert first is not None
    assert first.rule == "older"
    left = [refusal for refusal in refusals if refusal.rule != "older"]
    second = guards.first_not_allowed(left, {"gone"})
    assert second is not None
    assert second.rule == "empty"
    assert guards.first_not_allowed(left, set(guards.ALLOWABLE)) is None


def test_settings_are_named_as_git_names_them() -> None:
    settings = {"gonepeople": "3", "changed-Share": " 4 ", "stranger_from": "5", "other": "x"}
    assert Policy.of(settings) == Policy(gone_people=3, changed_share=4, stranger_from=5)
    assert Policy.of({}) == Policy()


@pytest.mark.parametrize("value", ["", "ten", "-1", "1.5", "²", "10%"])
def test_a_setting_must_be_a_number(value: str) -> None:
    with pytest.raises(ValueError, match=r"li-vault\.gonePeople"):
        Policy.of({"gonePeople": value})
