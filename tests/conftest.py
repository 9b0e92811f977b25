"""Every test runs in a home of its own: no user's files, no user's git, no user's vault."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import hypothesis
import pytest

import desktops
import isolation
from desktops import Desktop
from isolation import Outcome, Run, Samples, TouchedRealHome
from li_vault.host import user_folders
from outside import Call

_WATCH = isolation.Watch()

hypothesis.settings.register_profile(
    "house",
    deadline=None,  # a busy machine is no counter-example
    database=None,  # nothing is left in the checkout
    derandomize=True,  # the same tests for everyone
)
hypothesis.settings.load_profile("house")


SHARE = 4
"""One in so many cases of a sweep is run, but for `--sweep=all`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sweep",
        choices=("sample", "all"),
        default="sample",
        help="of exhaustive tests (marker sweep): a sample drawn by the commit's id, or all cases",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out most cases of each sweep; which ones, the commit's id decides."""
    if config.getoption("--sweep") == "all":
        return
    ask = ("git", "-C", str(isolation.CHECKOUT), "rev-parse", "HEAD")
    commit = subprocess.run(ask, capture_output=True, check=False).stdout
    sweeps: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sweep"):
            sweeps.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left: list[pytest.Item] = []
    for cases in sweeps.values():
        cases.sort(key=lambda one: hashlib.sha256(commit + one.nodeid.encode()).digest())
        drawn = hashlib.sha256(commit + cases[0].nodeid.encode()).digest()[0] % SHARE
        left += cases[len(cases) // SHARE + (drawn < len(cases) % SHARE) :]
    gone = set(map(id, left))
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if id(item) not in gone]


@pytest.fixture(autouse=True)
def home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A fresh home, which is also the current folder; the environment points there alone.

    `~/.gitconfig` in it holds an identity for plain git and may be written to by the test.
    """
    home = tmp_path_factory.mktemp("home")
    for name in filter(isolation.is_foreign, list(os.environ)):
        monkeypatch.delenv(name)
    for name, value in isolation.environment(home).items():
        monkeypatch.setenv(name, value)
    # A vault's hooks find the li-vault that is tested, whether its environment is active or not.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Somebody Else\n\temail = somebody@example.invalid\n", encoding="utf-8"
    )
    monkeypatch.chdir(home)
    before = isolation.trace_of_real_home()
    _WATCH.on = True
    yield home
    _WATCH.on = False
    if isolation.trace_of_real_home() != before:
        raise TouchedRealHome("the real home is not as it was before the test")


@pytest.fixture
def vault_dir(tmp_path: Path) -> Path:
    """Where a test's vault may be made; nothing is there yet."""
    return tmp_path / "vault"


@pytest.fixture
def sample() -> Samples:
    """The sample archives."""
    folder = isolation.CHECKOUT / "tests" / "sample"
    return Samples(
        newest=folder / "Basic_LinkedInDataExport_11-20-2026.zip",
        older=folder / "Basic_LinkedInDataExport_10-20-2026.zip",
    )


@pytest.fixture
def run() -> Run:
    """Runs li-vault as a process of its own: `run("status", "--json", env={…}, stdin=b"…")`."""

    def call(
        *args: str | os.PathLike[str],
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout: float = 120,
    ) -> Outcome:
        wanted = {**os.environ, **(env or {})}
        done = subprocess.run(
            [sys.executable, "-m", "li_vault", *[os.fspath(arg) for arg in args]],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={name: value for name, value in wanted.items() if value is not None},
            timeout=timeout,
            check=False,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def fixed_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks of tests live in a time that is no future, whenever the tests run."""
    monkeypatch.setattr(user_folders, "today", lambda: date(2028, 1, 1))


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A desktop with a real service for notices; this process and its children find it."""
    with desktops.desktop(tmp_path / "desktop") as found:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", found.bus)
        yield found


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Calls li-vault as `run` does, but in this process, which takes no time to start.

    `status` is what it must end with; None takes any.
    """
    from li_vault.cli import app
    from li_vault.cli.commands import group

    def run(*args: object, status: int | None = 0) -> Outcome:
        capsys.readouterr()
        ended = app.run(group, [str(arg) for arg in args])
        said = capsys.readouterr()
        outcome = Outcome(ended, said.out, said.err)
        assert "Traceback" not in said.err
        assert status is None or ended == status, outcome
        return outcome

    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
    gc.enable()
