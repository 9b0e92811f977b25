"""`schedule`: shown before it is written, run by the real thing, and taken away again."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import desktops
import outside
import servers
from isolation import Samples
from li_vault.errors import BadUsage
from li_vault.host import private_files, timers
from outside import Call, git


@pytest.fixture
def vault(call: Call, vault_dir: Path, sample: Samples) -> Path:
    call("snapshot", sample.older, "--init", "--vault", vault_dir)
    return vault_dir


@pytest.fixture
def offline(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real systemctl, which does to files what it does, and speaks to no one."""
    servers.need("systemctl", "systemd-analyze")
    (home / ".run" / "systemd").mkdir(mode=0o700, parents=True)  # where `verify` works
    monkeypatch.setenv("SYSTEMD_OFFLINE", "1")


def everything(home: Path, vault: Path) -> dict[str, bytes]:
    """Every file of a home, links too, and the vault's own settings."""
    found = {"settings": (vault / ".git" / "config").read_bytes()}
    for path in home.rglob("*"):
        if path.is_symlink():
            found[str(path)] = os.fsencode(path.readlink())
        elif path.is_file():
            found[str(path)] = path.read_bytes()
    return found


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("systemd-analyze", "verify", "--user", str(unit)), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_units_that_systemd_takes_and_that_go_again(
    call: Call, vault: Path, home: Path, offline: None
) -> None:
    before = everything(home, vault)
    args = ("--with", "systemd", "--vault", vault)
    shown = call("schedule", "install", *args, "--dry-run").out
    assert everything(home, vault) == before, "shown before it is written"
    said = call("schedule", "install", *args, "--every", "week").out
    assert said.startswith(shown)
    assert "more than 7 days old" in said
    folder = home / ".config" / "systemd" / "user"
    units = sorted(folder.glob("li-vault-*"))
    assert [path.suffix for path in units] == [".service", ".timer"]
    for unit in units:
        assert unit.read_text("utf-8") in shown
        done = verify(unit)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [p.name for p in (folder / "timers.target.wants").iterdir()] == [units[1].name]
    again = call("schedule", "show", "--vault", vault).out
    assert all(unit.read_text("utf-8") in again for unit in units)
    status = outside.one_object(call("status", "--vault", vault, "--json"))
    assert status["due_on"] == "2026-10-27"
    call("schedule", "remove", "--vault", vault)
    assert everything(home, vault) == before
    assert "Nothing is scheduled" in call("schedule", "show", "--vault", vault).out
    assert "Nothing is scheduled" in call("schedule", "remove", "--vault", vault).out


