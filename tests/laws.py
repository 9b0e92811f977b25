"""The laws of the house as checks over any source tree: each returns what breaks it.

    laws.floors(laws.read(Path("src/li_vault")))      # ["core/cards.py:3 imports formats.base …"]

`tests/test_house.py` holds the real tree to them, and proves on small bad trees that each can
fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FLOORS = {"errors": 0, "core": 1, "formats": 2, "host": 3, "store": 3, "vault": 4, "cli": 5}
FLOORS["__main__"] = 6
"""Floors of the house; an import goes down, or sideways within a floor's own folder."""

APART = {"store": {"errors"}, "host": {"errors", "core", "formats"}}
"""Folders that may import only these (and themselves)."""

WITHIN_VAULT = ("", "history", "plan", "verify", "remotes", "record", "habit")
"""The folders of `vault/` in their order: each may import those before it."""

HOMES = {
    "click": ("cli/", "__main__.py"),
    "git": ("store/repo.py",),
    "gitdb": ("store/repo.py",),
    "vobject": ("formats/vcard/reader.py",),
    "platformdirs": ("host/user_folders.py",),
    "deepdiff": ("core/fields.py",),
    "httpx": ("host/web_client.py",),
    "jeepney": ("host/notifications.py",),
    "keyring": ("host/token_store.py",),
    "watchfiles": ("host/watch_folder.py",),
    "importlib": ("cli/commands/__init__.py", "cli/commands/look/help.py"),
}
"""The one home of each library: files, or folders with a `/` at the end. Imports by a computed name
have one, too: the table of commands."""

PURE = ("core/", "formats/", "cli/render.py")
_IMPURE_MODULES = frozenset(
    "asyncio atexit ctypes fcntl filelock getpass glob http locale logging mmap multiprocessing "
    "os httpx pathlib platform platformdirs pwd random resource secrets select shutil signal "
    "socket ssl stat subprocess tempfile threading time urllib.request webbrowser zoneinfo".split()
)
_IMPURE_CALLS = frozenset({"open", "print", "input", "breakpoint", "exec", "eval", "__import__"})
_IMPURE_METHODS = frozenset(
    {
        *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "uuid.uuid1"),
        *("uuid.uuid4", "uuid.getnode", "datetime.datetime.now", "datetime.date.today"),
        *("io.open", "io.FileIO", "io.open_code"),
    }
)
_CONSTANTS_OF_SYS = frozenset({"intern", "maxsize", "maxunicode", "hexversion", "version_info"})
_EXITS = frozenset({"sys.exit", "os._exit", "os.abort"})
_FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "misc"})


@dataclass(frozen=True)
class Import:
    """One import: of which module, on which line, and whether at the file's top level."""

    module: str
    line: int
    on_top: bool


@dataclass(frozen=True)
class Source:
    """One file: its path within the tree (`core/cards.py`), its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room it is in: a folder's name, or its own name on the top level."""
        return self.path.partition("/")[0].removesuffix(".py")

    @property
    def folder(self) -> str:
        """The folder it lies in, or its own name on the top level."""
        return self.path.rpartition("/")[0] or self.path

    @property
    def module(self) -> str:
        """Its name below the package: `core.cards`, and `core` for `core/__init__.py`."""
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def imports(self) -> Iterator[Import]:
        """Every import, wherever it stands; `from a import b` counts as `a` and as `a.b`."""
        on_top = set(map(id, _outside_functions(self.tree)))
        for node in ast.walk(self.tree):
            top = id(node) in on_top
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(alias.name, node.lineno, top)
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                yield Import(base, node.lineno, top)
                for alias in node.names:
                    yield Import(f"{base}.{alias.name}", node.lineno, top)


def read(folder: Path) -> dict[str, Source]:
    """Every Python file below `folder`, by its path there."""
    return parse(
        {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*.py"))
        }
    )


def parse(files: Mapping[str, str]) -> dict[str, Source]:
    """A tree from the texts of its files."""
    return {path: Source(path, text, ast.parse(text, path)) for path, text in files.items()}


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _outside_functions(node)


def _ours(tree: Mapping[str, Source], module: str) -> str:
    """Which of our modules an import means (`core.cards`), or "" for someone else's."""
    if not module.startswith("li_vault."):
        return ""
    name = module.removeprefix("li_vault.")
    known = {source.module for source in tree.values()}
    return name if name in known else ""


