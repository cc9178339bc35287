"""Sessions of the library `requests` for the SDKs of Google Cloud and Azure.

The sessions' connections keep to the deadline that `providers.connections` sets.
"""

from typing import Any, Final

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager

from providers.connections import PlainConnection, TlsConnection


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection


_POOLS: Final = {"http": _PlainPool, "https": _TlsPool}


class _Adapter(HTTPAdapter):
    """The library's adapter with connections that keep to a deadline."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Called by the library."""
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **named: Any) -> PoolManager:
        """Called by the library if there is a proxy."""
        manager: PoolManager = super().proxy_manager_for(*args, **named)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def mount(session: Session, connections: int) -> None:
    """Makes a session use connections with a deadline. The session keeps up to `connections` idle ones per host."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_maxsize=connections))
