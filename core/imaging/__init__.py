"""The imaging side: an original's bytes and a size in, a variant's bytes out. It knows no request, store or log."""
