"""Real remotes on loopback: a forge on the web, an ssh host, a git daemon, and keys for gpg.

Every server takes a free port, is of one test alone, and ends with it.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

from forge import Page

PASSWORD = "pa55-t0ken-of-quill"
"""What the forge asks for, of the user `quill`."""


ALL_MUST_BE_HERE = bool(os.environ.get("LI_VAULT_CI"))
"""Whether nothing may be skipped; asked for here, since a test's own environment is clean."""


def need(*programs: str) -> None:
    """Skip a test where a part of the system is missing; under `LI_VAULT_CI` it must be there."""
    lacking = [one for one in programs if not shutil.which(one, path=_path())]
    if lacking:
        missing(", ".join(lacking))


def missing(what: str) -> NoReturn:
    """Skip a test that misses something; under `LI_VAULT_CI` it must be there."""
    if ALL_MUST_BE_HERE:
        pytest.fail(f"{what} must be installed for this test")
    pytest.skip(f"{what} is not installed (.ci/run installs it)")


def _path() -> str:
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


DRIPS = {
    "drips headers": (b"HTTP/1.1 200 OK\r\n", b"X-Drop: x\r\n"),
    "drips hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "drips a body": (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b" "),
}
"""Answers that come drop by drop and never whole: how each begins, and its drops."""


def drip(handler: BaseHTTPRequestHandler, answer: tuple[bytes, bytes]) -> None:
    """Give an answer drop by drop, until nobody listens any longer, or for ten seconds."""
    head, drop = answer
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(head)
        for _ in range(100):
            handler.wfile.write(drop)
            handler.wfile.flush()
            threading.Event().wait(0.1)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        return int(spare.getsockname()[1])


def await_port(port: int) -> None:
    """Wait until someone listens."""
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    pytest.fail(f"nothing listens on port {port}")


