"""Commands that keep a vault safe."""
