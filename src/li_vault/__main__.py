"""`python -m li_vault`, and the command `li-vault`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from li_vault.cli import app

    sys.exit(app.run(sys.argv[1:]))


if __name__ == "__main__":
    main()
