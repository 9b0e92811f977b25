"""HTTP requests with bounds on time, size and redirects."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from li_vault import __version__
from li_vault.errors import BadUsage
from li_vault.host.timeout import run_within

if TYPE_CHECKING:
    import httpx


_CONNECT, _READ = 10.0, 30.0  # seconds until something comes
_WHOLE = 2  # so many times as long until all of an answer is there, whatever drips in
_ONWARD = "li_vault.onward"
_PORTS = {"https": 443, "http": 80}


class WebAnswer(NamedTuple):
    """What came back: the whole body, and the headers by their names in lower case."""

    status: int
    headers: dict[str, str]
    data: bytes


class NoAnswer(Exception):
    """No whole answer came.

    Attributes:
        is_late: Whether it came too slowly, so that asking once more would take as long again.
    """

    def __init__(
        self, words: str, *, was_cut: bool = False, is_whole: bool = False, is_late: bool = False
    ) -> None:
        super().__init__(words)
        self.was_cut, self.is_whole, self.is_late = was_cut, is_whole, is_late


class Site:
    """One address of the web, kept open for several questions."""

    def __init__(self, client: httpx.Client, whole: float) -> None:
        self._client, self._whole = client, whole

    def ask(
        self, url: str, *, headers: dict[str, str] | None = None, body: bytes | None = None,
        limit: int,
    ) -> WebAnswer:  # fmt: skip
        """GET, or POST with a body; no answer may have more than `limit` bytes.

        Raises:
            Unanswered: Nobody is there, the certificate is wrong, time ran out, or the answer was
                cut short or too large.
        """
        try:
            return run_within(self._whole, partial(self._asked, url, headers, body, limit))
        except TimeoutError:
            words = f"the answer did not come to its end in {self._whole:g} seconds"
            raise NoAnswer(words, is_late=True) from None

    def _asked(
        self, url: str, headers: dict[str, str] | None, body: bytes | None, limit: int
    ) -> WebAnswer:
        import httpx

        method = "GET" if body is None else "POST"
        try:
            with self._client.stream(method, url, headers=headers, content=body) as response:
                packed = response.headers.get("content-encoding", "identity").lower()
                if packed != "identity":  # a few bytes may unpack to more than the memory holds
                    words = f"the answer came packed ({packed}), which nobody asked for"
                    raise NoAnswer(words, is_whole=True)
                parts, size = [], 0
                for part in response.iter_bytes():
                    parts.append(part)
                    size += len(part)
                    if size > limit:
                        words = f"the answer is larger than {limit // 1024 // 1024} MB"
                        raise NoAnswer(words, is_whole=True)
                found = {name.lower(): value for name, value in response.headers.items()}
                found |= response.extensions.get(_ONWARD, {})
                return WebAnswer(response.status_code, found, b"".join(parts))
        except httpx.TimeoutException:
            raise NoAnswer("it did not answer in time") from None
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
            raise NoAnswer(str(error).rstrip("."), was_cut=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last: of IDNA
            raise NoAnswer(str(error) or type(error).__name__) from None


@contextmanager
def open_site(url: str, *, seconds: float = _READ) -> Iterator[Site]:
    """A client for one host.

    Something must come within `seconds`, a whole answer in twice that. Proxies of the environment
    are used only over TLS.
    """
    import httpx

    timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT))
    headers = {"User-Agent": f"li-vault/{__version__}", "Accept-Encoding": "identity"}
    is_tls = origin(url)[0] == "https"
    hooks = {"response": [_stay]}
    with httpx.Client(
        timeout=timeout, trust_env=is_tls, headers=headers, event_hooks=hooks
    ) as client:
        yield Site(client, _WHOLE * seconds)


def _stay(response: httpx.Response) -> None:
    """Put aside where an answer sends on to: of what is no address, httpx would fail."""
    if "location" in response.headers:
        response.extensions[_ONWARD] = {"location": response.headers.pop("location")}


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address, as what tells one place from another.

    Raises:
        ValueError: It is none.
    """
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower().rstrip(".")
    if scheme not in _PORTS or not host:
        msg = "it does not begin with https:// and a host"
        raise ValueError(msg)
    return scheme, host, parts.port or _PORTS[scheme]


def check_web_url(url: str, name: str) -> str:
    """The address, if it is https, or http on loopback, and has no credentials.

    Raises:
        BadUsage: It is not; the message names the setting.
    """
    hint = f"Set {name} to an address that begins with https://."
    try:
        scheme, host, _ = origin(url)
    except ValueError as error:
        raise BadUsage(f"{name} is no address of the web: {error}.", hint) from None
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise BadUsage(f"{name} holds a user or a password.", "Take them out of the address.")
    if scheme != "https" and not is_loopback(host):
        raise BadUsage(f"{name} is not encrypted: http:// is for this very machine alone.", hint)
    return url


def is_loopback(host: str) -> bool:
    """Whether a host's name or number is this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
