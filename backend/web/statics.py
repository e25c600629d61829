"""Static files, compressed where the browser takes it.

Only these: the length of a compressed answer tells what is in it, and whoever can put words of
their own into a page finds out its secrets by trying (BREACH, Gluck, Harris, Prado, 2013). Static
files hold no secrets and nothing of the request. A page that is compressed says so itself
(`gzip_page`, which also pads at random), and repeats nothing of the request.
"""

import gzip
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")
LEAST_BYTES = 500
"""Smaller ones fit into one segment either way. Source: RFC 9293, 3.7.1 (536 bytes)."""

_compressed: dict[tuple[str, str], bytes] = {}
"""By address and ETag; as many as there are files."""

_found: dict[str, Any] = {}
"""The files of all packages, which do not change under a process."""


class CompressedStatics(WhiteNoiseMiddleware):
    """WhiteNoise over the packages' own folders; a file is compressed once, when first asked."""

    def add_files_from_finders(self) -> None:
        """Look through the folders once, however often the application is put together."""
        if not _found:
            super().add_files_from_finders()
            _found.update(self.files)
        self.files.update(_found)

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """The file; compressed if it is text, is asked for whole, and the browser takes it."""
        response: FileResponse = WhiteNoiseMiddleware.serve(static_file, request)
        if not response.headers.get("Content-Type", "").startswith(TEXTS):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if not _is_wanted(request, response):
            return response
        body = _body(request.path_info, response)
        headers = {**response.headers, "Content-Encoding": "gzip", "Content-Length": len(body)}
        return HttpResponse(body, headers=headers)


def _is_wanted(request: HttpRequest, response: FileResponse) -> bool:
    return (
        request.method == "GET"
        and response.status_code == HTTPStatus.OK
        and int(response.headers["Content-Length"]) >= LEAST_BYTES
        and "gzip" in request.headers.get("Accept-Encoding", "")
    )


def _body(path: str, response: FileResponse) -> bytes:
    key = (path, response.headers["ETag"])
    if key not in _compressed:
        plain = b"".join(cast("Iterable[bytes]", response.streaming_content))
        _compressed[key] = gzip.compress(plain, mtime=0)
    if response.file_to_stream is not None:
        response.file_to_stream.close()
    return _compressed[key]
