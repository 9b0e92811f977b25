"""LinkedIn's member data portability API: its pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from li_vault.errors import BadExport, BadUsage, Unreachable
from li_vault.formats.linkedin import api_pages
from li_vault.host import web_client, zips
from li_vault.host.web_client import NoAnswer, Site, WebAnswer

BASE = "https://api.linkedin.com"
VARIABLE = "LI_VAULT_API"
"""The environment variable that names another base address."""

_PATH = "/rest/memberSnapshotData?q=criteria&domain=CONNECTIONS&start={}"
_VERSION = "202312"
_SCOPE = "r_dma_portability_self_serve"
_PAGES = 10_000
_TRIES = 3
_DAY = 86_400.0
_PATIENCE = 20.0
"""Seconds that are waited altogether, where LinkedIn asks for it or fails for a moment."""


def api_base(environ: Mapping[str, str]) -> str:
    """The base address of the API, without a slash at its end.

    Raises:
        BadUsage: `LI_VAULT_API` names none that may be asked.
    """
    found = web_client.check_web_url(environ.get(VARIABLE) or BASE, VARIABLE)
    if set("?#") & set(found):
        raise BadUsage(
            f"{VARIABLE} is no base address: it holds a query or a fragment.",
            f"Set {VARIABLE} to the address up to /rest.",
        )
    return found.rstrip("/")


def read_pages(
    base: str, token: str, progress: Callable[[int, int], None] = lambda *_: None
) -> list[bytes]:
    """All pages of the member's connections as they came, and the answer that ended them.

    Raises:
        BadExport: LinkedIn refused, failed, or did not come to a proper end.
    """
    with web_client.open_site(base) as site:
        asked = _Member(site, base, token)
        found: list[bytes] = []
        before: list[api_pages.ApiPage] = []
        while len(found) < _PAGES:
            progress(len(found), len(found) + 1)
            answer = asked.page(len(found))
            if answer.status == 404:
                end = _end(answer, len(found))
                if not found:
                    raise BadExport(_NOTHING_YET, _TOMORROW)
                return [*found, end]
            before.append(_next(answer, len(found), before, base))
            found.append(answer.data)
    raise BadExport(f"LinkedIn's API sent {_PAGES} pages and no end.", LATER)


def try_token(base: str, token: str) -> bool:
    """Try a token by the first page: whether LinkedIn has connections ready for it.

    Raises:
        BadExport: LinkedIn refused it, or failed.
    """
    with web_client.open_site(base) as site:
        answer = _Member(site, base, token).page(0)
        if answer.status == 404:
            _end(answer, 0)
            return False
        _next(answer, 0, [], base)
        return True


class _Member:
    """A member who asks, with a token and some patience."""

    def __init__(self, site: Site, base: str, token: str) -> None:
        self._site, self._base = site, base
        self._headers = {
            "Authorization": f"Bearer {token}",
            "LinkedIn-Version": _VERSION,
            "Accept": "application/json",
        }
        self._patience = _PATIENCE

    def page(self, start: int) -> WebAnswer:
        """The answer for one page: status 200 or 404."""
        url = self._base + _PATH.format(start)
        turn = 0
        while True:
            turn += 1
            answer: WebAnswer | NoAnswer
            try:
                answer = self._site.ask(url, headers=self._headers, limit=zips.MAX_FILE)
                if answer.status in (200, 404):
                    return answer
                pause = _pause(answer, turn)
            except NoAnswer as error:
                answer, pause = error, None if error.is_late or error.is_whole else float(turn)
            if turn == _TRIES or not self._waited(pause):
                if isinstance(answer, NoAnswer):
                    raise _unanswered(answer, start, self._base) from None
                raise _refused(answer, start, url)

    def _waited(self, seconds: float | None) -> bool:
        if seconds is None or seconds > self._patience:
            return False
        self._patience -= seconds
        time.sleep(seconds)
        return True


def _pause(answer: WebAnswer, turn: int) -> float | None:
    """Seconds after which it is worth asking again; None if it never is."""
    asked = _retry_after(answer)
    if answer.status == 429:
        return asked
    return (asked or float(turn)) if answer.status >= 500 else None


def _retry_after(answer: WebAnswer) -> float | None:
    """What `Retry-After` says, in seconds; None if it says nothing. RFC 9110, 10.2.3."""
    words = answer.headers.get("retry-after", "").strip()
    if words.isascii() and words.isdigit():
        return float(words)
    try:
        until = parsedate_to_datetime(words)
    except (ValueError, TypeError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _next(
    answer: WebAnswer, start: int, before: list[api_pages.ApiPage], base: str
) -> api_pages.ApiPage:
    name = f"LinkedIn's page {start}"
    _refuse_web_page(answer, name)
    try:
        page = api_pages.read_answer(answer.data, name)
    except BadExport as error:  # its hint is for pages that somebody saved
        raise BadExport(error.message, LATER) from None
    earlier = next((one for one in before if one.rows and one.rows == page.rows), None)
    if before and not before[-1].rows and not page.rows and page.start == start:
        raise BadExport(
            f"LinkedIn's API answered pages {start - 1} and {start} without anyone, and without "
            "its end, so nobody can tell whether more people follow.",
            LATER,
        )
    if page.start != start or earlier is not None:
        shown = page.start if earlier is None else earlier.start
        raise BadExport(
            f"LinkedIn's API answered page {start} with page {shown} again, so there is no telling "
            "what the others hold.",
            LATER,
        )
    here = f"{base}/rest/"
    onward = _joined(here, page.onward)
    if _origin(onward) != _origin(here):
        raise BadExport(
            f"{name} says that the next one is at {_host(onward)}; the token goes to "
            f"{_host(here)} alone.",
            "Nothing changed. Do not trust what answered; if it was LinkedIn, try again later.",
        )
    return page


def _end(answer: WebAnswer, start: int) -> bytes:
    """What is kept of the answer in place of a page, if it says that there are no more."""
    name = f"LinkedIn's answer behind page {start - 1}" if start else "LinkedIn's page 0"
    _refuse_web_page(answer, name)
    if (end := api_pages.closing_answer(answer.data)) is not None:
        return end
    expected = f'(expected was: "{api_pages.WORDS}")'
    if start == 0:
        words = (
            "LinkedIn's answer for the first page has status 404, but names another error than "
            f"that there is no one {expected}."
        )
    else:
        words = (
            f"{name} has status 404, but is another one than the end of the list {expected}, so "
            "nobody can tell whether more people follow."
        )
    raise BadExport(words, _PROXY)


def _refuse_web_page(answer: WebAnswer, name: str) -> None:
    """What something in between answers is neither a page nor the end of them."""
    kind = answer.headers.get("content-type", "")
    if "html" in kind.lower() or answer.data.lstrip()[:1] == b"<":
        raise BadExport(f"{name} is a web page, not data.", _PROXY)


def _joined(here: str, onward: str) -> str:
    """Where a link leads, as seen from an address; "" if that is no address."""
    try:
        return urljoin(here, onward)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        return web_client.origin(url)
    except ValueError:
        return None


def _host(url: str) -> str:
    """The host of an address, with its port if it names one, for a message."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2][:80] or "nowhere"
    except ValueError:
        return "nowhere"


