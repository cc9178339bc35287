"""What ends a command in a line that says what to do."""


class DeploymentError(Exception):
    """A file that can't be deployed, or a cloud that refused; the message is for the user."""


def other_buckets(variants: str, originals: str, fact: str) -> DeploymentError:
    """The file names other buckets than those of the deployment. `fact` is what makes another deployment."""
    return DeploymentError(
        f"bucket and originals_bucket are others than the deployment's, {variants} and {originals}. Their pictures "
        f"would stay behind: name these, or deploy with another {fact} and copy the pictures there"
    )
