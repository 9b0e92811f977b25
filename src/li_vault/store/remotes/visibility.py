"""Whether strangers can read a remote."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from li_vault.errors import BadUsage
from li_vault.store import sealed
from li_vault.store.remotes import credentials, network_git
from li_vault.store.remotes.network_git import Limits
from li_vault.store.remotes.urls import (
    SshUrl,
    check_url,
    is_encrypted,
    local_folder,
    parse_ssh,
    redact_url,
    repository_folders,
)

FORGES = frozenset(
    (
        "github.com", "gist.github.com", "gitlab.com", "bitbucket.org", "codeberg.org",
        "gitea.com", "git.sr.ht", "dev.azure.com", "salsa.debian.org", "framagit.org",
    )
)  # fmt: skip
"""Hosts whose repositories have a web address beside their ssh one."""

_SECONDS = 20
_SECONDS_BESIDE = 5
"""For the web beside somebody's own ssh host, where mostly nothing answers."""

_ACCOUNTS = ("git", "gitea", "forgejo", "gitlab", "gogs", "hg")
"""Accounts that many users share at a host; they are told apart by their keys."""


class Visibility(NamedTuple):
    """What was seen of a remote.

    Attributes:
        visible: Whether strangers can read it; None if it could not be looked at.
        how: How that was found out, in words; holds no credentials.
    """

    visible: bool | None
    how: str


def check_visibilities(
    urls: Iterable[str], seconds: float = 2 * _SECONDS, start: Path | None = None
) -> dict[str, Visibility]:
    """Look at several remotes side by side, as `look` does; each has an answer.

    A look that has no end in time is left to itself.
    """
    found: dict[str, Visibility] = {}

    def look_at(url: str) -> None:
        found[url] = check_visibility(url, start)

    each = {url: threading.Thread(target=look_at, args=(url,), daemon=True) for url in urls}
    for thread in each.values():
        thread.start()
    for thread in each.values():
        thread.join(seconds)
    unseen = Visibility(None, f"it did not answer within {seconds:g} seconds")
    return {url: found.get(url, unseen) for url in each}


def check_visibility(url: str, start: Path | None = None) -> Visibility:
    """Look at a remote as a stranger would.

    The web is asked by `git ls-remote` without credentials, helpers and prompts; ssh addresses
    by the web address of the same repository, if there is one; a folder by its permissions, and
    by those of every other one that git is led to from there.
    """
    try:
        check_url(url)
        path = local_folder(url, start)
    except BadUsage as error:
        return Visibility(None, error.message.rstrip("."))
    if is_encrypted(url):
        return Visibility(False, "its contents are encrypted (gcrypt)")
    return _look_at_host(url) if path is None else _look_at_repository(path)


def _look_at_host(url: str) -> Visibility:
    shell = parse_ssh(url)
    if shell:
        return _look_behind_ssh(shell)
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme in ("http", "https"):
        host = parts.netloc.rpartition("@")[2]
        return _look_at_web(urlunsplit((parts.scheme, host, parts.path, "", "")))
    if scheme == "git":
        return Visibility(True, "git:// asks nobody who he is")
    return Visibility(None, f"li-vault can't look at {scheme}:// addresses")


def _look_behind_ssh(shell: SshUrl) -> Visibility:
    """A repository that is reached by ssh may be public on the web beside."""
    shell = shell._replace(host=_real_host(shell))
    host = shell.host.lower().removesuffix(".")
    for prefix in ("ssh.", "altssh."):
        if host.removeprefix(prefix) in FORGES:
            host = host.removeprefix(prefix)
    if host in FORGES:
        return _look_at_web(f"https://{host}/{_web_path(host, shell.path)}")
    path = shell.path.strip("/")
    if shell.user in _ACCOUNTS and "/" in path and not shell.path.startswith("~"):
        beside = _look_at_web(f"https://{shell.host}/{path}", _SECONDS_BESIDE)
        if beside.visible:
            return beside
    return Visibility(
        False, f"{host or 'the host'} is reached by ssh, which asks everyone who he is"
    )


