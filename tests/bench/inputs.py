"""Makes a bench's exports: `python tests/bench/inputs.py FOLDER PEOPLE MONTHS [PERCENT]`.

Writes `FOLDER/000/Connections.csv`, `FOLDER/001/…` and so on; each month 1 % of the people, or as
many as said, have a new position. A process of its own, since a child counts its parent's memory
as its own peak.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from measure import FIRST_DAY

from network import Network

OPENED = date(2003, 5, 5)
"""The first day of LinkedIn's."""


def main(folder: Path, people: int, months: int, percent: int = 1) -> None:
    """Write the exports of one invented network."""
    network = Network(seed=30, people=people, day=FIRST_DAY)
    for someone in network.people:
        if someone.connected_on < OPENED:  # a row of such a day would be skipped
            someone.connected_on += timedelta(days=1500)
    for month in range(months + 1):
        path = folder / f"{month:03d}" / "Connections.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(network.connections())
        network.promote(percent / 100)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
