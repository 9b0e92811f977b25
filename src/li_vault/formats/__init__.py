"""One file a format: bytes to people and back, pure."""
