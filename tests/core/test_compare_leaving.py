from __future__ import annotations

import pytest

from li_vault.core import compare
from li_vault.core.model import Contact, Person

DAY, OTHER = "2024-01-01", "2024-02-02"


def who(uid: str, day: str = DAY) -> Contact:
    """Someone of that date."""
    one = Person(first_name=uid, connected_on=day)
    return Contact(uid, f"former/{uid}.vcf", one, one)


@pytest.mark.parametrize(
    ("gone", "back", "before", "after", "reason"),
    [
        (1, 0, [], [DAY], "hidden"),
        (1, 0, [DAY], [DAY, DAY], "hidden"),
        (2, 0, [DAY], [DAY, DAY, DAY], "hidden"),
        (1, 0, [], [], "disconnected"),
        (1, 0, [DAY], [DAY], "disconnected"),
        (1, 0, [DAY], [], "disconnected"),
        (1, 0, [OTHER], [OTHER, OTHER], "disconnected"),
        (2, 0, [], [DAY], None),  # one of the two, and nothing tells which
        (1, 1, [DAY], [DAY], None),  # one may have come out of the row, another gone into it
        (1, 1, [DAY], [], "disconnected"),
        (1, 1, [], [DAY], "hidden"),
        (2, 0, [DAY, DAY], [DAY] * 4, "hidden"),
        (2, 0, [DAY, DAY], [DAY, DAY], "disconnected"),
        (2, 0, [DAY, DAY], [DAY], "disconnected"),
        (3, 0, [], [DAY, DAY], None),
        (2, 1, [DAY, DAY], [DAY, DAY], None),
        (2, 2, [DAY, DAY], [], "disconnected"),
        (2, 2, [], [DAY, DAY], "hidden"),
    ],
)
def test_reasons(
    gone: int, back: int, before: list[str], after: list[str], reason: str | None
) -> None:
    found = compare.leaving_reasons(
        [who(str(n)) for n in range(gone)],
        [who(f"b{n}") for n in range(back)],
        before,
        after,
    )
    assert found == {str(n): reason for n in range(gone)}


def test_each_date_is_judged_for_itself() -> None:
    found = compare.leaving_reasons([who("a"), who("b", OTHER)], [], [], [OTHER])
    assert found == {"a": "disconnected", "b": "hidden"}


def test_without_a_date_nothing_can_be_told() -> None:
    assert compare.leaving_reasons([who("a", "")], [], [], ["", DAY]) == {"a": None}


def test_nobody_is_gone() -> None:
    assert compare.leaving_reasons([], [who("a")], [DAY], []) == {}


def test_namesakes_of_one_date_are_judged_together() -> None:
    """Which of them turned into the row can't be told, even where they have one name."""
    twins = [who("a"), who("b")]
    assert compare.leaving_reasons(twins, [], [], [DAY]) == {"a": None, "b": None}
    assert compare.leaving_reasons(twins, [], [], [DAY, DAY]) == {"a": "hidden", "b": "hidden"}


def test_rows_without_name_of_other_dates_tell_nothing() -> None:
    """A nameless row that goes while someone of another date hides is no contradiction."""
    assert compare.leaving_reasons([who("a")], [], [OTHER, OTHER], [OTHER, DAY]) == {"a": "hidden"}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([DAY], [DAY], None),  # the row may be of someone else now, who closed the account
        ([DAY, DAY], [DAY], None),
        ([DAY], [], "disconnected"),
        ([], [], "disconnected"),
        ([], [DAY], "hidden"),
        ([OTHER], [OTHER], "disconnected"),
    ],
)
def test_over_a_long_time_a_row_need_not_be_the_same_one(
    before: list[str], after: list[str], reason: str | None
) -> None:
    assert compare.leaving_reasons([who("a")], [], before, after, is_long=True) == {"a": reason}


NEXT, LATER = "2024-01-02", "2024-01-03"


@pytest.mark.parametrize(
    ("days", "before", "after", "reasons"),
    [
        ([DAY], [], [], ["disconnected"]),
        ([DAY], [DAY], [OTHER], ["disconnected"]),
        ([DAY], [], [NEXT], ["hidden"]),
        ([NEXT], [], [DAY], ["hidden"]),
        ([DAY], [], [LATER], ["disconnected"]),
        ([DAY], [DAY], [NEXT], [None]),
        ([DAY], [LATER], [NEXT], [None]),  # it may have been the row of the third all the time
        ([DAY, NEXT], [], [NEXT], [None, None]),
        ([DAY, NEXT], [], [NEXT, NEXT], ["hidden", "hidden"]),
        ([DAY, OTHER], [], [NEXT], ["hidden", "disconnected"]),
        (["", "9999-12-31", "0001-01-01", "soon"], [], ["", "0001-01-01", "soon"],
         [None, "disconnected", "hidden", None]),
    ],
)  # fmt: skip
def test_lists_of_clocks_that_differ_by_a_day(
    days: list[str], before: list[str], after: list[str], reasons: list[str | None]
) -> None:
    gone = [who(str(number), day) for number, day in enumerate(days)]
    found = compare.leaving_reasons_near_days(iter(gone), before, after)
    assert list(found.values()) == reasons
