"""What is told, and when."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from li_vault.core import reminders
from li_vault.core.reminders import Notification, ReminderState, Trouble

DAY = date(2027, 3, 1)


def _lasting(name: str, days: int) -> Notification:
    return Notification(name, (str(days),))


def trouble(key: str, patience: int = 0) -> Trouble:
    return Trouble(key, partial(_lasting, key), patience)


def told(days: dict[int, list[Trouble]], last: int) -> list[tuple[int, str, str]]:
    """What is told on which day, given what troubles there are on each."""
    memories: dict[str, ReminderState] = {}
    found = []
    for number in range(last):
        decision = reminders.select_reminders(
            days.get(number, []), memories, DAY + timedelta(number)
        )
        memories = dict(decision.memories)
        found += [(number, one.title, one.lines[0]) for one in decision.notices]
    return found


def test_once_a_week_until_it_is_over() -> None:
    days = {number: [trouble("due")] for number in [*range(3, 20), *range(22, 26)]}
    expected = [(3, "due", "0"), (10, "due", "7"), (17, "due", "14"), (22, "due", "0")]
    assert told(days, 30) == expected


def test_after_some_patience() -> None:
    days = {number: [trouble("nas", 7)] for number in [*range(5), *range(10, 26)]}
    assert told(days, 30) == [(17, "nas", "7"), (24, "nas", "14")]


def test_each_by_itself() -> None:
    days = {0: [trouble("a")], 1: [trouble("b"), trouble("a")], 8: [trouble("b"), trouble("a")]}
    assert [(day, who) for day, who, _ in told(days, 9)] == [(0, "a"), (1, "b"), (8, "b"), (8, "a")]


def test_a_clock_that_was_wrong_silences_nothing() -> None:
    ahead = {"due": ReminderState(DAY + timedelta(400), DAY + timedelta(400))}
    decision = reminders.select_reminders([trouble("due")], ahead, DAY)
    assert len(decision.notices) == 1
    assert decision.memories["due"] == ReminderState(DAY, DAY)
    told_ahead = {"due": ReminderState(DAY, DAY + timedelta(400))}
    assert reminders.select_reminders([trouble("due")], told_ahead, DAY).notices


@given(st.sets(st.integers(0, 60)), st.integers(0, 10))
def test_never_twice_within_a_week_of_one_trouble(present: set[int], patience: int) -> None:
    days = {number: [trouble("x", patience)] for number in present}
    found = [day for day, _, _ in told(days, 61)]
    for before, after in pairwise(found):
        gap = set(range(before, after)) <= present
        assert not gap or after - before >= reminders.AGAIN
    assert set(found) <= present


def test_a_notice_that_is_due_has_three_lines_and_no_ones_name() -> None:
    notice = reminders.overdue_notification("2026-10-12", 43)
    age, page, click = notice.lines
    assert "43 days old (2026-10-12)" in age
    assert "https://www.linkedin.com/" in page
    assert "Request archive" in click
    assert len(reminders.overdue_notification(None, None).lines) == 3


def test_the_gist_of_an_error_is_the_same_each_time() -> None:
    said = "git fast-import failed (status 128): fatal: file '{}' write error.\ndumping to {}{}"
    one = said.format("/v/.git/incoming/pack/tmp_pack_jNNjgH", ".git/fast_import_crash_", 29847)
    other = said.format("/v/.git/incoming/pack/tmp_pack_qMUPDc", ".git/fast_import_crash_", 9)
    assert reminders.fingerprint(one) == reminders.fingerprint(other)
    assert reminders.fingerprint(one) != reminders.fingerprint(other.replace("write", "read"))
    assert reminders.fingerprint("locked (process 12).") == reminders.fingerprint(
        "locked (process 345)."
    )
    assert reminders.fingerprint("") == ""
