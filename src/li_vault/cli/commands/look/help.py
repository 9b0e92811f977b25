"""`li-vault help`: the manual."""

from __future__ import annotations

import difflib
from importlib import resources
from typing import cast

import click

from li_vault.cli import options, terminal
from li_vault.cli.render import Look
from li_vault.errors import BadUsage


@click.command("help", epilog="Example: li-vault help export")
@click.argument("topic", required=False)
@options.vault_json_and_pager
@click.pass_context
def command(ctx: click.Context, topic: str | None, folder: str | None, is_json: bool) -> None:  # noqa: ARG001 - click's
    """Show the manual: its topics, a topic, or how a command is called.

    TOPIC is one of the manual's topics, or a command.

    --json: {"format", "topics": [{"name", "title"}]}; with TOPIC
    {"format", "topic", "usage", "page"}, null for what there is not.
    """
    pages = _pages()
    if topic is None:
        titles = {name: page.partition("\n")[0].removeprefix("# ") for name, page in pages.items()}
        listed = [{"name": name, "title": title} for name, title in titles.items()]
        terminal.result(
            is_json, titles, lambda _: {"topics": listed}, lambda found, _: _topics_as_text(found)
        )
        return
    page, usage = pages.get(topic), _usage(ctx, topic)
    if page is None and usage is None:
        near = difflib.get_close_matches(topic, [*pages, *_group(ctx).list_commands(ctx)], n=1)
        hint = f"li-vault help {near[0]}" if near else "li-vault help lists the topics."
        raise BadUsage(f"There is no topic or command {topic!r}.", hint)
    terminal.result(
        is_json,
        {"topic": topic, "usage": usage, "page": page},
        dict,
        lambda _, look: _topic_as_text(usage, page, look),
    )


def _pages() -> dict[str, str]:
    """Markdown by topic, in the order of the alphabet."""
    folder = resources.files("li_vault") / "manual"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".md"))
    return {name[:-3]: (folder / name).read_text(encoding="utf-8") for name in names}


def _group(ctx: click.Context) -> click.Group:
    return cast("click.Group", ctx.find_root().command)


def _usage(ctx: click.Context, name: str) -> str | None:
    """What `li-vault NAME --help` prints; None if there is no such command."""
    group, root = _group(ctx), ctx.find_root()
    found = group.get_command(root, name) if name in group.list_commands(root) else None
    return found.get_help(click.Context(found, root, name)) if found else None


def _topics_as_text(titles: dict[str, str]) -> list[str]:
    width = max(map(len, titles))
    return [
        "Topics of the manual:",
        "",
        *(f"  {name:{width}}  {title}" for name, title in titles.items()),
        "",
        "li-vault help TOPIC shows one of them, li-vault help COMMAND how a command is called.",
        "li-vault --help lists the commands.",
    ]


def _topic_as_text(usage: str | None, page: str | None, look: Look) -> list[str]:
    """The help of a command, then the page; its headings are bold on a terminal."""
    lines = [*(usage or "").splitlines(), *([""] if usage and page else [])]
    for line in (page or "").splitlines():
        lines.append(look.paint(line, "bold") if line.startswith("#") else line)
    return lines
