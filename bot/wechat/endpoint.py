"""The address of a gateway, as the settings give it; read without loading wechaty."""

from __future__ import annotations

from bot.errors import BadInput


def address_of(endpoint: str) -> tuple[str, int]:
    """Host and port of a `host:port` endpoint. Raises BadInput."""
    host, _, port = endpoint.strip().removeprefix("http://").rstrip("/").rpartition(":")
    host = host.strip("[]")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise BadInput("WECHATY_PUPPET_SERVICE_ENDPOINT 应为 主机:端口，例如 127.0.0.1:9009")
    return host, int(port)
