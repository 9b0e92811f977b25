"""`li-vault fetch`."""

from __future__ import annotations

import os
import sys

import click

from li_vault.actions import fetch, snapshot
from li_vault.cli import options, output, progress
from li_vault.errors import BadUsage
from li_vault.host import member_api, tokens
from li_vault.vault.drafting import Terms

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
@options.common
def command(
    login: bool,
    dry_run: bool,
    no_push: bool,
    allowed: tuple[str, ...],
    folder: str | None,
    as_json: bool,
) -> int:
    """Record everyone whom LinkedIn's own portability API lists, then push.

    The token comes from LI_VAULT_TOKEN, the system's key ring, or a file that --login writes.
    """
    base = member_api.base(os.environ)
    if login:
        return _login(base, as_json)
    terms = Terms(options.today(), options.rules(allowed), again=fetch.COMMAND)
    vault = options.open_vault(folder)
    token = tokens.required(options.environ())
    with progress.bar(quiet=as_json) as told:
        export = fetch.run(base, token.value, terms.today, told)
        result = snapshot.run(
            vault, lambda: [export], terms, dry_run=dry_run, push=not no_push, progress=told,
            notice=options.waiting,
        )  # fmt: skip

    from li_vault.views import data, text

    output.result(
        as_json, lambda: data.of_snapshot(result), lambda: text.of_snapshot(result, output.look())
    )
    return options.status_of_push(result.remotes)


def _login(base: str, as_json: bool) -> int:
    if not as_json:
        output.note(_STEPS)
    if sys.stdin.isatty():
        value = click.prompt("Token", hide_input=True, err=True)
    else:
        value = sys.stdin.readline()
        if not value.strip():
            raise BadUsage("No token was entered.", "Give it as a line on standard input.")
    done = fetch.login(base, value)

    from li_vault.views import fetched

    output.result(as_json, lambda: fetched.data(done), lambda: fetched.text(done))
    return 0
