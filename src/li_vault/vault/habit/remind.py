"""`remind`: the daily run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from li_vault.core import reminders
from li_vault.core.model import Listener, Progress
from li_vault.core.reminders import Notification, ReminderState, Trouble
from li_vault.errors import BadExport, BadUsage, LiVaultError, Refused, Unreachable
from li_vault.host import linkedin_api, notifications, token_store
from li_vault.store.remotes import remotes
from li_vault.store.remotes.remotes import PushOutcome
from li_vault.store.write import worktree
from li_vault.vault.habit import inbox, notify, status
from li_vault.vault.habit.inbox import InboxScan
from li_vault.vault.habit.notify import State
from li_vault.vault.habit.seen_files import SeenFile
from li_vault.vault.habit.status import DueDate
from li_vault.vault.plan import api_source, hand_edits
from li_vault.vault.plan.planner import RecordOptions
from li_vault.vault.record import snapshot
from li_vault.vault.record.snapshot import RecordResult
from li_vault.vault.remotes import push
from li_vault.vault.vault import Vault, open_vault
from li_vault.vault.verify import verify
from li_vault.vault.verify.verify import VerifiedRemote

_PATIENCE = 7
"""Days that a remote or LinkedIn's API may be away, or an export that was told of may lie there,
before it is told."""

_OVERDUE, _LEFT = "overdue", "left"
"""Keys of troubles."""


@dataclass
class RemindResult:
    """What a call of `remind` did, and what it found.

    Attributes:
        sweep: What arrived in the Downloads folder; None if there is no such folder.
        fetched: What LinkedIn's API gave; None if it was not asked, or failed.
        remotes: What became of each remote that was pushed to, by name.
        taken: Number of snapshots that were taken over from remotes, by name.
        proved: The remote that was proved, and what was found of it; None without one.
        left: Exports that were not recorded, and that somebody has to look at.
    """

    due: DueDate
    sweep: InboxScan | None = None
    fetched: RecordResult | None = None
    remotes: dict[str, PushOutcome] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    proved: tuple[str, VerifiedRemote] | None = None
    left: tuple[SeenFile, ...] = ()
    errors: dict[str, LiVaultError] = field(default_factory=dict)
    told: tuple[Notification, ...] = ()
    untold: tuple[str, ...] = ()
    state: State = "success"
    bug: Exception | None = None

    @property
    def waiting(self) -> list[SeenFile]:
        """Those of what is left that somebody has to decide about."""
        return [one for one in self.left if one.is_waiting(self.due.taken_on or "")]


def remind(
    path: Path,
    folder: Path,
    today: date,
    environ: Mapping[str, str],
    progress: Progress = lambda *_: None,
    notice: Callable[[], None] | None = None,
) -> RemindResult:
    """Record what is new, push what is pending, prove one remote in turn, and tell what is due.

    A step that fails, even by a bug, keeps none of the others from being done. The Downloads
    `folder` may be missing; `environ` may hold a token for LinkedIn's API; `notice` is called when
    another writer has to be waited for.

    Raises:
        BadVault: There is no vault that can be used; that is told, too.
    """
    try:
        vault = open_vault(path)
    except LiVaultError as error:
        notifications.show_on_desktop(reminders.failed_notification(error.message, error.hint))
        raise
    try:
        return _done(vault, folder, today, environ, progress, notice)
    except LiVaultError as error:
        notify.notify(vault, [reminders.failed_notification(error.message, error.hint)])
        notify.ping_health_check(vault, "failure", f"{error.message}\n")
        raise


def _done(
    vault: Vault, folder: Path, today: date, environ: Mapping[str, str], progress: Progress,
    notice: Callable[[], None] | None,
) -> RemindResult:  # fmt: skip
    done = RemindResult(status.due_date(vault, today))
    _tried(done, "record", partial(_record, done, vault, folder, today, progress, notice))
    _tried(done, "fetch", partial(_fetch, done, vault, today, environ, progress, notice))
    _tried(done, "push", partial(_push, done, vault, today, progress))
    _tried(done, "prove", partial(_prove, done, vault, today, progress))
    _tried(done, "record", partial(_require_ready, vault))
    done.due = status.due_date(vault, today)
    done.left = tuple(inbox.unresolved_exports(vault))
    _tell(done, vault, today)
    if done.bug is not None:
        raise done.bug
    return done


def _tried(done: RemindResult, what: str, work: Callable[[], None]) -> None:
    try:
        work()
    except LiVaultError as error:
        done.errors[what] = error
    except OSError as error:
        done.errors[what] = notify.system_refusal(error)
    except Exception as error:  # noqa: BLE001 - a bug in one must not cost the others; raised later
        words = f"That is a bug in li-vault ({type(error).__name__})."
        done.errors[what] = LiVaultError(words, "Run li-vault remind by hand: it saves a report.")
        done.bug = done.bug or error


def _require_ready(vault: Vault) -> None:
    """See that the next export can be recorded, though none is there today."""
    hand_edits.require_unhindered(vault, worktree.worktree_changes(vault.repo))


def _record(
    done: RemindResult, vault: Vault, folder: Path, today: date, progress: Progress,
    notice: Callable[[], None] | None,
) -> None:  # fmt: skip
    if folder.is_dir():
        done.sweep = inbox.scan_inbox(vault, folder, today, progress, notice)
        done.remotes.update(done.sweep.remotes)


def _fetch(
    done: RemindResult, vault: Vault, today: date, environ: Mapping[str, str], progress: Progress,
    notice: Callable[[], None] | None,
) -> None:  # fmt: skip
    """Ask LinkedIn's API on the day that a snapshot is due, if there is a token for it."""
    if today < status.due_date(vault, today).on:
        return
    token = token_store.find_token(environ)
    if token is None:
        return
    export = None
    try:
        export = api_source.export_from_pages(
            linkedin_api.api_base(environ), token.value, today, progress
        )
        done.fetched = snapshot.record_snapshots(
            vault,
            [export],
            RecordOptions(today, again=api_source.COMMAND),
            Listener(progress, notice),
        )
    except (BadExport, BadUsage, Refused) as error:
        if not isinstance(error, Unreachable):
            inbox.note_unfetched(vault, error, export)
        raise
    inbox.note_fetched(vault)
    if done.sweep is not None:
        inbox.keep_unresolved(vault, done.sweep)
    done.remotes.update(done.fetched.remotes)


