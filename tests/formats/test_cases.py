from __future__ import annotations

from pathlib import Path

import pytest

from formats import regenerate

NAMES = [f"{case.parent.name}/{case.name}" for case in regenerate.CASES]


@pytest.mark.parametrize("case", regenerate.CASES, ids=NAMES)
def test_golden_case(case: Path) -> None:
    """To accept what changed: `PYTHONPATH=src python tests/formats/regenerate.py`."""
    expected = (case / regenerate.EXPECTED).read_text(encoding="utf-8")
    assert regenerate.dumped(regenerate.outcome(case)) == expected


def test_there_are_cases() -> None:
    assert len(NAMES) >= 85
