"""Which reminders are due, and their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from li_vault.core.snapshot import Trailers

PAGE = "https://www.linkedin.com/mypreferences/d/download-my-data"
"""LinkedIn's page for the export."""


class Notification(NamedTuple):
    """A notice."""

    title: str
    lines: tuple[str, ...]
    is_trouble: bool = True

    @property
    def body(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def recorded_notification(records: Sequence[Trailers], lacking: Sequence[str]) -> Notification:
    """Exports were recorded, oldest first; `lacking` names the remotes that have not got them."""
    record = records[-1]
    counts = (
        f"{record.added} new, {record.changed} changed, {record.gone} gone, "
        f"{record.returned} returned."
    )
    more = f"{len(records)} snapshots, from {records[0].taken_on} on. " if len(records) > 1 else ""
    lines = [f"{more}The snapshot of {record.taken_on}: {counts}"]
    if lacking:
        lines.append(f"Not on {', '.join(lacking)} yet; it stays pending. See: li-vault push")
    return Notification("LinkedIn contacts recorded", tuple(lines), bool(lacking))


def not_recorded_notification(source: str, message: str, hint: str) -> Notification:
    """An export was refused by a guard, or can't be read."""
    return Notification(f"Not recorded: {source}", tuple(filter(None, (message, hint))))


def many_not_recorded_notification(sources: Sequence[str]) -> Notification:
    """Several exports at once were refused by guards, or can't be read."""
    shown = ", ".join(sources[:3])
    return Notification(
        f"{len(sources)} exports were not recorded",
        (f"Among them {shown}.", "See why, and what to do: li-vault status"),
    )


def overdue_notification(taken_on: str | None, age_days: int | None) -> Notification:
    """A snapshot is due: how old the last one is, LinkedIn's page, what to click."""
    if taken_on is None:
        age = "No snapshot of your LinkedIn contacts was made yet."
    else:
        age = f"The last snapshot of your LinkedIn contacts is {age_days} days old ({taken_on})."
    return Notification(
        "LinkedIn contacts: a snapshot is due",
        (
            age,
            f"Open {PAGE}",
            "Choose Connections and Request archive; download it once LinkedIn's mail is here.",
        ),
    )


def failed_notification(message: str, hint: str) -> Notification:
    """Something else that was to be done could not be."""
    return Notification(
        "LinkedIn contacts: something needs you", tuple(filter(None, (message, hint)))
    )


def behind_notification(name: str, commits: int, days: int, *, reason: str) -> Notification:
    """A remote can't be reached or pushed to, for some days already."""
    lacks = f"; it lacks {commits} commit{'' if commits == 1 else 's'}" if commits else ""
    return Notification(
        f"LinkedIn contacts: the copy {name} is away",
        (
            f"Nothing could be brought to {name} for {days} days{lacks}.",
            " ".join(reason.split())[:200] or "It can't be reached.",
            f"See how it is: li-vault remote check {name}",
        ),
    )


def damaged_notification(name: str, findings: int) -> Notification:
    """A remote was proved, and is damaged."""
    many = "one damage was" if findings == 1 else f"{findings} damages were"
    return Notification(
        f"LinkedIn contacts: {name} is damaged",
        (f"The copy {name} was looked through, and {many} found.",
         f"See what, and what to do: li-vault verify --remote {name}"),
    )  # fmt: skip


AGAIN = 7
"""Days after which the same trouble is reported again."""


def fingerprint(words: str) -> str:
    """What stays the same of an error that comes again: no path, and no number, as of a process."""
    return " ".join(re.sub(r"[^\s'\"]*/[^\s'\"]*|\d+", "", words).split())


class Trouble(NamedTuple):
    """Something that needs somebody.

    Attributes:
        notice: Makes the notice, told how many days it has lasted.
    """

    key: str
    notice: Callable[[int], Notification]
    patience: int = 0


class ReminderState(NamedTuple):
    """What is remembered of a trouble: since when it lasts, and when it was told last (or None)."""

    since: date
    told: date | None


class ReminderDecision(NamedTuple):
    """What to tell now, and what to remember of it."""

    notices: tuple[Notification, ...]
    memories: Mapping[str, ReminderState]


def select_reminders(
    troubles: Iterable[Trouble], memories: Mapping[str, ReminderState], today: date
) -> ReminderDecision:
    """Which troubles to report today; one that is over is forgotten, and begins anew."""
    notices = []
    kept = {}
    for one in troubles:
        known = memories.get(one.key)
        if known is None or known.since > today:
            known = ReminderState(today, None)
        told = known.told if known.told and known.told <= today else None
        lasted = (today - known.since).days
        is_due = lasted >= one.patience if told is None else (today - told).days >= AGAIN
        if is_due:
            notices.append(one.notice(lasted))
        kept[one.key] = ReminderState(known.since, today if is_due else told)
    return ReminderDecision(tuple(notices), kept)
