"""One look at a web address by an anonymous git: what a stranger's `git ls-remote` would see."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

from li_vault.store import credentials, sealed

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


class Glance(NamedTuple):
    """What was seen.

    Attributes:
        is_open: Whether a repository showed itself; None if that can't be told.
        words: Why it can't be told, without credentials.
        onward: Where a redirect leads: the address of a repository, "" for any other page, None
            if there was none.
    """

    is_open: bool | None
    words: str = ""
    onward: str | None = None


def at(url: str, seconds: float) -> Glance:
    """Look once, without credentials, helpers, prompts and cookies; no redirect is followed.

    What the host answered is read from git's own trace of it (`GIT_TRACE_CURL`), so that an
    answer is judged by its status, whatever words git has for it.
    """
    environment = sealed.environment((*_SETTINGS, ("http.lowSpeedTime", str(max(1, int(seconds))))))
    environment |= {name: os.environ[name] for name in _PROXIES if name in os.environ}
    environment |= {"GIT_ASKPASS": "true", "SSH_ASKPASS": "true"}
    environment |= {"GIT_TRACE_CURL": "1", "GIT_TRACE_CURL_NO_DATA": "1", "GIT_TRACE_REDACT": "1"}
    root = os.path.abspath(os.sep)
    try:
        process = subprocess.Popen(
            ("git", "ls-remote", "--", url),
            cwd=root,
            env=environment | {"GIT_CEILING_DIRECTORIES": root},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Glance(None, f"can't be looked at: git could not be run: {error.strerror}")
    try:
        _, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return Glance(None, f"did not answer within {seconds:g} seconds")
    return _read(url, process.returncode, err.decode("utf-8", "replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and its helper, which holds the line."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=5)


def _read(url: str, ended: int, trace: str) -> Glance:
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
        return Glance(False)  # a page for people at every address: git sees an empty repository
    if ended == 0 or (status == 200 and _ADVERTISED in kinds):
        return Glance(True)
    if 300 <= status < 400:
        return Glance(None, "leads nowhere", _onward(url, headers.get("location", "")))
    if status in (401, 403, 404, 410) or 200 <= status < 300:
        return Glance(False)
    said = [line for line in trace.splitlines() if line.startswith(("fatal:", "error:"))]
    last = credentials.without_credentials(said[-1]) if said else f"status {status or ended}"
    return Glance(None, f"can't be looked at: {last}")


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
