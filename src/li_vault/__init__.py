"""li-vault: a git-backed vault of LinkedIn contacts."""
