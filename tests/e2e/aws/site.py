"""The harness of the conformance suite for a deployed stack."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZipFile

import httpx
from botocore.exceptions import ClientError

from core.storage import StoredObject
from tests.e2e.aws.emulator import PACKAGE, Aws, Stack


class AwsSite:
    """See `Deployment`. `ask` sends requests to API Gateway; `website` is the address of the variants."""

    def __init__(self, aws: Aws, stack: Stack) -> None:
        self.aws = aws
        self.stack = stack
        self.bucket = stack.outputs["VariantsBucketName"]
        self.originals = stack.outputs["OriginalsBucketName"]
        self.api = httpx.URL(stack.outputs["ServiceEndpoint"])
        self.website = stack.outputs["Address"]
        self.function = f"sizewise-{stack.stage}-resize"

    def ask(self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        wire = {"target": f"{self.api.path}{target}".encode()}
        return self.aws.web.request(method, self.api, headers=headers, extensions=wire)

    def follow(self, response: httpx.Response) -> httpx.Response:
        return self.aws.web.get(response.headers["location"])

    def location(self, path: str) -> str:
        return f"{self.website}/{path}"

    def put(self, key: str, data: bytes, focal: str = "") -> None:
        self.aws.s3.put_object(Bucket=self.originals, Key=key, Body=data, Metadata={"focal": focal} if focal else {})

    def stored(self, key: str) -> StoredObject | None:
        try:
            found = self.aws.s3.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        described = (found["ETag"], found["ContentType"], found.get("CacheControl", ""), found["Metadata"])
        return StoredObject(*described, found["Body"].read())

    def delete(self, key: str) -> None:
        self.aws.s3.delete_object(Bucket=self.bucket, Key=key)

    def keys(self) -> set[str]:
        pages = self.aws.s3.get_paginator("list_objects_v2")
        listed = [page for bucket in {self.bucket, self.originals} for page in pages.paginate(Bucket=bucket)]
        return {item["Key"] for page in listed for item in page.get("Contents", [])}

    def log(self) -> str:
        pages = self.aws.sdk("logs", self.stack.region).get_paginator("filter_log_events")
        events = [event for page in pages.paginate(logGroupName=self.log_group) for event in page["events"]]
        return "\n".join(event["message"] for event in events)

    @property
    def log_group(self) -> str:
        return f"/aws/lambda/{self.function}"

    @contextmanager
    def changed(self, environment: Mapping[str, str]) -> Iterator["AwsSite"]:
        """The same function with changed environment variables while the block runs; the manifest stays as it is."""
        function = self.aws.sdk("lambda", self.stack.region)
        before = function.get_function_configuration(FunctionName=self.function)["Environment"]["Variables"]

        def use(variables: Mapping[str, str]) -> None:
            function.update_function_configuration(FunctionName=self.function, Environment={"Variables": variables})

        use(before | environment)
        try:
            yield self
        finally:
            use(before)

    @contextmanager
    def patched(self, files: Mapping[str, str]) -> Iterator[None]:
        """Replaces files of the function's package while the block runs."""
        function = self.aws.sdk("lambda", self.stack.region)
        before = PACKAGE.read_bytes()
        patched = BytesIO()
        with ZipFile(PACKAGE) as source, ZipFile(patched, "w") as target:
            for name in source.namelist():
                target.writestr(name, files[name] if name in files else source.read(name))
        function.update_function_code(FunctionName=self.function, ZipFile=patched.getvalue())
        try:
            yield
        finally:
            function.update_function_code(FunctionName=self.function, ZipFile=before)

    @contextmanager
    def forbidden(self, action: str) -> Iterator[None]:
        """Denies an action to the function's role while the block runs."""
        iam = self.aws.sdk("iam")
        role = f"sizewise-{self.stack.stage}-{self.stack.region}-lambdaRole"
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
        changed = {**policy, "Statement": [*policy["Statement"], denied]}
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(changed))
        try:
            yield
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))
