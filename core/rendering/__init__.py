"""Rendering in child processes, so that a decoder that hangs or crashes fails only one request."""