def _push(done: RemindResult, vault: Vault, today: date, progress: Progress) -> None:
    """Push what is pending; before anyone is asked for a snapshot, see who else made one."""
    listed = remotes.list_remotes(vault.repo)
    is_pending = any(remotes.count_pending(vault.repo, one.name) for one in listed)
    is_asked = status.due_date(vault, today).is_overdue
    if listed and not done.remotes and (is_pending or is_asked):
        pushed = push.push_named(vault, (), progress)
        done.remotes.update(pushed.remotes)
        done.taken = pushed.taken


def _prove(done: RemindResult, vault: Vault, today: date, progress: Progress) -> None:
    one = verify.next_remote(vault, today, status.interval_days(vault))
    if one is not None:
        done.proved = one.name, verify.verify_in_turn(vault, one, today, progress)


def _tell(done: RemindResult, vault: Vault, today: date) -> None:
    """Tell what is new, and of what lasts what is due to be told; then the health check."""
    lasting = list(_troubles(done, vault))
    decision = reminders.select_reminders(lasting, notify.load_reminders(vault.repo), today)
    notify.save_reminders(vault.repo, decision.memories)
    told = [*(done.sweep.notices if done.sweep else ()), *_of_fetched(done), *decision.notices]
    done.told = tuple(told)
    untold = notify.notify(vault, told)
    failing = [_label(one) for one in lasting if _is_failure(one, decision.memories, today)]
    if failing or done.waiting:
        done.state = "failure"
    elif done.due.is_overdue:
        done.state = "overdue"
    words = notify.ping_health_check(vault, done.state, _summary(done, failing))
    done.untold = tuple([*untold, words] if words else untold)


