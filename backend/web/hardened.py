"""Security headers of the answers that Django does not make: devices' doors, refusals of bodies.

What Django answers has its own (`csp`), which stay as they are.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

ALWAYS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def _headers() -> tuple[tuple[bytes, bytes], ...]:
    if not settings.SECURE_HSTS_SECONDS:
        return ALWAYS
    value = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return (*ALWAYS, (b"strict-transport-security", value.encode()))


def hardened(send: Send) -> Send:
    """Send, with the headers that an answer lacks."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            names = {name.lower() for name, _value in given}
            given += [header for header in _headers() if header[0] not in names]
            message = {**message, "headers": given}
        await send(message)

    return send_with_headers
