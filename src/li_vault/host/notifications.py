"""Notifications on the desktop and by mail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from email.message import EmailMessage
from html import escape
from pathlib import Path

from li_vault.core.reminders import Notification
from li_vault.core.text import writable

_DESKTOP_SECONDS = 5
_NORMAL = 1  # the urgency between low and critical
_APPLE = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run\n"
_WINDOWS = (
    "Add-Type -AssemblyName System.Windows.Forms, System.Drawing; "
    "$n = New-Object System.Windows.Forms.NotifyIcon; "
    "$n.Icon = [System.Drawing.SystemIcons]::Information; $n.Visible = $true; "
    "$n.ShowBalloonTip(20000, $env:LI_VAULT_TITLE, $env:LI_VAULT_BODY, 'Info'); "
    "Start-Sleep 5; $n.Dispose()"
)


def show_on_desktop(notice: Notification) -> bool:
    """Show a notice; whether there was a desktop that took it."""
    if sys.platform == "darwin":
        return _ran(("osascript", "-", notice.title, notice.body), _APPLE)
    if sys.platform == "win32":
        told = {"LI_VAULT_TITLE": notice.title, "LI_VAULT_BODY": notice.body}
        return _ran(("powershell", "-NoProfile", "-Command", _WINDOWS), "", told)
    return _over_dbus(notice)


def session_bus() -> str | None:
    """The address of the user's own bus: as the session says, or where systemd puts it."""
    said = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if said:
        return said
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    place = Path(runtime) / "bus"
    return f"unix:path={place}" if place.exists() else None


def _over_dbus(notice: Notification) -> bool:
    address = session_bus()
    if address is None:
        return False
    try:
        from jeepney import DBusAddress, MessageType, new_method_call
        from jeepney.io.blocking import open_dbus_connection
    except ImportError:
        return False
    service = "org.freedesktop.Notifications"
    text = escape(notice.body, quote=False)
    hints = {"urgency": ("y", _NORMAL)}
    body: tuple[object, ...] = (
        "li-vault",
        0,
        "x-office-address-book",
        notice.title,
        text,
        [],
        hints,
        -1,
    )
    place = DBusAddress("/org/freedesktop/Notifications", bus_name=service, interface=service)
    call = new_method_call(place, "Notify", "susssasa{sv}i", body)
    with suppress(Exception):  # a bus that is gone, or has nobody who shows notices
        with open_dbus_connection(bus=address) as connection:
            reply = connection.send_and_get_reply(call, timeout=_DESKTOP_SECONDS)
        return bool(reply.header.message_type == MessageType.method_return)
    return False


def _ran(command: tuple[str, ...], script: str, env: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(
            command, input=script.encode(), env={**os.environ, **(env or {})}, timeout=30,
            check=False, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


_MAIL_SECONDS = 60


def send_mail(notice: Notification, to: str) -> str:
    """Send a notice; why it was not sent, or ""."""
    program = shutil.which(
        "sendmail", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    )
    if program is None:
        return "there is no sendmail on this machine"
    message = EmailMessage()
    try:
        message["To"] = to
        message["From"] = to
    except ValueError as error:
        return f"li-vault.mail is no address: {error}"
    # Names of files, and what programs say, need not be Unicode.
    message["Subject"] = " ".join(writable(f"li-vault: {notice.title}").split())
    message.set_content(writable(notice.body) + "\n")
    try:
        # Addresses are read from the message: a process's arguments are seen by everyone.
        done = subprocess.run(
            (program, "-t", "-i"), input=message.as_bytes(), timeout=_MAIL_SECONDS, check=False,
            capture_output=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"sendmail did not come to its end in {_MAIL_SECONDS} seconds"
    except (OSError, subprocess.SubprocessError) as error:
        return f"sendmail could not be run: {error}"
    words = done.stderr.decode("utf-8", "replace").strip()
    return f"sendmail ended with {done.returncode}: {words}" if done.returncode else ""
