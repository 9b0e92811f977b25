"""Telling somebody who is not looking: by the desktop, by mail, by a health check.

What can't be told is no error: the work is done whether or not anyone hears of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from li_vault.core.notices import Notice
from li_vault.errors import BadUsage, BadVault
from li_vault.host import desktop, mail, web
from li_vault.host.web import Unanswered
from li_vault.vault.opened import Vault

PING, MAIL = "li-vault.ping", "li-vault.mail"

State = Literal["success", "failure", "overdue"]
_PATHS = {"success": "", "failure": "/fail", "overdue": "/1"}
"""What is appended to the address, in the way of healthchecks.io: 1 is what `status --check` ends
with when a snapshot is overdue."""
_SECONDS = 10
_LIMIT = 1 << 16


def tell(vault: Vault, notices: Iterable[Notice]) -> list[str]:
    """Show notices on the desktop, and mail them to `li-vault.mail`; what failed, in words."""
    to = vault.settings.get("mail", "").strip()
    failed = ""
    for one in notices:
        desktop.show(one)
        if to and not failed:  # what hangs would hang for each of them
            failed = mail.send(one, to)
    return [f"No mail to {to}: {failed}."] if failed else []


def refused(error: OSError) -> BadVault:
    """What the system refused, as an error that can be told."""
    words = f"The system refused: {error.strerror or error}."
    return BadVault(words, "See that the disk is not full, and may be written to.")


def ping(vault: Vault, state: State, words: str) -> str:
    """Tell the health check `li-vault.ping` how it is; why it did not hear it, or "".

    Args:
        vault: Whose setting it is.
        state: Success, failure, or that a snapshot is overdue.
        words: Sent as the body; no one's name.
    """
    url = vault.settings.get("ping", "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(web.checked(url, PING))
        address = urlunsplit(parts._replace(path=parts.path.rstrip("/") + _PATHS[state]))
        with web.site(address, seconds=_SECONDS) as site:
            answer = site.ask(address, body=words.encode(), limit=_LIMIT)
    except BadUsage as error:
        return error.message
    except Unanswered as error:
        return f"The health check of {PING} did not answer: {error}."
    if answer.status >= 300:
        return f"The health check of {PING} answered with status {answer.status}."
    return ""
