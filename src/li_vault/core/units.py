"""What a machine's own timers are told, as text: systemd, launchd, cron, Windows' task scheduler.

Sources: systemd.timer(5), systemd.service(5); launchd.plist(5); crontab(5); Task Scheduler Schema.
"""

from __future__ import annotations

import plistlib
import re
import shlex
from collections.abc import Sequence
from datetime import time
from typing import NamedTuple
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

_WHAT = "li-vault: record exports, push copies, tell when a snapshot is due"


class Job(NamedTuple):
    """What is to run once a day.

    Attributes:
        name: Tells it from every other job of the user.
        command: The program, absolute, and its arguments; without line ends.
        path: `PATH` for it, so that git and ssh are those of the user.
        at: When, in local time; hours and minutes.
        settings: Further variables of the environment and their values, without line ends.
    """

    name: str
    command: tuple[str, ...]
    path: str
    at: time
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def variables(self) -> dict[str, str]:
        """All variables of the environment."""
        return {"PATH": self.path, **dict(self.settings)}


_CAME_WITH = "# Came with it, and goes with it: "


def came_with(unit: bytes) -> tuple[str, ...]:
    """The folders that were made for a unit, as it notes them."""
    lines = unit.decode("utf-8", "replace").splitlines()
    noted = [line.removeprefix(_CAME_WITH) for line in lines if line.startswith(_CAME_WITH)]
    return tuple(unquote(one, errors="surrogateescape") for one in noted)


def systemd(job: Job, folders: Sequence[str] = ()) -> dict[str, bytes]:
    """The units of a timer, by file name. One that was missed is made up for.

    Args:
        job: What is run.
        folders: What has to be made for the units, deepest first; they note it.
    """
    noted = "".join(
        f"{_CAME_WITH}{quote(one, safe='/ ', errors='surrogateescape')}\n" for one in folders
    )
    # systemd takes no program with a quote or a sign of its own in its path.
    is_plain = re.fullmatch(r"[\w@+:,./ -]+", job.command[0])
    words = job.command if is_plain else ("/bin/sh", "-c", 'exec "$0" "$@"', *job.command)
    command = " ".join(map(_systemd_word, words))
    variables = "\n".join(
        "Environment=" + _systemd_word(f"{name}={value}").replace("$$", "$")
        for name, value in job.variables.items()
    )
    service = f"""\
{noted}[Unit]
Description={_WHAT}

[Service]
Type=oneshot
{variables}
ExecStart={command}
Nice=10
"""
    timer = f"""\
[Unit]
Description={_WHAT}

[Timer]
OnCalendar=*-*-* {job.at:%H:%M}:00
RandomizedDelaySec=5min
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{job.name}.service": service.encode(), f"{job.name}.timer": timer.encode()}


def _systemd_word(word: str) -> str:
    """A word of a command in double quotes, with nothing in it that systemd would replace."""
    for sign, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(sign, escaped)
    return f'"{word}"'


def launchd(job: Job) -> bytes:
    """The property list of an agent. One that was missed in sleep is made up for."""
    return plistlib.dumps(
        {
            "Label": job.name,
            "ProgramArguments": list(job.command),
            "EnvironmentVariables": job.variables,
            "StartCalendarInterval": {"Hour": job.at.hour, "Minute": job.at.minute},
            "ProcessType": "Background",
        }
    )


CRON_TAKES = 998
"""Bytes that a command may have in Debian's cron, the strictest: its crontab refuses one more."""
_WAS_EMPTY, _HAD_NO_END = " # empty", " # no line end"
"""What a line notes of the crontab that it came into."""
CRON_NOTES = len(_HAD_NO_END)


def cron(job: Job, note: str = "") -> str:
    """The line for a crontab, without its end; behind the last `#` stands whose it is."""
    return f"{job.at.minute} {job.at.hour} * * * {_cron_command(job, note)}"


def cron_size(job: Job) -> int:
    """Bytes of the command in the line for a crontab."""
    return len(_cron_command(job).encode("utf-8", "surrogateescape"))


def _cron_command(job: Job, note: str = "") -> str:
    variables = (f"{name}={shlex.quote(value)}" for name, value in job.variables.items())
    words = f"{' '.join(variables)} {shlex.join(job.command)}"
    # A % is a line end for cron, but behind a backslash; and no backslash can stand before that
    # one. What holds a backslash is quoted, so that the quotes can be closed and opened between.
    command = words.replace("\\%", "\\''%").replace("%", "\\%")
    return f"{command} >/dev/null 2>&1{note} # {job.name}"


def with_cron(crontab: str | None, job: Job) -> str:
    """A crontab with the job, instead of what was there of it; None is no crontab."""
    rest = without_cron(crontab, job.name)
    if not rest:
        return cron(job, _WAS_EMPTY if rest == "" else "") + "\n"
    if rest.endswith("\n"):
        return f"{rest}{cron(job)}\n"
    return f"{rest}\n{cron(job, _HAD_NO_END)}\n"


def without_cron(crontab: str | None, name: str) -> str | None:
    """A crontab without the job of a name, as it was before, to the byte; None is no crontab."""
    ours = in_cron(crontab or "", name)
    if crontab is None or not ours:
        return crontab
    lines = crontab.split("\n")  # the only line end that cron knows
    rest = "\n".join(line for line in lines if not _is_of(line, name))
    if not rest:
        return "" if _notes(ours, _WAS_EMPTY, name) else None
    if _notes(ours, _HAD_NO_END, name) and crontab.endswith(f"{ours[-1]}\n"):
        return rest.removesuffix("\n")
    return rest


def _notes(lines: Sequence[str], note: str, name: str) -> bool:
    return any(line.endswith(f"{note} # {name}") for line in lines)


def in_cron(crontab: str, name: str) -> tuple[str, ...]:
    """The lines of a crontab that are the job of a name; none without it."""
    return tuple(line for line in crontab.split("\n") if _is_of(line, name))


def _is_of(line: str, name: str) -> bool:
    return line.endswith(f" # {name}") and not line.lstrip().startswith("#")


def task(job: Job) -> bytes:
    """The XML of a Windows task. One that was missed is made up for."""
    program, *words = job.command
    # There is no place for variables: a task has its user's own.
    arguments = " ".join(_windows_word(word) for word in words)
    text = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{escape(_WHAT)}</Description></RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{job.at:%H:%M}:00</StartBoundary>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <StartWhenAvailable>true</StartWhenAvailable>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <Hidden>true</Hidden>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(arguments)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""
    return text.replace("\n", "\r\n").encode("utf-16")


def _windows_word(word: str) -> str:
    """A word as Windows' C library reads it; one that ends in a backslash has it doubled."""
    tail = len(word) - len(word.rstrip("\\"))
    return '"' + word.replace('"', '\\"') + "\\" * tail + '"'
