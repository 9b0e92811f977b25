"""Commands that share."""
