"""The whole program from the outside: plain git, vaults month by month, and what commands say."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from isolation import Outcome
from network import Network, Someone
from websites import Monitor


class Call(Protocol):
    """The fixture `call`: li-vault in this very process."""

    def __call__(self, *args: object, status: int | None = 0) -> Outcome: ...


class Facts(NamedTuple):
    """What a card must say of a person."""

    first: str
    last: str
    url: str
    email: str
    company: str
    position: str
    connected_on: str


def clean(value: str) -> str:
    """A cell as a card has it: NFC, control characters and runs of white space as one space."""
    text = unicodedata.normalize("NFC", value)
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\ufeff]", " ", text).split())


def facts(someone: Someone) -> Facts:
    """What the newest export says of someone, normalised by the contract."""
    told = someone.facts
    return Facts(
        clean(told.first),
        clean(told.last),
        someone.url,
        clean(told.email),
        clean(told.company[:100]),
        clean(told.position[:100]),
        someone.connected_on.isoformat(),
    )


def known(network: Network) -> dict[int, Facts]:
    """Everyone whom the next export shows, by number."""
    return {one.number: facts(one) for one in network.shown()}


def git(folder: Path, *args: str, ok: tuple[int, ...] = (0,)) -> str:
    """The user's own git, run in a folder; its standard output."""
    done = subprocess.run(
        ("git", "--no-optional-locks", "-C", str(folder), *args),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode in ok, done.stderr
    return done.stdout


def state(folder: Path) -> dict[str, object]:
    """All that a refused command must leave as it was: refs, index and every file's bytes."""
    if not folder.exists():
        return {}
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith((".git/li-vault/", ".git/index")):
            continue
        mode = stat.S_IMODE(path.lstat().st_mode)
        is_file = path.is_file() and not path.is_symlink()
        found[name] = (mode, path.read_bytes() if is_file else None)
    if (folder / ".git").is_dir():
        found["staged"] = git(folder, "ls-files", "--stage")
    return found


def commits(vault: Path) -> int:
    """How many commits a repository has."""
    return int(git(vault, "rev-list", "--count", "--all"))


def write(folder: Path, network: Network) -> Path:
    """The archive of the network's day, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / network.archive_name
    path.write_bytes(network.archive())
    return path


def one_object(outcome: Outcome) -> dict[str, Any]:
    """The one JSON object that standard output must be."""
    found = json.loads(outcome.out)
    assert isinstance(found, dict)
    assert found["format"] == 1
    return found


def cards(vault: Path, folder: str = "contacts") -> dict[str, bytes]:
    """The cards of a folder of the work tree, by file name."""
    return {path.name: path.read_bytes() for path in sorted((vault / folder).glob("*.vcf"))}


def trailers(message: str) -> dict[str, str]:
    """The `Li-…` lines of a commit message."""
    return dict(re.findall(r"^(Li-[A-Za-z-]+): (.*)$", message, re.MULTILINE))


def is_refused(said: Outcome, status: int, rule: str, words: str) -> None:
    """Whether an outcome is one JSON object of an error, with a hint, that says any of words."""
    error = one_object(said)["error"]
    assert set(error) == {"kind", "rule", "message", "hint", "status"}
    assert error["status"] == said.status == status, error
    assert error["rule"] == (rule or None), error
    assert error["hint"], error
    assert any(word.lower() in error["message"].lower() for word in words.split("|")), error
    assert said.err == ""


def vcard(data: bytes) -> Any:
    """The one card in these bytes, as vobject reads it."""
    import vobject

    (card,) = vobject.readComponents(data.decode())
    return card


def verified(call: Call, vault: Path, *args: object, status: int = 0) -> dict[str, Any]:
    return one_object(call("verify", "--json", "--vault", vault, *args, status=status))


def kinds(found: dict[str, Any]) -> set[str]:
    return {one["kind"] for one in found["findings"]}


def scratch(vault: Path) -> list[Path]:
    return list((vault / ".git" / "li-vault" / "verify").glob("copies*"))


def five_months(folder: Path, network: Network) -> list[Path]:
    """The archives of five months of a network, oldest first."""
    found = [write(folder, network)]
    for _ in range(4):
        network.advance()
        found.append(write(folder, network))
    return found


def head(vault: Path) -> str:
    """The id of a vault's newest commit."""
    return git(vault, "rev-parse", "HEAD").strip()


def tree(vault: Path) -> str:
    """The id of a vault's newest tree."""
    return git(vault, "rev-parse", "HEAD^{tree}").strip()


def some_card(vault: Path, number: int = 0, folder: str = "contacts") -> Path:
    """A card of the work tree, by its place in the folder."""
    return sorted((vault / folder).iterdir())[number]


def add_line(card: Path, line: str) -> None:
    """Write a line on a card, as a user does."""
    data = card.read_bytes()
    card.write_bytes(data.replace(b"END:VCARD", line.encode() + b"\r\nEND:VCARD"))


def record(call: Call, vault: Path, *archives: Path, **more: Any) -> dict[str, Any]:
    """Snapshots of archives; the result."""
    options = [part for name, value in more.items() for part in (f"--{name}", value)]
    args = ("--allow", "gone", "--json", *options)
    return one_object(call("snapshot", *archives, "--vault", vault, "--init", *args))


def rebuild(call: Call, vault: Path, into: Path, *exports: Path, status: int = 0) -> dict[str, Any]:
    """A vault made anew; the result, or the error."""
    said = call(
        "rebuild", "--into", into, *exports, "--vault", vault, "--json", "--allow", "gone",
        status=status,
    )  # fmt: skip
    return one_object(said)


DAY = date(2027, 1, 10)
"""The day of the vault's first snapshot."""

Remind = Callable[..., dict[str, Any]]
"""`remind` some days after it: `remind(31, status=4)`; what it said."""


def paths(monitor: Monitor) -> list[str]:
    """Where the health check was told, in turn: `""`, `/fail` or `/1`."""
    return [one.path.removeprefix("/uuid-of-nobody") for one in monitor.pings]


Row = tuple[str, str, str, str, str, str, str]
IN = "https://www.linkedin.com/in/"
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
FILLERS: list[Row] = [
    (name, "Filler", f"{IN}{name.lower()}-filler", "", "Quov", "Weaver", "03 Mar 2020")
    for name in ("Bela", "Cato", "Dora", "Enno", "Fina", "Gisa")
]
ADA: Row = ("Ada", "Lovelace", f"{IN}ada-l", "", "Engines", "Analyst", "01 Jan 2019")
KING: Row = ("Augusta", "King", f"{IN}countess-king", "", "Ockham", "Countess", "05 May 2021")
"""Ada by another name, in words that no key can find her by."""


class Months:
    """A vault that gets a list a month."""

    def __init__(self, call: Call, folder: Path, home: Path) -> None:
        self.call, self.folder, self.home = call, folder, home
        self.month = 0

    def snapshot(self, *rows: Row, options: Sequence[str] = ()) -> dict[str, Any]:
        self.month += 1
        day = f"2025-{self.month:02}-20"
        path = self.home / "Connections.csv"
        lines = [",".join(row) + "\n" for row in (*FILLERS, *rows)]
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return self.json("snapshot", path, "--taken-on", day, "--init", *options)

    def json(self, *args: object, status: int = 0) -> dict[str, Any]:
        args = (*args, "--json", "--vault", self.folder)
        return one_object(self.call(*args, status=status))

    def person(self, words: str) -> dict[str, Any]:
        return dict(self.json("show", words)["person"])

    def events(self, words: str) -> list[tuple[str, str]]:
        life = self.json("log", words)["events"]
        return [(event["taken_on"][:7], event["event"]) for event in life]

    def card(self, words: str) -> Path:
        return self.folder / str(self.person(words)["path"])

    def write(self, words: str, line: str) -> None:
        path = self.card(words)
        data = path.read_bytes().replace(b"END:VCARD", f"{line}\r\nEND:VCARD".encode())
        path.write_bytes(data)

    def message(self, revision: str = "HEAD") -> str:
        return git(self.folder, "log", "-1", "--format=%B", revision)

    def is_whole(self) -> None:
        assert git(self.folder, "status", "--porcelain") == ""
        git(self.folder, "fsck", "--strict")
