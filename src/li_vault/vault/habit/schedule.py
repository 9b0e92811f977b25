"""`schedule`: the timer of a vault."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import NamedTuple

from li_vault.errors import BadVault
from li_vault.host import timers
from li_vault.host.timers import Kind, TimerJob, TimerPlan
from li_vault.store import repo
from li_vault.vault.habit import status
from li_vault.vault.vault import Vault, open_vault


@dataclass(frozen=True)
class ScheduleResult:
    """Timers of a vault.

    Attributes:
        every: Days from one snapshot to the next; None if no vault can tell any more.
    """

    vault: Path
    every: int | None
    plans: tuple[TimerPlan, ...]


class TimerDraft(NamedTuple):
    """A timer that is to be installed, to be shown before."""

    job: TimerJob
    every: int | None
    result: ScheduleResult


def draft_timer(
    vault: Vault, program: Sequence[str], environ: Mapping[str, str], *,
    kind: Kind | None, every: int | None, at: time | None,
) -> TimerDraft:  # fmt: skip
    """What would be written; nothing is yet.

    Without `kind` it is what the machine has, without `every` (days) the interval stays, without
    `at` it runs some time past noon.

    Raises:
        BadUsage: The machine has nothing of that kind, or it takes no such command.
    """
    kind = kind or timers.usual_keeper()
    path, settings = environ.get("PATH", os.defpath), timers.carried_variables(environ)
    job = timers.vault_job(vault.path, program, path, at, settings)
    plan = timers.plan_timer(kind, job)
    return TimerDraft(
        job, every, ScheduleResult(vault.path, every or status.interval_days(vault), (plan,))
    )


def install_schedule(vault: Vault, draft: TimerDraft) -> None:
    """Write what was drawn, instead of any timer that the vault has.

    Raises:
        BadUsage: It could not be written.
    """
    timers.install_timer(draft.result.plans[0], draft.job)
    if draft.every is not None:
        repo.set_config(vault.repo, status.SCHEDULED, str(draft.every))


def show_schedule(path: Path) -> ScheduleResult:
    """The timers that the vault of a folder has; or had, if it is there no longer.

    Raises:
        BadVault: There is neither a timer nor a usable vault.
    """
    return _with_timers(path, timers.find_timers)


def remove_schedule(path: Path) -> ScheduleResult:
    """Take the timers away; those of a vault that is gone, too.

    Raises:
        BadUsage: One could not be taken away.
        BadVault: There is neither a timer nor a usable vault.
    """
    return _with_timers(path, timers.remove_timer, forget_interval=True)


def _with_timers(
    path: Path, work: Callable[[str], Sequence[TimerPlan]], *, forget_interval: bool = False
) -> ScheduleResult:
    vault, trouble = None, None
    try:
        vault = open_vault(path)
    except BadVault as error:
        trouble = error
    place = vault.path if vault else path
    plans = tuple(work(timers.vault_job(place, (), "", None).name))
    if vault is None:
        if trouble and not plans:
            raise trouble
        return ScheduleResult(place, None, plans)
    if forget_interval:
        repo.set_config(vault.repo, status.SCHEDULED, None)
    return ScheduleResult(place, status.interval_days(vault), plans)
