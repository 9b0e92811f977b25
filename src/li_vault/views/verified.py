"""What a proof found: as plain data, and as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from li_vault.core.damage import Finding
from li_vault.views import data as plain
from li_vault.views.look import Look

if TYPE_CHECKING:
    from li_vault.actions import verify

_LISTED = 20


class Counts(Protocol):
    """How much was looked at."""

    @property
    def objects(self) -> int:
        """Objects of git."""

    @property
    def snapshots(self) -> int:
        """Snapshots in the history."""

    @property
    def contacts(self) -> int:
        """Cards in `contacts/`."""

    @property
    def former(self) -> int:
        """Cards in `former/`."""

    @property
    def derived(self) -> int:
        """Snapshots derived again from their originals."""

    @property
    def derived_before(self) -> int:
        """Those of them that an earlier proof derived."""

    @property
    def read_again(self) -> int:
        """Cards that the second reader read."""


def data(result: verify.Result) -> dict[str, Any]:
    """For `--json`."""
    return {
        "whole": result.is_whole and all(one.whole for one in result.remotes.values()),
        "quick": result.quick,
        "vault": _of_vault(result),
        "remotes": {
            name: {
                "url": one.url,
                "whole": one.whole,
                "tip": one.tip,
                "behind": one.behind,
                "ahead": one.ahead,
                "counts": one.counts._asdict(),
                "findings": [_of_finding(found) for found in one.findings],
                "notes": list(one.notes),
                "error": plain.of_error(one.error)["error"] if one.error else None,
            }
            for name, one in result.remotes.items()
        },
    }


def _of_vault(result: verify.Result) -> dict[str, Any] | None:
    whole = result.vault
    if whole is None:
        return None
    tree = whole.files
    return {
        "path": str(result.path),
        "whole": not whole.findings,
        "tip": whole.tip,
        "counts": whole.counts._asdict(),
        "files": {
            "compared": tree.files,
            "edited": list(tree.edited),
            "missing": list(tree.missing),
            "unusable": list(tree.unusable),
            "strays": tree.strays,
        },
        "findings": [_of_finding(found) for found in whole.findings],
        "notes": list(whole.notes),
    }


def _of_finding(found: Finding) -> dict[str, Any]:
    return {name: value or None for name, value in found._asdict().items()}


def text(result: verify.Result, look: Look) -> list[str]:
    """In a few lines; damage with what to do about it."""
    out: list[str] = []
    whole = result.vault
    if whole is not None:
        out.append(_headline("The vault", not whole.findings, look))
        if whole.tip is not None or not whole.findings:
            out.append(f"  {_counted(whole.counts, result.quick)}")
        tree = whole.files
        out += _some("edited by hand, not recorded yet", tree.edited)
        out += _some("not there; git restore brings it back", tree.missing)
        out += _some("no ordinary file", tree.unusable)
        out += [f"  {note}" for note in whole.notes]
        out += _findings(whole.findings, look)
    for name, one in result.remotes.items():
        if one.error is not None:
            out.append(f"{name} {look.paint('could not be reached', 'yellow')}: {one.url}")
            out += [f"  {line}" for line in one.error.message.splitlines()]
            continue
        headline = (
            f"{look.paint(name, 'bold')} is empty"
            if one.is_empty
            else (_headline(name, not one.findings, look))
        )
        out.append(f"{headline}: {one.url}")
        if one.tip is not None:
            out.append(f"  {_counted(one.counts, result.quick)}")
        out += [f"  {note}" for note in one.notes]
        out += _findings(one.findings, look)
    if whole is not None and not result.remotes:
        out.append("The off-site copies were not looked at: li-vault verify --all")
    return out


def _headline(what: str, is_whole: bool, look: Look) -> str:
    state = look.paint("is whole", "green") if is_whole else look.paint("is damaged", "red")
    return f"{look.paint(what, 'bold')} {state}"


def _counted(counts: Counts, quick: bool) -> str:
    words = (
        f"{_count(counts.contacts, 'contact')}, {counts.former} former, "
        f"{_count(counts.snapshots, 'snapshot')}, {_count(counts.objects, 'object')} of git"
    )
    if quick:
        return f"{words}; nothing derived, no second reader asked"
    derived = f"{_count(counts.derived, 'snapshot')} derived again from the originals"
    if counts.derived_before:
        derived += f" ({counts.derived_before:,} by an earlier proof)"
    return f"{words}; {derived}, {_count(counts.read_again, 'card')} read by a second reader"


def _findings(findings: Sequence[Finding], look: Look) -> Iterable[str]:
    hint = ""
    for one in findings[:_LISTED]:
        if hint and one.hint != hint:
            yield f"    {hint}"
        hint = one.hint
        yield f"  {look.paint(one.message, 'red')}"
        if one.commit and one.commit[:10] not in one.message:
            yield f"    in the commit {one.commit[:10]}"
    if hint:
        yield f"    {hint}"
    if len(findings) > _LISTED:
        yield f"  … and {len(findings) - _LISTED} more; --json lists all"


def _some(words: str, paths: Sequence[str]) -> Iterable[str]:
    if paths:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield f"  {paths[0]}{more}: {words}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
