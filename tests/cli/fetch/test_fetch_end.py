"""What ends the pages of LinkedIn's API, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import member_site
import outside
from member_site import Member, answering
from outside import Call


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{}", b'{"status":404}', b"No data found for this memberId",
        b'{"message":"No data found for this memberId"}',
        b'{"status":"404","code":"NOT_FOUND","message":"no data found for this memberId."}',
    ],
)  # fmt: skip
def test_an_end_without_words_of_linkedins_is_kept_as_one(
    data: bytes, call: Call, vault: Path, member: Member
) -> None:
    member.trouble = answering(404, data, at=len(member.pages))
    said = outside.one_object(call("fetch", "--vault", vault, "--json"))
    assert said["contacts"]
    original = (vault / "exports" / "Connections.json").read_bytes()
    assert original.endswith(b',\n{"status":404}\n]\n')


@pytest.mark.parametrize(
    "data",
    [
        b"404 page not found\n", b"[]", b"null", b"{", b'{"message":"Not Found"}',
        b'{"status":403,"message":"No data found for this memberId"}',
        b'{"status":404,"errorDetails":{"input":"unknown"}}',
        member_site.page(1, []),
    ],
)  # fmt: skip
def test_not_every_404_is_the_end(data: bytes, call: Call, vault: Path, member: Member) -> None:
    member.trouble = answering(404, data, content_type="text/plain")
    before = outside.state(vault)
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", "behind page 0 has status 404, but is another one")
    assert outside.state(vault) == before
