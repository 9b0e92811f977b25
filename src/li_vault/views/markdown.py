"""Differences as Markdown: tables to paste into a mail, a page or an issue (GFM, CommonMark)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from li_vault.views import differences, groups
from li_vault.views.groups import Group

if TYPE_CHECKING:
    from li_vault.actions import diff

_SIGNS = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_IN_URLS = "%/:?#@!$&'*+,;=~"  # no brackets: they end the link


def of_diff(result: diff.Result) -> list[str]:
    """Who is new, gone, returned or changed: a table a group."""
    told = result.differences.told
    ends = f"{differences.end_of(result.start)} → {differences.end_of(result.end)}"
    out = [f"**{ends}**: {groups.counts(told)}"]
    for group in groups.of(told):
        out += ["", f"**{group.title}**", "", *_table(group)]
    return out


def escaped(text: str) -> str:
    """A text that is shown as it stands, on one line, within a table as well."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def _table(group: Group) -> Iterator[str]:
    names, *values = group.columns
    yield "| name | before | after |" if len(values) > 1 else "| name | what |"
    yield "|---" * len(group.columns) + "|"
    for name, url, *cells in zip(names, group.urls, *values, strict=True):
        yield f"| {_linked(name, url)} | {' | '.join(map(escaped, cells))} |"


def _linked(name: str, url: str) -> str:
    """The name, as a link to the profile if there is an address of one."""
    if not url.startswith(("https://", "http://")):
        return escaped(name)
    return f"[{escaped(name)}]({quote(url, safe=_IN_URLS)})"
