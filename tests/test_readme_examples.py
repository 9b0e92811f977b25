"""Every example of README and manual runs as written, and says what stands below it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from isolation import CHECKOUT, Samples
from outside import git
from pages import PAGES, README, blocks

FOREIGN = ("khard ", "vdirsyncer ", "datasette ")
"""Programs that `test_take_it_anywhere.py` runs: they need a server or a setting."""

OTHER_SHELLS = ("# zsh", "| source")
CRONTAB = """\
#!/bin/sh
touch ~/crontab
if [ "$1" = -l ]; then cat ~/crontab; else cat >~/crontab; fi
"""


def examples(text: str) -> list[tuple[str, str]]:
    """Commands of the `console` blocks, with the output that stands below each."""
    parts = [p for b in blocks(text, "console") for p in re.split(r"^\$ ", b, flags=re.MULTILINE)]
    split = [part.partition("\n") for part in parts if part]
    return [(command, output) for command, _, output in split]


def sh(script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("bash", "-euc", script), cwd=folder, env={**os.environ, **env}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def vault(vault_dir: Path, sample: Samples) -> Path:
    """The vault of the two samples, as the README makes it."""
    done = sh(f"li-vault snapshot --init --vault {vault_dir} {sample.newest.parent}", CHECKOUT)
    assert done.returncode == 0, done.stderr
    return vault_dir


@pytest.fixture
def reader(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a reader who has the checkout's samples, a disk, a host and a crontab."""
    folder = home / "checkout"
    shutil.copytree(CHECKOUT / "tests" / "sample", folder / "tests" / "sample")
    for place in ("Downloads", "Archive/linkedin", "Archive/found-later"):
        shutil.copytree(folder / "tests" / "sample", home / place)
    (home / "nas").mkdir(mode=0o700)
    bare = home / "host" / "my-private-vault.git"
    bare.parent.mkdir(mode=0o700)
    git(home, "init", "-q", "--bare", "-b", "main", str(bare))
    git(home, "config", "--global", f"url.{bare.parent}/.insteadOf", "git@github.com:me/")
    programs = home / "bin"
    programs.mkdir()
    (programs / "crontab").write_text(CRONTAB)
    (programs / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    return folder


def test_there_are_examples() -> None:
    shown = {command.split()[1] for text in PAGES.values() for command, _ in examples(text)}
    assert shown >= {"diff", "log", "show", "find"}
    assert [command for command, _ in examples(README)] != []


@pytest.mark.parametrize("page", [page for page, text in PAGES.items() if examples(text)])
def test_every_output_is_what_the_command_says(page: str, vault: Path) -> None:
    for command, output in examples(PAGES[page]):
        said = sh(command, vault, LI_VAULT=str(vault))
        assert (said.returncode, said.stderr) == (0, ""), command
        if said.stdout != output:
            pytest.fail(f"{command} now says:\n{said.stdout}")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_runs_as_written(page: str, reader: Path, home: Path) -> None:
    """In the vault of both samples at the usual place; the README makes its own."""
    folder, written = reader, blocks(PAGES[page])
    if page == "README":
        start, *written, developers = written
        assert developers.endswith("/pytest -q\n")
        written.insert(0, start.split(" && .venv/bin/")[-1])
    else:
        made = sh("li-vault init && li-vault snapshot tests/sample", reader)
        assert made.returncode == 0, made.stderr
        folder = home / ".local" / "share" / "li-vault"
    lines = "".join(written).replace("/mnt/nas", str(home / "nas")).splitlines()
    ours = [x for x in lines if not x.startswith(FOREIGN) and not any(o in x for o in OTHER_SHELLS)]
    done = sh("\n".join(ours), folder)
    assert done.returncode == 0, done.stderr


def test_every_shell_gets_its_completion() -> None:
    calls = re.findall(r"_LI_VAULT_COMPLETE=(\w+)_source li-vault", PAGES["history"])
    assert calls == ["bash", "zsh", "fish"]
    for shell in calls:
        said = sh("li-vault", CHECKOUT, _LI_VAULT_COMPLETE=f"{shell}_source")
        assert said.returncode == 0
        assert "_li_vault_completion" in said.stdout


def test_every_recipe_for_git_works_as_written(vault: Path) -> None:
    section = PAGES["history"].split("## With git alone\n")[1]
    named, *recipes = re.findall(r"^(?:file=|git ).*$", section, re.MULTILINE)
    assert len(recipes) == 5
    said = [_sh(f"{named}\n{recipe}", vault) for recipe in recipes]
    first = min(path.name for path in (vault / "contacts").iterdir())
    card = (vault / "contacts" / first).read_bytes().decode()
    assert "2026-10-20 Snapshot 2026-10-20: 388 new" in said[0]
    assert f"+++ b/contacts/{first}" in said[0]
    assert said[1] == card
    blamed = [re.sub(r"^\^?[0-9a-f]+ +\d+\) ", "", line) for line in said[2].splitlines()]
    assert blamed == card.splitlines()
    assert "{contacts => former}/" in said[3]
    assert "26 files changed" in said[3]
    moved = re.findall(r"^R100\tcontacts/(\S+)\tformer/(\S+)$", said[4], re.MULTILINE)
    assert [one for one, _ in moved] == [path.name for path in (vault / "former").iterdir()]


def _sh(script: str, folder: Path) -> str:
    done = subprocess.run(("sh", "-eu", "-c", script), cwd=folder, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()
