"""One file a command: each returns a frozen result and prints nothing."""
