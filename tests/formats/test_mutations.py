from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

import mutations

EACH = 150


@pytest.mark.parametrize("seed", range(4))
def test_any_file_is_read_or_refused(seed: int) -> None:
    """`tests/bench/fuzz.py` does the same 100,000 times."""
    found: Counter[str] = Counter()
    for number, mutant in enumerate(islice(mutations.mutants(seed), EACH)):
        try:
            found[mutations.outcome(mutant)] += 1
        except Exception as error:
            error.add_note(f"seed {seed}, mutant {number}, made of {mutant.name}")
            raise
    assert found["refused"] < EACH * 0.9
    assert len(found) > 3
