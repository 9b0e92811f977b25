"""The timers of a vault, as text and data."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from li_vault.actions.schedule import Plan, Result


def drawn(result: Result) -> list[str]:
    """All that is going to be written and run."""
    out = []
    for plan in result.plans:
        out += _lines(plan)
        out += [f"Runs: {shlex.join(command)}" for command in plan.commands]
    return out


def installed(result: Result) -> list[str]:
    """What happens from now on."""
    kind = result.plans[0].kind
    off = ["cron makes up for no missed day: say with --at when this machine is on."]
    return [
        f"Scheduled with {kind}: li-vault remind, once a day.",
        *(off if kind == "cron" else []),
        f"It tells you when the last snapshot is more than {result.every} days old.",
        "Try it: li-vault remind",
    ]


def text(result: Result, verb: str) -> list[str]:
    """The timers that there are, or were."""
    out = []
    for plan in result.plans:
        out.append(f"{verb} a timer of {plan.kind}.")
        out += _lines(plan)
    if not out:
        return ["Nothing is scheduled. Next: li-vault schedule install"]
    if result.every is None:
        return [*out, f"There is no vault at {result.vault} any more."]
    return [*out, f"A snapshot is wanted every {result.every} days."]


def _lines(plan: Plan) -> list[str]:
    out = []
    for path, data in plan.files.items():
        out.append(f"== {path}")
        out += _text(data).splitlines()
    if plan.lines:
        out += ["== crontab", *plan.lines]
    return out


def _text(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")


def data(result: Result) -> dict[str, Any]:
    """The same."""
    return {
        "vault": str(result.vault),
        "every_days": result.every,
        "timers": [
            {
                "with": plan.kind,
                "files": {str(path): _text(found) for path, found in plan.files.items()},
                "crontab": list(plan.lines),
                "commands": [list(command) for command in plan.commands],
            }
            for plan in result.plans
        ],
    }