def _web_path(host: str, path: str) -> str:
    parts = path.strip("/").split("/")
    if host == "dev.azure.com" and len(parts) == 4:  # v3/organization/project/repository
        return "/".join((*parts[1:3], "_git", parts[3]))
    return "/".join(parts)


def _real_host(shell: SshUrl) -> str:
    """The host behind a name of the user's own `~/.ssh/config`, as ssh itself reads it."""
    own = os.environ.get("GIT_SSH_COMMAND", "ssh")
    with suppress(ValueError, OSError, subprocess.SubprocessError):
        command = shlex.split(own)
        who = f"{shell.user}@{shell.host}" if shell.user else shell.host
        if Path(command[0]).stem != "ssh" or not shutil.which(command[0]) or who[:1] == "-":
            return shell.host
        answer = subprocess.run(
            (*command, "-G", who),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS_BESIDE,
            check=True,
        )
        for line in answer.stdout.decode("utf-8", "replace").splitlines():
            key, _, value = line.partition(" ")
            if key.lower() == "hostname" and value:
                return value
    return shell.host


def _look_at_web(url: str, seconds: float = _SECONDS) -> Visibility:
    """The web is asked; only redirects to the same host are followed."""
    shown = redact_url(url)
    for _ in range(5):
        seen = ls_remote(url, seconds)
        if seen.onward is None:
            break
        if not seen.onward:
            return Visibility(False, f"{shown} leads strangers to another page, such as a log-in")
        if not is_same_host(url, seen.onward):
            where = redact_url(seen.onward)
            return Visibility(None, f"{shown} leads elsewhere; its own address may be {where}")
        url = seen.onward
    else:
        return Visibility(None, f"{shown} leads in a circle")
    if seen.is_open:
        return Visibility(True, f"{shown} answers without asking for credentials")
    if seen.is_open is None:
        return Visibility(None, f"{shown} {seen.words}")
    return Visibility(False, f"{shown} shows nothing without credentials")


def _look_at_repository(path: Path) -> Visibility:
    """A repository is as open as the most open of the folders that it consists of."""
    seen = [_look_at_folder(one) for one in repository_folders(path)]
    for one in (True, None, False):
        for sight in seen:
            if sight.visible is one:
                return sight
    return Visibility(None, "there is no repository of git's that can be looked at")


def _look_at_folder(path: Path, above: Path | None = None) -> Visibility:
    """A folder is open to strangers if its own and all parents' permissions let others in.

    Parents from `above` upward are not looked at.
    """
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
        barred = {above, *above.parents} if above else set()
        ways = [parent.stat().st_mode for parent in real.parents if parent not in barred]
    except OSError as error:
        return Visibility(None, f"the folder can't be looked at: {error.strerror or error}")
    if not stat.S_ISDIR(mode):
        return Visibility(None, "it is no folder")
    if os.name != "posix":
        return Visibility(False, "it is a folder on this machine")
    open_ways = all(way & stat.S_IXOTH for way in ways)
    if open_ways and mode & (stat.S_IXOTH | stat.S_IROTH):
        return Visibility(True, "other users of this machine may read the folder")
    return Visibility(False, "other users of this machine may not read the folder")


_PROXIES = (
    "http_proxy", "https_proxy", "all_proxy", "no_proxy",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
)  # fmt: skip
_SETTINGS = (
    ("credential.helper", ""),
    ("core.askPass", "true"),
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "1"),
    ("protocol.allow", "never"),
    ("protocol.http.allow", "always"),
    ("protocol.https.allow", "always"),
)
_HEADER = re.compile(r"<= Recv header: (.*)")
_STATUS = re.compile(r"HTTP/[\d.]+ (\d{3})")
_ADVERTISED = "application/x-git-upload-pack-advertisement"
_ENDING = "/info/refs"


