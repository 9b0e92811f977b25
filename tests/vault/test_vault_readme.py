"""The vault's own README.md, followed to the letter by someone who has git and sh alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import outside
from isolation import Outcome
from network import Network
from outside import Call, git


@pytest.fixture
def network() -> Network:
    return Network(seed=50, people=30)


@pytest.fixture
def bare(call: Call, home: Path, tmp_path: Path, network: Network) -> Path:
    """A remote with three snapshots, someone former, and a note by hand; the vault is lost."""
    vault, path = tmp_path / "lost", tmp_path / "bare.git"
    call("snapshot", outside.write(home, network), "--init", "--vault", vault)
    call("remote", "add", "nas", path, "--create", "--vault", vault)
    for _ in range(2):
        network.advance(pace=3)
        card = min((vault / "contacts").iterdir())
        card.write_bytes(card.read_bytes().replace(b"END:", b"NOTE:met in Turin\r\nEND:"))
        call("snapshot", outside.write(home, network), "--vault", vault)
    assert outside.cards(vault, "former")
    shutil.rmtree(vault)
    return path


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH of git and the plainest tools; li-vault and Python are not among them."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("git", "sh", "cat", "head", "mkdir", "tar", "ls"):
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


def _sh(command: str, folder: Path, tools: Path, home: Path) -> str:
    done = subprocess.run(
        (str(tools / "sh"), "-euc", command),
        cwd=folder,
        env={"PATH": str(tools), "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "PAGER": "cat"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout.decode()


def _sections(readme: str) -> dict[str, list[str]]:
    """The commands of each section, by its heading."""
    found = {}
    for part in readme.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        found[heading] = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found


def test_without_li_vault_all_of_it_comes_back(
    call: Call, bare: Path, tools: Path, tmp_path: Path, home: Path, network: Network
) -> None:
    call("restore", bare, tmp_path / "restored")
    restored = tmp_path / "restored"
    everyone = {name: outside.cards(restored, name) for name in ("contacts", "former")}
    assert len(everyone["contacts"]) == len(network.shown())
    away = tmp_path / "elsewhere" / "first"
    away.parent.mkdir()
    readme = _sh(f"git --git-dir='{bare}' show main:README.md", away.parent, tools, home)
    bring = _sections(readme)["Bring it back"]
    clone, then, spoilt, one_file = bring

    # "with its address instead of the dot from any remote"
    _sh(clone.replace(" . ", f" '{bare}' ").replace("../vault-copy", "first"), away.parent, tools,
        home)  # fmt: skip
    assert {name: outside.cards(away, name) for name in everyone} == everyone
    assert git(away, "rev-parse", "HEAD") == git(restored, "rev-parse", "HEAD")
    for name in ("vault.toml", "README.md", ".gitattributes", "exports/Connections.csv"):
        assert (away / name).read_bytes() == (restored / name).read_bytes()

    _sh(clone, away, tools, home)
    copy = away.parent / "vault-copy"
    assert {name: outside.cards(copy, name) for name in everyone} == everyone

    _sh(then, away, tools, home)
    old = away.parent / "vault-then"
    assert {name: outside.cards(old, name) for name in everyone} == everyone

    for path in sorted((away / "contacts").iterdir())[::2]:
        path.unlink()
    min((away / "contacts").iterdir()).write_bytes(b"spoilt")
    _sh(spoilt, away, tools, home)
    assert {name: outside.cards(away, name) for name in everyone} == everyone
    assert git(away, "status", "--porcelain") == ""

    _sh(one_file, away, tools, home)
    whole = (away.parent / "all-contacts.vcf").read_bytes()
    assert whole == b"".join(everyone["contacts"].values())
    assert whole.count(b"BEGIN:VCARD\r\n") == len(network.shown())


def test_the_other_commands_tell_what_happened(
    call: Call, bare: Path, tools: Path, tmp_path: Path, home: Path
) -> None:
    clone = tmp_path / "clone"
    _sh(f"git clone -q -b main '{bare}' clone", tmp_path, tools, home)
    read, *recipes = _sections((clone / "README.md").read_text())["Read it with git alone"]
    snapshots = outside.one_object(_restored_log(call, bare, tmp_path))["snapshots"]
    assert len(snapshots) == 3
    said = [_sh(line, clone, tools, home) for line in read.splitlines()]
    assert said[0].count("\ncommit ") + said[0].startswith("commit ") >= 3
    for one in snapshots:
        assert f"{one['taken_on']} Snapshot {one['taken_on']}" in said[1]
    assert set(said[2].split()) <= {f"contacts/{name}" for name in outside.cards(clone)}
    assert "files changed" in said[4] or "file changed" in said[4]
    assert "Snapshot" in _sh("\n".join(recipes), clone, tools, home)


def _restored_log(call: Call, bare: Path, tmp_path: Path) -> Outcome:
    call("restore", bare, tmp_path / "restored")
    return call("log", "--json", "--vault", tmp_path / "restored")


def test_a_plain_clone_is_a_vault_as_well(
    call: Call, bare: Path, tools: Path, tmp_path: Path, home: Path, network: Network
) -> None:
    _sh(f"git clone -q -b main '{bare}' clone", tmp_path, tools, home)
    call("restore", bare, tmp_path / "restored")
    network.advance()
    archive = outside.write(home, network)
    ids = [
        outside.one_object(call("snapshot", archive, "--no-push", "--json", "--vault", folder))
        for folder in (tmp_path / "clone", tmp_path / "restored")
    ]
    assert ids[0]["commit"] == ids[1]["commit"]
