"""Comparisons with the tools that a user would pick instead. No test asserts their times."""
