"""The logic that is the same on every cloud. It uses Pillow and the standard library, never an SDK."""
