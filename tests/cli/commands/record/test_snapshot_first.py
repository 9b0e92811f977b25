"""The first snapshot of 400 invented people: every promise about a vault and its cards."""

from __future__ import annotations

import hashlib
import re
import stat
import tomllib
import uuid
from pathlib import Path

import pytest

import outside
from network import Network
from outside import Call, git

DAY = "2026-10-20"


@pytest.fixture
def network() -> Network:
    return Network(seed=7, people=400)


@pytest.fixture
def recorded(call: Call, vault_dir: Path, home: Path, network: Network) -> dict[str, object]:
    archive = outside.write(home, network)
    said = call("snapshot", archive, "--init", "--vault", vault_dir, "--json")
    return outside.one_object(said)


def test_the_account_adds_up(recorded: dict[str, object], network: Network) -> None:
    shown, nameless = len(network.shown()), len(network.nameless())
    assert {key: recorded[key] for key in ("rows", "contacts", "nameless", "added")} == {
        "rows": shown + nameless,
        "contacts": shown,
        "nameless": nameless,
        "added": shown,
    }
    for key in ("duplicates", "unmatched", "changed", "gone", "returned", "unchanged"):
        assert recorded[key] == 0, key
    assert recorded["skipped"] == recorded["doubtful"] == []
    assert recorded["taken_on"] == DAY
    assert recorded["taken_on_from"] == "name"
    assert recorded["source"] == network.archive_name
    assert recorded["kind"] == "linkedin-connections/2023"
    assert recorded["remotes"] == {}


def test_the_commit_is_what_scripts_rely_on(
    recorded: dict[str, object], network: Network, vault_dir: Path
) -> None:
    shown, nameless = len(network.shown()), len(network.nameless())
    data = network.connections()
    raw = git(vault_dir, "cat-file", "commit", "HEAD")
    header, _, message = raw.partition("\n\n")
    noon = 1792497600
    assert header.split("\n") == [
        f"tree {git(vault_dir, 'rev-parse', 'HEAD^{tree}').strip()}",
        f"author li-vault <li-vault@localhost> {noon} +0000",
        f"committer li-vault <li-vault@localhost> {noon} +0000",
    ]
    assert message == (
        f"Snapshot {DAY}: {shown} new, 0 changed, 0 gone, 0 returned\n\n"
        f"Li-Taken-On: {DAY}\n"
        f"Li-Export: Connections.csv sha256:{hashlib.sha256(data).hexdigest()}\n"
        "Li-Format: linkedin-connections/2023\n"
        f"Li-Rows: {shown + nameless}\nLi-Contacts: {shown}\nLi-Nameless: {nameless}\n"
        "Li-Duplicates: 0\nLi-Unmatched: 0\nLi-Skipped: 0\n"
        f"Li-Added: {shown}\nLi-Changed: 0\nLi-Gone: 0\nLi-Returned: 0\n"
    )
    assert recorded["commit"] == git(vault_dir, "rev-parse", "refs/heads/main").strip()
    assert git(vault_dir, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert git(vault_dir, "for-each-ref", "--format=%(refname)").split() == ["refs/heads/main"]
    assert git(vault_dir, "log", "--format=%aI").strip() == f"{DAY}T12:00:00+00:00"


@pytest.mark.usefixtures("recorded")
def test_the_folder_is_whole_and_private(network: Network, vault_dir: Path) -> None:
    assert (vault_dir / "exports" / "Connections.csv").read_bytes() == network.connections()
    assert sorted(path.name for path in vault_dir.iterdir()) == [
        ".git", ".gitattributes", "README.md", "contacts", "exports", "vault.toml",
    ]  # fmt: skip
    marks = (vault_dir / ".gitattributes").read_text().split("\n")
    assert marks == ["* -text", "*.vcf whitespace=cr-at-eol", ""]
    marker = tomllib.loads((vault_dir / "vault.toml").read_text())
    assert marker == {"format": 1, "owner": "Ombra Teluvian"}
    assert stat.S_IMODE(vault_dir.stat().st_mode) == 0o700
    modes = {line.split()[0] for line in git(vault_dir, "ls-files", "--stage").splitlines()}
    assert modes == {"100644"}
    assert git(vault_dir, "status", "--porcelain", "--ignored") == ""
    assert git(vault_dir, "fsck", "--full", "--strict", "--no-progress") == ""


@pytest.mark.usefixtures("recorded")
def test_every_card_says_what_the_list_says(network: Network, vault_dir: Path) -> None:
    seen: dict[str, outside.Facts] = {}
    for name, data in outside.cards(vault_dir).items():
        card = outside.vcard(data)
        text = {line.name: line.value for line in card.getChildren()}
        assert data.endswith(b"END:VCARD\r\n")
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        order = re.findall(r"^([A-Z-]+)[;:]", data.decode(), re.MULTILINE)
        wanted = ["BEGIN", "VERSION", "UID", "FN", "N", "ORG", "TITLE", "EMAIL", "TEL", "URL",
                  "X-LI-FORMER-URL", "X-LI-CONNECTED-ON", "END"]  # fmt: skip
        assert order == [field for field in wanted if field in order]
        first, last = card.n.value.given, card.n.value.family
        assert card.fn.value == " ".join(filter(None, (first, last)))
        assert name.endswith(f"-{card.uid.value[:8]}.vcf")
        assert re.fullmatch(r"[a-z0-9-]{1,60}-[0-9a-f]{8}\.vcf", name)
        assert uuid.UUID(card.uid.value).version == 5
        seen[card.uid.value] = outside.Facts(
            first,
            last,
            text["URL"],
            text.get("EMAIL", ""),
            (text.get("ORG") or [""])[0],
            text.get("TITLE", ""),
            text["X-LI-CONNECTED-ON"],
        )
    assert sorted(seen.values()) == sorted(outside.known(network).values())


def test_row_order_changes_no_card(
    call: Call, tmp_path: Path, home: Path, network: Network
) -> None:
    above, header, *rows = network.connections().decode().partition("First Name,Last")
    first, *others = (header + "".join(rows)).split("\n")
    trees = []
    for number, lines in enumerate((others, others[::-1], sorted(others))):
        path = home / "Connections.csv"
        path.write_bytes((above + "\n".join([first, *lines])).encode())
        vault = tmp_path / str(number)
        call("snapshot", path, "--init", "--vault", vault, "--taken-on", DAY)
        trees.append(git(vault, "rev-parse", "HEAD:contacts"))
    assert len(set(trees)) == 1


def test_another_folder_is_begun_only_when_told(call: Call, vault_dir: Path, home: Path) -> None:
    archive = outside.write(home, Network(seed=1, people=30))
    said = call("snapshot", archive, "--vault", vault_dir, status=5)
    assert str(vault_dir) in said.err
    assert "--init" in said.err
    assert not vault_dir.exists()
    call("snapshot", archive, status=5)  # no terminal: not at the usual place either
    call("snapshot", archive, "--init")
    assert (home / ".local/share/li-vault/vault.toml").is_file()
