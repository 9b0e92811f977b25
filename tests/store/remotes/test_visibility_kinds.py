"""Which remotes strangers can read: every kind of address, looked at against real servers."""

from __future__ import annotations

import base64
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

import servers
from invented import plain
from li_vault.core import vault_layout
from li_vault.store.remotes import visibility
from servers import Forge

FORGES = sorted(visibility.FORGES)


class Ground(NamedTuple):
    """What the kinds of address lead to."""

    web: Forge
    safe_web: Forge
    daemon: int
    open_folder: Path
    folder: Path
    asked: list[str]


@pytest.fixture
def ground(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """A forge on the web; one over TLS that is every forge's name, through a proxy; and folders."""
    with ExitStack() as stack:
        root = tmp_path / "served"
        servers.bare(root / "vault.git", empty=False)
        servers.bare(root / "quill" / "vault.git", empty=False)
        pem = servers.certificate(tmp_path, "forge.example", *FORGES)
        web = stack.enter_context(servers.forge(root))
        safe = stack.enter_context(servers.forge(root, pem))
        port, asked = stack.enter_context(servers.proxy(safe.port))
        daemon = stack.enter_context(servers.git_daemon(root, "--export-all"))
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place.chmod(0o755)
        for name, mode in (("open", 0o755), ("shut", 0o700), ("listed", 0o711), ("named", 0o704)):
            servers.bare(place / name).chmod(mode)
        servers.bare(place / "shut" / "inner").chmod(0o755)
        servers.bare(place / "beside.git").chmod(0o755)
        (place / "beside").mkdir(mode=0o700)
        (place / "led").mkdir(mode=0o700)
        (place / "led" / ".git").write_text(f"gitdir: {place}/open\n")
        (place / "empty").mkdir(mode=0o700)
        servers.bare(place / "shut#1?x").chmod(0o755)
        (place / "way").symlink_to(place / "open")
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
        monkeypatch.setenv("GIT_SSL_CAINFO", str(tmp_path / "cert"))
        (home / ".ssh").mkdir(mode=0o700)
        yield Ground(web, safe, daemon, place, tmp_path, asked)


PUBLIC, PRIVATE, UNKNOWN = True, False, None

Address = Callable[[Ground], str]

KINDS: list[tuple[str, Address, bool | None]] = [
    ("web, open to all", lambda g: f"{g.web.address}/public/vault.git", PUBLIC),
    ("web, asks who it is", lambda g: f"{g.web.address}/private/vault.git", PRIVATE),
    ("web, hides behind 404", lambda g: f"{g.web.address}/hidden/vault.git", PRIVATE),
    ("web, forbids", lambda g: f"{g.web.address}/forbidden/vault.git", PRIVATE),
    ("web, leads to a log-in", lambda g: f"{g.web.address}/page/vault.git", PRIVATE),
    ("web, a log-in for an answer", lambda g: f"{g.web.address}/wall/vault.git", PRIVATE),
    ("web, moved to an open place", lambda g: f"{g.web.address}/moved/vault.git", PUBLIC),
    ("web, moved to a closed place", lambda g: f"{g.web.address}/lost/vault.git", PRIVATE),
    ("web, leads to another host", lambda g: f"{g.web.address}/away/vault.git", UNKNOWN),
    ("web, leads in a circle", lambda g: f"{g.web.address}/round/vault.git", UNKNOWN),
    ("web, is down", lambda g: f"{g.web.address}/down/vault.git", UNKNOWN),
    ("web, is busy", lambda g: f"{g.web.address}/busy/vault.git", UNKNOWN),
    ("web, plain files", lambda g: f"{g.web.address}/dumb/vault.git", PUBLIC),
    ("web, nobody there", lambda _: f"http://127.0.0.1:{servers.free_port()}/v.git", UNKNOWN),
    ("web, user and password given",
     lambda g: f"{g.web.address}/private/vault.git".replace("//", "//quill:pa55-t0ken-of-quill@"),
     PRIVATE),
    ("TLS, trusted, open", lambda _: "https://forge.example/public/vault.git", PUBLIC),
    ("TLS, trusted, closed", lambda _: "https://forge.example/private/vault.git", PRIVATE),
    ("TLS, of another name", lambda g: f"{g.safe_web.address}/public/vault.git".replace(
        "127.0.0.1", "localhost"), UNKNOWN),
    ("GitHub by ssh, open", lambda _: "git@github.com:public/vault.git", PUBLIC),
    ("GitHub by ssh, closed", lambda _: "git@github.com:hidden/vault.git", PRIVATE),
    ("GitHub by ssh, down", lambda _: "git@github.com:down/vault.git", UNKNOWN),
    ("GitHub by ssh on port 443",
     lambda _: "ssh://git@ssh.github.com:443/public/vault.git", PUBLIC),
    ("GitLab by ssh, open", lambda _: "ssh://git@gitlab.com/public/quill/vault.git", PUBLIC),
    ("GitLab by ssh, closed", lambda _: "git@gitlab.com:private/vault.git", PRIVATE),
    ("Codeberg by ssh, open", lambda _: "git@codeberg.org:/public/vault.git", PUBLIC),
    ("Codeberg by ssh, closed", lambda _: "git@codeberg.org:private/vault.git", PRIVATE),
    ("Bitbucket by ssh", lambda _: "git@bitbucket.org:public/vault.git", PUBLIC),
    ("sourcehut by ssh, open", lambda _: "git@git.sr.ht:public/vault.git", PUBLIC),
    ("sourcehut by ssh, closed", lambda _: "git@git.sr.ht:private/vault.git", PRIVATE),
    ("own host by ssh with an open web beside",
     lambda _: "git@forge.example:public/vault.git", PUBLIC),
    ("own host by ssh with a closed web beside",
     lambda _: "git@forge.example:private/vault.git", PRIVATE),
    ("own host by ssh, a path", lambda _: "ssh://me@nas.example/~/vault.git", PRIVATE),
    ("git daemon", lambda g: f"git://127.0.0.1:{g.daemon}/vault.git", PUBLIC),
    ("git:// elsewhere", lambda _: "git://forge.example/vault.git", PUBLIC),
    ("folder, open", lambda g: str(g.open_folder / "open"), PUBLIC),
    ("folder, may be entered", lambda g: str(g.open_folder / "listed"), PUBLIC),
    ("folder, may be listed", lambda g: str(g.open_folder / "named"), PUBLIC),
    ("folder, closed", lambda g: str(g.open_folder / "shut"), PRIVATE),
    ("folder, open in a closed one", lambda g: str(g.open_folder / "shut" / "inner"), PRIVATE),
    ("folder, by a link", lambda g: str(g.open_folder / "way"), PUBLIC),
    ("folder, not there", lambda g: str(g.open_folder / "gone"), UNKNOWN),
    ("file://, open", lambda g: f"file://{g.open_folder}/open", PUBLIC),
    ("file://, closed", lambda g: f"file://{g.open_folder}/shut", PRIVATE),
    ("file://, # and ? of a name", lambda g: f"file://{g.open_folder}/shut#1?x", PUBLIC),
    ("folder, an open one.git beside it", lambda g: str(g.open_folder / "beside"), PUBLIC),
    ("folder, that leads to an open one", lambda g: str(g.open_folder / "led"), PUBLIC),
    ("folder, no repository", lambda g: str(g.open_folder / "empty"), UNKNOWN),
    ("folder of nobody", lambda _: "~nobody-of-that-name/x", UNKNOWN),
    ("what can't be read", lambda _: "http://[::1/x", UNKNOWN),
    ("ssh to a forge, in brackets", lambda _: "[git@github.com:22]:public/vault.git", PUBLIC),
    ("ssh to a forge, encoded", lambda _: "ssh://git%40git%68ub.com/public/vault.git", PUBLIC),
    ("ftp", lambda _: "ftp://forge.example/vault.git", UNKNOWN),
    ("gcrypt on an open place", lambda g: f"gcrypt::{g.open_folder}/open", PRIVATE),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "address", "visible"), KINDS, ids=[one[0] for one in KINDS])
