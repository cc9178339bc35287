"""The hops of AWS that no emulator has, on loopback: a bucket's website, API Gateway's TLS, and CloudFront.

They are addressed by their real host names: by tests through the client that `fronts` yields, which connects every host
to loopback, and by other programs through the proxy.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, unquote_plus

import httpcore
import httpx

from tests.e2e.aws.edge import Edge
from tests.e2e.aws.invocations import Invocations, TooMany
from tests.e2e.aws.proxy import Proxy
from tests.support.servers.certificates import certified
from tests.support.servers.loopback import listening

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import RoutingRuleTypeDef


class Front(BaseHTTPRequestHandler):
    """The base of both fronts. `emulator` is the address of the emulator that they send requests to."""

    emulator: ClassVar[str]
    upstream: ClassVar[httpx.Client]
    protocol_version = "HTTP/1.1"

    def ask(self, target: str, headers: Mapping[str, str]) -> httpx.Response:
        """Sends one request to the emulator with an unchanged target."""
        return self.upstream.request(
            self.command, self.emulator, headers=headers, extensions={"target": target.encode()}
        )

    def answer(self, status: int, headers: Iterable[tuple[str, str]], body: bytes = b"") -> None:
        """Sends an answer, with Content-Length added if the headers have none."""
        self.send_response_only(status)
        sized = False
        for name, value in headers:
            sized = sized or name.lower() == "content-length"
            if name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        if not sized:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


class Website(Front):
    """A bucket's website: the objects that anyone can read, and on an error the bucket's routing rules.

    It reads both from the emulator on each request. Source for the rules: S3's user guide, "(Optional)
    Configuring a webpage redirect". Users of the real website report that Location is percent-encoded and that
    S3 reads a plus sign in a path as a space.
    """

    s3: ClassVar["S3Client"]

    def do_GET(self) -> None:
        bucket = self.headers["Host"].partition(".s3-website")[0]
        key = unquote_plus(self.path.removeprefix("/").partition("?")[0])
        cors = {name: value for name, value in self.headers.items() if name == "Origin"}
        found = self.ask(f"/{bucket}/{quote(key)}", cors)
        # S3 refuses it, and no emulator does: S3's user guide, "Protecting data with SSE-KMS".
        is_closed = found.headers.get("x-amz-server-side-encryption", "").startswith("aws:kms")
        if found.status_code < 400 and not is_closed:
            self.answer(found.status_code, found.headers.items(), found.content)
            return
        status = 403 if is_closed else found.status_code
        for rule in self.s3.get_bucket_website(Bucket=bucket).get("RoutingRules", []):
            if matches(rule, key, status):
                redirect = rule["Redirect"]
                prefix = rule.get("Condition", {}).get("KeyPrefixEquals", "")
                moved = redirect.get("ReplaceKeyPrefixWith", prefix) + key.removeprefix(prefix)
                host = f"{redirect.get('Protocol', 'http')}://{redirect.get('HostName', self.headers['Host'])}"
                location = ("Location", f"{host}/{quote(moved)}")
                self.answer(int(redirect.get("HttpRedirectCode", "301")), [location])
                return
        self.answer(status, [("Content-Type", "text/html")], b"<h1>Error</h1>")

    do_HEAD = do_GET  # noqa: N815 -- http.server's name


def matches(rule: "RoutingRuleTypeDef", key: str, status: int) -> bool:
    """Whether a routing rule applies to an error on a key."""
    condition = rule.get("Condition", {})
    code = condition.get("HttpErrorCodeReturnedEquals", str(status))
    return code == str(status) and key.startswith(condition.get("KeyPrefixEquals", ""))


class Tls(Front):
    """The services with TLS: API Gateway under its hosts' names, and CloudFront under every other name."""

    edge: ClassVar[Edge]
    invocations: ClassVar[Invocations]

    def relay(self) -> None:
        if not self.headers["Host"].endswith(".amazonaws.com"):
            self.answer(*self.edge.answer(self.command, self.headers["Host"], self.path, dict(self.headers.items())))
            return
        try:
            with self.invocations.one_more(self.headers["Host"]):
                self.invoke()
        except TooMany:
            # API Gateway treats it as a failed integration: re:Post, "API Gateway proxy integration does not forward
            # Lambda throttling".
            self.answer(500, [("Content-Type", "application/json")], b'{"message": "Internal server error"}')

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = relay  # noqa: N815

    def invoke(self) -> None:
        """Sends the request to one of the emulator's REST APIs.

        The emulator decodes the path for the event; API Gateway does not (see `providers.aws.events`). So each percent
        sign is escaped once more here.
        """
        api = self.headers["Host"].partition(".")[0]
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        target = self.path.replace("%", "%25")
        got = self.ask(target, headers | {"Host": f"{api}.execute-api.localhost"})
        self.answer(got.status_code, got.headers.items(), got.content)


@contextmanager
def fronts(
    emulator: str, sdk: Callable[..., Any], folder: Path
) -> Iterator[tuple[httpx.Client, dict[str, str], Invocations]]:
    """An HTTP client that reaches every website, REST API and distribution of the emulator through the fronts.

    Also yields the environment variables through which another program reaches them, and the current invocations.
    `sdk` makes clients of the emulator's services, by name and region.
    """
    s3: S3Client = sdk("s3")
    invocations = Invocations(sdk)
    apis = [f"*.execute-api.{region}.amazonaws.com" for region in ("us-east-1", "eu-central-1")]
    certificate, key = certified(folder, [*apis, "*.cloudfront.net", "*.example.com"])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    # The edge uses the viewers' client, so it must not have to wait for one of their connections.
    unlimited = httpx.Limits(max_connections=None)
    transport = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=str(certificate)), limits=unlimited)
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(transport=transport, timeout=60, trust_env=False))
        upstream = stack.enter_context(httpx.Client(timeout=60))
        shared = {"emulator": emulator, "upstream": upstream, "s3": s3}
        shared |= {"edge": Edge(sdk("cloudfront"), s3, client), "invocations": invocations}
        website = stack.enter_context(listening(type("", (Website,), shared)))
        behind_tls = stack.enter_context(listening(type("", (Tls,), shared), tls))
        ports = {80: port(website), 443: port(behind_tls)}
        transport._pool._network_backend = Loopback(ports)
        proxy = stack.enter_context(listening(type("", (Proxy,), {"ports": ports})))
        yield client, {"http_proxy": proxy, "https_proxy": proxy, "SSL_CERT_FILE": str(certificate)}, invocations


def port(address: str) -> int:
    """The port of a server's address."""
    return int(address.rpartition(":")[2])


class Loopback(httpcore.SyncBackend):
    """Connects to a port of this machine, whatever the host's name."""

    def __init__(self, ports: Mapping[int, int]) -> None:
        self._ports = ports

    def connect_tcp(self, host: str, port: int, *options: Any, **named: Any) -> httpcore.NetworkStream:
        del host
        return super().connect_tcp("127.0.0.1", self._ports[port], *options, **named)
