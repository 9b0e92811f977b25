"""What holds for every command: help, JSON, wrong use, streams, signals, and bugs of ours."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import outside
from isolation import CHECKOUT, Run, Samples
from li_vault.cli import render
from li_vault.cli.commands import COMMANDS, GROUPS, group
from li_vault.cli.commands.look import people
from network import Network
from outside import Call, git

NESTED = {
    "remote": ("remote add", "remote list", "remote remove"),
    "schedule": ("schedule install", "schedule show", "schedule remove"),
}
LEAVES = [leaf for name in COMMANDS for leaf in NESTED.get(name, (name,))]
PROGRAM = (sys.executable, "-m", "li_vault")


@pytest.fixture
def vault(call: Call, vault_dir: Path, sample: Samples) -> Path:
    call("snapshot", sample.older, "--init", "--vault", vault_dir)
    return vault_dir


@pytest.mark.parametrize("command", [*LEAVES, *NESTED])
def test_help_has_an_example_that_is_this_command(command: str, call: Call) -> None:
    said = call(*command.split(), "--help").out
    assert re.sub(r"\s+", " ", said).count(f"Example: li-vault {command}") == 1
    assert said.startswith(f"Usage: li-vault {command}")
    assert call(*command.split(), "-h").out == said


@pytest.mark.parametrize("command", LEAVES)
def test_every_example_is_a_call_that_is_understood(command: str) -> None:
    found: click.Command = group
    for name in command.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), name)
        assert inner is not None
        found = inner
    assert found.epilog is not None
    example = found.epilog.removeprefix("Example: ")
    words = shlex.split(example)[1 + len(command.split()) :]
    words = words[: words.index("||")] if "||" in words else words
    found.make_context(command, words)


def test_the_first_help_lists_every_command(call: Call) -> None:
    said = call("--help").out
    shown = re.findall(
        r"^(?:([A-Z][a-z ]+):|  ([a-z]+)  +(\S.*\.))$", said.split("Options:")[1], re.MULTILINE
    )
    assert shown == [
        one
        for title, rows in GROUPS.items()
        for one in [(title, "", ""), *(("", name, words) for name, words in rows.items())]
    ]
    assert "hook" not in re.findall(r"^  (\w+)", said, re.MULTILINE)
    assert "Example: li-vault snapshot" in said
    assert re.fullmatch(r"li-vault \d+\.\d+\.\d+\S*\n", call("--version").out)


@pytest.mark.parametrize("command", LEAVES)
def test_json_is_one_object_whatever_happens(command: str, call: Call, tmp_path: Path) -> None:
    for extra in ([], ["--no-such-option"]):
        given = {"show": ["ada"], "remote add": ["a", "git@example.invalid:b"]}
        given["remote remove"] = ["a"]
        given["same"] = given["apart"] = ["ada", "mary"]
        given["export"] = ["vcf", "-o", f"{tmp_path}/out.vcf"]
        given["rebuild"] = ["--into", f"{tmp_path}/into"]
        given["restore"] = [str(tmp_path)]
        args = [*command.split(), *given.get(command, []), *extra]
        if command != "init" or extra:
            said = call(*args, "--json", "--vault", tmp_path / "none", status=None)
            found = outside.one_object(said)
            assert next(iter(found)) == "format"
            if command not in ("doctor", "help") or extra:
                assert found["error"]["status"] == said.status == (2 if extra else 5)
                assert said.err == ""
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "args",
    [
        ["frobnicate"],
        ["--frobnicate"],
        ["status", "--frobnicate"],
        ["status", "too", "many"],
        ["show"],
        ["snapshot", "x", "--taken-on", "yesterday"],
        ["snapshot", "x", "--taken-on", "2026-02-30"],
        ["snapshot", "x", "--allow", "everything"],
        ["show", "ada", "--at", "2026-13"],
        ["find", "--at", "2026-02-31"],
        ["diff", "2026-99"],
        ["diff", ""],
        ["find", "--at", ""],
        ["show", "ada", "--at", " "],
        ["remote"],
        ["remote", "frobnicate"],
    ],
)
def test_wrong_use_is_two_with_a_way_out(args: list[str], call: Call, vault: Path) -> None:
    takes_vault = args[0] in COMMANDS and args != ["remote"] and args[1:] != ["frobnicate"]
    said = call(*args, *(["--vault", vault] if takes_vault else []), status=2)
    assert said.out == "" or args == ["remote"]
    assert said.err == "" or "What to do: " in said.err or "--help" in said.err


def test_nothing_called_shows_the_help(call: Call) -> None:
    said = call(status=None)
    assert "Usage: li-vault" in said.out + said.err


def test_results_and_words_go_apart(call: Call, vault: Path, sample: Samples) -> None:
    call("snapshot", sample.newest, "--vault", vault)
    for command in ("status", "log", "find", "diff", "push", "doctor"):
        said = call(command, "--vault", vault)
        assert said.out
        assert said.err == ""
        assert "\x1b" not in said.out
        found = outside.one_object(call(command, "--vault", vault, "--json"))
        assert "error" not in found


def _begin(*args: object, **more: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [*PROGRAM, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
    )


def test_a_reader_that_has_seen_enough(vault: Path) -> None:
    line = shlex.join([*PROGRAM, "find", "--json", "--vault", str(vault)])
    for reader in ("head -c 10", "true"):
        shell = f"{{ {line}; echo $? >&2; }} | {reader} >/dev/null"
        done = subprocess.run(("sh", "-c", shell), capture_output=True, check=False)
        assert done.stderr in (b"0\n", b"141\n")


@pytest.mark.parametrize("reader", ["| true", "| head -c 1", ">&-"])
@pytest.mark.parametrize("form", [[], ["--json"], ["--format", "csv"]])
def test_the_answer_is_the_same_whoever_reads_it(
    form: list[str], reader: str, call: Call, vault: Path, sample: Samples
) -> None:
    call("snapshot", sample.newest, "--vault", vault)
    line = shlex.join([*PROGRAM, "diff", "--exit-code", *form, "--vault", str(vault)])
    both = f"{{ {line}; echo $? >&2; }} {reader} >/dev/null"
    shell = both if reader[0] == "|" else f"{line} {reader}; echo $? >&2"
    done = subprocess.run(("sh", "-c", shell), capture_output=True, check=False)
    assert done.stderr == b"1\n"


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_streams_may_be_closed(streams: str, vault: Path) -> None:
    for command in ("status", "find --json", "doctor"):
        words = [*PROGRAM, *command.split(), "--vault", str(vault)]
        line = f"{shlex.join(words)} {streams}"
        done = subprocess.run(("sh", "-c", line), capture_output=True, check=False)
        assert done.returncode == 0, done
        assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_full_disk_behind_the_output(form: list[str], vault: Path) -> None:
    line = shlex.join([*PROGRAM, "find", *form, "--vault", str(vault)]) + " >/dev/full"
    done = subprocess.run(("sh", "-c", line), capture_output=True, check=False)
    assert done.returncode == 5
    assert b"full" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("number", "status", "whole_group"),
    [(signal.SIGINT, 130, True), (signal.SIGINT, 130, False), (signal.SIGTERM, 143, False)],
)
def test_a_snapshot_that_is_told_to_end(
    number: signal.Signals, status: int, whole_group: bool, tmp_path: Path, home: Path
) -> None:
    network = Network(seed=77, people=1500)
    first = outside.write(home, network)
    network.advance()
    second = outside.write(home, network)
    ended = set()
    for delay in (0.0, 0.08, 0.25):
        vault = tmp_path / f"vault{delay}"
        args = ["snapshot", first, second, "--init", "--vault", vault]
        process = _begin(*args, start_new_session=True)
        while not (vault / ".git" / "li-vault").exists() and process.poll() is None:
            time.sleep(0.002)
        time.sleep(delay)
        if process.poll() is None:
            if whole_group:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        out, err = process.communicate(timeout=60)
        ended.add(process.returncode)
        assert process.returncode in (0, status), (delay, out, err)
        assert b"Traceback" not in err
        if process.returncode:
            assert b"half done" in err
            assert out == b""
        count = git(vault, "rev-list", "--all", "--count").strip()
        assert count in ("0", "2"), "all or nothing"
        done = subprocess.run([*PROGRAM, *map(str, args)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert git(vault, "status", "--porcelain") == ""
        assert git(vault, "rev-list", "--count", "main").strip() == "2"
        assert git(vault, "fsck", "--full", "--strict", "--no-progress", "--no-dangling") == ""
    assert status in ended


def test_an_interrupt_is_told_in_json_too(tmp_path: Path, home: Path) -> None:
    export = outside.write(home, Network(seed=78, people=1500))
    vault = tmp_path / "vault"
    process = _begin(
        "snapshot", export, "--init", "--vault", vault, "--json", start_new_session=True
    )
    while not (vault / ".git" / "li-vault").exists() and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    said = json.loads(out)
    if process.returncode:
        assert (process.returncode, said["error"]["kind"]) == (143, "terminated"), err
    else:
        assert said["contacts"]


def test_a_bug_of_ours_tells_nobodys_data(
    call: Call, vault: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        secret = "Brilan Sonora"
        raise ValueError(secret)

    monkeypatch.setattr(people, "find_people", fail)
    said = call("find", "Brilan", "--json", "--vault", vault, status=70)
    error = outside.one_object(said)["error"]
    assert error["status"] == 70
    report = Path(re.findall(r"/\S+report\S*\.txt", error["hint"])[0])
    assert report.is_relative_to(home)
    assert report.stat().st_mode & 0o777 == 0o600
    text = report.read_text()
    assert "ValueError" in text
    assert "commands/look/people.py" in text
    for words in (text, said.out, said.err):
        assert "Sonora" not in words
        assert "Brilan" not in words
        assert str(vault) not in text
    told = call("find", "Brilan", "--vault", vault, status=70)
    assert str(report.parent) in told.err
    assert told.out == ""


@pytest.mark.parametrize("columns", ["60", "140"])
def test_a_terminal_has_colours_and_a_width(columns: str, vault: Path) -> None:
    import pty

    def shown(**env: str) -> str:
        reader, writer = pty.openpty()
        with subprocess.Popen(
            [*PROGRAM, "find", "--vault", str(vault)],
            stdout=writer, stderr=writer, stdin=writer,
            env={**os.environ, "COLUMNS": columns, "TERM": "xterm", **env},
        ) as process:  # fmt: skip
            os.close(writer)
            found = b""
            while True:
                try:
                    part = os.read(reader, 65536)
                except OSError:
                    break
                if not part:
                    break
                found += part
            assert process.wait() == 0
        os.close(reader)
        return found.decode()

    coloured = shown()
    assert "\x1b[1m" in coloured
    plain = shown(NO_COLOR="1")
    assert "\x1b" not in plain
    bare = re.sub(r"\x1b\[\d+m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()
    assert max(map(render.display_width, plain.split("\r\n"))) <= int(columns)
    assert shown(TERM="dumb") == plain


def test_json_is_utf8_in_every_locale(run: Run, vault: Path) -> None:
    said = run(
        "find", "exempli", "--json", "--vault", vault, env={"LC_ALL": "C", "PYTHONUTF8": "0"}
    )
    assert json.loads(said.out)["people"][0]["first_name"] == "José"
    assert "José" in said.out


def test_the_hidden_environment_is_not_needed(vault: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "status", "--vault", str(vault)], capture_output=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT / "src"), "HOME": "/nowhere"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
