"""Reads the signing keys from an SSM parameter, so that no environment holds them."""

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

    Raises SettingsError if the parameter can't be read, or its value is not valid for SIGNING_KEYS.
    """
    name = environ["SIGNING_KEYS_PARAMETER"]
    # Parameter Store allows 40 calls per second by default. A gallery causes many cold starts, each with one call.
    retries = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=SILENCE_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 6},
    )
    try:
        client: Any = session.create_client("ssm", region_name=region, config=retries)
        text: str = client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except (ClientError, BotoCoreError) as error:
        raise SettingsError(f"The parameter {name!r} (SIGNING_KEYS_PARAMETER) can't be read: {error}") from error
    return load({**environ, "SIGNING_KEYS": text}).signing_keys
