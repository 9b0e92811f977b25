"""`remind`: what can be done alone is done; what needs somebody is told, and no more."""

from __future__ import annotations

import errno
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

import outside
import websites
from desktops import Desktop
from isolation import Samples
from li_vault.host import notifications
from li_vault.vault.habit import notify
from li_vault.vault.plan import api_source
from li_vault.vault.record import snapshot
from network import Network
from outside import DAY, Call, Remind, git, paths
from websites import Member, Monitor


def test_nothing_to_do(
    remind: Remind, vault: Path, monitor: Monitor, desktop: Desktop, call: Call
) -> None:
    before = outside.state(vault)
    said = remind(5)
    assert (said["state"], said["overdue"], said["due_on"]) == ("success", False, "2027-02-10")
    assert said["told"] == said["arrivals"] == said["errors"] == []
    assert (said["remotes"], said["proved"], said["fetched"]) == ({}, None, None)
    assert outside.state(vault) == before
    assert paths(monitor) == [""]
    assert "Last snapshot: 2027-01-10" in monitor.pings[0].body
    assert desktop.shown() == []
    assert "due on 2027-02-10" in call("remind", "--vault", vault).out


def test_overdue_is_told_in_three_lines_on_a_real_desktop(
    remind: Remind, monitor: Monitor, desktop: Desktop, call: Call, vault: Path
) -> None:
    assert remind(31)["told"] == []
    (told,) = remind(32)["told"]
    ((title, body),) = desktop.await_shown(1)
    assert (title, body.splitlines()) == (told["title"], told["lines"])
    assert len(told["lines"]) == 3
    assert "32 days old (2027-01-10)" in told["lines"][0]
    assert "linkedin.com" in told["lines"][1]
    said = call("remind", "--vault", vault).out
    assert told["lines"][0] in said
    for after in range(33, 50):
        remind(after)
    assert len(desktop.await_shown(3)) == 3, "again after a week, and after two"
    assert paths(monitor) == ["", *["/1"] * 19]


def test_a_download_is_recorded_pushed_and_told(
    remind: Remind, network: Network, folder: Path, call: Call, vault: Path, tmp_path: Path,
    desktop: Desktop,
) -> None:  # fmt: skip
    call("remote", "add", "nas", tmp_path / "nas.git", "--create", "--vault", vault)
    network.advance()
    outside.write(folder, network)
    said = remind(31)
    assert [one["state"] for one in said["arrivals"]] == ["recorded"]
    assert said["remotes"]["nas"]["state"] == "pushed"
    assert said["last"] == network.archive_name[-14:-4][-4:] + "-02-10"
    assert said["proved"] == {"remote": "nas", "whole": True, "findings": 0}
    ((title, body),) = desktop.await_shown(1)
    assert title == "LinkedIn contacts recorded"
    assert "new" in body
    assert remind(32)["proved"] is None, "once a month"


