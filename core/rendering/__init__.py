"""Rendering in a process of its own, which its original can't leave: a decoder that hangs or crashes ends there."""
