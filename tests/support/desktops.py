"""A desktop that nobody sits at, and terminals."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

import servers

_BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""
_SHOWN = re.compile(r"^\tsummary: '(.*?)'\n\tbody: '(.*?)'\n\ticon: ", re.MULTILINE | re.DOTALL)


class Desktop(NamedTuple):
    """A desktop: the address of its bus, and the file that dunst writes what it shows to."""

    bus: str
    screen: Path

    def shown(self) -> list[tuple[str, str]]:
        """Title and text of every notice so far."""
        return _SHOWN.findall(self.screen.read_text("utf-8"))

    def await_shown(self, number: int) -> list[tuple[str, str]]:
        """The same, once there are so many."""
        until = time.monotonic() + 20
        while len(found := self.shown()) < number:
            assert time.monotonic() < until, f"{len(found)} of {number} notices"
            time.sleep(0.02)
        return found


@contextmanager
def bus() -> Iterator[str]:
    """A session bus of one's own; its address. The folder is short: a socket lies in it."""
    servers.need("dbus-daemon")
    with tempfile.TemporaryDirectory(prefix="b") as name:
        socket, config = Path(name) / "bus", Path(name) / "bus.conf"
        config.write_text(_BUS.format(socket), "utf-8")
        daemon = subprocess.Popen(
            ("dbus-daemon", f"--config-file={config}", "--nofork", "--nosyslog"),
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(socket.exists)
            yield f"unix:path={socket}"
        finally:
            _end(daemon)


@contextmanager
def desktop(folder: Path) -> Iterator[Desktop]:
    """A desktop with dunst on a screen of Xvfb."""
    servers.need("dbus-daemon", "dunst", "Xvfb")
    folder.mkdir(exist_ok=True)
    number, screen = folder / "display", folder / "screen"
    with bus() as address, number.open("wb") as told, screen.open("wb") as shown:
        xvfb = subprocess.Popen(
            ("Xvfb", "-displayfd", str(told.fileno()), "-screen", "0", "320x240x24", "-nolisten",
             "tcp"),
            pass_fds=[told.fileno()], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        dunst = None
        try:
            _await(lambda: number.read_bytes().endswith(b"\n"))
            display = {"DISPLAY": f":{number.read_text('ascii').strip()}"}
            env = {**os.environ, **display, "DBUS_SESSION_BUS_ADDRESS": address}
            dunst = subprocess.Popen(
                ("dunst", "-print"), env=env, stdout=shown, stderr=subprocess.DEVNULL
            )
            await_owner(address, "org.freedesktop.Notifications")
            yield Desktop(address, screen)
        finally:
            if dunst is not None:
                _end(dunst)
            _end(xvfb)


def await_owner(address: str, name: str) -> None:
    """Wait until a service of this name is on a bus."""
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection

    with open_dbus_connection(bus=address) as connection:
        ask = message_bus.NameHasOwner(name)
        _await(lambda: bool(connection.send_and_get_reply(ask).body[0]))


def _await(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.02)
    pytest.fail("the desktop did not come up")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)


def _as_a_shell_does() -> None:
    """Have Ctrl-C come, also where whoever runs the tests is started with it ignored."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(
    *args: object,
    env: Mapping[str, str],
    keys: bytes = b"",
    question: bytes = b"",
    sent: int | None = None,
) -> tuple[int, str]:
    """Run li-vault on a terminal, which types `keys`; its status, and what the terminal got.

    With a `question` nothing is typed until it is shown; a signal is `sent` just before.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "li_vault", *map(str, args)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **env},
        start_new_session=True,
        preexec_fn=_as_a_shell_does,  # noqa: PLW1509 - no thread of ours is at work
    ) as process:
        os.close(theirs)
        shown = b""
        while question not in shown:
            shown += os.read(ours, 65536)
        if question:
            time.sleep(0.3)  # the question waits for its answer: nobody types while it appears
        if sent is not None:
            process.send_signal(sent)
            time.sleep(0.2)
        with suppress(OSError):  # who ended has no terminal any more
            os.write(ours, keys)
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how Linux tells that the other end is closed
            pass
        status = process.wait()
    os.close(ours)
    return status, shown.decode()
