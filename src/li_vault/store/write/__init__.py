"""What writes to a repository."""
