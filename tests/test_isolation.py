"""The proof that tests can't see or touch what is their user's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import isolation
from isolation import REAL_HOME, TouchedRealHome

LOOK = """
import json, os, pathlib, platformdirs, subprocess
git = lambda *a: subprocess.run(["git", *a], capture_output=True, text=True).stdout
print(json.dumps({
    "home": str(pathlib.Path.home()),
    "data": platformdirs.user_data_dir("li-vault"),
    "downloads": platformdirs.user_downloads_dir(),
    "config": git("config", "--list", "--show-origin", "--includes"),
    "identity": git("var", "GIT_AUTHOR_IDENT"),
    "git": sorted(n for n in os.environ if n.startswith("GIT_")),
    "ours": sorted(n for n in os.environ if n.startswith("LI_VAULT")),
}))
"""


def look() -> dict[str, object]:
    """What a child process of a test sees."""
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_this_process_lives_in_the_test_home(home: Path) -> None:
    assert Path.home() == home
    assert Path.cwd() == home
    assert Path("~").expanduser() == home
    assert home.resolve() != REAL_HOME
    assert not REAL_HOME.is_relative_to(home)


def test_children_live_in_the_test_home(home: Path) -> None:
    seen = look()
    assert seen["home"] == str(home)
    assert Path(str(seen["data"])).is_relative_to(home)
    assert Path(str(seen["downloads"])).is_relative_to(home)
    assert seen["git"] == ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"]
    assert seen["ours"] == []


def test_git_reads_the_test_home_alone(home: Path) -> None:
    seen = look()
    origins = {line.split("\t")[0] for line in str(seen["config"]).splitlines()}
    assert origins == {f"file:{home / '.gitconfig'}"}
    assert str(seen["identity"]).startswith("Somebody Else <somebody@example.invalid> ")


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_AUTHOR_DATE", "LI_VAULT", "TZ", "LC_ALL"])
def test_what_was_set_outside_is_gone(name: str) -> None:
    assert isolation.is_foreign(name)
    assert name not in os.environ


def test_foreign_variables_do_not_reach_a_test(tmp_path: Path) -> None:
    """A whole pytest, started in a hostile environment with a home of its own, sees nothing."""
    outer = tmp_path / "outer"
    outer.mkdir()
    (outer / ".gitconfig").write_text("[user]\n\tname = Hostile\n", encoding="utf-8")
    suite = tmp_path / "test_seen.py"
    suite.write_text(
        "import os, pathlib\n"
        "def test_it(home):\n"
        "    assert pathlib.Path.home() == home\n"
        "    assert not {'GIT_DIR', 'LI_VAULT', 'TZ', 'LC_ALL', 'NO_COLOR'} & set(os.environ)\n"
        "    pathlib.Path('~/made').expanduser().write_text('x')\n",
        encoding="utf-8",
    )
    hostile = {
        "HOME": str(outer),
        "GIT_DIR": "/nowhere",
        "LI_VAULT": str(outer / "vault"),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "NO_COLOR": "1",
        "GIT_CONFIG_GLOBAL": str(outer / ".gitconfig"),
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(suite)),
            *("-c", str(isolation.CHECKOUT / "pyproject.toml"), "--rootdir", str(tmp_path)),
            *("--confcutdir", str(tmp_path), "-p", "conftest"),
        ],
        env={**os.environ, **hostile, "PYTHONPATH": str(isolation.CHECKOUT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert [p.name for p in outer.iterdir()] == [".gitconfig"]


def test_a_child_with_the_real_home_is_an_error() -> None:
    with pytest.raises(TouchedRealHome):
        subprocess.run(["git", "version"], env={**os.environ, "HOME": str(REAL_HOME)}, check=False)


def test_a_child_without_a_home_is_an_error() -> None:
    """It would ask the system, and get the real one."""
    without = {name: value for name, value in os.environ.items() if name != "HOME"}
    with pytest.raises(TouchedRealHome):
        subprocess.run(["git", "version"], env=without, check=False)


def test_the_real_home_in_this_process_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(REAL_HOME))
    with pytest.raises(TouchedRealHome):
        subprocess.run(["git", "version"], check=False)


def test_a_touched_home_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(isolation, "REAL_HOME", tmp_path)
        untouched = isolation.trace_of_real_home()
        (tmp_path / ".gitconfig").write_text("[user]\n", encoding="utf-8")
        configured = isolation.trace_of_real_home()
        (tmp_path / ".local" / "share" / "li-vault").mkdir(parents=True)
        settled = isolation.trace_of_real_home()
    assert len(untouched) < len(configured) < len(settled)
