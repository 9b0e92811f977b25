"""`push`: what is pending goes to the remotes."""

from __future__ import annotations

from li_vault.vault.pushes import Pushed as Result
from li_vault.vault.pushes import push as run

__all__ = ["Result", "run"]
