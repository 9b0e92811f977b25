"""What tests of the whole program share: plain git, the state of a vault, and expected values."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from isolation import Outcome
from network import Network, Someone


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
