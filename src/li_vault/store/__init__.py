"""git and only git: revisions, commits, remotes, hooks."""
