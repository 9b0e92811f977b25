"""The joint: one open vault, where the store's revisions and bytes become the core's people."""

from li_vault.vault.opened import Vault, create, open_at

__all__ = ["Vault", "create", "open_at"]
