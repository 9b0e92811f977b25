"""Changed files, many of them: `python tests/bench/fuzz.py [COUNT] [FIRST SEED]`.

Hands over COUNT mutants (100,000 unless told), a thousand to a seed, on all processors; prints
what they came to and every promise that was broken; ends with status 1 if any was.
"""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import mutations

_EACH = 1000


def one(seed: int) -> tuple[Counter[str], list[str]]:
    """What the mutants of a seed came to, and the promises they broke."""
    found: Counter[str] = Counter()
    broken = []
    for number, mutant in enumerate(islice(mutations.mutants(seed), _EACH)):
        try:
            found[mutations.outcome(mutant)] += 1
        except Exception:  # noqa: BLE001 - any error is what is looked for
            last = traceback.format_exc().strip().splitlines()[-3:]
            broken.append(f"seed {seed}, mutant {number}, made of {mutant.name}: {' '.join(last)}")
    return found, broken


def main(count: int, first: int) -> int:
    """Hand them over; 1 if a promise was broken."""
    found: Counter[str] = Counter()
    broken: list[str] = []
    with ProcessPoolExecutor() as pool:
        for kinds, faults in pool.map(one, range(first, first + max(1, count // _EACH))):
            found += kinds
            broken += faults
    for kind, times in found.most_common():
        print(f"{times:8}  {kind}")
    print(f"{len(broken):8}  promises broken")
    print("\n".join(broken[:50]))
    return 1 if broken else 0


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*given, *(100_000, 0)[len(given) :]))
