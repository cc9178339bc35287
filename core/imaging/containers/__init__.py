"""What a file says of itself, read from its container format without a decoder."""
