"""`li-vault fetch`."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from li_vault.cli import options, terminal
from li_vault.core.model import Listener
from li_vault.errors import BadUsage
from li_vault.host import linkedin_api, token_store
from li_vault.vault.plan import api_source
from li_vault.vault.plan.api_source import FetchLogin
from li_vault.vault.plan.planner import RecordOptions
from li_vault.vault.record import snapshot

_STEPS = """\
LinkedIn gives members who live in the EEA or in Switzerland their data by an API. Once:
  1. Make an app at https://www.linkedin.com/developers/apps/new; as its company choose
     "Member Data Portability (Member) Default Company".
  2. In the app, under Products, ask for "Member Data Portability API (Member)".
  3. At https://www.linkedin.com/developers/tools/oauth/token-generator choose the app and the
     scope r_dma_portability_self_serve, and let it make a token.
  4. Enter the token here. It is kept in the system's key ring, or in a file that only you can
     read. LinkedIn's tokens end after some weeks; then do 3 and 4 again."""


@click.command("fetch", epilog="Example: li-vault fetch")
@click.option("--login", is_flag=True, help="Walk through getting a token, try and keep it.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; record nothing.")
@click.option("--no-push", is_flag=True, help="Do not push to the remotes.")
@options.allow_option
@options.vault_and_json
def command(
    login: bool,
    dry_run: bool,
    no_push: bool,
    allowed: tuple[str, ...],
    folder: str | None,
    is_json: bool,
) -> int:
    """Record everyone whom LinkedIn's own portability API lists, then push.

    The token comes from LI_VAULT_TOKEN, the system's key ring, or a file that --login writes.
    """
    base = linkedin_api.api_base(os.environ)
    if login:
        return _login(base, is_json)
    terms = RecordOptions(
        options.current_day(),
        options.allowed_rules(allowed),
        again=api_source.COMMAND,
        dry_run=dry_run,
        push=not no_push,
    )
    vault = options.open_chosen_vault(folder)
    token = token_store.require_token(options.called_environment())
    with terminal.progress_bar(quiet=is_json) as told:
        export = api_source.export_from_pages(base, token.value, terms.today, told)
        result = snapshot.record_snapshots(
            vault, [export], terms, Listener(told, options.note_waiting)
        )

    from li_vault.cli import render

    terminal.result(is_json, result, render.snapshot_as_json, render.snapshot_as_text)
    return options.status_of_push(result.remotes)


def _login(base: str, is_json: bool) -> int:
    if not is_json:
        terminal.note(_STEPS)
    if sys.stdin.isatty():
        value = click.prompt("Token", hide_input=True, err=True)
    else:
        value = sys.stdin.readline()
        if not value.strip():
            raise BadUsage("No token was entered.", "Give it as a line on standard input.")
    done = api_source.log_in(base, value)

    terminal.result(is_json, done, as_json, lambda found, _: as_text(found))
    return 0


def as_text(done: FetchLogin) -> list[str]:
    """A token that was kept, and what is next."""
    said = [f"LinkedIn takes the token. It is kept in {done.place}."]
    if done.is_ready:
        return [*said, "Next: li-vault fetch"]
    return [*said, "LinkedIn puts the data together now; tomorrow: li-vault fetch"]


def as_json(done: FetchLogin) -> dict[str, Any]:
    """The same."""
    return {"kept_in": done.place, "ready": done.is_ready}
