"""Where the token lies: the environment, a real key ring, or a file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import desktops
import servers
from li_vault.errors import BadUsage
from li_vault.host import tokens


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
        (sys.executable, "-c", f"import os\nfrom li_vault.host import tokens\n{code}"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_a_real_key_ring_keeps_it(ring: None, home: Path) -> None:
    find = (
        "found = tokens.find(os.environ)\nprint(found and found.value, '|', found and found.place)"
    )
    assert _in_a_process(find) == "None | None"
    assert _in_a_process("print(tokens.keep('first'))") == "the system's key ring"
    assert _in_a_process(find) == "first | the system's key ring"
    _in_a_process("tokens.keep('second')")
    assert _in_a_process(find) == "second | the system's key ring"
    assert not tokens.file().exists()
    os.environ["LI_VAULT_TOKEN"] = "third"
    assert _in_a_process(find) == "third | LI_VAULT_TOKEN"


def test_without_a_ring_a_file_that_nobody_else_can_read(home: Path) -> None:
    assert tokens.find({}) is None
    assert tokens.keep("first") == str(tokens.file())
    assert tokens.file().is_relative_to(home)
    assert tokens.file().stat().st_mode & 0o777 == 0o600
    assert tokens.file().parent.stat().st_mode & 0o777 == 0o700
    assert tokens.find({}) == tokens.Token("first", str(tokens.file()))
    assert tokens.find({"LI_VAULT_TOKEN": " second\n"}) == tokens.Token("second", "LI_VAULT_TOKEN")
    tokens.file().chmod(0o644)
    with pytest.raises(BadUsage, match="Others can read"):
        tokens.find({})
    tokens.file().chmod(0o600)
    tokens.file().write_bytes(b"\xff")
    with pytest.raises(BadUsage, match="can't be read"):
        tokens.find({})


def test_none_is_told_with_a_way_out() -> None:
    with pytest.raises(BadUsage, match="no token") as caught:
        tokens.required({})
    assert "fetch --login" in caught.value.hint
