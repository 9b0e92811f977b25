"""Remotes of a repository."""
