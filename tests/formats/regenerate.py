"""The golden cases: `cases/<format>/<case>/input.*` and what must come out, `expected.json`.

An input comes over standard input, unless it has a name of its own in place of `input`.

    PYTHONPATH=src python tests/formats/regenerate.py

writes every `expected.json` anew from what the code says now: read the difference before it
becomes the truth. A new case is a folder with an input, and this command.
"""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from li_vault.errors import BadExport
from li_vault.formats import registry
from li_vault.formats.tables.export import Reading
from li_vault.host import open_exports

CASES = sorted((Path(__file__).parent / "cases").glob("*/*"))
EXPECTED = "expected.json"
TODAY = date(2026, 11, 23)


def outcome(case: Path) -> dict[str, Any]:
    """What reading its input comes to, as JSON: the reading without its bytes, or the error."""
    (path,) = (path for path in case.iterdir() if path.name != EXPECTED)
    stdin = io.BytesIO(path.read_bytes())
    name = "-" if path.stem == "input" else str(path)
    try:
        (export,) = open_exports.open_exports(
            name, wanted=registry.is_wanted_member, stdin=stdin, today=TODAY
        )
        return _plain(registry.read_export(export))
    except BadExport as error:
        return {"error": error.message, "hint": error.hint}


def dumped(result: dict[str, Any]) -> str:
    """The result as it stands in `expected.json`."""
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _plain(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "original": reading.original,
        "rows": reading.rows,
        "people": [
            {"row": r.number, **{k: v for k, v in r.person._asdict().items() if v}}
            for r in reading.people
        ],
        "nameless": list(reading.nameless),
        "skipped": [s._asdict() for s in reading.skipped],
        "fields": sorted(reading.coverage.fields),
        "columns": sorted(reading.coverage.columns),
        "full": reading.full,
        **({"enriches": True} if reading.enriches else {}),
        "damage": {"replaced": reading.damage.replaced, "doubled": reading.damage.doubled},
        "owner": reading.owner,
        "newest": reading.newest,
    }


if __name__ == "__main__":
    for case in CASES:
        (case / EXPECTED).write_text(dumped(outcome(case)), encoding="utf-8")
