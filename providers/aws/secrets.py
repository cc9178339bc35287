"""The signing keys: an SSM parameter has them, and no environment."""

from collections.abc import Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from core.errors import SettingsError
from core.settings import load
from providers.connections import CONNECT_SECONDS, SILENCE_SECONDS


def signing_keys(session: Session, environ: Mapping[str, str], region: str) -> tuple[bytes, ...]:
    """The keys in the SecureString that SIGNING_KEYS_PARAMETER names, such as /sizewise/signing-keys:1.

    Raises SettingsError where it can't be read, or does not have what SIGNING_KEYS takes.
    """
    name = environ["SIGNING_KEYS_PARAMETER"]
    # Parameter Store answers 40 calls a second by default, and each cold start of a gallery makes one.
    retries = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=SILENCE_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 6},
    )
    try:
        client: Any = session.create_client("ssm", region_name=region, config=retries)
        text: str = client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except (ClientError, BotoCoreError) as error:
        raise SettingsError(f"SIGNING_KEYS_PARAMETER={name!r} can't be read: {error}") from error
    return load({**environ, "SIGNING_KEYS": text}).signing_keys
