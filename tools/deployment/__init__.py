"""Deploying from one file, in the same way on every cloud: `deploy`, `info`, `logs` and `remove`."""
