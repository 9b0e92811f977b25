"""The timer of a vault, in the hands of whatever the machine has for that.

Everything that is written is a `Plan` first, so that it can be shown.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import time
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from li_vault.core import units
from li_vault.core.units import Job
from li_vault.errors import BadUsage
from li_vault.host import files, keepers, places

Kind = Literal["systemd", "launchd", "cron", "schtasks"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_NEEDS: Mapping[Kind, str] = {
    "systemd": "systemctl",
    "launchd": "launchctl",
    "cron": "crontab",
    "schtasks": "schtasks",
}
_NEEDED = ("git*", "ssh*", "gpg*", "sendmail", "secret-tool", "dbus-launch")


class Plan(NamedTuple):
    """A timer as it is to be, or as it was found.

    Attributes:
        kind: Who keeps it.
        files: What is written, by path.
        lines: What comes into the crontab.
        commands: What is run afterwards, in turn.
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


def carried(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The variables that a user has set and a timer needs too; never one that is a secret.

    A folder that is not absolute counts as none (XDG Base Directory Specification).
    """
    there = [(name, environ[name]) for name in _CARRIED if environ.get(name)]
    return tuple(
        (name, value) for name, value in there
        if not name.startswith("XDG_") or Path(value).is_absolute()
    )  # fmt: skip


def job(
    vault: Path, program: Sequence[str], path: str, at: time | None,
    settings: tuple[tuple[str, str], ...] = (),
) -> Job:  # fmt: skip
    """The job of a vault: `remind`, once a day.

    Args:
        vault: The vault's folder.
        program: How li-vault is called.
        path: `PATH` for it.
        at: When; by default some minutes past noon, of each vault its own.
        settings: Further variables for it.

    Raises:
        BadUsage: A line end in a path: no timer could be told of it.
    """
    vault = Path(os.path.realpath(vault))  # by whichever of its names: one vault, one timer
    digest = hashlib.sha256(os.fsencode(vault)).hexdigest()
    words = (*program, "remind", "--vault", str(vault))
    if any(set(word) & {"\n", "\r", "\0"} for word in (*words, path, *dict(settings).values())):
        raise BadUsage("A line end in the vault's path can't be scheduled.", "Rename the folder.")
    noon = time(12, int(digest[:4], 16) % 60)
    return Job(f"li-vault-{digest[:8]}", words, path, at or noon, settings)


def usual() -> Kind:
    """What this machine has for timers.

    Raises:
        BadUsage: Nothing that is known.
    """
    if sys.platform == "win32":
        return "schtasks"
    if sys.platform == "darwin":
        return "launchd"
    if (
        shutil.which("systemctl")
        and keepers.ran("systemctl", "--user", "show-environment") is not None
    ):
        return "systemd"
    if shutil.which("crontab"):
        return "cron"
    raise BadUsage(
        "This machine has neither systemd for users nor cron.",
        "Let something else run it once a day: li-vault remind",
    )


def fitting(kind: Kind, job: Job) -> Job:
    """The job with as much of its `PATH` as a timer of this kind takes.

    Cron takes a short line alone. First what names a folder again, or none, is left out; then
    every folder without a program that git, its helpers, a remote or a notice may need.

    Raises:
        BadUsage: Even then the line is too long.
    """
    if kind != "cron" or units.cron_size(job) + units.CRON_NOTES <= units.CRON_TAKES:
        return job
    folders = [Path(one) for one in dict.fromkeys(job.path.split(os.pathsep))]
    there = [one for one in folders if one.is_absolute() and one.is_dir()]
    needed = [one for one in there if any(any(one.glob(name)) for name in _NEEDED)]
    for some in (there, needed):
        job = job._replace(path=os.pathsep.join(map(str, some)))
        if units.cron_size(job) + units.CRON_NOTES <= units.CRON_TAKES:
            return job
    raise BadUsage(
        f"The command for cron would be {units.cron_size(job)} bytes long; cron takes "
        f"{units.CRON_TAKES}.",
        "Choose another way with --with, or give it a shorter PATH: "
        "PATH=/usr/bin:/bin li-vault schedule install",
    )


def plan(kind: Kind, job: Job) -> Plan:
    """What is to be written for a job.

    Raises:
        BadUsage: The machine has not got that.
    """
    if not shutil.which(_NEEDS[kind]):
        raise BadUsage(
            f"There is no {_NEEDS[kind]} on this machine.",
            f"Choose another one with --with: {', '.join(KINDS)}.",
        )
    if kind == "cron":
        lines = units.in_cron(units.with_cron(keepers.crontab(), job), job.name)
        return Plan(kind, {}, lines, (("crontab", "-"),))
    _require_text(kind, job)
    if kind == "systemd":
        found = units.systemd(job, _to_be_made(job.name))
    elif kind == "launchd":
        found = {f"{job.name}.plist": units.launchd(job)}
    else:
        found = {f"{job.name}.xml": units.task(job)}
    written = {_folder(kind) / name: data for name, data in found.items()}
    return Plan(kind, written, (), _starting(kind, job.name))


def _require_text(kind: Kind, job: Job) -> None:
    """See that all of a job can be written as text, as every kind but cron wants it.

    Raises:
        BadUsage: A name is not Unicode; or, for XML, has control characters.
    """
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
        return _base("XDG_CONFIG_HOME", ".config") / "systemd" / "user"
    if kind == "launchd":
        return places.home() / "Library" / "LaunchAgents"
    return places.config()


def _base(variable: str, usual: str) -> Path:
    """A base folder of the user; one that is not absolute counts as none, as the XDG says."""
    named = os.environ.get(variable, "")
    return Path(named) if Path(named).is_absolute() else places.home() / usual


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


def install(plan: Plan, job: Job) -> None:
    """Write a plan, instead of any timer that the job has; all of it, or nothing.

    Raises:
        BadUsage: Something could not be written, or a command failed; then the timer that there
            was is as it was.
    """
    if plan.kind == "cron":
        keepers.write_crontab(
            units.with_cron(keepers.crontab(), job)
        )  # crontab takes all of it, or nothing
    else:
        _replace(plan, job.name)
    remove(job.name, tuple(kind for kind in KINDS if kind != plan.kind))


def _replace(plan: Plan, name: str) -> None:
    """Put files in the place of those that are there, and those back if that fails."""
    before = found(name, (plan.kind,))
    if before and plan.kind == "launchd":  # it takes no second agent of one name
        _end(plan.kind, name)
    try:
        _write(plan.files)
        for command in plan.commands:
            keepers.run(*command)
    except BaseException as error:  # an interrupt, too, leaves no half timer behind
        with suppress(OSError, BadUsage):
            _put_back(plan.kind, name, before)
        if isinstance(error, OSError):
            words = f"{error.filename} can't be written: {error.strerror}."
            raise BadUsage(words, keepers.OTHER) from error
        raise


def _put_back(kind: Kind, name: str, before: Sequence[Plan]) -> None:
    if not before:
        remove(name, (kind,))
    for old in before:
        if kind == "launchd":
            _end(kind, name)
        _write(old.files)
        for command in _starting(kind, name):
            keepers.ran(*command)


def _end(kind: Kind, name: str) -> None:
    for command in _ending(kind, name):
        keepers.ran(*command)  # one that does not run has nothing to be ended


def _write(written: Mapping[Path, bytes]) -> None:
    for path, data in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            files.write_private(path, data)
        except BadUsage as error:  # its hint is for files that a user names
            raise BadUsage(error.message, keepers.OTHER) from error


def found(name: str, kinds: Sequence[Kind] = KINDS) -> list[Plan]:
    """The timers that there are of a job's name."""
    plans = []
    for kind in kinds:
        if kind == "cron":
            with suppress(BadUsage):  # who may not use cron has nothing there
                lines = units.in_cron(keepers.crontab() or "", name)
                plans += [Plan(kind, {}, lines, ())] if lines else []
            continue
        written = {path: path.read_bytes() for path in _files(kind, name) if path.is_file()}
        if written:
            plans.append(Plan(kind, written, (), ()))
    return plans


def remove(name: str, kinds: Sequence[Kind] = KINDS) -> list[Plan]:
    """Take away every timer of a job's name and of these kinds, without a trace; what that was.

    Raises:
        BadUsage: A file or crontab could not be changed.
    """
    there = found(name, kinds)
    for plan in there:
        if plan.kind == "cron":
            keepers.write_crontab(units.without_cron(keepers.crontab(), name))
            continue
        _end(plan.kind, name)
        for path in plan.files:
            path.unlink(missing_ok=True)
        if plan.kind == "systemd":
            keepers.ran("systemctl", "--user", "daemon-reload")
            (_stamps() / f"stamp-{name}.timer").unlink(missing_ok=True)
            _remove_empty(*_made_for(plan))
    return there


def _files(kind: Kind, name: str) -> list[Path]:
    endings = {"systemd": ("service", "timer"), "launchd": ("plist",), "schtasks": ("xml",)}
    return [_folder(kind) / f"{name}.{ending}" for ending in endings[kind]]


def _stamps() -> Path:
    """Where systemd notes when a timer ran last."""
    return _base("XDG_DATA_HOME", ".local/share") / "systemd" / "timers"


def _to_be_made(name: str) -> list[str]:
    """The folders that come with the units of systemd, deepest first."""
    here, stamps = _folder("systemd"), _stamps()
    needed = (here / "timers.target.wants", here, *here.parents, stamps, stamps.parent)
    before = [path for old in found(name, ("systemd",)) for path in _made_for(old)]
    return [str(path) for path in needed if path in before or not path.exists()]


def _made_for(plan: Plan) -> list[Path]:
    return [Path(one) for data in plan.files.values() for one in units.came_with(data)]


def _remove_empty(*folders: Path) -> None:
    """Remove folders that nothing is in, as they came with what was in them."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
