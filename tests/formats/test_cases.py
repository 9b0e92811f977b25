from __future__ import annotations

from pathlib import Path

import pytest

from formats import regenerate

CASES = sorted(regenerate.CASES.iterdir())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_golden_case(case: Path) -> None:
    """To accept what changed: `PYTHONPATH=src python tests/formats/regenerate.py`."""
    (source,) = case.glob("input.*")
    expected = (case / "expected.json").read_text(encoding="utf-8")
    assert regenerate.dumped(regenerate.outcome(source)) == expected


def test_there_are_cases() -> None:
    assert len(CASES) > 50
