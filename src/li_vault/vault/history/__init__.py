"""The history of a vault, read."""
