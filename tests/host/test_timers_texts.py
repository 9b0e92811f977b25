"""What timers are told: read back by those who know the formats, and by cron's own rules."""

from __future__ import annotations

import plistlib
import shlex
from datetime import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from li_vault.host import timers
from li_vault.host.timers import TimerJob

ODD = ('/opt/my "tools"/li-vault', "remind", "--vault", "/home/ada/100% $HOME's `vault` \\ é🚀\\")
JOB = TimerJob("li-vault-0123abcd", ODD, "/usr/bin:/opt/a b", time(12, 7))
words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)


def test_an_agent_of_launchd() -> None:
    found = plistlib.loads(timers.launchd_plist(JOB))
    assert found["ProgramArguments"] == list(ODD)
    assert found["StartCalendarInterval"] == {"Hour": 12, "Minute": 7}
    assert found["EnvironmentVariables"] == {"PATH": JOB.path}
    assert found["Label"] == JOB.name


def test_a_task_of_windows() -> None:
    text = timers.task_xml(JOB).decode("utf-16")
    # The declaration speaks of bytes; ElementTree wants none before text.
    found = ET.fromstring(text.partition("\r\n")[2])  # noqa: S314 - our own
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

    def said(path: str) -> str:
        return found.findtext(path, "", space)

    assert said("t:Actions/t:Exec/t:Command") == ODD[0]
    assert said("t:Triggers/t:CalendarTrigger/t:StartBoundary").endswith("T12:07:00")
    assert said("t:Settings/t:StartWhenAvailable") == "true"
    assert said("t:Actions/t:Exec/t:Arguments").startswith('"remind" "--vault" "/home/ada/100% ')
    assert said("t:Actions/t:Exec/t:Arguments").endswith('\\\\"'), "no quote is escaped by the path"


def test_the_size_of_a_line_of_cron() -> None:
    assert timers.cron_line(JOB).startswith("7 12 * * * ")
    assert timers.cron_size(JOB) == len(timers.cron_line(JOB).removeprefix("7 12 * * * ").encode())


def as_cron_reads(command: str) -> str:
    """What cron gives to the shell: the rules of do_command.c in Debian's cron."""
    out, is_escaped = "", False
    for sign in command:
        assert sign != "%" or is_escaped, "the rest would be standard input"
        out = (out[:-1] if sign == "%" else out) + sign
        is_escaped = sign == "\\" and not is_escaped
    return out


@given(st.lists(words, min_size=1, max_size=4), words)
@example(["a\\%b", "\\\\%", "'\\%'", "\\\\\\%%"], "/usr\\%")
def test_a_line_of_cron_is_what_the_shell_runs(command: list[str], path: str) -> None:
    job = JOB._replace(command=tuple(command), path=path)
    line = timers.cron_line(job)
    assert line.endswith(" # li-vault-0123abcd")
    minute, hour, *rest, shell = line.split(" ", 5)
    assert (minute, hour, rest) == ("7", "12", ["*"] * 3)
    done = as_cron_reads(shell).removesuffix(" >/dev/null 2>&1 # li-vault-0123abcd")
    assert shlex.split(done) == [f"PATH={path}", *command]


@pytest.mark.parametrize(
    "crontab",
    [
        "",
        'MAILTO=""\n0 1 * * * true\n',
        "1 1 * * * other # li-vault-ffffffff\n",
        "# a remark of mine # li-vault-0123abcd\n1 1 * * * mine\n",
        "0 1 * * * dos\r\n0 2 * * * old\x0b\x85\u2028 mac\rlines\r\n",
    ],
)
def test_other_lines_of_a_crontab_stay(crontab: str) -> None:
    once = timers.add_cron_job(crontab, JOB)
    assert timers.cron_jobs(once, JOB.name) == (timers.cron_line(JOB),)
    assert timers.add_cron_job(once, JOB) == once
    assert timers.remove_cron_job(once, JOB.name) == crontab
    assert timers.remove_cron_job(crontab, JOB.name) == crontab
    assert timers.cron_jobs(crontab, JOB.name) == ()
    later = once + "5 5 * * * later\n"
    assert timers.remove_cron_job(later, JOB.name) == f"{crontab}5 5 * * * later\n"
    moved = JOB._replace(at=time(9, 0))
    assert timers.cron_jobs(timers.add_cron_job(later, moved), JOB.name)[0].startswith("0 9 ")


def test_a_crontab_without_a_last_line_end_gets_one() -> None:
    assert timers.add_cron_job("0 1 * * * true", JOB).startswith("0 1 * * * true\n7 12 * * * ")
