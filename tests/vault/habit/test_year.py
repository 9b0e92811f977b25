"""A year of the habit, day by day, by a moved clock: what a person wants to hear, and no more.

Every 26 days the person downloads the export. Two of these days are forgotten, so that twelve
exports are made in the year; one download is somebody else's list, and is put right the next day;
one remote is away for a month. The timer runs `remind` every day.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

import outside
import websites
from desktops import Desktop
from li_vault.host import user_folders
from network import Network
from outside import Call, git

FIRST = date(2027, 1, 5)
DAYS = 364
EVERY = 26
FORGOTTEN = {4 * EVERY, 11 * EVERY}
REFUSED = 6 * EVERY
AWAY = range(8 * EVERY, 8 * EVERY + 30)
RHYTHM = 31

EXPORTS = [day for day in range(0, DAYS, EVERY) if day not in FORGOTTEN]
RECORDED = [day + (day == REFUSED) for day in EXPORTS]


class Heard(NamedTuple):
    """What was to be heard on a day: the titles of notices, and where the health check was told."""

    day: int
    titles: tuple[str, ...]
    ping: str


def wanted() -> list[Heard]:
    """What a person would want to hear, worked out without li-vault."""
    found = []
    lacking_since: int | None = None
    for day in range(DAYS):
        titles = []
        if day in RECORDED:
            titles.append("LinkedIn contacts recorded")
            if day in AWAY and lacking_since is None:
                lacking_since = day
        if day == REFUSED:
            titles.append("Not recorded")
        last = max(one for one in RECORDED if one <= day)
        late = day - last - RHYTHM
        if late > 0 and (late - 1) % 7 == 0:
            titles.append("LinkedIn contacts: a snapshot is due")
        if day not in AWAY:
            lacking_since = None
        if lacking_since is not None and day > lacking_since and (day - lacking_since) % 7 == 0:
            titles.append("LinkedIn contacts: the copy nas is away")
        ping = "/1" if late > 0 else ""
        if day == REFUSED or lacking_since is not None:
            ping = "/fail"
        found.append(Heard(day, tuple(titles), ping))
    return found


@pytest.mark.sweep
@pytest.mark.timeout(600)
def test_a_year(
    call: Call, vault_dir: Path, tmp_path: Path, home: Path, desktop: Desktop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert len(EXPORTS) == 12
    downloads = home / "Downloads"
    downloads.mkdir()
    nas, away, usb = (tmp_path / name for name in ("nas.git", "away.git", "usb.git"))
    call("init", vault_dir)
    for copy in (nas, usb):
        call("remote", "add", copy.stem, copy, "--create", "--vault", vault_dir)
    network = Network(seed=97, people=40, day=FIRST)
    strangers = Network(seed=98, people=40, day=FIRST)
    heard: list[Heard] = []
    seen = 0
    with websites.monitor() as monitor:
        git(vault_dir, "config", "li-vault.ping", monitor.address)
        for day in range(DAYS):
            today = FIRST + timedelta(day)
            monkeypatch.setattr(user_folders, "today", lambda today=today: today)
            if day == AWAY.start:
                nas.rename(away)
            if day == AWAY.stop:
                away.rename(nas)
            if day in EXPORTS or day == REFUSED + 1:
                if day and day != REFUSED + 1:
                    network.advance(today)
                file = downloads / network.archive_name
                lists = {"Connections.csv": strangers.connections()} if day == REFUSED else None
                file.write_bytes(network.archive(lists))
            said = outside.one_object(call("remind", "--vault", vault_dir, "--json", status=None))
            titles = tuple(one["title"].partition(": Basic")[0] for one in said["told"])
            paths = [one.path.removeprefix("/uuid-of-nobody") for one in monitor.pings[day:]]
            assert len(paths) == 1
            heard.append(Heard(day, titles, paths[0]))
            seen += len(titles)
    assert [(a, b) for a, b in zip(heard, wanted(), strict=True) if a != b] == []
    assert len(desktop.await_shown(seen)) == seen
    log = outside.one_object(call("log", "--vault", vault_dir, "--json"))["snapshots"]
    days = [FIRST + timedelta(day) for day in EXPORTS]
    assert [one["taken_on"] for one in reversed(log)] == [day.isoformat() for day in days]
    tips = {git(place, "rev-parse", "main") for place in (vault_dir, nas, usb)}
    assert len(tips) == 1
    status = outside.one_object(call("status", "--vault", vault_dir, "--json"))
    for one in status["remotes"].values():
        assert one["behind"] == 0
        proved = date.fromisoformat(one["last_verified"])
        assert proved >= FIRST + timedelta(DAYS - 33), "proved in turn, every month"
