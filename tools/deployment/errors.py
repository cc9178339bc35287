"""What ends a command in a line that says what to do."""


class DeploymentError(Exception):
    """A deployment that can't be what its file says, or a cloud that refused; the message is for the user."""
