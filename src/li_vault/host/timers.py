"""Timers of systemd, launchd, cron and the Task Scheduler: their texts, install, show, remove."""

from __future__ import annotations

import hashlib
import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import time
from pathlib import Path
from typing import Literal, NamedTuple, get_args
from xml.sax.saxutils import escape

from li_vault.errors import BadUsage
from li_vault.host import private_files, user_folders

Kind = Literal["systemd", "launchd", "cron", "schtasks"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_NEEDS: Mapping[Kind, str] = {
    "systemd": "systemctl",
    "launchd": "launchctl",
    "cron": "crontab",
    "schtasks": "schtasks",
}


class TimerPlan(NamedTuple):
    """A timer as it is to be, or as it was found.

    Attributes:
        files: What is written, by path.
    """

    kind: Kind
    files: Mapping[Path, bytes]
    lines: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]


_CARRIED = (
    "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DOWNLOAD_DIR", "LI_VAULT_API",
    "GIT_SSH_COMMAND", "GIT_SSH",
)  # fmt: skip
"""What li-vault reads and a timer would not have: where settings, token and Downloads are."""


def carried_variables(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The variables that a user has set and a timer needs too; never one that is a secret.

    A folder that is not absolute counts as none (XDG Base Directory Specification).
    """
    there = [(name, environ[name]) for name in _CARRIED if environ.get(name)]
    return tuple(
        (name, value) for name, value in there
        if not name.startswith("XDG_") or Path(value).is_absolute()
    )  # fmt: skip


def vault_job(
    vault: Path, program: Sequence[str], path: str, at: time | None,
    settings: tuple[tuple[str, str], ...] = (),
) -> TimerJob:  # fmt: skip
    """The job of a vault: `remind`, once a day.

    Without `at` it runs some minutes past noon, different ones for each vault.

    Raises:
        BadUsage: A line end in a path: no timer can hold it.
    """
    vault = Path(os.path.realpath(vault))  # by whichever of its names: one vault, one timer
    digest = hashlib.sha256(os.fsencode(vault)).hexdigest()
    words = (*program, "remind", "--vault", str(vault))
    if any(set(word) & {"\n", "\r", "\0"} for word in (*words, path, *dict(settings).values())):
        raise BadUsage("A line end in the vault's path can't be scheduled.", "Rename the folder.")
    noon = time(12, int(digest[:4], 16) % 60)
    return TimerJob(f"li-vault-{digest[:8]}", words, path, at or noon, settings)


def usual_keeper() -> Kind:
    """What this machine has for timers.

    Raises:
        BadUsage: Nothing known.
    """
    if sys.platform == "win32":
        return "schtasks"
    if sys.platform == "darwin":
        return "launchd"
    if (
        shutil.which("systemctl")
        and try_program("systemctl", "--user", "show-environment") is not None
    ):
        return "systemd"
    if shutil.which("crontab"):
        return "cron"
    raise BadUsage(
        "This machine has neither systemd for users nor cron.",
        "Let something else run it once a day: li-vault remind",
    )


def plan_timer(kind: Kind, job: TimerJob) -> TimerPlan:
    """What is to be written for a job.

    Raises:
        BadUsage: The machine has no such timers, or they can't take this job.
    """
    if not shutil.which(_NEEDS[kind]):
        raise BadUsage(
            f"There is no {_NEEDS[kind]} on this machine.",
            f"Choose another one with --with: {', '.join(KINDS)}.",
        )
    if kind == "cron":
        if (size := cron_size(job)) > CRON_TAKES:
            raise BadUsage(
                f"The command for cron would be {size} bytes long; cron takes {CRON_TAKES}.",
                "Choose another way with --with, or give it a shorter PATH: "
                "PATH=/usr/bin:/bin li-vault schedule install",
            )
        return TimerPlan(kind, {}, (cron_line(job),), (("crontab", "-"),))
    _require_text(kind, job)
    if kind == "systemd":
        found = systemd_units(job)
    elif kind == "launchd":
        found = {f"{job.name}.plist": launchd_plist(job)}
    else:
        found = {f"{job.name}.xml": task_xml(job)}
    written = {_folder(kind) / name: data for name, data in found.items()}
    return TimerPlan(kind, written, (), _starting(kind, job.name))


def _require_text(kind: Kind, job: TimerJob) -> None:
    """See that all of a job can be written as text, as every kind but cron wants it."""
    for word in (*job.command, *job.variables.values()):
        wrong = any("\ud800" <= sign <= "\udfff" for sign in word)
        if kind != "systemd":
            wrong = wrong or any(sign < " " or sign in "\ufffe\uffff" for sign in word)
        if wrong:
            shown = os.fsencode(word).decode("utf-8", "replace")
            raise BadUsage(
                f"{kind} takes text alone, and a name is none: {shown!r}.",
                "Rename the folder, or choose another way: --with cron takes any name.",
            )


def _folder(kind: Kind) -> Path:
    """Where this user's files of a kind lie."""
    if kind == "systemd":
        named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        return (
            (named if named.is_absolute() else user_folders.home_folder() / ".config")
            / "systemd"
            / "user"
        )
    if kind == "launchd":
        return user_folders.home_folder() / "Library" / "LaunchAgents"
    return user_folders.config_folder()


def _starting(kind: Kind, name: str) -> tuple[tuple[str, ...], ...]:
    timer, file = f"{name}.timer", str(_folder(kind) / name)
    if kind == "systemd":
        return (
            ("systemctl", "--user", "daemon-reload"),
            ("systemctl", "--user", "enable", timer),
            ("systemctl", "--user", "restart", timer),  # one that runs keeps its old time else
        )
    if kind == "launchd":
        return (("launchctl", "bootstrap", f"gui/{os.getuid()}", f"{file}.plist"),)
    return (("schtasks", "/Create", "/F", "/TN", name, "/XML", f"{file}.xml"),)


def _ending(kind: Kind, name: str) -> tuple[tuple[str, ...], ...]:
    timer = f"{name}.timer"
    if kind == "systemd":
        return (("systemctl", "--user", "stop", timer), ("systemctl", "--user", "disable", timer))
    if kind == "launchd":
        return (("launchctl", "bootout", f"gui/{os.getuid()}/{name}"),)
    return (("schtasks", "/Delete", "/F", "/TN", name),)


def install_timer(plan: TimerPlan, job: TimerJob) -> None:
    """Write a plan in place of any timer that the job has.

    Raises:
        BadUsage: It could not be written, then what there was stays; or not be started, then none
            of its kind is left.
    """
    if plan.kind == "cron":
        run_program("crontab", "-", stdin=add_cron_job(read_crontab(), job))
    else:
        is_there = bool(find_timers(job.name, (plan.kind,)))
        _write(plan.files)
        try:
            if plan.kind == "launchd" and is_there:  # it takes no second agent of one name
                _end(plan.kind, job.name)
            for command in plan.commands:
                run_program(*command)
        except BaseException:  # an interrupt, too, leaves no half timer behind
            with suppress(OSError, BadUsage):
                remove_timer(job.name, (plan.kind,))
            raise
    remove_timer(job.name, tuple(kind for kind in KINDS if kind != plan.kind))


def _end(kind: Kind, name: str) -> None:
    for command in _ending(kind, name):
        try_program(*command)  # it fails where nothing runs


def _write(written: Mapping[Path, bytes]) -> None:
    for path, data in written.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            private_files.write_private(path, data)
        except OSError as error:
            words = f"{error.filename} can't be written: {error.strerror}."
            raise BadUsage(words, OTHER) from error
        except BadUsage as error:  # its hint is for files that a user names
            raise BadUsage(error.message, OTHER) from error


def find_timers(name: str, kinds: Sequence[Kind] = KINDS) -> list[TimerPlan]:
    """The timers that there are of a job's name."""
    plans = []
    for kind in kinds:
        if kind == "cron":
            with suppress(BadUsage):  # who may not use cron has nothing there
                lines = cron_jobs(read_crontab(), name)
                plans += [TimerPlan(kind, {}, lines, ())] if lines else []
            continue
        written = {path: path.read_bytes() for path in _files(kind, name) if path.is_file()}
        if written:
            plans.append(TimerPlan(kind, written, (), ()))
    return plans


def remove_timer(name: str, kinds: Sequence[Kind] = KINDS) -> list[TimerPlan]:
    """Take away every timer of a job's name and of these kinds; what that was.

    Raises:
        BadUsage: A crontab could not be changed.
    """
    there = find_timers(name, kinds)
    for plan in there:
        if plan.kind == "cron":
            run_program("crontab", "-", stdin=remove_cron_job(read_crontab(), name))
            continue
        _end(plan.kind, name)
        for path in plan.files:
            path.unlink(missing_ok=True)
        if plan.kind == "systemd":
            try_program("systemctl", "--user", "daemon-reload")
    return there


def _files(kind: Kind, name: str) -> list[Path]:
    endings = {"systemd": ("service", "timer"), "launchd": ("plist",), "schtasks": ("xml",)}
    return [_folder(kind) / f"{name}.{ending}" for ending in endings[kind]]


OTHER = "See what there is with li-vault schedule show, or choose another way with --with."
"""What to do when one of them fails."""
_SECONDS = 60


def read_crontab() -> str:
    """The user's crontab, to the byte; empty without one.

    Raises:
        BadUsage: There may be one, and it can't be read: whatever is written would replace it.
    """
    if not shutil.which("crontab"):
        return ""
    try:
        return run_program("crontab", "-l")
    except BadUsage as error:
        if "no crontab for" in error.message.lower():
            return ""
        raise


def run_program(*command: str, stdin: str = "") -> str:
    """Run a program to its end; what it printed.

    Raises:
        BadUsage: It failed, in its own words.
    """
    try:
        done = subprocess.run(
            command, input=stdin.encode("utf-8", "surrogateescape"), capture_output=True,
            timeout=_SECONDS, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise BadUsage(f"{command[0]} could not be run: {error}.", OTHER) from error
    # No text mode: it would change the line ends of what a user wrote.
    out, words = (part.decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr))
    if done.returncode:
        words = (words or out).strip() or f"status {done.returncode}"
        raise BadUsage(f"{' '.join(command)} failed: {words}", OTHER)
    return out


def try_program(*command: str) -> str | None:
    """What a program printed, or None if it failed."""
    try:
        return run_program(*command)
    except BadUsage:
        return None


_WHAT = "li-vault: record exports, push copies, tell when a snapshot is due"


class TimerJob(NamedTuple):
    """What is to run once a day.

    Attributes:
        command: The program, absolute, and its arguments; without line ends.
        path: The user's `PATH`, so that the same git and ssh are found.
        settings: Further variables of the environment, without line ends.
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


def systemd_units(job: TimerJob) -> dict[str, bytes]:
    """The units of a timer, by file name. A run that was missed is made up for."""
    # systemd takes no program with a quote or a sign of its own in its path.
    is_plain = re.fullmatch(r"[\w@+:,./ -]+", job.command[0])
    words = job.command if is_plain else ("/bin/sh", "-c", 'exec "$0" "$@"', *job.command)
    command = " ".join(map(_systemd_word, words))
    variables = "\n".join(
        "Environment=" + _systemd_word(f"{name}={value}").replace("$$", "$")
        for name, value in job.variables.items()
    )
    service = f"""\
[Unit]
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


def launchd_plist(job: TimerJob) -> bytes:
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
"""Bytes of a command in Debian's cron, the strictest: its crontab refuses one more."""


def cron_line(job: TimerJob) -> str:
    """The line for a crontab, without its end; behind the last `#` stands whose it is."""
    return f"{job.at.minute} {job.at.hour} * * * {_cron_command(job)}"


def cron_size(job: TimerJob) -> int:
    """Bytes of the command in the line for a crontab."""
    return len(_cron_command(job).encode("utf-8", "surrogateescape"))


def _cron_command(job: TimerJob) -> str:
    variables = (f"{name}={shlex.quote(value)}" for name, value in job.variables.items())
    words = f"{' '.join(variables)} {shlex.join(job.command)}"
    # A % is a line end for cron, but behind a backslash; and no backslash can stand before that
    # one. What holds a backslash is quoted, so that the quotes can be closed and opened between.
    command = words.replace("\\%", "\\''%").replace("%", "\\%")
    return f"{command} >/dev/null 2>&1 # {job.name}"


def add_cron_job(crontab: str, job: TimerJob) -> str:
    """A crontab with the job in place of any line that it has."""
    rest = remove_cron_job(crontab, job.name)
    gap = "\n" if rest and not rest.endswith("\n") else ""
    return f"{rest}{gap}{cron_line(job)}\n"


def remove_cron_job(crontab: str, name: str) -> str:
    """A crontab without the job of a name; all other lines stay as they are."""
    # "\n" is the only line end that cron knows.
    return "\n".join(line for line in crontab.split("\n") if not _is_of(line, name))


def cron_jobs(crontab: str, name: str) -> tuple[str, ...]:
    """The lines of a crontab that are the job of a name; none without it."""
    return tuple(line for line in crontab.split("\n") if _is_of(line, name))


def _is_of(line: str, name: str) -> bool:
    return line.endswith(f" # {name}") and not line.lstrip().startswith("#")


def task_xml(job: TimerJob) -> bytes:
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
