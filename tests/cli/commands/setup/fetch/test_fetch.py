"""`fetch`: LinkedIn's portability API, against a real server on loopback."""

from __future__ import annotations

import gzip
import json
import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

import outside
import servers
import websites
from isolation import Run
from li_vault.host import linkedin_api, web_client
from network import Network
from outside import Call, git
from websites import TOKEN, Handler, Member, Trouble, answering


def test_all_pages_are_one_full_list(call: Call, vault: Path, member: Member) -> None:
    said = outside.one_object(call("fetch", "--vault", vault, "--json"))
    network = Network(seed=70, people=180)
    assert said["contacts"] == len(network.shown())
    assert said["kind"] == "linkedin-portability/2024"
    assert (said["taken_on"], said["rows"]) == ("2028-01-01", said["contacts"] + said["nameless"])
    original = (vault / "exports" / "Connections.json").read_bytes()
    assert original == b"[\n" + b",\n".join([*member.pages, websites.END]) + b"\n]\n"
    assert [start for start, _ in member.asked] == list(range(len(member.pages) + 1))
    assert {one["authorization"] for _, one in member.asked} == {f"Bearer {TOKEN}"}
    assert TOKEN not in git(vault, "log", "--format=%B")


def test_it_is_the_same_commit_as_from_saved_pages(
    call: Call, vault: Path, member: Member, tmp_path: Path
) -> None:
    call("fetch", "--vault", vault)
    saved = tmp_path / "saved"
    saved.mkdir()
    for number, data in enumerate([*member.pages, websites.END]):
        (saved / f"page-{number:03}.json").write_bytes(data)
    other = tmp_path / "other"
    call("snapshot", saved, "--init", "--vault", other, "--taken-on", "2028-01-01")
    assert git(other, "rev-parse", "main") == git(vault, "rev-parse", "main")


def test_a_month_later_those_who_left_are_gone(call: Call, vault: Path, member: Member) -> None:
    call("fetch", "--vault", vault)
    again = outside.one_object(call("fetch", "--vault", vault, "--json"))
    assert git(vault, "rev-list", "--count", "main").strip() == "1", again
    gone = json.loads(member.pages[-1])
    (left, *stay) = gone["elements"][0]["snapshotData"]
    assert left["First Name"]
    member.pages[-1] = websites.page(len(member.pages) - 1, stay, is_last=True)
    tried = outside.one_object(call("fetch", "--dry-run", "--vault", vault, "--json"))
    said = outside.one_object(call("fetch", "--vault", vault, "--json"))
    assert said["gone"] == tried["gone"] == 1
    assert len(outside.cards(vault, "former")) == 1


