"""What README, manual and the README in every vault say is true."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import outside
from isolation import CHECKOUT, Run, Samples
from li_vault.cli.commands import COMMANDS, GROUPS
from li_vault.core.planning import guards
from outside import git
from pages import FOLDER, MANUAL, PAGES, README, TITLES, blocks


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_the_table_of_commands_is_the_help() -> None:
    rows = re.findall(r"^\| (.*)\| `li-vault (\w+)` \| (.+) \|$", README, re.MULTILINE)
    assert [(name, line) for _, name, line in rows] == list(COMMANDS.items())
    starts = {name: group.strip() for group, name, _ in rows if group}
    assert starts == {next(iter(commands)): group for group, commands in GROUPS.items()}


def test_the_readme_leads_to_every_topic() -> None:
    links = re.findall(r"^\| \[`li-vault help (\w+)`\]\((.+)\) \| (.+) \|$", README, re.MULTILINE)
    assert {topic: title for topic, _, title in links} == TITLES
    assert all(CHECKOUT / path == FOLDER / f"{topic}.md" for topic, path, _ in links)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_topic_that_is_named_is_there(page: str) -> None:
    text = PAGES[page]
    assert set(re.findall(r"`li-vault help (\w+)`", text)) <= {*MANUAL, *COMMANDS}
    folder = CHECKOUT if page == "README" else FOLDER
    paths = [path for path in re.findall(r"\]\(([^)]+)\)", text) if "//" not in path]
    assert [path for path in paths if not (folder / path).is_file()] == []


def test_the_tables_of_guards_are_the_code() -> None:
    text = PAGES["guards"]
    rules = re.findall(r"^\| `(\w+)` \| [^|]+ \|$", text, re.MULTILINE)
    assert tuple(rules) == guards.RULES
    told = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE))
    known = {name.replace("_", ""): str(value) for name, value in _defaults().items()}
    assert {name.lower(): value for name, value in told.items() if name.lower() in known} == known


def _defaults() -> dict[str, int]:
    policy = guards.Policy()
    return {name: getattr(policy, name) for name in guards.Policy._fields}


def test_every_exit_status_is_told() -> None:
    told = set(re.findall(r"^\| (\d+(?:, \d+)?) \|", PAGES["safety"], re.MULTILINE))
    assert told == {"0", "1", "2", "3", "4", "5", "6", "7", "70", "130, 143"}


def test_every_command_that_is_shown_is_one() -> None:
    text = "\n".join(PAGES.values())
    words = set(re.findall(r"^li-vault (\w+)", "\n".join(blocks(text)), re.MULTILINE))
    assert words <= set(COMMANDS)
    assert {"init", "snapshot", "remote", "push"} <= words


@pytest.mark.parametrize("months", [1, 2])
def test_every_command_in_a_vaults_readme_runs_as_written(
    months: int, run: Run, vault_dir: Path, sample: Samples
) -> None:
    exports = [sample.older, sample.newest][:months]  # after the first nobody is in former/
    done = run("snapshot", *exports, "--init", "--vault", vault_dir)
    assert done.status == 0, done.err
    text = (vault_dir / "README.md").read_text(encoding="utf-8")
    recipes = blocks(text)
    assert len(recipes) >= 5
    next((vault_dir / "contacts").iterdir()).unlink()
    named = next(block for block in recipes if block.startswith("file="))
    for text_of_block in recipes:
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
    for line in recipes[0].splitlines():
        if "grep" in line:
            continue  # nobody here is an engineer
        shown = subprocess.run(
            ("sh", "-c", line), cwd=vault_dir, capture_output=True, check=False
        ).stdout
        assert shown, line
