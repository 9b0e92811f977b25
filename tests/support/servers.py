"""Real remotes on loopback: a forge on the web, an ssh host, a git daemon, lines that break."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, NoReturn
from urllib.parse import urlsplit

import pytest

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


_TELLING = ("Authorization", "Cookie", "Proxy-Authorization", "User-Agent")


class Page(BaseHTTPRequestHandler):
    """Answers by the first folder of a path; the rest names a repository.

    `/public` shows itself to everyone and takes pushes with the password, `/private` asks who it
    is, `/hidden` says 404 to strangers, `/forbidden` 403, `/down` 503, `/busy` 429; `/page` leads
    to a log-in and `/wall` is one; `/moved` and `/lost` lead to the same place in `/public` and
    `/private`, `/away` to another host; `/round` to itself; `/hang` never answers; `/dumb` serves
    files; `/tell` repeats what it was sent.
    """

    folder: ClassVar[Path]
    password: ClassVar[str]
    asked: ClassVar[list[tuple[str, str, dict[str, str]]]]
    over: ClassVar[threading.Event] = threading.Event()
    timeout = 30

    def do_GET(self) -> None:
        """Look."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Fetch or push."""
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body: bytes) -> None:
        told = {name: self.headers[name] for name in _TELLING if self.headers.get(name)}
        self.asked.append((self.command, self.path, told))
        kind, _, rest = self.path.lstrip("/").partition("/")
        login = base64.b64encode(f"quill:{self.password}".encode()).decode()
        is_known = self.headers.get("Authorization") == f"Basic {login}"
        is_push = "git-receive-pack" in self.path
        codes = {"forbidden": 403, "down": 503, "busy": 429}
        onward = {
            "page": "/login",
            "moved": f"/public/{rest}",
            "lost": f"/private/{rest}",
            "away": f"http://localhost:{_port(self.server.server_address)}/public/{rest}",
            "round": self.path,
        }
        if kind in codes:
            self.send_error(codes[kind])
        elif kind in onward:
            self.send_response(302)
            self.send_header("Location", onward[kind])
            self.send_header("Set-Cookie", "who=stranger")
            self.end_headers()
        elif kind in ("login", "wall"):
            self._say(b"<html>who are you?</html>", "text/html")
        elif kind == "hang":
            self.over.wait(30)
        elif kind == "tell":
            self.send_error(418, self.headers.get("Authorization", "nobody"))
        elif kind == "hidden" and not is_known and not self._asks_first():
            self.send_error(404)
        elif (kind == "private" or is_push) and not is_known:
            self._ask()
        elif kind == "dumb":
            self._file(rest)
        elif kind in ("public", "private", "hidden"):
            self._serve(rest, body, is_known=is_known)
        else:
            self.send_error(404)

    def _asks_first(self) -> bool:
        """Pushes are asked who they are even where nothing shows itself, as GitHub does."""
        if "git-receive-pack" in self.path:
            self._ask()
            return True
        return False

    def _ask(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="forge"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _file(self, rest: str) -> None:
        path = self.folder / rest.partition("?")[0]
        if path.is_file():
            self._say(path.read_bytes(), "text/plain")
        else:
            self.send_error(404)

    def _say(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _serve(self, rest: str, body: bytes, *, is_known: bool) -> None:
        parts = urlsplit(f"//forge/{rest}")
        done = subprocess.run(
            ("git", "http-backend"),
            input=body,
            capture_output=True,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ["HOME"],
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_PROJECT_ROOT": str(self.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_ADDR": "127.0.0.1",
            }
            | ({"REMOTE_USER": "quill"} if is_known else {}),
        )
        head, _, data = done.stdout.partition(b"\r\n\r\n")
        headers = [line.partition(": ") for line in head.decode().split("\r\n") if line]
        status = next((value for key, _, value in headers if key == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for key, _, value in headers:
            if key != "Status":
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, *args: object) -> None:
        """Say nothing."""


def _port(address: Any) -> int:
    return int(address[1])


ENDLESS = 1 << 40


@contextmanager
def proxy(target: int) -> Iterator[tuple[int, list[str]]]:
    """A web proxy that leads every CONNECT to one port of loopback; its port, what it was asked."""
    relay = _Proxy(target, [ENDLESS])
    with relay.listening() as port:
        yield port, relay.asked


@contextmanager
def frail_line(
    target: int, allowance: Sequence[int], carried: list[int] | None = None
) -> Iterator[int]:
    """A line to a port of loopback that is cut once so many bytes went there; its port.

    `allowance` has the bytes for each connection in turn; the last counts for all further ones.
    `carried` is told how many bytes each carried there, once it has ended.
    """
    relay = _Relay(target, allowance, carried)
    with relay.listening() as port:
        yield port


@contextmanager
def slow_line(target: int, delay: float) -> Iterator[int]:
    """A line to a port of loopback on which every 64 KiB takes so many seconds; its port."""
    with _Relay(target, [ENDLESS], delay=delay).listening() as port:
        yield port


class _Relay:
    """Carries bytes both ways, each connection in threads of its own."""

    def __init__(
        self,
        target: int,
        allowance: Sequence[int],
        carried: list[int] | None = None,
        delay: float = 0,
    ) -> None:
        self._target = target
        self._delay = delay
        self._allowance = list(allowance)
        self._carried = carried if carried is not None else []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._live: list[socket.socket] = []

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Accept connections until the end; the port."""
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        try:
            yield int(self._listener.getsockname()[1])
        finally:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            thread.join(5)
            for one in self._live:
                one.close()

    def is_greeted(self, _client: socket.socket) -> bool:
        """Whether the client may go on, after what is to be said first."""
        return True

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._live.append(client)
            left = self._allowance.pop(0) if len(self._allowance) > 1 else self._allowance[0]
            with suppress(OSError):
                self._begin(client, left)

    def _begin(self, client: socket.socket, left: int) -> None:
        if not self.is_greeted(client):
            return
        server = socket.create_connection(("127.0.0.1", self._target))
        self._live.append(server)
        for way in ((client, server, left, self._carried), (server, client, ENDLESS, [])):
            threading.Thread(target=_carry, args=(*way, self._delay), daemon=True).start()


def _carry(
    source: socket.socket, sink: socket.socket, most: int, carried: list[int], delay: float
) -> None:
    left = most
    with suppress(OSError):
        while left > 0 and (chunk := source.recv(min(65536, left))):
            time.sleep(delay)
            sink.sendall(chunk)
            left -= len(chunk)
    carried.append(most - left)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class _Proxy(_Relay):
    """What a client asks for with CONNECT is written down; it gets the same host all the time."""

    def __init__(self, target: int, allowance: Sequence[int]) -> None:
        super().__init__(target, allowance)
        self.asked: list[str] = []

    def is_greeted(self, client: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = client.recv(4096)
            if not chunk:
                return False
            head += chunk
        self.asked.append(head.split(b"\r\n", 1)[0].decode())
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return True
