"""The contents of files, read from their container formats without a decoder."""
