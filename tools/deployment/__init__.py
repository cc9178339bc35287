"""Deploying from one file, alike on every cloud: `deploy`, `info`, `logs` and `remove`."""
