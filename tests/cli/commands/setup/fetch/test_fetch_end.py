"""What ends the pages of LinkedIn's API, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import outside
import websites
from outside import Call
from websites import Member, answering


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{}", b'{"status":404}', b"No data found for this memberId",
        b'{"message":"No data found for this memberId"}',
        b'{"status":"404","code":"NOT_FOUND","message":"no data found for this memberId."}',
        b'"No data found for this memberId"',
        b'[{"status":404,"message":"No data found for this memberId"}]',
        b'{"elements":[],"paging":{"start":1},"message":"No data found for this memberId"}',
        b'{"code":"RESOURCE_NOT_FOUND","message":"No data found for this memberId"}',
        b'{"message":"Not Found"}', b'{"code":"NOT_FOUND"}', b"[]", b"null", b"404",
        '{"status":404,"message":"No data found"}'.encode("utf-16"), websites.page(1, []),
        b"[" * 900 + b"]" * 900,
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
        b"404 page not found\n", b"{", b'"Access denied"', b'{"code":"ACCESS_DENIED"}',
        b'{"status":403,"message":"No data found for this memberId"}',
        b'[{"status":404,"message":"No data found"},{"status":500}]',
        b'{"status":404,"message":"Virtual resource not found"}',
        b'{"status":404,"code":"RESOURCE_NOT_FOUND"}', b'{"message":"Not enough permissions"}',
        b'{"status":404,"message":"No such API version"}', b'{"error":"throttled"}',
        b'{"message":"Cannot GET /rest/memberSnapshotData"}',
        websites.page(1, [{"First Name": "Ada"}]),
    ],
)  # fmt: skip
def test_not_every_404_is_the_end(data: bytes, call: Call, vault: Path, member: Member) -> None:
    member.trouble = answering(404, data, content_type="text/plain")
    before = outside.state(vault)
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", "behind page 0 has status 404, but is another one")
    assert outside.state(vault) == before


def test_a_page_without_anyone_is_no_repetition(call: Call, vault: Path, member: Member) -> None:
    everyone = outside.one_object(call("fetch", "--vault", vault, "--json", "--dry-run"))
    rest = [json.loads(page) for page in member.pages[1:]]
    for number, page in enumerate(rest, 2):
        page["paging"]["start"] = number
    moved = [json.dumps(page).encode() for page in rest]
    member.pages[1:] = [websites.page(1, []), *moved, websites.page(len(moved) + 2, [])]
    said = outside.one_object(call("fetch", "--vault", vault, "--json"))
    assert said["contacts"] == everyone["contacts"]


def test_two_pages_without_anyone_are_no_end(call: Call, vault: Path, member: Member) -> None:
    member.pages[1:] = [websites.page(start, []) for start in range(1, 9)]
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", "pages 1 and 2 without anyone, and without its end")
    assert "again" not in outside.one_object(said)["error"]["message"]