def floors(tree: Mapping[str, Source]) -> list[str]:
    """Imports go down or sideways within a room; some rooms see even less; none is relative."""
    broken = []
    for source in tree.values():
        room = source.room
        if room != "__init__" and room not in FLOORS:
            broken.append(f"{source.path} stands on no floor")
            continue
        for item in source.imports():
            if item.module.startswith("."):
                broken.append(f"{source.path}:{item.line} imports relatively")
            target = _ours(tree, item.module).partition(".")[0]
            if not target or target == room:
                continue
            allowed = APART.get(room)
            if allowed is not None and target not in allowed:
                broken.append(f"{source.path}:{item.line} may not see {target}")
            elif FLOORS.get(target, 99) >= FLOORS.get(room, -1):
                broken.append(f"{source.path}:{item.line} imports {target}, which is not below it")
    return broken


def circles(tree: Mapping[str, Source]) -> list[str]:
    """No module imports itself by way of others, not even from inside a function."""
    return _rings(
        {
            source.module: {
                name for i in source.imports() if (name := _ours(tree, i.module)) != source.module
            }
            - {""}
            for source in tree.values()
        }
    )


def _rings(edges: Mapping[str, set[str]]) -> list[str]:
    found: set[str] = set()
    done: set[str] = set()

    def walk(one: str, trail: list[str]) -> None:
        if one in trail:
            ring = trail[trail.index(one) :]
            start = ring.index(min(ring))
            found.add(" -> ".join([*ring[start:], *ring[:start], ring[start]]))
        elif one not in done:
            for target in sorted(edges.get(one, ())):
                walk(target, [*trail, one])
            done.add(one)

    for one in sorted(edges):
        walk(one, [])
    return sorted(found)


def folder_circles(tree: Mapping[str, Source]) -> list[str]:
    """No folder imports itself by way of others."""
    edges: dict[str, set[str]] = {}
    for source in tree.values():
        here = source.folder
        for item in source.imports():
            name = _ours(tree, item.module)
            target = next((s.folder for s in tree.values() if s.module == name), here)
            if name and target != here:
                edges.setdefault(here, set()).add(target)
    return _rings(edges)


def order_within_vault(tree: Mapping[str, Source]) -> list[str]:
    """A folder of `vault/` imports only those before it."""
    broken = []
    for source in tree.values():
        if source.room != "vault":
            continue
        here = source.folder.partition("/")[2]
        for item in source.imports():
            name = _ours(tree, item.module)
            parts = name.split(".")
            there = parts[1] if len(parts) > 1 and parts[1] in WITHIN_VAULT else ""
            if name.startswith("vault.") and (WITHIN_VAULT.index(there) > WITHIN_VAULT.index(here)):
                broken.append(f"{source.path}:{item.line} imports {name}, which comes after it")
    return broken


def commands_stand_alone(tree: Mapping[str, Source]) -> list[str]:
    """No command imports another one."""
    return [
        f"{source.path}:{item.line} imports another command"
        for source in tree.values()
        if source.path.startswith("cli/commands/")
        for item in source.imports()
        if (name := _ours(tree, item.module)).startswith("cli.commands.") and name != source.module
    ]


def homes(tree: Mapping[str, Source]) -> list[str]:
    """Each library is imported in its one home."""
    return [
        f"{source.path}:{item.line} imports {item.module}, which lives in {' or '.join(home)}"
        for source in tree.values()
        for item in source.imports()
        for home in [HOMES.get(item.module.partition(".")[0])]
        if home and not _within(source.path, home)
    ]


def purity(tree: Mapping[str, Source]) -> list[str]:
    """Pure files touch no file, clock, chance, environment, process or log."""
    broken = []
    for source in tree.values():
        if not _within(source.path, PURE):
            continue
        for item in source.imports():
            if {item.module, item.module.partition(".")[0]} & _IMPURE_MODULES:
                broken.append(f"{source.path}:{item.line} imports {item.module}")
        broken += _impure_calls(source.path, source.tree)
        broken += [f"{source.path}:{line} uses {name}" for name, line in _states_of_process(source)]
    return broken