def bare(folder: Path, *, empty: bool = True) -> Path:
    """A bare repository that takes pushes over the web, empty or with a commit."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _git(folder.parent, "init", "-q", "--bare", "-b", "main", str(folder))
    _git(folder, "config", "http.receivepack", "true")
    if not empty:
        tree = _git(folder, "mktree", stdin=b"").strip()
        commit = _git(folder, "commit-tree", "-m", "theirs", tree).strip()
        _git(folder, "update-ref", "refs/heads/main", commit)
    _git(folder, "update-server-info")
    return folder


def _git(place: Path, *args: str, stdin: bytes = b"") -> str:
    done = subprocess.run(("git", *args), cwd=place, input=stdin, capture_output=True, check=True)
    return done.stdout.decode()


class Forge(NamedTuple):
    """A forge on the web.

    Attributes:
        address: Its address, such as `http://127.0.0.1:4711`.
        root: The folder whose repositories it serves.
        asked: What it was sent: method, path, and the headers that tell who asks.
    """

    address: str
    root: Path
    asked: list[tuple[str, str, dict[str, str]]]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


@contextmanager
def forge(root: Path, certificate: Path | None = None) -> Iterator[Forge]:
    """A forge with the places of `forge.Page`; over TLS with a certificate (and its key)."""

    class Site(Page):
        folder = root
        password = PASSWORD

    Site.asked = []  # of this forge alone
    root.mkdir(exist_ok=True)
    with listening(Site, certificate) as address:
        try:
            yield Forge(address, root, Site.asked)
        finally:
            Site.over.set()
    Site.over.clear()


@contextmanager
def listening(site: Any, certificate: Path | None = None) -> Iterator[str]:
    """A site on a port of loopback, over TLS with a certificate (and its key); its address."""
    server = _Server(("127.0.0.1", 0), site)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scheme = "https" if certificate else "http"
    try:
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


def certificate(folder: Path, *hosts: str) -> Path:
    """A self-signed certificate with its key, for hosts."""
    need("openssl")
    path = folder / "certificate.pem"
    names = ",".join([*(f"DNS:{host}" for host in hosts), "IP:127.0.0.1"])
    subprocess.run(
        ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=forge", "-addext", f"subjectAltName={names}",
         "-keyout", str(folder / "key"), "-out", str(folder / "cert")),
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes((folder / "key").read_bytes() + (folder / "cert").read_bytes())
    return path


class Shell(NamedTuple):
    """A host that ssh leads to.

    Attributes:
        port: Where it listens.
        home: The home there; `entry` beside it is what every login runs.
        command: What `GIT_SSH_COMMAND` must be to get in.
        user: Who one logs in as.
    """

    port: int
    home: Path
    command: str
    user: str

    def url(self, path: str) -> str:
        """The address of a path there."""
        return f"ssh://{self.user}@127.0.0.1:{self.port}{path}"


@contextmanager
def ssh_host(folder: Path) -> Iterator[Shell]:
    """A real sshd on loopback, with keys of its own and a home of its own."""
    need("sshd", "ssh", "ssh-keygen")
    import pwd

    folder.mkdir(mode=0o700, exist_ok=True)
    home = folder / "home"
    home.mkdir()
    for key in ("host", "user"):
        subprocess.run(
            ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", str(folder / key)),
            check=True,
        )
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    port, user = free_port(), pwd.getpwuid(os.getuid()).pw_name
    host_key = " ".join((folder / "host.pub").read_text("ascii").split()[:2])
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host_key}\n", "ascii")
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
        f"SetEnv HOME={home} GIT_CONFIG_NOSYSTEM=1\nMaxStartups 100\n"
        f"ForceCommand exec sh {folder}/entry\n",
        "ascii",
    )
    (folder / "entry").write_text('cd "$HOME" && eval "$SSH_ORIGINAL_COMMAND"\n', "ascii")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd of root lets go of rights
    program = shutil.which("sshd", path=_path())
    assert program
    daemon = subprocess.Popen(
        (program, "-D", "-e", "-f", str(folder / "sshd_config")),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    command = (
        f"ssh -F /dev/null -i {folder}/user -o IdentitiesOnly=yes -o IdentityAgent=none "
        f"-o UserKnownHostsFile={folder}/known -o GlobalKnownHostsFile=/dev/null "
        "-o StrictHostKeyChecking=yes -o BatchMode=yes"
    )
    try:
        await_port(port)
        yield Shell(port, home, command, user)
    finally:
        daemon.terminate()
        daemon.wait(10)


@contextmanager
def git_daemon(root: Path, *options: str) -> Iterator[int]:
    """`git daemon` over a folder; its port."""
    port = free_port()
    daemon = subprocess.Popen(
        ("git", "daemon", f"--base-path={root}", "--listen=127.0.0.1", f"--port={port}",
         "--reuseaddr", *options),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        await_port(port)
        yield port
    finally:
        os.killpg(daemon.pid, 15)
        daemon.wait(10)


def gpg_key(folder: Path) -> None:
    """A key without passphrase in a home for gpg of its own (`GNUPGHOME`)."""
    need("gpg", "gpgconf")
    folder.mkdir(mode=0o700)
    subprocess.run(
        ("gpg", "--homedir", str(folder), "--batch", "--quiet", "--passphrase", "",
         "--quick-generate-key", "Zora Quill <zora@example.invalid>", "future-default",
         "default", "0"),
        check=True, capture_output=True,
    )  # fmt: skip


def end_gpg(folder: Path) -> None:
    """End the agent that gpg started."""
    subprocess.run(
        ("gpgconf", "--homedir", str(folder), "--kill", "all"), check=False, capture_output=True
    )


def recorder(folder: Path, record: Path, *programs: str) -> str:
    """A `PATH` on which these programs write down their arguments before they run."""
    folder.mkdir()
    for name in programs:
        real = shutil.which(name)
        if real is None:
            continue
        wrapper = folder / name
        wrapper.write_text(
            f"#!{sys.executable} -S\nimport os, sys\n"
            f"with open({str(record)!r}, 'a') as f:\n"
            f"    f.write(repr([{name!r}, *sys.argv[1:]]) + '\\n')\n"
            f"os.execv({real!r}, [{real!r}, *sys.argv[1:]])\n",
            "utf-8",
        )
        wrapper.chmod(0o755)
    return os.pathsep.join((str(folder), os.environ["PATH"]))
