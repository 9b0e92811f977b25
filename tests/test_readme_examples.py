"""Every example of the README with its output is run on the sample archives, and says just that."""

from __future__ import annotations

import re
import shlex
import subprocess
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
    shown = {command.split()[1] for command, _ in EXAMPLES}
    assert shown >= {"diff", "log", "show", "find"}


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


def test_every_recipe_for_git_works_as_written(run: Run, vault_dir: Path, sample: Samples) -> None:
    done = run("snapshot", sample.older, sample.newest, "--init", "--vault", vault_dir)
    assert done.status == 0, done.err
    section = README.split("### With git alone\n")[1].split("\n## ")[0]
    named, *recipes = re.findall(r"^(?:file=|git ).*$", section, re.MULTILINE)
    assert len(recipes) == 5
    said = [_sh(f"{named}\n{recipe}", vault_dir) for recipe in recipes]
    first = min(path.name for path in (vault_dir / "contacts").iterdir())
    card = (vault_dir / "contacts" / first).read_bytes().decode()
    assert "2026-10-20 Snapshot 2026-10-20: 388 new" in said[0]
    assert f"+++ b/contacts/{first}" in said[0]
    assert said[1] == card
    blamed = [re.sub(r"^\^?[0-9a-f]+ +\d+\) ", "", line) for line in said[2].splitlines()]
    assert blamed == card.splitlines()
    assert "{contacts => former}/" in said[3]
    assert "26 files changed" in said[3]
    moved = re.findall(r"^R100\tcontacts/(\S+)\tformer/(\S+)$", said[4], re.MULTILINE)
    assert [one for one, _ in moved] == [path.name for path in (vault_dir / "former").iterdir()]


def _sh(script: str, folder: Path) -> str:
    done = subprocess.run(("sh", "-eu", "-c", script), cwd=folder, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()