def test_remotes_are_proved_in_turn(
    remind: Remind, call: Call, vault: Path, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        call("remote", "add", name, tmp_path / f"{name}.git", "--create", "--vault", vault)
    proved = [remind(after)["proved"] for after in range(6)]
    assert [one and one["remote"] for one in proved] == ["a", "b", "c", None, None, None]
    assert [remind(31 + n)["proved"]["remote"] for n in range(3)] == ["a", "b", "c"]


def test_a_damaged_remote_is_told_and_pinged(
    remind: Remind,
    call: Call,
    vault: Path,
    tmp_path: Path,
    monitor: Monitor,
    desktop: Desktop,
    network: Network,
) -> None:
    nas = tmp_path / "nas.git"
    network.advance(DAY + timedelta(20))
    call("snapshot", outside.write(tmp_path, network), "--vault", vault)
    call("remote", "add", "nas", nas, "--create", "--vault", vault)
    call("push", "--vault", vault)
    git(nas, "update-ref", "refs/heads/main", "main~1")  # as a forced push would
    said = remind(21)
    assert said["proved"] == {"remote": "nas", "whole": False, "findings": 1}
    assert said["state"] == "failure"
    assert paths(monitor) == ["/fail"]
    (title, body) = desktop.await_shown(1)[0]
    assert title == "LinkedIn contacts: nas is damaged"
    assert "li-vault verify --remote nas" in body
    assert remind(22)["told"] == [], "told already"


def test_what_it_can_not_do_keeps_nothing_else_from_being_done(
    remind: Remind, folder: Path, vault: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(vault, "config", "li-vault.ping", "http://127.0.0.1:1/x")
    git(vault, "config", "li-vault.mail", "me@example.org")
    monkeypatch.setenv("LI_VAULT_TOKEN", "two words")
    said = remind(40, status=2)
    assert [one["kind"] for one in said["errors"]] == ["usage"]
    assert [one["title"] for one in said["told"]] == [
        "LinkedIn contacts: a snapshot is due", "LinkedIn contacts: something needs you",
    ]  # fmt: skip
    assert any("did not answer" in words for words in said["untold"])
    assert any("No mail to me@example.org" in words for words in said["untold"])


@pytest.mark.parametrize(
    "address", ["ftp://x", "http://example.org/x", "nonsense", "https://a..b/x"]
)
def test_a_ping_that_can_not_be_fails_nothing(remind: Remind, vault: Path, address: str) -> None:
    git(vault, "config", "li-vault.ping", address)
    said = remind(3)
    assert said["state"] == "success"
    assert "li-vault.ping" in said["untold"][0]


def test_a_monitor_that_is_down_fails_nothing(remind: Remind, vault: Path) -> None:
    with websites.monitor(500) as broken:
        git(vault, "config", "li-vault.ping", broken.address)
        said = remind(3)
    assert said["state"] == "success"
    assert "status 500" in said["untold"][0]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("hangs", "did not answer in time"),
        ("drips", "did not come to its end in 0.6 seconds"),
        ("drips headers", "did not come to its end in 0.6 seconds"),
        ("drips hints", "did not come to its end in 0.6 seconds"),
        ("sends on", "status 302"),
    ],
)
def test_a_monitor_that_answers_in_no_good_way_is_not_waited_for(
    trouble: websites.MonitorTrouble, words: str, remind: Remind, vault: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(notify, "_SECONDS", 0.3)
    with websites.monitor(trouble=trouble) as found:
        git(vault, "config", "li-vault.ping", found.address)
        said = remind(3)
    assert said["state"] == "success"
    assert words in said["untold"][0]


def test_a_mail_program_that_hangs_is_waited_for_once(
    remind: Remind, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "sendmail").write_text(f"#!/bin/sh\necho x >>{tmp_path}/asked\nexec sleep 20\n")
    (folder / "sendmail").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setattr(notifications, "_MAIL_SECONDS", 0.5)
    git(vault, "config", "li-vault.mail", "me@example.org")
    monkeypatch.setenv("LI_VAULT_TOKEN", "two words")
    said = remind(40, status=2)
    assert len(said["told"]) == 2
    assert said["untold"] == [
        "No mail to me@example.org: sendmail did not come to its end in 0.5 seconds."
    ]
    assert (tmp_path / "asked").read_text() == "x\n"


def test_with_a_token_no_one_need_click(
    remind: Remind, network: Network, vault: Path, monkeypatch: pytest.MonkeyPatch, desktop: Desktop
) -> None:
    site = Member(pages=websites.pages(network))
    with websites.serving(site):
        for name, value in site.env.items():
            monkeypatch.setenv(name, value)
        for after in range(20, 31):
            assert remind(after)["fetched"] is None
        assert site.asked == []
        said = remind(31)
        assert said["fetched"]["taken_on"] == "2027-02-10"
        assert not said["overdue"]
        assert remind(62)["fetched"]["unchanged"] == len(network.shown())
        monkeypatch.setenv("LI_VAULT_TOKEN", "expired")
        assert remind(93, status=3)["errors"][0]["kind"] == "export"
    titles = [title for title, _ in desktop.await_shown(3)]
    assert titles == [*["LinkedIn contacts recorded"] * 2, "LinkedIn contacts: something needs you"]
    assert git(vault, "rev-list", "--count", "main").strip() == "3"


def test_a_bug_in_one_thing_keeps_none_of_the_others_from_being_done(
    call: Call, vault: Path, monitor: Monitor, desktop: Desktop, remind: Remind, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, home: Path,
) -> None:  # fmt: skip
    copy = tmp_path / "copy.git"
    call("remote", "add", "copy", copy, "--create", "--vault", vault)
    git(copy, "update-ref", "-d", "refs/heads/main")
    git(vault, "update-ref", "-d", "refs/remotes/copy/main")
    for name, value in Member(address="http://127.0.0.1:1").env.items():
        monkeypatch.setenv(name, value)

    def broken(*_: object) -> None:
        raise ValueError("Ada Lovelace")

    monkeypatch.setattr(api_source, "export_from_pages", broken)
    said = remind(40, status=70)
    assert "ValueError" in said["error"]["message"]
    report = home / ".local" / "state" / "li-vault" / "log" / "report.txt"
    assert "in broken" in report.read_text()
    assert "Ada" not in report.read_text() + str(said)
    assert git(copy, "rev-parse", "main") == git(vault, "rev-parse", "main")
    assert [one.path.rpartition("/")[2] for one in monitor.pings] == ["fail"]
    bodies = " ".join(body for _, body in desktop.await_shown(2))
    assert "That is a bug in li-vault (ValueError)." in bodies


def test_without_a_vault_it_is_told_on_the_desktop(
    call: Call, home: Path, desktop: Desktop
) -> None:
    said = call("remind", "--vault", home / "none", "--json", status=5)
    outside.is_refused(said, 5, "", "no vault")
    assert "no vault" in desktop.await_shown(1)[0][1]


def test_a_vault_that_is_broken_is_told(
    remind: Remind, vault: Path, monitor: Monitor, desktop: Desktop
) -> None:
    (vault / ".git" / "refs" / "heads" / "main").write_text("f" * 40 + "\n")
    said = remind(3, status=6)
    assert said["error"]["kind"] == "git"
    assert desktop.await_shown(1)[0][0] == "LinkedIn contacts: something needs you"
    assert paths(monitor) == ["/fail"]


def test_a_full_disk_keeps_nothing_else_from_being_done(
    remind: Remind, folder: Path, network: Network, monitor: Monitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    network.advance()
    outside.write(folder, network)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "record_snapshots", full)
        said = remind(32, status=5)
    assert "No space left" in said["errors"][0]["message"]
    assert said["told"][0]["title"] == "LinkedIn contacts: a snapshot is due"
    assert remind(32)["arrivals"][0]["state"] == "recorded", "nothing was noted as done"
    assert paths(monitor) == ["/fail", ""]


def test_it_is_quick(remind: Remind, sample: Samples) -> None:
    remind(1)
    begin = time.monotonic()
    remind(2)
    assert time.monotonic() - begin < 30, "a hang, not a measurement"


@pytest.mark.parametrize("kind", ["merge", "detached", "card"])
def test_what_keeps_an_export_from_being_recorded_is_told_before_one_comes(
    kind: str, remind: Remind, vault: Path, call: Call, monitor: Monitor
) -> None:
    assert remind(3)["state"] == "success"
    words = {"merge": "A merge", "detached": "HEAD is detached", "card": "no valid card"}[kind]
    if kind == "merge":
        (vault / ".git" / "MERGE_HEAD").write_text(git(vault, "rev-parse", "HEAD"))
    elif kind == "detached":
        git(vault, "checkout", "-q", "--detach")
    else:
        next((vault / "contacts").iterdir()).write_bytes(b"no card")
    shown = call("status", "--check", "--vault", vault, status=1).out
    assert words in shown.splitlines()[-1]
    data = outside.one_object(call("status", "--vault", vault, "--json"))
    assert words in data["stuck"]["message"]
    said = remind(4, status=5)
    assert (said["state"], len(said["told"])) == ("failure", 1)
    assert remind(5, status=5)["told"] == [], "told already"
    assert paths(monitor) == ["", "/fail", "/fail"]


def test_a_clock_that_went_back_is_told_of_and_records_nothing(
    remind: Remind, call: Call, vault: Path, folder: Path, network: Network
) -> None:
    assert remind(-400)["told"] == []
    assert "400 days to come (is the clock right?)" in call("status", "--vault", vault).out
    network.advance()
    outside.write(folder, network)
    assert "in the future" in remind(-400, status=2)["arrivals"][0]["message"]
    assert "the clock" in call("status", "--vault", vault).out.splitlines()[-1]
    assert remind(40)["arrivals"][0]["state"] == "recorded", "the clock is right again"
    assert remind(40)["not_recorded"] == []


def test_a_folder_that_was_typed_has_to_be_there(call: Call, vault: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("missing", "file"):
        said = call("remind", tmp_path / name, "--vault", vault, "--json", status=2)
        outside.is_refused(said, 2, "", str(tmp_path / name))
