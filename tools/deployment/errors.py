"""The error that ends a command. Its message says what to do."""


class DeploymentError(Exception):
    """A file that can't be deployed, or a refusal by the cloud. The message is for the user."""


def other_buckets(variants: str, originals: str, fact: str) -> DeploymentError:
    """The error for a file that names other buckets than its deployment has. `fact` names a deployment."""
    return DeploymentError(
        f"bucket and originals_bucket differ from the deployment's, {variants} and {originals}. Their pictures would "
        f"stay behind: name these buckets, or deploy with another {fact} and copy the pictures there"
    )
