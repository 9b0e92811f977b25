"""People, cards, identity, plans, guards, diffs: pure, and without any idea of git."""
