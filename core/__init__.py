"""What is true on every cloud: Pillow and the standard library, never an SDK."""
