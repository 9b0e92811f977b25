"""What strangers see of a remote: it is looked at as they would, without any credentials."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import subprocess
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from li_vault.errors import BadUsage
from li_vault.store import addresses, glance, local
from li_vault.store.addresses import Shell

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
"""Who one logs in as where many share one account, which is told them apart by their keys."""


class Sight(NamedTuple):
    """What was seen of a remote.

    Attributes:
        visible: Whether strangers can read it; None if it could not be looked at.
        how: How that was found out, in words; holds no credentials.
    """

    visible: bool | None
    how: str


def look_at_all(
    urls: Iterable[str], seconds: float = 2 * _SECONDS, start: Path | None = None
) -> dict[str, Sight]:
    """Look at several remotes side by side, as `look` does; each has an answer.

    A look that has no end in time is left to itself.
    """
    found: dict[str, Sight] = {}

    def look_at(url: str) -> None:
        found[url] = look(url, start)

    each = {url: threading.Thread(target=look_at, args=(url,), daemon=True) for url in urls}
    for thread in each.values():
        thread.start()
    for thread in each.values():
        thread.join(seconds)
    unseen = Sight(None, f"it did not answer within {seconds:g} seconds")
    return {url: found.get(url, unseen) for url in each}


def look(url: str, start: Path | None = None) -> Sight:
    """Look at a remote as a stranger would.

    The web is asked by `git ls-remote` without credentials, helpers and prompts; ssh addresses
    by the web address of the same repository, if there is one; a folder by its permissions, and
    by those of every other one that git is led to from there.

    Args:
        url: The address.
        start: Where a relative path begins: the folder that git runs in.
    """
    try:
        addresses.check_url(url)
        path = local.folder(url, start)
    except BadUsage as error:
        return Sight(None, error.message.rstrip("."))
    if addresses.is_encrypted(url):
        return Sight(False, "its contents are encrypted (gcrypt)")
    return _look_at_host(url) if path is None else _look_at_repository(path)


def _look_at_host(url: str) -> Sight:
    shell = addresses.shell(url)
    if shell:
        return _look_behind_ssh(shell)
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme in ("http", "https"):
        host = parts.netloc.rpartition("@")[2]
        return _look_at_web(urlunsplit((parts.scheme, host, parts.path, "", "")))
    if scheme == "git":
        return Sight(True, "git:// asks nobody who he is")
    return Sight(None, f"li-vault can't look at {scheme}:// addresses")


def _look_behind_ssh(shell: Shell) -> Sight:
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
    return Sight(False, f"{host or 'the host'} is reached by ssh, which asks everyone who he is")


def _web_path(host: str, path: str) -> str:
    parts = path.strip("/").split("/")
    if host == "dev.azure.com" and len(parts) == 4:  # v3/organization/project/repository
        return "/".join((*parts[1:3], "_git", parts[3]))
    return "/".join(parts)


def _real_host(shell: Shell) -> str:
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


def _look_at_web(url: str, seconds: float = _SECONDS) -> Sight:
    """The web is asked; only redirects to the same host are followed."""
    shown = addresses.shown(url)
    for _ in range(5):
        seen = glance.at(url, seconds)
        if seen.onward is None:
            break
        if not seen.onward:
            return Sight(False, f"{shown} leads strangers to another page, such as a log-in")
        if not glance.is_same_host(url, seen.onward):
            where = addresses.shown(seen.onward)
            return Sight(None, f"{shown} leads elsewhere; its own address may be {where}")
        url = seen.onward
    else:
        return Sight(None, f"{shown} leads in a circle")
    if seen.is_open:
        return Sight(True, f"{shown} answers without asking for credentials")
    if seen.is_open is None:
        return Sight(None, f"{shown} {seen.words}")
    return Sight(False, f"{shown} shows nothing without credentials")


def _look_at_repository(path: Path) -> Sight:
    """A repository is as open as the most open of the folders that it consists of."""
    seen = [_look_at_folder(one) for one in local.used(path)]
    for one in (True, None, False):
        for sight in seen:
            if sight.visible is one:
                return sight
    return Sight(None, "there is no repository of git's that can be looked at")


def _look_at_folder(path: Path, above: Path | None = None) -> Sight:
    """A folder is open to strangers if its own and all parents' permissions let others in.

    Parents from `above` upward are not looked at.
    """
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
        barred = {above, *above.parents} if above else set()
        ways = [parent.stat().st_mode for parent in real.parents if parent not in barred]
    except OSError as error:
        return Sight(None, f"the folder can't be looked at: {error.strerror or error}")
    if not stat.S_ISDIR(mode):
        return Sight(None, "it is no folder")
    if os.name != "posix":
        return Sight(False, "it is a folder on this machine")
    open_ways = all(way & stat.S_IXOTH for way in ways)
    if open_ways and mode & (stat.S_IXOTH | stat.S_IROTH):
        return Sight(True, "other users of this machine may read the folder")
    return Sight(False, "other users of this machine may not read the folder")
