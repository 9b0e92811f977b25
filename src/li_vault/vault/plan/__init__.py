"""What is going to be recorded; nothing is written."""
