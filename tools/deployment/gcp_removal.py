"""The steps that remove a deployment from Google Cloud. Pictures and keys stay."""

from typing import Any

from tools.deployment import gcloud, gcp_buckets
from tools.deployment.gcp_facts import GcpFacts
from tools.deployment.steps import say_left


def delete_function(facts: GcpFacts, service: Any) -> str:
    """Deletes the function, if `service` describes one, and names what its builds leave. Returns the outcome."""
    if not service:
        return "not there"
    gcloud.gcloud("run", "services", "delete", facts.name, *facts.place)
    # gcloud chose these names. Other functions of the project use the same bucket and repository.
    sources = f"gs://run-sources-{facts.project}-{facts.region}/services/{facts.name}"
    image = f"{facts.region}-docker.pkg.dev/{facts.project}/cloud-run-source-deploy/{facts.name}"
    say_left("the sources of its builds", f"gcloud storage rm -r {sources}")
    say_left("its container images", f"gcloud artifacts docker images delete {image} --delete-tags")
    return "deleted"


def delete_empty_buckets(facts: GcpFacts) -> str:
    """Deletes the buckets that have no object. Names the others, and the secret. Returns the outcome."""
    if facts.secret:
        say_left(f"the secret {facts.secret}", f"gcloud secrets delete {facts.secret} --project={facts.project}")
    return gcp_buckets.delete_empty((facts.originals, facts.variants), facts.project)


def delete_accounts(facts: GcpFacts) -> str:
    """Deletes both service accounts and the builder's role. Returns the outcome."""
    gcloud.disallow(facts.project, facts.member(facts.builder), "roles/run.builder")
    gcloud.delete_accounts((facts.email(facts.name), facts.email(facts.builder)), facts.project)
    return "deleted"
