"""What the nox sessions are made of: environments, packages."""