@pytest.mark.parametrize("kind", ["systemd", "launchd", "cron"])
def test_what_the_user_has_set_is_carried_and_no_secret(
    kind: str, call: Call, vault: Path, tmp_path: Path, pretending: Path, offline: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    program = pretending.parent / "pretending" / "crontab"
    program.write_text('#!/bin/sh\necho "no crontab for me" >&2; exit 1\n')
    program.chmod(0o755)
    odd = tmp_path / "my 100% $config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(odd))
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", "relative")
    monkeypatch.setenv("LI_VAULT_API", "http://127.0.0.1:9")
    monkeypatch.setenv("LI_VAULT_TOKEN", "AQ-very-secret")
    args = ("schedule", "install", "--with", kind, "--vault", vault, "--dry-run")
    said = call(*args)
    assert "gets no LI_VAULT_TOKEN" in said.err
    assert "secret" not in said.out + said.err
    assert "XDG_DOWNLOAD_DIR" not in said.out
    assert "127.0.0.1:9" in said.out
    assert str(odd).replace("%", {"systemd": "%%", "cron": "\\%"}.get(kind, "%")) in said.out
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert "relative" not in call(*args).out


def test_systemd_would_complain(tmp_path: Path, offline: None) -> None:
    """That `verify` takes our units says something: it refuses worse ones."""
    (tmp_path / "x.service").write_text('[Service]\nType=oneshot\nExecStart="/no such/program"\n')
    (tmp_path / "x.timer").write_text("[Timer]\nOnCalendar=whenever\n")
    for unit in tmp_path.iterdir():
        done = verify(unit)
        assert done.returncode or done.stderr


def test_a_path_with_every_odd_letter(
    call: Call, sample: Samples, tmp_path: Path, home: Path, offline: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """systemd takes the units, and what they say is the program and the vault, to the letter."""
    odd = tmp_path / "100% \"odd\" $HOME ; 'é' \\x"
    odd.mkdir()
    program, told = odd / "li-vault", tmp_path / "told"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{told}\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    vault = odd / "vault"
    call("snapshot", sample.older, "--init", "--vault", vault)
    call("schedule", "install", "--with", "systemd", "--vault", vault)
    (service,) = (home / ".config" / "systemd" / "user").glob("*.service")
    done = verify(service)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = re.findall(r"^ExecStart=(.*)$", service.read_text(), re.MULTILINE)
    # systemd.service(5): quotes as in the shell's double ones, %% and $$ for the signs themselves.
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]
    subprocess.run(words, check=True)
    assert told.read_text().splitlines() == ["remind", "--vault", str(vault)]


@pytest.fixture
def pretending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """launchctl and schtasks, which are not on this machine: they write down what they are told."""
    folder, told = tmp_path / "pretending", tmp_path / "told"
    folder.mkdir()
    for name in ("launchctl", "schtasks"):
        program = folder / name
        program.write_text(
            f'#!/bin/sh\necho {name} "$@" >>"{told}"\n[ ! -e "{tmp_path}/broken" ]\n'
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return told


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("launchd", "launchctl bootstrap gui/", "launchctl bootout gui/"),
        ("schtasks", "schtasks /Create /F /TN li-vault-", "schtasks /Delete /F /TN li-vault-"),
    ],
)
def test_files_of_other_systems(
    kind: str, first: str, last: str, call: Call, vault: Path, home: Path, pretending: Path
) -> None:
    kept = {path for path in home.rglob("*") if path.is_file()}
    call("schedule", "install", "--with", kind, "--vault", vault)
    said = outside.one_object(call("schedule", "show", "--vault", vault, "--json"))
    (timer,) = said["timers"]
    assert timer["with"] == kind
    (path,) = map(Path, timer["files"])
    assert path.is_file()
    call("schedule", "remove", "--vault", vault)
    assert {path for path in home.rglob("*") if path.is_file()} == kept
    told = pretending.read_text().splitlines()
    assert told[0].startswith(first)
    assert told[-1].startswith(last)


