"""The wheel is built, installed into a fresh environment, and run there."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import li_vault
from isolation import CHECKOUT
from pages import MANUAL

pytestmark = pytest.mark.xdist_group("wheel")  # one build for all tests of this file


def call(*command: str | Path, cwd: Path, **env: str) -> str:
    """Run a command far from the checkout; its standard output."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [os.fspath(part) for part in command],
        cwd=cwd,
        env=inherited | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network by the hatchling that is installed here."""
    folder = tmp_path_factory.mktemp("dist")
    home = {"HOME": str(folder)}  # this fixture is older than the test's own home
    call(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, CHECKOUT),
        cwd=folder,
        **home,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment that holds the wheel.

    What li-vault depends on is lent by this environment through a `.pth` file, so that no
    network is needed; our own package must come out of the wheel.
    """
    folder = tmp_path_factory.mktemp("venv")
    home = {"HOME": str(folder)}
    call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder, **home)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = ("install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check", wheel)
    call(sys.executable, "-m", "pip", "--python", python, *install, cwd=folder, **home)
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(call(python, "-c", asked, cwd=folder, **home).strip())
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def test_the_wheel_holds_the_package_its_manual_and_its_hooks(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        modes = {i.filename: i.external_attr >> 16 & 0o777 for i in archive.infolist()}
    source = CHECKOUT / "src"
    modules = {p.relative_to(source).as_posix() for p in source.rglob("*.py")}
    assert modules <= set(modes)
    hooks = {f"li_vault/hooks/{p.name}" for p in (CHECKOUT / "hooks").iterdir()}
    assert {modes[hook] for hook in hooks} == {0o755}
    manual = {f"li_vault/manual/{topic}.md" for topic in MANUAL}
    assert {"format", "guards", "export"} <= set(MANUAL)
    assert manual <= set(modes)
    rest = {name for name in set(modes) - modules - hooks - manual if ".dist-info/" not in name}
    assert rest <= {"li_vault/py.typed"}


def test_it_installs_and_runs(installed: Path, tmp_path: Path) -> None:
    program = installed / "li-vault"
    assert li_vault.__version__ in call(program, "--version", cwd=tmp_path)
    assert "snapshot" in call(program, "--help", cwd=tmp_path)


def test_the_installed_manual_is_the_checkouts(installed: Path, tmp_path: Path) -> None:
    for topic, page in MANUAL.items():
        assert call(installed / "li-vault", "help", topic, cwd=tmp_path).endswith(page)


def test_the_installed_hooks_are_its_own_and_executable(installed: Path, tmp_path: Path) -> None:
    code = "from li_vault.host.user_folders import hooks_folder; print(hooks_folder())"
    hooks = Path(call(installed / "python", "-c", code, cwd=tmp_path).strip())
    assert hooks.is_relative_to(installed.parent)
    assert hooks.name == "hooks"
    for hook in (CHECKOUT / "hooks").iterdir():
        assert os.access(hooks / hook.name, os.X_OK)
        assert (hooks / hook.name).read_bytes() == hook.read_bytes()


def test_it_takes_the_sample_into_a_vault(installed: Path, tmp_path: Path) -> None:
    sample = CHECKOUT / "tests" / "sample" / "Basic_LinkedInDataExport_11-20-2026.zip"
    program = installed / "li-vault"
    call(program, "snapshot", "--init", "--vault", tmp_path / "vault", sample, cwd=tmp_path)
    assert len(list((tmp_path / "vault" / "contacts").iterdir())) > 300
