"""What strangers see of a remote: it is looked at as they would, without any credentials."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from li_vault.store import addresses, sealed

FORGES = frozenset(
    ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitea.com", "git.sr.ht")
)
"""Hosts whose repositories have a web address beside their ssh one."""

_SECONDS = 20
_PROXIES = (
    "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
)  # fmt: skip
_UNREACHABLE = (
    "could not resolve", "couldn't resolve", "failed to connect", "couldn't connect",
    "connection refused", "connection reset", "timed out", "timeout", "network is unreachable",
    "no route to host", "certificate", "ssl", "tls", "empty reply", "proxy", "returned error: 5",
    "returned error: 429", "remote-http", "not supported", "not allowed",
)  # fmt: skip


class Sight(NamedTuple):
    """What was seen of a remote.

    Attributes:
        visible: Whether strangers can read it; None if it could not be looked at.
        how: How that was found out, in words; holds no credentials.
    """

    visible: bool | None
    how: str


def look(url: str) -> Sight:
    """Look at a remote as a stranger would.

    The web is asked by `git ls-remote` without credentials, helpers and prompts; ssh addresses
    of known forges by the web address of the same repository; a folder by its permissions.
    """
    path = addresses.local_path(url)
    if url.startswith("gcrypt::"):
        return Sight(False, "its contents are encrypted (gcrypt)")
    if path is not None:
        return _look_at_folder(Path(path))
    short = addresses.scp_parts(url)
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if short or "ssh" in scheme:
        return _look_behind_ssh(*(short or (parts.hostname or "", parts.path)))
    if scheme in ("http", "https"):
        host = parts.netloc.rpartition("@")[2]
        return _look_at_web(urlunsplit((parts.scheme, host, parts.path, "", "")))
    if scheme == "git":
        return Sight(True, "git:// asks nobody who he is")
    return Sight(None, f"li-vault can't look at {scheme}:// addresses")


def _look_behind_ssh(host: str, path: str) -> Sight:
    """A repository that is reached by ssh may be public on the web beside."""
    host = host.lower().removeprefix("ssh.").removeprefix("altssh.")
    if host in FORGES:
        return _look_at_web(f"https://{host}/{path.lstrip('/')}")
    return Sight(False, f"{host or 'the host'} is reached by ssh, which asks everyone who he is")


def _look_at_web(url: str) -> Sight:
    environment = sealed.environment(
        (
            ("credential.helper", ""),
            ("core.askPass", "true"),
            ("http.followRedirects", "true"),
            ("http.lowSpeedLimit", "1"),
            ("http.lowSpeedTime", str(_SECONDS)),
            ("protocol.allow", "never"),
            ("protocol.http.allow", "always"),
            ("protocol.https.allow", "always"),
        )
    )
    environment |= {name: os.environ[name] for name in _PROXIES if name in os.environ}
    environment |= {"GIT_ASKPASS": "true", "SSH_ASKPASS": "true"}
    shown = addresses.without_credentials(url)
    try:
        answer = subprocess.run(
            ("git", "ls-remote", "--", url),
            cwd=os.path.abspath(os.sep),
            env=environment | {"GIT_CEILING_DIRECTORIES": os.path.abspath(os.sep)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Sight(None, f"{shown} did not answer within {_SECONDS} seconds")
    except OSError as error:
        return Sight(None, f"git could not be run: {error.strerror}")
    if answer.returncode == 0:
        return Sight(True, f"{shown} answers without asking for credentials")
    words = answer.stderr.decode("utf-8", "replace").strip()
    if any(sign in words.lower() for sign in _UNREACHABLE):
        last = addresses.without_credentials(words).splitlines()[-1:] or [""]
        return Sight(None, f"{shown} can't be looked at: {last[0]}")
    return Sight(False, f"{shown} shows nothing without credentials")


def _look_at_folder(path: Path, above: Path | None = None) -> Sight:
    """A folder is open to strangers if its own and all parents' permissions let others in.

    Parents from `above` upward are not looked at.
    """
    try:
        real = path.expanduser().resolve(strict=True)
        mode = real.stat().st_mode
        barred = {above, *above.parents} if above else set()
        ways = [parent.stat().st_mode for parent in real.parents if parent not in barred]
    except OSError as error:
        return Sight(None, f"the folder can't be looked at: {error.strerror or error}")
    if os.name != "posix":
        return Sight(False, "it is a folder on this machine")
    open_ways = all(way & stat.S_IXOTH for way in ways)
    if open_ways and mode & stat.S_IXOTH:
        return Sight(True, "other users of this machine may read the folder")
    return Sight(False, "other users of this machine may not read the folder")
