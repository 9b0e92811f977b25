"""The lines that a bench prints, and whether each keeps its limit."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table; `ratio` is what the limit is about. Without a limit it only tells."""

    what: str
    ours: str
    theirs: str
    ratio: float | None
    limit: float | None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Whether the limit is kept."""
        if self.ratio is None:
            return "not measured"
        if self.limit is None:
            return ""
        kept = self.ratio >= self.limit if self.at_least else self.ratio <= self.limit
        return "ok" if kept else "BROKEN"


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    cells = [("what", "ours", "theirs", "ratio", "limit", "")]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        limit = "" if row.limit is None else f"{'≥' if row.at_least else '≤'} {row.limit:g}"
        cells.append((row.what, row.ours, row.theirs, ratio, limit, row.verdict))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)