def test_what_fails_leaves_nothing(
    call: Call, vault: Path, home: Path, pretending: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken").touch()
    before = everything(home, vault)
    said = call("schedule", "install", "--with", "launchd", "--every", "week", "--vault", vault,
                "--json", status=2)  # fmt: skip
    outside.is_refused(said, 2, "", "launchctl bootstrap")
    assert everything(home, vault) == before
    assert "scheduled" not in git(vault, "config", "--local", "--list")


def test_what_fails_leaves_the_timer_that_there_was(
    call: Call, vault: Path, pretending: Path, tmp_path: Path, offline: None
) -> None:
    call("schedule", "install", "--with", "systemd", "--vault", vault)
    before = call("schedule", "show", "--vault", vault).out
    (tmp_path / "broken").touch()
    call("schedule", "install", "--with", "launchd", "--vault", vault, status=2)
    assert call("schedule", "show", "--vault", vault).out == before


@pytest.mark.parametrize("kind", ["launchd", "schtasks", "systemd", "cron"])
def test_what_does_not_start_is_no_half_timer(
    kind: str, call: Call, vault: Path, home: Path, tmp_path: Path, pretending: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Programs that fail at what they are told for the second time, but for taking away."""
    folder, table = tmp_path / "bin", tmp_path / "table"
    folder.mkdir()
    (folder / "systemctl").write_text(
        f'#!/bin/sh\necho systemctl "$@" >>"{pretending}"\n[ "$2" != enable ] || '
        f'[ ! -e "{tmp_path}/broken" ]\n'
    )
    (folder / "crontab").write_text(
        f'#!/bin/sh\ncase "$1" in -l) cat "{table}" 2>/dev/null ;; -) cat >"{table}.new"; '
        f'[ ! -e "{tmp_path}/broken" ] && mv "{table}.new" "{table}" ;; -r) rm "{table}" ;; esac\n'
    )
    for name in ("systemctl", "crontab"):
        (folder / name).chmod(0o755)
    table.touch()
    places = (folder, tmp_path / "pretending", "/usr/bin", "/bin")  # cron takes a short line alone
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, places)))
    args = ("schedule", "install", "--with", kind, "--vault", vault)
    call(*args, "--at", "12:30")
    shown = call("schedule", "show", "--vault", vault).out
    assert "30" in shown
    (tmp_path / "broken").touch()
    said = call(*args, "--at", "18:45", "--every", "week", "--json", status=2)
    outside.is_refused(said, 2, "", "failed")
    left = call("schedule", "show", "--vault", vault).out
    if kind == "cron":  # its table is written whole, or not at all
        assert left == shown
    else:
        assert "Nothing is scheduled" in left
        assert not [path for path in home.rglob("li-vault-*") if path.is_file()]
    (tmp_path / "broken").unlink()
    call(*args, "--at", "18:45")
    assert "45" in call("schedule", "show", "--vault", vault).out


def test_a_folder_that_can_not_be_written_leaves_the_timer_that_there_was(
    call: Call, vault: Path, home: Path, pretending: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("schedule", "install", "--with", "launchd", "--vault", vault)
    call(*args)
    shown = call("schedule", "show", "--vault", vault).out

    def full(path: Path, data: bytes) -> None:
        raise BadUsage(f"{path} can't be written: No space left on device.")

    with monkeypatch.context() as patched:
        patched.setattr(private_files, "write_private", full)
        said = call(*args, "--at", "18:45", "--json", status=2)
    outside.is_refused(said, 2, "", "No space left")
    assert "schedule show" in outside.one_object(said)["error"]["hint"]
    assert call("schedule", "show", "--vault", vault).out == shown


def test_the_timer_of_a_vault_that_is_gone_can_be_removed(
    call: Call, vault: Path, tmp_path: Path, pretending: Path
) -> None:
    call("schedule", "install", "--with", "launchd", "--vault", vault)
    vault.rename(tmp_path / "elsewhere")
    assert "no vault at" in call("schedule", "show", "--vault", vault).out
    said = outside.one_object(call("schedule", "remove", "--vault", vault, "--json"))
    assert ([one["with"] for one in said["timers"]], said["every_days"]) == (["launchd"], None)
    call("schedule", "remove", "--vault", vault, status=5)


def test_one_kind_takes_the_place_of_another(
    call: Call, vault: Path, pretending: Path, offline: None
) -> None:
    for kind in ("launchd", "systemd"):
        call("schedule", "install", "--with", kind, "--vault", vault)
    said = outside.one_object(call("schedule", "show", "--vault", vault, "--json"))
    assert [one["with"] for one in said["timers"]] == ["systemd"]
    call("schedule", "remove", "--vault", vault)


def test_it_asks_on_a_terminal_and_nobody_else(
    call: Call, vault: Path, home: Path, pretending: Path
) -> None:
    args = ("schedule", "install", "--with", "launchd", "--vault", vault)
    before = everything(home, vault)
    status, shown = desktops.run(*args, env={}, keys=b"n\n")
    assert (status, everything(home, vault)) == (1, before)
    assert shown.index("launchctl bootstrap") < shown.index("Write that?")
    assert "Nothing was written" in shown
    for keys, *more in ((b"\n",), (b"", "--yes"), (b"", "--json")):
        status, shown = desktops.run(*args, *more, env={}, keys=keys)
        assert status == 0
        assert ("Write that?" in shown) == bool(keys)
        assert "Took away" in call("schedule", "remove", "--vault", vault).out
    assert "Write that?" not in (said := call(*args)).err
    assert "Scheduled with launchd" in said.out


def test_a_vault_with_two_names_has_one_timer(
    call: Call, vault: Path, tmp_path: Path, pretending: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(vault)
    for name in (link, vault):
        call("schedule", "install", "--with", "launchd", "--vault", name)
    shown = [call("schedule", "show", "--vault", name).out for name in (link, vault)]
    assert "There is a timer" in shown[0]
    assert shown[0] == shown[1]
    call("schedule", "remove", "--vault", link)
    assert "Nothing is scheduled" in call("schedule", "show", "--vault", vault).out


@pytest.mark.parametrize(
    ("kind", "name"),
    [("systemd", b"\xff"), ("launchd", b"\xff"), ("schtasks", b"\xff"), ("launchd", b"\x1b"),
     ("schtasks", b"\x1b")],
)  # fmt: skip
def test_a_name_that_no_text_can_hold(
    kind: str, name: bytes, call: Call, tmp_path: Path, pretending: Path, offline: None
) -> None:
    vault = tmp_path / os.fsdecode(name)
    call("init", vault)
    args = ("schedule", "install", "--vault", vault, "--json", "--dry-run", "--with")
    outside.is_refused(call(*args, kind, status=2), 2, "", f"{kind} takes text alone")


@pytest.mark.parametrize(
    ("number", "keys", "ended"),
    [(None, b"\x03", 130), (None, b"\x03\n", 130), (signal.SIGTERM, b"\n", 143)],
)
def test_whoever_ends_it_at_the_question_gets_no_timer(
    number: int | None, keys: bytes, ended: int, call: Call, vault: Path, home: Path,
    pretending: Path,
) -> None:  # fmt: skip
    before = everything(home, vault)
    status, shown = desktops.run(
        "schedule", "install", "--with", "launchd", "--vault", vault, env={}, keys=keys,
        question=b"[Y/n]", sent=number,
    )  # fmt: skip
    assert (status, everything(home, vault)) == (ended, before), shown


def test_an_interrupt_while_it_is_written_leaves_no_half_timer(
    call: Call, vault: Path, home: Path, pretending: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timers.run_program

    def interrupted(*command: str, stdin: str = "") -> str:
        if "bootstrap" in command:
            raise KeyboardInterrupt
        return real(*command, stdin=stdin)

    before = everything(home, vault)
    with monkeypatch.context() as patched:
        patched.setattr(timers, "run_program", interrupted)
        call("schedule", "install", "--with", "launchd", "--vault", vault, status=130)
    assert everything(home, vault) == before


def test_json_holds_all_that_is_written(call: Call, vault: Path, home: Path, offline: None) -> None:
    args = ("schedule", "install", "--with", "systemd", "--vault", vault, "--json")
    drawn = outside.one_object(call(*args, "--dry-run"))
    done = outside.one_object(call(*args))
    assert (drawn.pop("installed"), done.pop("installed")) == (False, True)
    assert drawn == done
    for path, text in done["timers"][0]["files"].items():
        assert Path(path).read_text("utf-8") == text
    assert json.dumps(done)
    call("schedule", "remove", "--vault", vault)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["install", "--with", "clockwork"], "clockwork"),
        (["install", "--every", "now and then"], "no interval"),
        (["install", "--every", "0"], "no interval"),
        (["install", "--at", "noon"], "no time"),
        (["install", "--at", "25:00"], "no time"),
        (["install", "--with", "launchd"], "no launchctl"),
    ],
)
def test_wrong_use(args: list[str], words: str, call: Call, vault: Path) -> None:
    if shutil.which("launchctl"):
        pytest.skip("this machine has launchd")
    said = call("schedule", *args, "--vault", vault, "--json", status=2)
    outside.is_refused(said, 2, "", words)
