"""Every example of the README with its output is run on the sample archives, and says just that."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from isolation import CHECKOUT, Run, Samples

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
EXAMPLES = [
    tuple(part.split("\n", 1))
    for block in BLOCKS
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
]


def test_there_are_examples() -> None:
    assert any(command.startswith("li-vault diff ") for command, _ in EXAMPLES)


def test_every_example_says_what_stands_there(run: Run, vault_dir: Path, sample: Samples) -> None:
    done = run("snapshot", sample.older, sample.newest, "--init", "--vault", vault_dir)
    assert done.status == 0, done.err
    for command, output in EXAMPLES:
        program, *args = shlex.split(command)
        assert program == "li-vault"
        said = run(*args, env={"LI_VAULT": str(vault_dir)})
        assert (said.status, said.err) == (0, ""), command
        if said.out != output:
            pytest.fail(f"{command} now says:\n{said.out}")
