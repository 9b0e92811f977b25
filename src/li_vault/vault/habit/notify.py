"""Notifications and health checks, and which were sent already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from li_vault.core import reminders
from li_vault.core.reminders import Notification, ReminderState
from li_vault.errors import BadUsage, BadVault
from li_vault.host import notifications, web_client
from li_vault.host.web_client import NoAnswer
from li_vault.store.repo import Repo
from li_vault.store.state import load_state, save_state
from li_vault.vault.vault import Vault

PING, MAIL = "li-vault.ping", "li-vault.mail"

State = Literal["success", "failure", "overdue"]
_PATHS = {"success": "", "failure": "/fail", "overdue": "/1"}
"""What is appended to the address, in the way of healthchecks.io: 1 is what `status --check` ends
with when a snapshot is overdue."""
_SECONDS = 10
_LIMIT = 1 << 16


def notify(vault: Vault, notices: Iterable[Notification]) -> list[str]:
    """Show notices on the desktop, and mail them to `li-vault.mail`; what failed, in words."""
    to = vault.settings.get("mail", "").strip()
    failed = ""
    for one in notices:
        notifications.show_on_desktop(one)
        if to and not failed:  # what hangs would hang for each of them
            failed = notifications.send_mail(one, to)
    return [f"No mail to {to}: {failed}."] if failed else []


def system_refusal(error: OSError) -> BadVault:
    """What the system refused, as an error that can be told."""
    words = f"The system refused: {error.strerror or error}."
    return BadVault(words, "See that the disk is not full, and may be written to.")


def ping_health_check(vault: Vault, state: State, words: str) -> str:
    """Tell the health check `li-vault.ping` how it is; why it did not hear it, or ""."""
    url = vault.settings.get("ping", "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(web_client.check_web_url(url, PING))
        address = urlunsplit(parts._replace(path=parts.path.rstrip("/") + _PATHS[state]))
        with web_client.open_site(address, seconds=_SECONDS) as site:
            answer = site.ask(address, body=words.encode(), limit=_LIMIT)
    except BadUsage as error:
        return error.message
    except NoAnswer as error:
        return f"The health check of {PING} did not answer: {error}."
    if answer.status >= 300:
        return f"The health check of {PING} answered with status {answer.status}."
    return ""


_NAME = "reminders"
_FAILING = "failing"


def load_reminders(repo: Repo) -> dict[str, ReminderState]:
    """What is remembered, by key; nothing if it can't be read."""
    try:
        rows = load_state(repo, _NAME) or {}
        return {key: ReminderState(_day(since), _day(told) if told else None)
                for key, (since, told) in rows.items()}  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        return {}


def save_reminders(repo: Repo, memories: Mapping[str, ReminderState]) -> None:
    """Keep what is to be remembered."""
    rows = {
        key: [one.since.isoformat(), one.told.isoformat() if one.told else None]
        for key, one in memories.items()
    }
    save_state(repo, _NAME, rows)


def is_news(repo: Repo, words: str) -> bool:
    """Whether this has to be told of what goes wrong in every look at a folder.

    It is kept as the last that was told; "" for a look in which nothing goes wrong. What can't be
    kept is no news: it would be told in every look.
    """
    said = reminders.fingerprint(words)
    if (load_state(repo, _FAILING) or "") == said:
        return False
    save_state(repo, _FAILING, said)
    return bool(words) and load_state(repo, _FAILING) == said


def _day(text: str) -> date:
    return date.fromisoformat(text)
