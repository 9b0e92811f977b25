"""The joint: one open vault, and all that is done with it."""
