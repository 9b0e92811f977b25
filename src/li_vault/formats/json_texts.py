"""JSON texts as they were saved: one value, an array, or one a line, each with its own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from li_vault.errors import BadExport

Object = Mapping[str, Any]
Kind = TypeVar("Kind")


def _decoded(data: bytes, name: str, hint: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadExport(
            f"{name} is not UTF-8 (byte {error.start}), as LinkedIn's answers are.", hint
        ) from None


def objects(data: bytes, name: str, hint: str) -> Iterator[tuple[str, Object]]:
    """The JSON objects of a file, each with its own text: one, an array, or one a line.

    Args:
        data: The file, UTF-8.
        name: What it is called in messages.
        hint: What to do about a file that is none.

    Raises:
        BadExport: It is no JSON, cut off, or holds something else than objects.
    """
    content = _decoded(data, name, hint)
    import json  # takes two milliseconds, and few exports are JSON

    decoder = json.JSONDecoder()
    at, is_array = _past_blanks(content, 0), False
    if content.startswith("[", at):
        at, is_array = _past_blanks(content, at + 1), True
    while at < len(content) and not (is_array and content.startswith("]", at)):
        try:
            found, end = decoder.raw_decode(content, at)
        except (ValueError, RecursionError) as error:
            raise _broken(content, name, error, hint) from None
        if not isinstance(found, dict):
            raise BadExport(
                f"{name} holds {kind_of(found)} where a page, an object, was expected.", hint
            )
        yield content[at:end], found
        at = _past_blanks(content, end)
        if is_array and content.startswith(",", at):
            at = _past_blanks(content, at + 1)
        elif is_array and not content.startswith("]", at):
            raise _broken(content, name, None, hint, cut=at >= len(content))
    if is_array and _past_blanks(content, at + 1) < len(content):
        raise _broken(content, name, None, hint)
    if is_array and at >= len(content):
        raise _broken(content, name, None, hint, cut=True)


_BLANKS = re.compile(r"[ \t\r\n]*+")


def _past_blanks(content: str, at: int) -> int:
    found = _BLANKS.match(content, at)
    return found.end() if found else at


def _broken(
    content: str, name: str, error: Exception | None, hint: str, *, cut: bool = False
) -> BadExport:
    if isinstance(error, RecursionError):
        return BadExport(f"{name} is nested too deeply to be LinkedIn's answer.", hint)
    import json

    if isinstance(error, json.JSONDecodeError):
        cut = error.pos >= len(content.rstrip()) or error.msg.startswith("Unterminated")
    if cut:
        return BadExport(f"{name} is cut off: its JSON does not end.", hint)
    where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
    return BadExport(f"{name} is no JSON{where}, or not all of it.", hint)


def of_kind(value: object, kind: type[Kind], key: str, name: str, hint: str) -> Kind:
    """The value, if it is of a kind.

    Raises:
        BadExport: It is missing, or of another kind.
    """
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    expected = _NAMES[kind]
    if value is None:
        raise BadExport(f"{name} has no {key}; {expected} was expected.", hint)
    raise BadExport(f"{name}: {key} is {kind_of(value)}; {expected} was expected.", hint)


_NAMES: Mapping[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def kind_of(value: object) -> str:
    """What a value of JSON is, in words."""
    return _NAMES.get(type(value), "null")
