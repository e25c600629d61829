"""Files that are handed out: saved and never shown as a page, kept by no cache."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

CSV = "text/csv; charset=utf-8"
NOTHING_RUNS = "default-src 'none'; sandbox"


def download(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file under a name of ours; whatever is in it, no browser runs it on our origin."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Content-Security-Policy": NOTHING_RUNS,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
