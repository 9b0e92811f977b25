"""The README and the pages of the manual, and the blocks of code in them."""

from __future__ import annotations

import re

from isolation import CHECKOUT

FOLDER = CHECKOUT / "src" / "li_vault" / "manual"
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
MANUAL = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
"""Each page of the manual, by topic."""

TITLES = {topic: page.partition("\n")[0].removeprefix("# ") for topic, page in MANUAL.items()}
PAGES = {"README": README} | MANUAL


def blocks(text: str, language: str = "sh") -> list[str]:
    """The blocks of code of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
