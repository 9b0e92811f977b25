"""The laws of the house hold, and each of them can fail."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

import laws
from isolation import CHECKOUT

Law = Callable[[dict[str, laws.Source]], list[str]]

LAWS: list[Law] = [
    laws.floors,
    laws.circles,
    laws.folder_circles,
    laws.order_within_vault,
    laws.commands_stand_alone,
    laws.homes,
    laws.purity,
    laws.pure_views,
    laws.only_cli_speaks,
    laws.rooms,
    laws.one_name_one_thing,
    laws.names,
    laws.unfinished,
]
LONG = "x = 1\n" * 50
BAD: list[tuple[Law, dict[str, str]]] = [
    (laws.floors, {"core/a.py": "import li_vault.cli.app", "cli/app.py": ""}),
    (laws.floors, {"core/a.py": "def f():\n from li_vault.cli import app", "cli/app.py": ""}),
    (laws.floors, {"errors.py": "from li_vault import core", "core/__init__.py": ""}),
    (laws.floors, {"store/a.py": "from li_vault.core import model", "core/model.py": ""}),
    (laws.floors, {"store/a.py": "from li_vault.host import zips", "host/zips.py": ""}),
    (laws.floors, {"host/a.py": "from li_vault.store.repo import Repo", "store/repo.py": ""}),
    (laws.floors, {"formats/a.py": "from li_vault.host.zips import x", "host/zips.py": ""}),
    (laws.floors, {"vault/a.py": "import li_vault.cli.render", "cli/render.py": ""}),
    (laws.floors, {"cli/a.py": "from li_vault import __main__", "__main__.py": ""}),
    (laws.floors, {"core/a.py": "from . import b", "core/b.py": ""}),
    (laws.floors, {"attic/a.py": ""}),
    (
        laws.circles,
        {
            "core/a.py": "from li_vault.core import b",
            "core/b.py": "def f():\n import li_vault.core.c",
            "core/c.py": "from li_vault.core.a import x",
        },
    ),
    (
        laws.folder_circles,
        {
            "core/a.py": "from li_vault.core.matching import b",
            "core/matching/b.py": "from li_vault.core import c",
            "core/c.py": "",
        },
    ),
    (
        laws.order_within_vault,
        {"vault/plan/a.py": "from li_vault.vault.record import b", "vault/record/b.py": ""},
    ),
    (
        laws.order_within_vault,
        {"vault/vault.py": "def f():\n from li_vault.vault.plan.b import x", "vault/plan/b.py": ""},
    ),
    (
        laws.commands_stand_alone,
        {
            "cli/commands/look/a.py": "from li_vault.cli.commands.safe.b import x",
            "cli/commands/safe/b.py": "",
        },
    ),
    (laws.homes, {"core/a.py": "import click"}),
    (laws.homes, {"store/state.py": "from git import Repo"}),
    (laws.homes, {"vault/a.py": "def f():\n import git.exc"}),
    (laws.homes, {"formats/address_books/google.py": "import vobject"}),
    (laws.homes, {"cli/render.py": "from deepdiff import DeepDiff"}),
    (laws.homes, {"vault/vault.py": "from click.testing import CliRunner"}),
    (laws.homes, {"vault/plan/api_source.py": "import httpx"}),
    (laws.homes, {"host/web_client.py": "def f():\n import keyring"}),
    (laws.homes, {"cli/commands/setup/watch.py": "import watchfiles"}),
    (laws.homes, {"vault/habit/notify.py": "from jeepney import DBusAddress"}),
    (laws.homes, {"vault/a.py": "import importlib\nimportlib.import_module('x')"}),
    (laws.purity, {"core/a.py": "import os"}),
    (laws.purity, {"core/a.py": "from pathlib import Path"}),
    (laws.purity, {"core/matching/a.py": "def f():\n import subprocess"}),
    (laws.purity, {"formats/a.py": "import os.path"}),
    (laws.purity, {"formats/vcard/a.py": "import random"}),
    (laws.purity, {"formats/a.py": "import logging"}),
    (laws.purity, {"cli/render.py": "import datetime\ndatetime.datetime.now()"}),
    (laws.purity, {"cli/render.py": "from datetime import date\nx = date.today()"}),
    (laws.purity, {"cli/render.py": "import time"}),
    (laws.purity, {"core/a.py": "import sys\nsys.stdin.read()"}),
    (laws.purity, {"core/a.py": "from sys import argv"}),
    (laws.purity, {"core/a.py": "import uuid\nuuid.uuid4()"}),
    (laws.purity, {"core/a.py": "import io\nio.open('x')"}),
    (laws.purity, {"core/a.py": "open('x')"}),
    (laws.pure_views, {"cli/commands/look/a.py": "def as_text(x):\n print(x)"}),
    (laws.pure_views, {"cli/commands/look/a.py": "def as_json(vault):\n return vault.tip()"}),
    (
        laws.pure_views,
        {"cli/commands/look/a.py": "import time\ndef f():\n time.time()\ndef x_as_text():\n f()"},
    ),
    (laws.only_cli_speaks, {"vault/a.py": "print('done')"}),
    (laws.only_cli_speaks, {"store/a.py": "import sys\nsys.exit(1)"}),
    (laws.only_cli_speaks, {"store/a.py": "raise SystemExit(1)"}),
    (laws.only_cli_speaks, {"host/a.py": "import sys\nsys.stdout.write('x')"}),
    (laws.only_cli_speaks, {"vault/a.py": "exit()"}),
    (laws.rooms, {"core/a.py": "x = 1\n" * 20}),
    (laws.rooms, {f"core/{name}.py": LONG for name in "abcdefghijklmno"}),
    (laws.one_name_one_thing, {"core/a.py": "class A: ...", "host/b.py": "class A: ..."}),
    (laws.one_name_one_thing, {"core/a.py": "def f(): ...", "host/b.py": "def f(): ..."}),
    (laws.names, {"core/utils.py": ""}),
    (laws.names, {"host/file_helpers.py": ""}),
    (laws.names, {"common/a.py": ""}),
    (laws.names, {"store/manager.py": ""}),
    (laws.unfinished, {"core/a.py": "x = 1  # TO" + "DO: more"}),
    (laws.unfinished, {"core/a.py": "x = 1  # no" + "qa: E501"}),
    (laws.unfinished, {"core/a.py": "x = 1  # prag" + "ma: no cover"}),
]
GOOD = {
    "errors.py": "",
    "core/model.py": "import io, sys\nio.BytesIO(sys.intern(''))\nfrom li_vault.errors import X\n",
    "core/fields.py": "def changes():\n import deepdiff\nfrom li_vault.core import model\n",
    "core/matching/match.py": "from li_vault.core import fields\n",
    "formats/vcard/reader.py": "from li_vault.core import model\ndef read():\n import vobject\n",
    "host/zips.py": "import os\nfrom li_vault.formats.vcard import reader\n",
    "store/repo.py": "import subprocess\ndef f():\n import git\nfrom li_vault.errors import X\n",
    "vault/vault.py": "from li_vault.store import repo\nfrom li_vault.host import zips\n",
    "vault/plan/planner.py": "from li_vault.vault import vault\n",
    "cli/app.py": "import click\nprint('x')\n",
    "cli/render.py": "from li_vault.core import model\n",
    "cli/commands/__init__.py": "import importlib\n",
    "cli/commands/look/find.py": "from li_vault.cli import render\ndef as_text(x):\n return x\n",
    "__main__.py": "import sys\nfrom li_vault.cli import app\nsys.exit(0)\n",
}
GOOD = {path: text + LONG for path, text in GOOD.items()}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_its_laws(law: Law) -> None:
    assert law(laws.read(CHECKOUT / "src" / "li_vault")) == []


@pytest.mark.parametrize(("law", "files"), BAD)
def test_a_broken_law_is_found(law: Law, files: dict[str, str]) -> None:
    assert law(laws.parse(files)) != []


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_good_house_is_left_alone(law: Law) -> None:
    assert law(laws.parse(GOOD)) == []


def test_every_law_is_broken_by_some_bad_house() -> None:
    assert {law.__name__ for law, _ in BAD} == {law.__name__ for law in LAWS}


def test_tests_are_finished_too() -> None:
    tree = laws.read(CHECKOUT / "tests")
    assert laws.unfinished(tree) == []
    assert laws.names(tree) == []
    excused = "pytest.mark.x" + "fail"
    assert [path for path, source in tree.items() if excused in source.text] == []


def test_starting_up_loads_nothing_heavy() -> None:
    """What the command line does not need at every call is imported when it is needed."""
    heavy = (
        "git gitdb vobject dateutil deepdiff rich filelock platformdirs httpx keyring watchfiles "
        "jeepney importlib.metadata"
    )
    code = "import sys, li_vault.__main__; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "li_vault.__main__" in loaded
    assert not loaded & set(heavy.split())


def test_nothing_else_stands_on_the_top_level() -> None:
    expected = {"pyproject.toml", "src", "tests", "hooks", "LICENSE"}
    expected |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md"}
    built = {"build", "dist", "my-vault"}  # the last by the README's first command
    found = {p.name for p in CHECKOUT.iterdir() if not p.name.startswith((".", "PKG-INFO"))}
    assert expected <= found
    assert not found - expected - built


def test_no_file_knows_where_its_checkout_lies() -> None:
    """Nor any other absolute path of the machine that it was written on."""
    folders = [CHECKOUT / name for name in ("src", "tests", "hooks", ".ci")]
    texts = [p for f in folders for p in f.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    texts += [CHECKOUT / "pyproject.toml", *CHECKOUT.glob("*.md")]
    assert [p for p in texts if str(CHECKOUT).encode() + b"/" in p.read_bytes()] == []


def readme_command(heading: str) -> str:
    """The text of the first `sh` block below a heading of the README."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    body = next(part for part in section if part.startswith(f"{heading}\n"))
    block = re.search(r"^```sh\n(.*?)^```", body, flags=re.MULTILINE | re.DOTALL)
    assert block, f"no sh block below {heading}"
    return block[1].strip()


def test_ci_runs_the_very_command_of_the_readme() -> None:
    shown = subprocess.run(
        ["bash", str(CHECKOUT / ".ci" / "run"), "--show-test-command"],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    ).stdout.strip()
    assert shown == readme_command("For developers")
    assert ".venv/bin/pytest" in shown


def test_the_readme_begins_with_the_sample() -> None:
    command = readme_command("Start")
    path = re.search(r"tests/sample/\S+\.zip", command)
    assert path
    assert (CHECKOUT / path[0]).is_file()


def test_ci_can_be_run() -> None:
    script = CHECKOUT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)
