"""Three remotes on the web for the bench: `git http-backend` with a password, behind slow lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from measure import Bench

_DELAYS = {"near": 0.005, "mid": 0.015, "far": 0.03}
"""Seconds that each 64 KiB take one way: a town, a country, a continent away."""


@contextmanager
def three(bench: Bench) -> Iterator[dict[str, str]]:
    """Their addresses by name, the farthest last."""
    import servers

    with ExitStack() as stack:
        forge = stack.enter_context(servers.forge(bench.fresh("forge")))
        found = {}
        for name, delay in _DELAYS.items():
            servers.bare(forge.root / f"{name}.git")
            port = stack.enter_context(servers.slow_line(forge.port, delay))
            login = f"quill:{servers.PASSWORD}"
            found[name] = f"http://{login}@127.0.0.1:{port}/private/{name}.git"
        yield found
