"""LinkedIn's own formats."""
