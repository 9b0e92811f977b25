"""Other programs' address books."""
