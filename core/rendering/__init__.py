"""Renders in child processes, so that a decoder that hangs or crashes costs one request only."""
