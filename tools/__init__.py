"""The parts of the nox sessions: environments, packages and deployments."""
