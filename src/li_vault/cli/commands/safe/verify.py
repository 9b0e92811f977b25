"""`li-vault verify`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import click

from li_vault.cli import options, render, terminal
from li_vault.cli.render import Look, count
from li_vault.core.vault_layout import DamageFinding
from li_vault.errors import BadUsage, GitFailed
from li_vault.vault.verify import verify


@click.command("verify", epilog="Example: li-vault verify --all")
@click.option(
    "--remote", "names", metavar="NAME", multiple=True, help="Verify this remote instead."
)
@click.option("--all", "everything", is_flag=True, help="Verify the vault and every remote.")
@click.option("--quick", is_flag=True, help="Derive no snapshot again; ask no second reader.")
@click.option("--again", is_flag=True, help="Derive also what an earlier proof found right.")
@options.vault_and_json
def command(
    names: tuple[str, ...],
    everything: bool,
    quick: bool,
    again: bool,
    folder: str | None,
    is_json: bool,
) -> int:
    """Verify that the vault, or a remote, is whole; it changes nothing.

    Every object, card and count is checked, and every snapshot is derived again from its original
    bytes (once: what came of it can't change, while everything else is looked at in every proof).
    A remote is fetched as a whole and restored into a scratch folder first. Ends with 1 if
    anything is damaged, else with 6 if a remote could not be reached.
    """
    if names and everything:
        raise BadUsage("--remote and --all exclude each other.", "--all means every remote.")
    if quick and again:
        raise BadUsage("--quick and --again exclude each other.", "--quick derives nothing.")
    with terminal.progress_bar(quiet=is_json) as told:
        result = verify.verify_vault(
            options.chosen_place(folder).path,
            None if everything else names,
            itself=not names,
            quick=quick,
            again=again,
            today=options.current_day(),
            progress=told,
        )

    terminal.result(is_json, result, as_json, as_text)
    if not result.is_whole:
        return 1
    return GitFailed.status if result.unreached else 0


_LISTED = 20


class CountsView(Protocol):
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


def as_json(result: verify.VerifyResult) -> dict[str, Any]:
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
                "error": render.error_as_json(one.error)["error"] if one.error else None,
            }
            for name, one in result.remotes.items()
        },
    }


def _of_vault(result: verify.VerifyResult) -> dict[str, Any] | None:
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


def _of_finding(found: DamageFinding) -> dict[str, Any]:
    return {name: value or None for name, value in found._asdict().items()}


def as_text(result: verify.VerifyResult, look: Look) -> list[str]:
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
        out.append("The remotes were not verified: li-vault verify --all")
    return out


def _headline(what: str, is_whole: bool, look: Look) -> str:
    state = look.paint("is whole", "green") if is_whole else look.paint("is damaged", "red")
    return f"{look.paint(what, 'bold')} {state}"


def _counted(counts: CountsView, quick: bool) -> str:
    words = (
        f"{count(counts.contacts, 'contact')}, {counts.former} former, "
        f"{count(counts.snapshots, 'snapshot')}, {count(counts.objects, 'object')} of git"
    )
    if quick:
        return f"{words}; nothing derived, no second reader asked"
    derived = f"{count(counts.derived, 'snapshot')} derived again from the originals"
    if counts.derived_before:
        derived += f" ({counts.derived_before:,} by an earlier proof)"
    return f"{words}; {derived}, {count(counts.read_again, 'card')} read by a second reader"


def _findings(findings: Sequence[DamageFinding], look: Look) -> Iterable[str]:
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
