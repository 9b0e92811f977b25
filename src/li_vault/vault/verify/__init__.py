"""Proof that a vault is whole."""
