"""`python -m li_vault`, and the command `li-vault`."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        from li_vault.cli import app

        status = app.run(sys.argv[1:])
    except KeyboardInterrupt:  # before the first word was read, or twice
        status = 130
    # What was to be done is done: a signal that comes now must not change what the status says.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status)


if __name__ == "__main__":
    main()
