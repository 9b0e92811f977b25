"""Makes a bench's exports: `python tests/bench/inputs.py FOLDER PEOPLE MONTHS`.

Writes `FOLDER/00/Connections.csv`, `FOLDER/01/…` and so on; each month 1 % of the people have a
new position. A process of its own, since a child counts its parent's memory as its own peak.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from measure import FIRST_DAY

from network import Network


def main(folder: Path, people: int, months: int) -> None:
    """Write the exports of one invented network."""
    network = Network(seed=30, people=people, day=FIRST_DAY)
    for month in range(months + 1):
        path = folder / f"{month:02d}" / "Connections.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(network.connections())
        network.promote(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
