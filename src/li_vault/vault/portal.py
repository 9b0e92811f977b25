"""LinkedIn's portability API as one more source of full lists."""

from __future__ import annotations

from datetime import date
from functools import partial

from li_vault.errors import BadExport, BadUsage
from li_vault.formats.base import Export
from li_vault.host import member_api
from li_vault.vault import dating
from li_vault.vault.dating import Dated
from li_vault.vault.recording import Progress

SOURCE = "LinkedIn's API"
COMMAND = "li-vault fetch"


def fetched(base: str, token: str, today: date, progress: Progress = lambda *_: None) -> Dated:
    """All pages as one export of this day, read: what saving each in a folder would give.

    Args:
        base: The base address of the API.
        token: The member's access token.
        today: The current day.
        progress: Told of long work.

    Raises:
        BadExport: LinkedIn refused, failed, or did not come to a proper end.
        BadUsage: It lists somebody of a day in the future: the clock is wrong.
    """
    pages = member_api.pages(base, token, partial(progress, "Fetching"))
    files = {f"page-{number:05}.json": page for number, page in enumerate(pages)}
    export = Export(SOURCE, files, tuple(files), True, None, None, today)
    try:
        (dated,) = dating.read([export], today)
    except BadExport as error:  # its hint is for pages that somebody saved
        raise BadExport(error.message, member_api.LATER) from error
    except BadUsage as error:
        raise BadUsage(error.message, f"See if the clock is right, then: {COMMAND}") from error
    return dated._replace(origin="api")
