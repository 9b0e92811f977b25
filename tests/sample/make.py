"""Makes the two sample archives beside this file: `python tests/sample/make.py`.

They show one invented network of 400 people on 2026-10-20 and a month later. Everyone in them is
made from syllables (`tests/support/people.py`).
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import Network

HERE = Path(__file__).resolve().parent


def samples() -> dict[str, bytes]:
    """The archives by name: the older one first."""
    network = Network(seed=2026, people=400, day=date(2026, 10, 20))
    older = {network.archive_name: network.archive()}
    network.advance()
    return older | {network.archive_name: network.archive()}


if __name__ == "__main__":
    for name, data in samples().items():
        (HERE / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")