def _is_failure(one: Trouble, memories: Mapping[str, ReminderState], today: date) -> bool:
    """Whether a monitor has to hear of it; a while in which LinkedIn is away is none."""
    if one.key.startswith("fetch "):
        return (today - memories[one.key].since).days >= one.patience
    return one.key not in (_OVERDUE, _LEFT)


def _label(one: Trouble) -> str:
    """What a trouble is about, in two words: a monitor need not know more."""
    return " ".join(one.key.split()[:2])


def _of_fetched(done: RemindResult) -> list[Notification]:
    if done.fetched is None:
        return []
    lacking = _lacking(done.fetched.remotes)
    new = [one.account.record for one in done.fetched.snapshots if not one.already]
    return [reminders.recorded_notification(new, list(lacking))] if new else []


def _troubles(done: RemindResult, vault: Vault) -> list[Trouble]:
    """All that needs somebody."""
    found = []
    # What the API's answer was is told as an error while it is one.
    waiting = [one for one in done.waiting if one.path or "fetch" not in done.errors]
    if waiting:  # in place of the next export: first comes what became of this one
        found.append(Trouble(_LEFT, partial(_left, waiting), _PATIENCE))
    elif done.due.is_overdue:
        found.append(Trouble(_OVERDUE, lambda _: _overdue(done.due)))
    said = {error.message: (what, error) for what, error in reversed(done.errors.items())}
    for what, error in said.values():
        key = f"{what} {error.kind} {reminders.fingerprint(error.message)}"
        patience = _PATIENCE if isinstance(error, Unreachable) else 0
        found.append(Trouble(key, partial(_failed, error), patience))
    away = _lacking(done.remotes)
    if done.proved is not None:
        name, copy = done.proved
        if copy.error is not None:
            away.setdefault(name, copy.error.message)
        elif copy.findings:
            many = len(copy.findings)
            found.append(
                Trouble(f"damage {name}", lambda _: reminders.damaged_notification(name, many))
            )
    for name, reason in away.items():
        commits = remotes.count_pending(vault.repo, name)
        told_of = partial(reminders.behind_notification, name, commits, reason=reason)
        found.append(Trouble(f"remote {name}", told_of, _PATIENCE))
    return found


def _left(waiting: Sequence[SeenFile], _lasted: int) -> Notification:
    if len(waiting) > 1:
        return reminders.many_not_recorded_notification([_name(one) for one in waiting])
    (one,) = waiting
    return reminders.not_recorded_notification(_name(one), one.message, one.hint)


def _name(one: SeenFile) -> str:
    return Path(one.path).name if one.path else api_source.SOURCE


def _overdue(due: DueDate) -> Notification:
    return reminders.overdue_notification(due.taken_on, due.age_days)


def _failed(error: LiVaultError, _lasted: int) -> Notification:
    return reminders.failed_notification(error.message, error.hint)


def _lacking(outcomes: Mapping[str, PushOutcome]) -> dict[str, str]:
    """The remotes that were not pushed to, and why."""
    return {
        name: one.reason or ""
        for name, one in outcomes.items()
        if one.state not in ("pushed", "up-to-date")
    }


def _summary(done: RemindResult, failing: list[str]) -> str:
    last = done.due.taken_on or "none"
    lines = [f"Last snapshot: {last}; the next one is due on {done.due.on.isoformat()}."]
    if failing:
        lines.append(f"Failing: {', '.join(failing)}.")
    if done.waiting:
        lines.append(f"Exports not recorded: {len(done.waiting)}.")
    return "\n".join([*lines, ""])