def pure_views(tree: Mapping[str, Source]) -> list[str]:
    """What turns results into text or JSON calls nothing impure, and reads no vault.

    Those are the functions `as_text`, `as_json`, `..._as_text` and so on, and what they call in
    their file. A parameter called `vault` is a vault.
    """
    broken = []
    for source in tree.values():
        if not source.path.startswith("cli/"):
            continue
        functions = {n.name: n for n in source.tree.body if isinstance(n, ast.FunctionDef)}
        impure = {
            alias.asname or alias.name.partition(".")[0]
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Import)
            for alias in node.names
            if alias.name.partition(".")[0] in _IMPURE_MODULES | {"sys"}
        }
        waiting = [n for n in functions if _VIEW.search(n)]
        seen = set(waiting)
        while waiting:
            function = functions[waiting.pop()]
            if any(
                argument.arg == "vault"
                for argument in ast.walk(function.args)
                if isinstance(argument, ast.arg)
            ):
                broken.append(f"{source.path}:{function.lineno} {function.name} takes a vault")
            broken += _impure_calls(source.path, function)
            for node in ast.walk(function):
                if isinstance(node, ast.Name) and node.id in functions and node.id not in seen:
                    seen.add(node.id)
                    waiting.append(node.id)
                elif isinstance(node, ast.Name) and node.id in impure:
                    broken.append(f"{source.path}:{node.lineno} {function.name} uses {node.id}")
    return broken


_VIEW = re.compile(r"(^|_)as_(text|json|markdown|csv)$")


def _impure_calls(path: str, tree: ast.AST) -> list[str]:
    return [
        f"{path}:{line} calls {name}"
        for name, line in _calls(tree)
        if name in _IMPURE_CALLS | _IMPURE_METHODS
    ]


def _states_of_process(source: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sys":
            yield "a part of sys", node.lineno
        elif (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "sys"
            and node.attr not in _CONSTANTS_OF_SYS
        ):
            yield f"sys.{node.attr}", node.lineno


def only_cli_speaks(tree: Mapping[str, Source]) -> list[str]:
    """Only `cli/` prints, and only it and `__main__` exit."""
    broken = []
    for source in tree.values():
        if _within(source.path, ("cli/", "__main__.py")):
            continue
        for name, line in _calls(source.tree):
            if name in {"print", "exit", "quit"} | _EXITS or name.startswith("sys.stdout."):
                broken.append(f"{source.path}:{line} calls {name}")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Name) and node.id == "SystemExit":
                broken.append(f"{source.path}:{node.lineno} knows SystemExit")
    return broken


def rooms(tree: Mapping[str, Source]) -> list[str]:
    """At most 14 files a folder, and none that is a splinter: under 40 lines."""
    broken = []
    count: dict[str, int] = {}
    for path, source in tree.items():
        if path.endswith("__init__.py") or "/" not in path:
            continue
        count[source.folder] = count.get(source.folder, 0) + 1
        lines = len(source.text.splitlines())
        if lines < 40:
            broken.append(f"{path} has {lines} lines")
    return broken + [f"{folder} holds {n} files" for folder, n in count.items() if n > 14]


_ALIKE = frozenset("command as_text as_json group main".split())
"""Names that every command has, for the same thing."""


def one_name_one_thing(tree: Mapping[str, Source]) -> list[str]:
    """No two classes or public functions of the package share a name."""
    places: dict[str, list[str]] = {}
    for source in tree.values():
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) or (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and node.name not in _ALIKE
            ):
                places.setdefault(node.name, []).append(source.path)
    return [f"{name} is in {' and '.join(where)}" for name, where in places.items() if where[1:]]


def names(tree: Mapping[str, Source]) -> list[str]:
    """Modules say what they hold."""
    return [
        path
        for path in tree
        if _FORBIDDEN_NAMES & set(path.removesuffix(".py").replace("/", "_").split("_"))
    ]


def unfinished(tree: Mapping[str, Source]) -> list[str]:
    """Nothing is left for later, and no check is switched off without a reason beside it."""
    broken = []
    for path, source in tree.items():
        for number, line in enumerate(source.text.splitlines(), 1):
            _, sign, comment = line.partition("#")
            words = set(comment.replace(":", " ").split())
            if sign and words & {"TODO", "FIXME", "XXX", "HACK"}:
                broken.append(f"{path}:{number} is left for later")
            if sign and ("pragma" in words or ("noqa" in words and " - " not in comment)):
                broken.append(f"{path}:{number} switches a check off without a reason")
    return broken


def _within(path: str, places: tuple[str, ...]) -> bool:
    return any(path.startswith(p) if p.endswith("/") else path == p for p in places)


def _calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno
