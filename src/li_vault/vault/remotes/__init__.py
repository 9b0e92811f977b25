"""The vault and its remotes."""
