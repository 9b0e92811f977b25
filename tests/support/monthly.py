"""A vault that gets a hand-written list a month, for tests of a few people's lives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import outside
from outside import Call, git

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
        return outside.one_object(self.call(*args, status=status))

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