def test_kinds_of_address(
    ground: Ground, kind: str, address: Address, visible: bool | None
) -> None:
    found = visibility.check_visibility(address(ground))
    assert found.visible is visible, (kind, found)
    assert servers.PASSWORD not in found.how
    assert bool(vault_layout.privacy_objection(found, trusted=False)) is (visible is not False)
    assert not vault_layout.privacy_objection(found, trusted=True)


def test_all_of_them_side_by_side(ground: Ground) -> None:
    urls = {address(ground): visible for _, address, visible in KINDS}
    found = visibility.check_visibilities(urls)
    assert {url: one.visible for url, one in found.items()} == urls


def test_nobody_is_told_who_looks(
    ground: Ground, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No helper, agent, netrc, cookie, header, configuration or askpass of the user's is used."""
    traces = home / "asked"
    helper = home / "askpass"
    helper.write_text(f"#!/bin/sh\necho asked >>'{traces}'\necho {servers.PASSWORD}\n", "ascii")
    helper.chmod(0o755)
    address = ground.web.address
    for key, value in (
        ("credential.helper", f"!f() {{ '{helper}'; echo username=quill; }}; f"),
        (f"url.{address}/public.insteadOf", f"{address}/private"),
        ("http.extraHeader", "Authorization: Basic c2VjcmV0"),
        ("http.cookieFile", str(home / "cookies")),
        ("core.askPass", str(helper)),
    ):  # fmt: skip
        plain(home, "config", "--global", key, value)
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", key)
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", value)
        found = visibility.check_visibility(
            f"{address}/private/vault.git".replace("//", "//quill:secret@")
        )
        assert found.visible is False
    for name in ("GIT_ASKPASS", "SSH_ASKPASS"):
        monkeypatch.setenv(name, str(helper))
    (home / ".netrc").write_text(f"machine 127.0.0.1 login quill password {servers.PASSWORD}\n")
    (home / "cookies").write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tsecret\n")
    for place in ("private", "hidden", "page", "moved"):
        visibility.check_visibility(f"{address}/{place}/vault.git")
    told = [headers for _, _, headers in ground.web.asked]
    assert told
    assert not any("Cookie" in headers or "Authorization" in headers for headers in told)
    assert base64.b64encode(b"quill").decode()[:5] not in str(told)
    assert not traces.exists()


def test_a_host_that_hangs(ground: Ground) -> None:
    began = time.monotonic()
    found = visibility.ls_remote(f"{ground.web.address}/hang/vault.git", 1.0)
    assert found.is_open is None
    assert "within 1 seconds" in found.words
    assert time.monotonic() - began < 5
    assert (
        visibility.check_visibilities([f"{ground.web.address}/hang/v.git"], 0.5)
        .popitem()[1]
        .visible
        is None
    )


def test_a_name_of_ones_own_for_a_forge(
    ground: Ground, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Host work` in `~/.ssh/config` may well be GitHub."""
    servers.need("ssh")
    settings = home / "ssh_config"
    settings.write_text("Host work\n  HostName github.com\n  User git\n", "ascii")
    monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh -F {settings}")
    assert visibility.check_visibility("work:public/vault.git").visible is True
    assert visibility.check_visibility("work:private/vault.git").visible is False
    assert any("github.com" in line for line in ground.asked)


def test_azure_has_its_own_way_of_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def at(url: str, _seconds: float) -> visibility.AnonymousRead:
        asked.append(url)
        return visibility.AnonymousRead(False)

    monkeypatch.setattr(visibility, "ls_remote", at)
    visibility.check_visibility("git@ssh.dev.azure.com:v3/quill/notes/vault")
    assert asked == ["https://dev.azure.com/quill/notes/_git/vault"]


def test_no_process_is_left(ground: Ground) -> None:
    """What hangs is ended with its helper."""
    url = f"{ground.web.address}/hang/left-over.git"
    visibility.ls_remote(url, 0.5)
    time.sleep(0.2)
    left = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes()
        except OSError:
            continue
        if b"left-over.git" in words and int(one.parent.name) != os.getpid():
            left.append(words)
    assert not left