class AnonymousRead(NamedTuple):
    """What was seen.

    Attributes:
        is_open: Whether a repository showed itself; None if that can't be told.
        onward: Where a redirect leads: the address of a repository, "" for any other page, None
            if there was none.
    """

    is_open: bool | None
    words: str = ""
    onward: str | None = None


def ls_remote(url: str, seconds: float) -> AnonymousRead:
    """Look once, without credentials, helpers, prompts and cookies; no redirect is followed.

    What the host answered is read from git's own trace of it (`GIT_TRACE_CURL`), so that an
    answer is judged by its status, whatever words git has for it.
    """
    environment = sealed.sealed_environment(
        (*_SETTINGS, ("http.lowSpeedTime", str(max(1, int(seconds)))))
    )
    environment |= {name: os.environ[name] for name in _PROXIES if name in os.environ}
    environment |= {"GIT_ASKPASS": "true", "SSH_ASKPASS": "true"}
    environment |= {"GIT_TRACE_CURL": "1", "GIT_TRACE_CURL_NO_DATA": "1", "GIT_TRACE_REDACT": "1"}
    root = os.path.abspath(os.sep)
    try:
        answer = network_git.run_process(
            ("git", "ls-remote", "--", url),
            Limits(seconds),
            cwd=root,
            env=environment | {"GIT_CEILING_DIRECTORIES": root},
        )
    except OSError as error:
        return AnonymousRead(None, f"can't be looked at: git could not be run: {error.strerror}")
    if answer.status is None:
        return AnonymousRead(None, f"did not answer within {seconds:g} seconds")
    return _read(url, answer.status, answer.words)


def _read(url: str, ended: int, trace: str) -> AnonymousRead:
    """What the trace of one call says."""
    status, headers, first = 0, dict[str, str](), dict[str, str]()
    for line in _HEADER.findall(trace):
        found = _STATUS.match(line)
        if found:
            first = first or headers
            status, headers = int(found[1]), {}
        key, _, value = line.partition(":")
        headers[key.strip().lower()] = value.strip()
    first = first or headers
    kinds = {one.get("content-type", "").partition(";")[0].lower() for one in (first, headers)}
    if ended == 0 and "text/html" in kinds:
        return AnonymousRead(
            False
        )  # a page for people at every address: git sees an empty repository
    if ended == 0 or (status == 200 and _ADVERTISED in kinds):
        return AnonymousRead(True)
    if 300 <= status < 400:
        return AnonymousRead(None, "leads nowhere", _onward(url, headers.get("location", "")))
    if status in (401, 403, 404, 410) or 200 <= status < 300:
        return AnonymousRead(False)
    said = [line for line in trace.splitlines() if line.startswith(("fatal:", "error:"))]
    last = credentials.redact_urls(said[-1]) if said else f"status {status or ended}"
    return AnonymousRead(None, f"can't be looked at: {last}")


def _onward(url: str, location: str) -> str | None:
    """The repository that a redirect leads to; "" for another page, None if it can't be read."""
    if not location:
        return None
    try:
        target = urlsplit(urljoin(f"{url.rstrip('/')}{_ENDING}", location))
        is_same = is_same_host(url, target.geturl())
    except ValueError:
        return None
    host = target.netloc.rpartition("@")[2]
    if is_same and not target.path.endswith(_ENDING):
        return ""
    path = target.path.removesuffix(_ENDING)
    return urlunsplit((target.scheme, host, path, "", ""))


def is_same_host(here: str, there: str) -> bool:
    """Whether two web addresses are of one server, the second at least as safe as the first."""
    one, other = urlsplit(here), urlsplit(there)
    if one.hostname != other.hostname:
        return False
    return (one.scheme, one.port) == (other.scheme, other.port) or (
        other.scheme == "https" and one.port in (None, 80) and other.port in (None, 443)
    )
