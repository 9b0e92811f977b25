"""`schedule --with cron`: a real cron runs the line, and a crontab stays what it was besides."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import outside
import servers
from isolation import CHECKOUT, Samples
from outside import Call


@pytest.fixture
def vault(call: Call, vault_dir: Path, sample: Samples) -> Path:
    call("snapshot", sample.older, "--init", "--vault", vault_dir)
    return vault_dir


_CRON = """\
set -eu
mount -t tmpfs spool /var/spool/cron
mkdir -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs 2>/dev/null || true
mount -t tmpfs run /run
printf '%s\\n' "# mine" "HOME=$HOME" 'MAILTO=""' > before
crontab before
"$PYTHON" -m li_vault schedule install --with cron --at 12:17 --vault "$VAULT"
crontab -l > during
faketime -f '@2026-11-25 12:16:57' cron -f &
for _ in $(seq 400); do [ -e "$DONE" ] && break; sleep 0.1; done
kill "$(cat /run/crond.pid)"
wait
"$PYTHON" -m li_vault schedule remove --vault "$VAULT"
crontab -l > after
"""


def _as_root() -> list[str]:
    """What a cron of one's own takes: its folder hidden in a name space of mounts."""
    servers.need("cron", "crontab", "faketime", "unshare")
    if os.getuid() == 0:
        return ["unshare", "-m"]
    sudo = ["sudo", "-n", "-E"]
    if shutil.which("sudo") and not subprocess.run([*sudo, "true"], check=False).returncode:
        return [*sudo, "unshare", "-m"]
    if servers.ALL_MUST_BE_HERE:
        pytest.fail("only root can let a cron of its own run")
    pytest.skip("only root can let a cron of its own run")


@pytest.mark.parametrize("name", ["vault", "a\\%b 100%"])
def test_a_real_line_of_a_real_cron(
    name: str, call: Call, vault: Path, home: Path, sample: Samples, tmp_path: Path
) -> None:
    """cron itself runs the line, at its time; an export in Downloads is recorded by it."""
    vault = vault.rename(vault.with_name(name))
    downloads = home / "Downloads"
    downloads.mkdir()
    shutil.copy(sample.newest, downloads)
    seen = vault / ".git" / "li-vault" / "arrivals"
    env = {
        **os.environ, "PYTHON": sys.executable, "VAULT": str(vault), "DONE": str(seen),
        "PYTHONPATH": str(CHECKOUT / "src"),
    }  # fmt: skip
    assert not seen.exists()
    ended = subprocess.run(
        [*_as_root(), "sh", "-c", _CRON], cwd=tmp_path, env=env, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "cron makes up for no missed day" in ended.stdout
    log = outside.one_object(call("log", "--vault", vault, "--json"))
    assert [one["taken_on"] for one in log["snapshots"]] == ["2026-11-20", "2026-10-20"], ended
    before, during, after = ((tmp_path / n).read_text() for n in ("before", "during", "after"))
    assert after == before
    assert re.search(r"^17 12 \* \* \* PATH=.* remind --vault ", during, re.MULTILINE)
    assert during.startswith(before)


def test_a_path_longer_than_cron_takes(
    call: Call, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.need("crontab")
    tools = [str(tmp_path / f"a folder of tools with a long name, {n:02}") for n in range(30)]
    monkeypatch.setenv("PATH", os.pathsep.join([*tools, os.environ["PATH"]]))
    said = call("schedule", "install", "--with", "cron", "--vault", vault, "--json", status=2)
    outside.is_refused(said, 2, "", "cron takes 998")
    assert "PATH=/usr/bin:/bin li-vault" in outside.one_object(said)["error"]["hint"]


def test_a_crontab_that_can_not_be_read_is_not_replaced(
    call: Call, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails for once: whoever took it for empty would write over all that is there."""
    folder, table = tmp_path / "bin", tmp_path / "table"
    folder.mkdir()
    table.write_bytes(b"0 1 * * * mine\r\n")
    (folder / "crontab").write_text(
        f'#!/bin/sh\n[ -e "{tmp_path}/busy" ] && {{ echo "crontab: busy" >&2; exit 1; }}\n'
        f'case "$1" in -l) cat "{table}" ;; -) cat >"{table}" ;; esac\n'
    )
    (folder / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    args = ("schedule", "install", "--with", "cron", "--vault", vault, "--json")
    (tmp_path / "busy").touch()
    assert "busy" in outside.one_object(call(*args, status=2))["error"]["message"]
    assert table.read_bytes() == b"0 1 * * * mine\r\n"
    (tmp_path / "busy").unlink()
    call(*args)
    assert table.read_bytes().startswith(b"0 1 * * * mine\r\n")
    assert len(table.read_bytes().splitlines()) == 2
    call("schedule", "remove", "--vault", vault)
    assert table.read_bytes() == b"0 1 * * * mine\r\n"
