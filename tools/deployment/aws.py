"""A deployment on AWS: one CloudFormation stack, which osls creates from providers/aws/serverless.yml."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tools.deployment import aws_account
from tools.deployment.aws_facts import AwsFacts
from tools.deployment.cloud import own_settings
from tools.deployment.commands import CommandFailed, run
from tools.deployment.errors import DeploymentError, other_buckets
from tools.deployment.first_picture import try_first_picture
from tools.deployment.log import Line
from tools.deployment.steps import Step, say_left
from tools.deployment.version import VARIABLE, version_of
from tools.environments import ROOT
from tools.package import zip_for_lambda

_MANIFESTS: Final = ROOT / "providers" / "aws"


@dataclass(frozen=True, kw_only=True)
class Aws(AwsFacts):
    """See `cloud.Deployment`."""

    @property
    def stack(self) -> str:
        """The name of the CloudFormation stack."""
        return f"sizewise-{self.stage}"

    @property
    def title(self) -> str:
        return f"AWS, {self.region}, stack {self.stack}"

    def sign_in(self) -> str:
        return aws_account.caller(self.region)

    def deploying(self) -> list[Step]:
        self._check_buckets()
        keys = Step(
            f"Look for signing keys in {self.signing_keys}, and make one if there is none",
            lambda: aws_account.make_keys(self.signing_keys, self.region),
            "Correct the version in signing_keys.",
        )
        front = ", CloudFront" if self.https else ""
        return [
            Step("Package the function", self._package, "Fix what uv names."),
            *([keys] if self.signing_keys else []),
            Step(
                f"Deploy the stack {self.stack}, with bucket, API, function{front}: some minutes the first time",
                self._deploy_stack,
                "Fix what CloudFormation names; docs/deploying.md explains its most frequent errors.",
            ),
            Step(
                "Try it with a sample picture, if there are no originals yet",
                self._try_it,
                "Look at the function's log with `logs`.",
            ),
        ]

    def removing(self) -> list[Step]:
        if aws_account.described(self.stack, self.region) is None:
            left = aws_account.kept(self.stack, (self.bucket, self.originals_bucket), self.region)
            if not left:
                raise self._absent()
            return [Step("List what an earlier removal has left", lambda: aws_account.name_left(left), "")]
        buckets = aws_account.buckets(self.stack, self.region)
        return [
            Step(f"Remove the stack {self.stack}", self._remove_stack, "Fix what CloudFormation names."),
            Step(
                f"Delete the buckets, if they are empty: {', '.join(buckets) or 'there are none'}",
                lambda: self._delete_empty(buckets),
                "Delete them yourself: the stack is gone.",
            ),
        ]

    def info(self) -> Mapping[str, str]:
        outputs = self._outputs()
        function = aws_account.function(f"{self.stack}-resize", self.region)
        variables = function.get("Environment", {}).get("Variables", {})
        limit = aws_account.reserved(f"{self.stack}-resize", self.region)
        host = outputs.get("FrontAddress", "").removeprefix("https://")
        keys = {"SIGNING_KEYS": variables.get("SIGNING_KEYS_PARAMETER", "")}
        return {
            "address": outputs["Address"],
            **({"dns": f"{self.domain} CNAME {host}"} if self.domain else {}),
            "version": variables.get(VARIABLE, "unknown"),
            "originals": f"s3://{outputs['OriginalsBucketName']}",
            "variants": f"s3://{outputs['VariantsBucketName']}",
            "limits": f"{limit or 'as many as the account allows'} at once, {function.get('MemorySize')} MB each",
            **own_settings(variables, keys),
        }

    def log(self, since: datetime) -> list[Line]:
        found = aws_account.events(f"/aws/lambda/{self.stack}-resize", self.region, since)
        return [
            Line(
                datetime.fromtimestamp(event["timestamp"] / 1000, UTC),
                f"{event['logStreamName']} {event['timestamp']} {event['message']}",
                event["message"],
            )
            for event in found
        ]

    def _outputs(self) -> dict[str, str]:
        found = aws_account.outputs(self.stack, self.region)
        if "Address" not in found:  # The first complete deployment creates this output.
            raise self._absent()
        return found

    def _check_buckets(self) -> None:
        """Raises DeploymentError if the file names other buckets than the stack has."""
        deployed = aws_account.outputs(self.stack, self.region)
        if "Address" not in deployed:
            return
        variants, originals = deployed["VariantsBucketName"], deployed["OriginalsBucketName"]
        chosen = f"{self.stack}-variants-"  # The start of names that CloudFormation chooses.
        stays = variants == self.bucket if self.bucket else variants.startswith(chosen)
        if not stays or originals != (self.originals_bucket or variants):
            raise other_buckets(variants, originals, "stage")

    def _absent(self) -> DeploymentError:
        return DeploymentError(f"{self.title}: nothing is deployed there")

    def _package(self) -> str:
        zip_for_lambda(run, [self.architecture])
        return f"build/aws-{self.architecture}.zip"

    def _remove_stack(self) -> str:
        self._osls("remove")
        return "removed"

    def _osls(self, command: str, *parameters: str) -> str:
        place = (f"--stage={self.stage}", f"--region={self.region}")
        quiet = {"SLS_NOTIFICATIONS_MODE": "off"}
        return run("osls", command, *place, *parameters, env=quiet, cwd=_MANIFESTS, errors_too=True)

    def _deploy_stack(self) -> str:
        package = ROOT / "build" / f"aws-{self.architecture}"
        function = aws_account.function(f"{self.stack}-resize", self.region)
        deployed = function.get("Environment", {}).get("Variables", {}).get(VARIABLE)
        given = {
            "bucket": self.bucket,
            "originalsBucket": self.originals_bucket,
            "https": str(self.https).lower(),
            "domain": self.domain,
            "certificate": self.certificate,
            "concurrency": str(self.max_instances),
            "memory": str(self.memory),
            "architecture": self.architecture,
            "expireVariants": str(self.expire_variants),
            "logRetention": str(self.log_retention),
            "signingKeys": self.signing_keys,
            "version": version_of(package, sorted(_MANIFESTS.glob("*.yml")), deployed),
            **{parameter(name): text for name, text in self.settings.items()},
        }
        parameters = [f"--param={name}={text}" for name, text in given.items() if text]
        # osls compares with its last upload, even if CloudFormation refused that upload.
        again = [] if aws_account.is_settled(self.stack, self.region) else ["--force"]
        began = datetime.now(UTC)
        try:
            said = self._osls("deploy", *again, *parameters)
        except CommandFailed as error:
            reasons = aws_account.reasons(self.stack, self.region, began)
            raise DeploymentError("\n".join((str(error), *reasons))) from error
        return "unchanged" if "Deployment skipped" in said else "deployed"

    def _try_it(self) -> str:
        outputs = self._outputs()
        store = aws_account.store(outputs["OriginalsBucketName"], outputs["VariantsBucketName"], self.region)
        return try_first_picture(lambda: outputs["FrontAddress"], store, self.settings)

    def _delete_empty(self, buckets: Sequence[str]) -> str:
        if self.signing_keys:
            name = self.signing_keys.rsplit(":", 1)[0]
            say_left(f"the parameter {name}", f"aws ssm delete-parameter --name {name} --region {self.region}")
        return aws_account.delete_empty(buckets, self.region)


KIND: Final = Aws


def parameter(setting: str) -> str:
    """The manifest's name for a setting, such as maxSide for MAX_SIDE."""
    return re.sub(r"_(.)", lambda match: match[1].upper(), setting.lower())
