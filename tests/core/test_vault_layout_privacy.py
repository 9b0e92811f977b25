from __future__ import annotations

from typing import NamedTuple

import pytest

from li_vault.core import vault_layout


class _Seen(NamedTuple):
    visible: bool | None
    how: str = "it was looked at"


@pytest.mark.parametrize(
    ("visible", "trusted", "may"),
    [
        (False, False, True),
        (False, True, True),
        (True, False, False),
        (None, False, False),
        (True, True, True),
        (None, True, True),
    ],
)
def test_who_may_have_it(visible: bool | None, trusted: bool, may: bool) -> None:
    assert (vault_layout.privacy_objection(_Seen(visible), trusted=trusted) == "") is may


def test_the_reason_says_how_it_was_found() -> None:
    assert vault_layout.privacy_objection(_Seen(True), trusted=False) == (
        "Strangers can read this remote: it was looked at."
    )
    assert "not known" in vault_layout.privacy_objection(_Seen(None), trusted=False)
