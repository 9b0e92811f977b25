"""`li-vault verify` from the outside: what it says as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import outside
from outside import Call


def verified(call: Call, vault: Path, *args: object, status: int = 0) -> dict[str, Any]:
    return outside.one_object(call("verify", "--json", "--vault", vault, *args, status=status))


def kinds(found: dict[str, Any]) -> set[str]:
    return {one["kind"] for one in found["findings"]}


def scratch(vault: Path) -> list[Path]:
    return list((vault / ".git" / "li-vault" / "verify").glob("copies*"))
