"""What every template may use: how the person wants pages to look, and whom to call."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

TEXT_SIZE_COOKIE = "text_size"
THEME_COOKIE = "theme"
TEXT_SIZES = ("normal", "large")
THEMES = ("auto", "light", "night")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the base templates: `large_text`, `theme` and `emergency_phone`."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "large_text": request.COOKIES.get(TEXT_SIZE_COOKIE) == "large",
        "theme": theme if theme in THEMES else "auto",
        "emergency_phone": settings.ENV.emergency_phone,
    }
