"""A notice by mail: through a real sendmail, to a real server on loopback."""

from __future__ import annotations

import email
import email.policy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

import servers
from li_vault.core import reminders
from li_vault.host import notifications


class _Inbox:
    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self.mails.append(envelope)
        return "250 taken"


@pytest.fixture
def inbox(home: Path) -> Iterator[_Inbox]:
    """A mail server; msmtp, which is `sendmail` here, hands everything to it."""
    servers.need("sendmail")
    found, port = _Inbox(), servers.free_port()
    config = home / ".msmtprc"
    config.write_text(
        f"account default\nhost 127.0.0.1\nport {port}\nfrom quill@example.org\ntls off\nauth off\n"
    )
    config.chmod(0o600)
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    yield found
    controller.stop()


def test_a_notice_is_a_mail(inbox: _Inbox) -> None:
    notice = reminders.overdue_notification("2026-10-12", 43)
    assert notifications.send_mail(notice, "zora@example.org") == ""
    (taken,) = inbox.mails
    assert taken.rcpt_tos == ["zora@example.org"]
    assert isinstance(taken.content, bytes)
    message = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert message["Subject"] == "li-vault: LinkedIn contacts: a snapshot is due"
    assert message.get_content().splitlines() == list(notice.lines)


@pytest.mark.parametrize("to", ["two\nlines@example.org", "a@b\r\nBcc: c@d"])
def test_what_is_no_address_sends_nothing(inbox: _Inbox, to: str) -> None:
    assert "no address" in notifications.send_mail(reminders.failed_notification("x", ""), to)
    assert inbox.mails == []


def test_a_name_that_is_no_unicode_is_sent(inbox: _Inbox) -> None:
    notice = reminders.not_recorded_notification("Connections\udcff.csv\n", "Not \udcff.", "")
    assert notifications.send_mail(notice, "zora@example.org") == ""
    (taken,) = inbox.mails
    assert isinstance(taken.content, bytes)
    message = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert message["Subject"] == "li-vault: Not recorded: Connections?.csv"
    assert message.get_content().splitlines() == ["Not ?."]


def test_a_server_that_is_away_is_told(home: Path) -> None:
    servers.need("sendmail")
    config = home / ".msmtprc"
    config.write_text(f"account default\nhost 127.0.0.1\nport {servers.free_port()}\nfrom a@b.c\n")
    config.chmod(0o600)
    assert "sendmail ended with" in notifications.send_mail(
        reminders.failed_notification("x", ""), "zora@example.org"
    )


def test_no_sendmail_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    assert "no sendmail" in notifications.send_mail(
        reminders.failed_notification("x", ""), "zora@example.org"
    )
