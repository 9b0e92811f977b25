"""`python -m li_vault`, and the command `li-vault`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        from li_vault.cli import app
        from li_vault.cli.commands import group

        status = app.run(group, sys.argv[1:])
    except KeyboardInterrupt:  # before the first word was read, or twice
        status = 130
    # What was to be done is done and printed. Taking 30,000 people apart again would take a tenth
    # of a second, and a signal in that time would change what the status says.
    os._exit(status)


if __name__ == "__main__":
    main()
