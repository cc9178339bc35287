"""A folder of images as storage, and a website in front of it."""
