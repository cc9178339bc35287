"""Side by side with what a user would pick instead; ratios, never seconds that a test asserts."""
