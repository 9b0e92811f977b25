"""What is told to someone who is not looking: a title, and at most three lines to act on.

No one's name stands in it: a desktop shows it to whoever passes by, and mail travels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from li_vault.core.messages import Record

PAGE = "https://www.linkedin.com/mypreferences/d/download-my-data"
"""LinkedIn's page for the export."""


class Notice(NamedTuple):
    """A notice.

    Attributes:
        title: A few words.
        lines: At most three; what happened, and what to do.
        is_trouble: Whether something has to be done.
    """

    title: str
    lines: tuple[str, ...]
    is_trouble: bool = True

    @property
    def body(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def recorded(records: Sequence[Record], lacking: Sequence[str]) -> Notice:
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
    return Notice("LinkedIn contacts recorded", tuple(lines), bool(lacking))


def not_recorded(source: str, message: str, hint: str) -> Notice:
    """An export was refused by a guard, or can't be read."""
    return Notice(f"Not recorded: {source}", tuple(filter(None, (message, hint))))


def many_not_recorded(sources: Sequence[str]) -> Notice:
    """Several exports at once were refused by guards, or can't be read."""
    shown = ", ".join(sources[:3])
    return Notice(
        f"{len(sources)} exports were not recorded",
        (f"Among them {shown}.", "See why, and what to do: li-vault status"),
    )


def overdue(taken_on: str | None, age_days: int | None) -> Notice:
    """A snapshot is due: how old the last one is, LinkedIn's page, what to click."""
    if taken_on is None:
        age = "No snapshot of your LinkedIn contacts was made yet."
    else:
        age = f"The last snapshot of your LinkedIn contacts is {age_days} days old ({taken_on})."
    return Notice(
        "LinkedIn contacts: a snapshot is due",
        (
            age,
            f"Open {PAGE}",
            "Choose Connections and Request archive; download it once LinkedIn's mail is here.",
        ),
    )


def failed(message: str, hint: str) -> Notice:
    """Something else that was to be done could not be."""
    return Notice("LinkedIn contacts: something needs you", tuple(filter(None, (message, hint))))


def behind(name: str, commits: int, days: int, *, reason: str) -> Notice:
    """A remote can't be reached or pushed to, for some days already."""
    lacks = f"; it lacks {commits} commit{'' if commits == 1 else 's'}" if commits else ""
    return Notice(
        f"LinkedIn contacts: the copy {name} is away",
        (
            f"Nothing could be brought to {name} for {days} days{lacks}.",
            " ".join(reason.split())[:200] or "It can't be reached.",
            f"See how it is: li-vault remote check {name}",
        ),
    )


def damaged(name: str, findings: int) -> Notice:
    """A remote was proved, and is damaged."""
    many = "one damage was" if findings == 1 else f"{findings} damages were"
    return Notice(
        f"LinkedIn contacts: {name} is damaged",
        (f"The copy {name} was looked through, and {many} found.",
         f"See what, and what to do: li-vault verify --remote {name}"),
    )  # fmt: skip
