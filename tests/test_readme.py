"""The words in the two READMEs are true: ours, and the one that lies in every vault."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import outside
from isolation import CHECKOUT, Run, Samples
from li_vault.cli import commands
from li_vault.core.planning import guards
from outside import git

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def _blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_table_of_commands_is_the_help() -> None:
    rows = re.findall(r"^\| `li-vault (\w+)` \| (.+) \|$", README, re.MULTILINE)
    assert rows == list(commands.COMMANDS.items())


def test_the_table_of_guards_is_the_code() -> None:
    section = README.split("\n## Guards\n")[1].split("\n## ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == guards.RULES
    told = dict(re.findall(r"`?(\w+)`? (\d+)`", section.replace("git config li-vault.", "")))
    known = {name.replace("_", ""): str(value) for name, value in _defaults().items()}
    assert {name.lower(): value for name, value in told.items() if name.lower() in known} == known


def _defaults() -> dict[str, int]:
    policy = guards.Policy()
    return {name: getattr(policy, name) for name in guards.Policy._fields}


def test_every_exit_status_is_told() -> None:
    told = set(re.findall(r"^\| (\d+(?:, \d+)?) \|", README, re.MULTILINE))
    assert told == {"0", "1", "2", "3", "4", "5", "6", "7", "70", "130, 143"}


def test_every_command_in_our_readme_is_one() -> None:
    words = set(re.findall(r"^li-vault (\w+)", "\n".join(_blocks(README)), re.MULTILINE))
    assert words <= set(commands.COMMANDS)
    assert {"init", "snapshot", "remote", "push"} <= words


@pytest.mark.parametrize("months", [1, 2])
def test_every_command_in_a_vaults_readme_runs_as_written(
    months: int, run: Run, vault_dir: Path, sample: Samples
) -> None:
    exports = [sample.older, sample.newest][:months]  # after the first nobody is in former/
    done = run("snapshot", *exports, "--init", "--vault", vault_dir)
    assert done.status == 0, done.err
    text = (vault_dir / "README.md").read_text(encoding="utf-8")
    blocks = _blocks(text)
    assert len(blocks) >= 5
    next((vault_dir / "contacts").iterdir()).unlink()
    named = next(block for block in blocks if block.startswith("file="))
    for text_of_block in blocks:
        block = named + text_of_block  # the recipes begin with it
        for shell in ("sh", "bash"):
            if shell == "bash" and re.search(r"clone|mkdir", block):
                continue  # makes a folder, once
            ended = subprocess.run(
                (shell, "-eu", "-c", block), cwd=vault_dir, capture_output=True, check=False
            )
            assert ended.returncode == 0, (block, ended.stderr)
            said = re.sub(rb"Cloning into .*\ndone\.\n", b"", ended.stderr)
            assert said == b"", said
    copy, then = vault_dir.parent / "vault-copy", vault_dir.parent / "vault-then"
    assert git(copy, "rev-parse", "HEAD") == git(vault_dir, "rev-parse", "HEAD")
    assert outside.cards(copy) == outside.cards(then) == outside.cards(vault_dir)
    everyone = (vault_dir.parent / "all-contacts.vcf").read_bytes()
    assert everyone.count(b"BEGIN:VCARD\r\n") == len(outside.cards(vault_dir))
    for line in blocks[0].splitlines():
        if "grep" in line:
            continue  # nobody here is an engineer
        shown = subprocess.run(
            ("sh", "-c", line), cwd=vault_dir, capture_output=True, check=False
        ).stdout
        assert shown, line
