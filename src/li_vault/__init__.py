"""li-vault: a git-backed vault of LinkedIn contacts."""

__version__ = "0.1.0"