def _cut(handler: Handler, start: int) -> bool:
    """A page that ends before its end."""
    if start == 1:
        data = handler.member.pages[1]
        handler.send_response(200)
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[: len(data) // 2])
        handler.close_connection = True
    return start == 1


def _half(handler: Handler, start: int) -> bool:
    """A page whose JSON ends before its end, though HTTP does not know."""
    if start == 1:
        handler.say(200, handler.member.pages[1][:-40])
    return start == 1


def _again(handler: Handler, start: int) -> bool:
    """The first page, whatever was asked for."""
    handler.say(200, handler.member.pages[0])
    return True


def _relabelled(handler: Handler, start: int) -> bool:
    """The rows of the first page as those of the third."""
    if start == 2:
        rows = json.loads(handler.member.pages[0])["elements"][0]["snapshotData"]
        handler.say(200, websites.page(2, rows))
    return start == 2


def _next_at(onward: str) -> Trouble:
    """A page that says that the next one is elsewhere."""

    def trouble(handler: Handler, start: int) -> bool:
        if start == 1:
            rows = json.loads(handler.member.pages[1])["elements"][0]["snapshotData"]
            handler.say(200, websites.page(1, rows, onward=onward))
        return start == 1

    return trouble


def _hang_up(handler: Handler, start: int) -> bool:
    if start == 1:
        handler.close_connection = True
    return start == 1


KINDS = {
    "401": (answering(401), "takes this token no longer"),
    "403": (answering(403), "access denied"),
    "404 at first": (answering(404, at=0), "not put them together yet"),
    "426": (answering(426), "version 202312"),
    "429": (answering(429, retry_after="3600"), "asked too often|3600 seconds"),
    "5xx": (answering(503), "failed on its own side"),
    "repeated": (_again, "page 1 with page 0 again"),
    "cut short": (_cut, "was cut short"),
    "cut JSON": (_half, "is cut off"),
    "redirect": (answering(302, location="https://evil.example/x"), "evil.example"),
    "next elsewhere": (
        _next_at("https://evil.example/rest/memberSnapshotData?start=2"),
        "next one is at evil.example",
    ),
    "no data": (answering(200, b"<html>log in</html>", content_type="text/html"), "a web page"),
    "an end of no one's": (answering(404, b"<p>Not here"), "behind page 0 is a web page"),
    "another 404": (
        answering(404, b'{"status":404,"code":"RESOURCE_NOT_FOUND","message":"No such resource"}'),
        "behind page 0 has status 404, but is another one",
    ),
    "repeated rows": (_relabelled, "page 2 with page 0 again"),
    "hangs up": (_hang_up, "page 1"),
    "another domain": (
        answering(200, websites.page(1, []).replace(b"CONNECTIONS", b"PROFILE")), "PROFILE",
    ),
    "packed": (
        answering(200, gzip.compress(b"{}"), content_encoding="gzip"), "came packed (gzip)",
    ),
    "another status": (answering(418), "status 418"),
    "429 for ever": (answering(429, retry_after="9" * 400), "more than a day of rest"),
    "429 without": (answering(429), "does not say when"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_failure_has_its_words_and_leaves_nothing(
    kind: str, call: Call, vault: Path, member: Member
) -> None:
    call("fetch", "--vault", vault)
    before = outside.state(vault)
    member.asked.clear()
    trouble, words = KINDS[kind]
    member.trouble = trouble
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", words.partition("|")[0])
    assert all(one in said.out for one in words.split("|"))
    assert TOKEN not in said.out
    assert outside.state(vault) == before
    assert {one["host"] for _, one in member.asked} == {member.address.removeprefix("http://")}


def test_every_failure_has_words_of_its_own(call: Call, vault: Path, member: Member) -> None:
    messages = set()
    for trouble, _ in KINDS.values():
        member.trouble = trouble
        messages.add(outside.one_object(call("fetch", "--vault", vault, "--json", status=3))
                     ["error"]["message"])  # fmt: skip
    assert len(messages) == len(KINDS)


@pytest.mark.parametrize(
    "onward",
    ["http://[::1", "//[", "http://127.0.0.1:x/", "http://127.0.0.1:99999/", "http://a\tb@[c]/",
     "https://\u2100.example/", "javascript:1", "https:"],
)  # fmt: skip
def test_a_next_link_that_is_none_is_not_trusted(
    onward: str, call: Call, vault: Path, member: Member
) -> None:
    member.trouble = _next_at(onward)
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", "says that the next one is at")
    assert len(member.asked) == 2


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/rest/other", "to another place on 127.0.0.1"),
        ("http://[::1", "to what is no address of the web"),
        ("", "without saying where to"),
        ("https://evil.example/x", "to evil.example; the token does not go there"),
    ],
)
def test_it_is_sent_on(location: str, words: str, call: Call, vault: Path, member: Member) -> None:
    member.trouble = answering(302, location=location)
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", f"sent us on {words}")
    assert len(member.asked) == 2


def test_what_comes_packed_is_told_and_not_asked_for_again(
    call: Call, vault: Path, member: Member
) -> None:
    member.trouble = answering(200, gzip.compress(b"{}"), content_encoding="gzip")
    error = outside.one_object(call("fetch", "--vault", vault, "--json", status=3))["error"]
    assert error["message"].startswith("LinkedIn's page 1 can't be taken: the answer came packed")
    assert "connection" not in error["hint"]
    assert len(member.asked) == 2


@pytest.mark.parametrize(("asked", "waited"), [("5", [5.0]), ("0", [1.0]), ("60", [])])
def test_a_failure_of_theirs_is_waited_for_as_long_as_they_ask(
    asked: str, waited: list[float], call: Call, vault: Path, member: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    left = [1]
    slept: list[float] = []
    monkeypatch.setattr(linkedin_api, "time", SimpleNamespace(sleep=slept.append))

    def trouble(handler: Handler, start: int) -> bool:
        if start == 1 and left:
            left.pop()
            handler.say(503, b"", retry_after=asked)
            return True
        return False

    member.trouble = trouble
    said = call("fetch", "--vault", vault, "--json", status=0 if waited else 3)
    assert slept == waited
    assert bool(waited) or "(status 503); it wants 60 seconds of rest" in said.out


@pytest.mark.parametrize("kind", servers.DRIPS)
def test_what_only_drips_is_not_waited_for(
    kind: str, call: Call, vault: Path, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trouble(handler: Handler, start: int) -> bool:
        if start == 1:
            servers.drip(handler, servers.DRIPS[kind])
        return start == 1

    member.trouble = trouble
    whole = web_client.open_site
    monkeypatch.setattr(web_client, "open_site", lambda url: whole(url, seconds=0.5))
    began = time.monotonic()
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", "page 1: the answer did not come to its end in 1 seconds")
    assert time.monotonic() - began < 5
    assert len(member.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("is_a_date", [False, True])
def test_what_passes_is_waited_for(
    status: int, is_a_date: bool, call: Call, vault: Path, member: Member
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)
    left = [1, 1]

    def trouble(handler: Handler, start: int) -> bool:
        if start == 2 and left:
            left.pop()
            handler.say(status, b"{}", retry_after=until if is_a_date else "3")
            return True
        return False

    member.trouble = trouble
    said = outside.one_object(call("fetch", "--vault", vault, "--json"))
    assert said["contacts"]
    assert not left


def test_no_hint_is_for_saved_pages(call: Call, vault: Path, member: Member) -> None:
    rows = json.loads(member.pages[1])["elements"][0]["snapshotData"]
    spoilt = [member.pages[1][:-40], b"[]", websites.page(1, [{"First Name": "x"}] * 2),
              websites.page(1, [{}, {}])]  # fmt: skip
    for page in spoilt:
        member.trouble = lambda handler, start, page=page: (  # type: ignore[misc]
            start == 1 and not handler.say(200, page)
        )
        error = outside.one_object(call("fetch", "--vault", vault, "--json", status=3))["error"]
        assert error["hint"] == linkedin_api.LATER
    rows[0]["Connected On"] = "03 Jan 2031"
    member.trouble = lambda *_: False
    member.pages[1] = websites.page(1, rows)
    said = call("fetch", "--vault", vault, "--json", status=2)
    outside.is_refused(said, 2, "", "2031-01-03, in the future")
    assert "clock" in outside.one_object(said)["error"]["hint"]


def test_a_row_that_can_not_be_read_costs_no_other(call: Call, vault: Path, member: Member) -> None:
    rows = json.loads(member.pages[1])["elements"][0]["snapshotData"]
    bad = [{}, {key: value for key, value in rows[0].items() if key != "Last Name"}]
    member.pages[1] = websites.page(1, [*rows, *bad])
    said = outside.one_object(call("fetch", "--vault", vault, "--json"))
    assert said["contacts"] == len(Network(seed=70, people=180).shown())
    assert len(said["skipped"]) == 2
    assert said["rows"] == said["contacts"] + said["nameless"] + 2
    call("verify", "--vault", vault)


def test_its_words_are_those_of_an_api(call: Call, vault: Path, member: Member) -> None:
    assert "file" not in call("fetch", "--vault", vault).out
    member.pages = websites.pages(Network(seed=72, people=90))
    said = call("fetch", "--vault", vault, status=4)
    assert "If that is right, li-vault fetch --allow gone: they would be moved" in said.err


def test_nobody_answers(call: Call, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LI_VAULT_API", f"http://127.0.0.1:{servers.free_port()}")
    monkeypatch.setenv("LI_VAULT_TOKEN", TOKEN)
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", f"{os.environ['LI_VAULT_API'][7:]} can't be asked")


def test_a_certificate_must_be_right(
    run: Run, call: Call, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = servers.certificate(tmp_path, "localhost")
    pages = websites.pages(Network(seed=71, people=30))
    with websites.serving(Member(pages=pages), pem) as site:
        refused = run("fetch", "--vault", vault, "--json", env=site.env)
        outside.is_refused(refused, 3, "", "certificate")
        assert site.asked == []
        env = {**site.env, "SSL_CERT_FILE": str(tmp_path / "cert")}
        assert run("fetch", "--vault", vault, env=env).status == 0


def test_pages_without_end_are_no_list(
    call: Call, vault: Path, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkedin_api, "_PAGES", 3)
    said = call("fetch", "--vault", vault, "--json", status=3)
    outside.is_refused(said, 3, "", "3 pages and no end")