def _refused(answer: WebAnswer, start: int, url: str) -> BadExport:
    """What an answer means that is no page."""
    status = answer.status
    if 300 <= status < 400:
        return BadExport(
            f"LinkedIn's API sent us on {_onward(answer, url)} (status {status}).",
            f"Nothing changed. Name the right base address with {VARIABLE}, or try again later.",
        )
    if status == 429:
        rest = _rest(_retry_after(answer))
        return Unreachable(
            f"LinkedIn was asked too often, and takes no more calls for now (status 429): {rest}.",
            "Nothing changed. Run it again then, or tomorrow.",
        )
    if status >= 500:
        asked = _retry_after(answer)
        return Unreachable(
            f"LinkedIn's API failed on its own side at page {start} (status {status})"
            f"{f'; {_rest(asked)}' if asked else ''}.",
            LATER,
        )
    message, hint = _WORDS.get(status, ("LinkedIn's API answered with status {status}", LATER))
    return BadExport(f"{message.format(status=status)} (page {start}).", hint)


def _onward(answer: WebAnswer, url: str) -> str:
    """Where a redirect leads, in words."""
    where = answer.headers.get("location", "")
    onward = _joined(url, where)
    if not where.strip():
        return "without saying where to"
    if _origin(onward) is None:
        return "to what is no address of the web"
    if _origin(onward) == _origin(url):
        return f"to another place on {_host(url)}, which is not followed"
    return f"to {_host(onward)}; the token does not go there"


def _rest(wait: float | None) -> str:
    if wait is None:
        return "it does not say when again"
    if wait > _DAY:
        return "it wants more than a day of rest"
    return f"it wants {wait:.0f} seconds of rest"


def _unanswered(error: NoAnswer, start: int, base: str) -> BadExport:
    if error.was_cut:
        return Unreachable(f"LinkedIn's page {start} was cut short: {error}.", LATER)
    if error.is_whole:
        return BadExport(f"LinkedIn's page {start} can't be taken: {error}.", _PROXY)
    return Unreachable(
        f"{_host(base)} can't be asked for page {start}: {error}.",
        "Nothing changed. Look at the connection, then run it again.",
    )


LATER = "Nothing changed. Run it again later, or download the archive from LinkedIn by hand."
"""What to do about most that goes wrong there."""
_PROXY = (
    f"Nothing changed. Is there a log-in of a network or proxy in between, or does {VARIABLE} lead "
    "elsewhere? Then run it again."
)
_NEW = "Nothing changed. Get a new token: li-vault fetch --login"
_WORDS = {
    401: ("LinkedIn takes this token no longer, or never did (status 401)", _NEW),
    403: (
        "LinkedIn refuses this token the member's data (status 403, access denied)",
        f"Nothing changed. It needs the scope {_SCOPE}: li-vault fetch --login",
    ),
    426: (
        f"LinkedIn does not take version {_VERSION} of its API from this app (status 426)",
        "Nothing changed. Has the app the product Member Data Portability API (Member)?",
    ),
}
_NOTHING_YET = (
    "LinkedIn has no connections for this token (status 404 for the first page): there are none, "
    "or LinkedIn has not put them together yet."
)
_TOMORROW = (
    "Nothing changed. LinkedIn needs up to a day after the first call; run it again tomorrow."
)
