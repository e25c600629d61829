"""Security headers of every answer, above all a strict Content-Security-Policy."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS = {
    "camera": "(self)",  # scanning the code of a device
    "display-capture": "()",
    "geolocation": "(self)",  # a caregiver's check-in, a resident's position with a call
    "microphone": "(self)",  # speaking with the care centre
    "payment": "()",
    "usb": "()",
}


def content_security_policy(tiles_url: str) -> str:
    """The policy: nothing inline, nothing from elsewhere but map tiles where they are set.

    `ws:` and `wss:` stand beside 'self' because browsers older than 2022 do not count our own
    socket as 'self', and a console without its socket is blind.
    """
    images = " ".join(["'self'", "data:", *_tile_sources(tiles_url)])
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "connect-src 'self' ws: wss:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def _tile_sources(tiles_url: str) -> list[str]:
    """The origin of a Leaflet tile address; `{s}` stands for any one name before the domain."""
    parts = urlsplit(tiles_url)
    if not parts.netloc:
        return []
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"]


class SecurityHeadersMiddleware:
    """Adds the headers that a view has not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Build the headers once; they are the same for every answer."""
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_security_policy(settings.ENV.map_tiles_url),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": ", ".join(f"{name}={who}" for name, who in PERMISSIONS.items()),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers; pages about people are kept by no cache on the way."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
