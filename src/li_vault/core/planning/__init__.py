"""What a list changes."""
