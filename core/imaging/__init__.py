"""From an original's bytes and a size to a variant's bytes. This package knows no request, store or log."""
