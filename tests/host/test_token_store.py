"""Where the token lies: the environment, a real key ring, or a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import desktops
import servers
from li_vault.errors import BadUsage
from li_vault.host import token_store


@pytest.fixture
def ring(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """GNOME's key ring on a bus of its own, opened."""
    servers.need("gnome-keyring-daemon")
    with desktops.bus() as address:
        (home / ".run").mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.SecretService.Keyring")
        daemon = subprocess.Popen(
            ("gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert daemon.stdin
        daemon.stdin.write(b"a password")
        daemon.stdin.close()
        try:
            desktops.await_owner(address, "org.freedesktop.secrets")
            yield
        finally:
            daemon.terminate()
            daemon.wait(10)


def _in_a_process(code: str) -> str:
    """What code prints in a process of its own: keyring chooses its ring once."""
    done = subprocess.run(
        (sys.executable, "-c", f"import os\nfrom li_vault.host import token_store\n{code}"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_a_real_key_ring_keeps_it(ring: None, home: Path) -> None:
    find = (
        "found = token_store.find_token(os.environ)\n"
        "print(found and found.value, '|', found and found.place)"
    )
    assert _in_a_process(find) == "None | None"
    assert _in_a_process("print(token_store.keep_token('first'))") == "the system's key ring"
    assert _in_a_process(find) == "first | the system's key ring"
    _in_a_process("token_store.keep_token('second')")
    assert _in_a_process(find) == "second | the system's key ring"
    assert not token_store.token_file().exists()
    os.environ["LI_VAULT_TOKEN"] = "third"
    assert _in_a_process(find) == "third | LI_VAULT_TOKEN"


def test_without_a_ring_a_file_that_nobody_else_can_read(home: Path) -> None:
    assert token_store.find_token({}) is None
    assert token_store.keep_token("first") == str(token_store.token_file())
    assert token_store.token_file().is_relative_to(home)
    assert token_store.token_file().stat().st_mode & 0o777 == 0o600
    assert token_store.token_file().parent.stat().st_mode & 0o777 == 0o700
    assert token_store.find_token({}) == token_store.Token("first", str(token_store.token_file()))
    assert token_store.find_token({"LI_VAULT_TOKEN": " second\n"}) == token_store.Token(
        "second", "LI_VAULT_TOKEN"
    )
    token_store.token_file().chmod(0o644)
    with pytest.raises(BadUsage, match="Others can read"):
        token_store.find_token({})
    token_store.token_file().chmod(0o600)
    token_store.token_file().write_bytes(b"\xff")
    with pytest.raises(BadUsage, match="can't be read"):
        token_store.find_token({})


RING = """
import json, os, time
from pathlib import Path
from keyring.backend import KeyringBackend

class Ring(KeyringBackend):
    "A key ring in a file, that is locked or hangs where it is told to."
    priority = 5

    def _open(self):
        if os.environ.get("RING") == "locked":
            raise RuntimeError("locked")
        if os.environ.get("RING") == "hangs":
            time.sleep(60)
        return Path(os.environ["HOME"]) / "ring"

    def get_password(self, service, user):
        return self._open().read_text() if self._open().exists() else None

    def set_password(self, service, user, password):
        self._open().write_text(password)
"""


@pytest.fixture
def loose_ring(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key ring that can be locked, or hang, in a process of its own."""
    (tmp_path / "loose_ring.py").write_text(RING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "loose_ring.Ring")


def test_the_newest_token_is_the_one_that_counts(
    loose_ring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = "print(token_store.find_token(os.environ).value)"
    assert _in_a_process("print(token_store.keep_token('old'))") == "the system's key ring"
    monkeypatch.setenv("RING", "locked")
    assert _in_a_process("print(token_store.keep_token('new'))") == str(token_store.token_file())
    monkeypatch.delenv("RING")
    assert _in_a_process(find) == "new"
    _in_a_process("token_store.keep_token('newest')")
    assert not token_store.token_file().exists()
    assert _in_a_process(find) == "newest"


def test_a_ring_that_waits_is_waited_for_a_moment(
    loose_ring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_a_process("token_store.keep_token('old')")
    monkeypatch.setenv("RING", "hangs")
    soon = "token_store._ALONE = 0.3\n"
    began = time.monotonic()
    assert _in_a_process(soon + "print(token_store.find_token(os.environ))") == "None"
    required = "try: token_store.require_token(os.environ)\nexcept Exception as error: print(error)"
    assert "key ring did not answer in 0.3 seconds" in _in_a_process(soon + required)
    silent = f"{token_store.token_file()} (the system's key ring did not answer in 0.3 seconds)"
    assert _in_a_process(soon + "print(token_store.keep_token('new'))") == silent
    assert _in_a_process(soon + "print(token_store.find_token(os.environ).value)") == "new"
    assert time.monotonic() - began < 20


def test_what_is_no_ordinary_file_is_not_opened(home: Path) -> None:
    token_store.keep_token("first")
    token_store.token_file().unlink()
    os.mkfifo(token_store.token_file(), 0o600)
    with pytest.raises(BadUsage, match="no ordinary file"):
        token_store.find_token({})
    token_store.token_file().unlink()
    token_store.token_file().mkdir()
    with pytest.raises(BadUsage, match="no ordinary file"):
        token_store.find_token({})


def test_none_is_told_with_a_way_out() -> None:
    with pytest.raises(BadUsage, match="no token") as caught:
        token_store.require_token({})
    assert "fetch --login" in caught.value.hint
