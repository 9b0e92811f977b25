"""What tests of `rebuild` share: recording, rebuilding, and writing on cards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import outside
from network import Network
from outside import Call, git


def five_months(folder: Path, network: Network) -> list[Path]:
    """The archives of five months of a network, oldest first."""
    found = [outside.write(folder, network)]
    for _ in range(4):
        network.advance()
        found.append(outside.write(folder, network))
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
    return outside.one_object(call("snapshot", *archives, "--vault", vault, "--init", *args))


def rebuild(call: Call, vault: Path, into: Path, *exports: Path, status: int = 0) -> dict[str, Any]:
    """A vault made anew; the result, or the error."""
    said = call(
        "rebuild", "--into", into, *exports, "--vault", vault, "--json", "--allow", "gone",
        status=status,
    )  # fmt: skip
    return outside.one_object(said)
