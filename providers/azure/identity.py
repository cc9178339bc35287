"""The credential for the storage account."""

import os
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import DefaultAzureCredential

from core.errors import StorageRefused

_NO: Final = (400, 401, 403)
"""Statuses of the identity endpoint if the identity does not exist, or gets no token."""

_PASSING: Final = (404, 408, 410, 429)
"""Statuses of the endpoint's transient errors, in addition to 500 and above: the SDK's list for managed identities."""

_answered: ContextVar[int | None] = ContextVar("answered", default=None)
"""The status of the identity endpoint's last answer during a request for a token."""


class Identity:
    """The function app's identity, or the signed-in user on a developer's machine, as a credential for the SDK.

    An app without an identity has no IDENTITY_ENDPOINT. The SDK would then wait for the identity of a virtual machine
    until a timeout, but a function never runs on a virtual machine. The deployment sets AZURE_TOKEN_CREDENTIALS=prod,
    which excludes developers' tools.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` are those of the SDK's clients. Their transport must be used for tokens only."""
        self._is_managed = bool(os.environ.get("IDENTITY_ENDPOINT"))
        self._credential = DefaultAzureCredential(
            exclude_managed_identity_credential=not self._is_managed,
            retry_total=1,
            retry_on_status_codes=_PASSING,
            **options,
        )
        options["transport"].session.hooks["response"].append(_note)

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token for storage.

        Raises StorageRefused if no identity can get a token. Raises ServiceRequestError, after which the SDK tries
        again, if there is no token for the moment.
        """
        noting = _answered.set(None)
        try:
            return self._credential.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            if self._is_managed and _answered.get() not in _NO:
                raise ServiceRequestError("no token for the moment", error=error) from error
            raise StorageRefused from error
        finally:
            _answered.reset(noting)


def _note(response: Any, **_: object) -> None:
    _answered.set(response.status_code)
