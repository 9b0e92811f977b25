"""LinkedIn's portability API as an export."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import NamedTuple

from li_vault.core.model import Progress
from li_vault.errors import BadExport, BadUsage
from li_vault.formats.tables.export import Export
from li_vault.host import linkedin_api, token_store
from li_vault.vault.plan import dated_exports
from li_vault.vault.plan.dated_exports import DatedExport

SOURCE = "LinkedIn's API"
COMMAND = "li-vault fetch"


def export_from_pages(
    base: str, token: str, today: date, progress: Progress = lambda *_: None
) -> DatedExport:
    """All pages as one export of this day, read: what saving each in a folder would give.

    Raises:
        BadExport: LinkedIn refused, failed, or did not come to a proper end.
        BadUsage: It lists somebody of a day in the future: the clock is wrong.
    """
    pages = linkedin_api.read_pages(base, token, partial(progress, "Fetching"))
    files = {f"page-{number:05}.json": page for number, page in enumerate(pages)}
    export = Export(SOURCE, files, tuple(files), True, None, None, today)
    try:
        (dated,) = dated_exports.read_exports([export], today)
    except BadExport as error:  # its hint is for pages that somebody saved
        raise BadExport(error.message, linkedin_api.LATER) from error
    except BadUsage as error:
        raise BadUsage(error.message, f"See if the clock is right, then: {COMMAND}") from error
    return dated._replace(origin="api")


class FetchLogin(NamedTuple):
    """Where a token that LinkedIn took is kept; whether connections are ready for it."""

    place: str
    is_ready: bool


def log_in(base: str, text: str) -> FetchLogin:
    """Try a token, and keep it if LinkedIn takes it.

    Raises:
        BadUsage: It is none.
        BadExport: LinkedIn does not take it.
    """
    value = token_store.check_token(text, "what was entered")
    is_ready = linkedin_api.try_token(base, value)
    return FetchLogin(token_store.keep_token(value), is_ready)
