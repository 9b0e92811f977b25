"""A notice by mail, handed to the machine's own `sendmail`: it knows how mail leaves here."""

from __future__ import annotations

import os
import shutil
import subprocess
from email.message import EmailMessage

from li_vault.core import text
from li_vault.core.notices import Notice

_SECONDS = 60


def send(notice: Notice, to: str) -> str:
    """Send a notice; why it was not sent, or "".

    Args:
        notice: The notice.
        to: The address.
    """
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
    message["Subject"] = " ".join(text.writable(f"li-vault: {notice.title}").split())
    message.set_content(text.writable(notice.body) + "\n")
    try:
        # Addresses are read from the message: a process's arguments are seen by everyone.
        done = subprocess.run(
            (program, "-t", "-i"), input=message.as_bytes(), timeout=_SECONDS, check=False,
            capture_output=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"sendmail did not come to its end in {_SECONDS} seconds"
    except (OSError, subprocess.SubprocessError) as error:
        return f"sendmail could not be run: {error}"
    words = done.stderr.decode("utf-8", "replace").strip()
    return f"sendmail ended with {done.returncode}: {words}" if done.returncode else ""
