"""What is to be done about exports that were not recorded, in a line that can be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from li_vault.cli.commands.look import status
from li_vault.cli.render import Look
from li_vault.host.downloads import StatSignature
from li_vault.vault.habit.seen_files import SeenFile
from li_vault.vault.habit.status import RemoteStatus, StatusResult


def left(name: str, fate: Any, rule: str = "", hint: str = "") -> SeenFile:
    path = f"/home/ada/Downloads/{name}"
    return SeenFile(name, path, StatSignature(1, 1, 1), fate, rule, "It is not right.", hint)


def to_do(entries: Iterable[SeenFile]) -> str:
    state = RemoteStatus("https://example.org/x.git", 0, None, None)
    result = StatusResult(
        path=Path("/vault"), snapshots=0, contacts=0, former=0, last=None, age_days=None,
        due_on=date(2026, 12, 1), overdue=False, remotes={"origin": state}, pending_edits=0,
        size=0, recovered="", left=tuple(entries),
    )  # fmt: skip
    return status.as_text(result, Look())[-1]


def test_years_of_old_exports_are_a_few_names_and_a_number() -> None:
    told = to_do(left(f"Basic_LinkedInDataExport_01-0{n}-2020.zip", "refused", "older")
                 for n in range(11))  # fmt: skip
    assert "8 more, or put them in with li-vault rebuild" in told
    assert told.count(".zip") == 3
    told = to_do(left(f"{n}.zip", "refused", "gone") for n in range(11))
    assert "see 8 more exports: li-vault status --json" in told
    assert told.count("--allow gone") == 3


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        ("Nothing changed. Download the archive from LinkedIn again.", "download "),
        ("Nothing changed. Ask LinkedIn for Connections.", "recorded: Ask LinkedIn for Conn"),
        ("Nothing changed. LinkedIn makes no such archive: do not trust where it came from.",
         "do not trust where it came from"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_downloaded_again_only_where_that_helps(
    hint: str, words: str
) -> None:
    told = to_do([left("1.zip", "unreadable", hint=hint)])
    assert words in told
    assert ("download /home" in told) == (words == "download ")
