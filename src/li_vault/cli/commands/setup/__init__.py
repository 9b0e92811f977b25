"""Commands that set up the habit."""
