"""Pages that belong to no domain: switches, the PWA shell, the living style page."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from backend.accounts.actors import Actor
from backend.accounts.doors import open_page, page
from backend.core import clock
from backend.web import samples, shells
from backend.web.context import TEXT_SIZE_COOKIE, TEXT_SIZES, THEME_COOKIE, THEMES

YEAR_S = 365 * 24 * 3600
SCOPES = {"elder": "/", "care": "/care/"}
NOT_THE_ELDERS = ("/care/", "/desk/", "/demo/", "/api/", "/web/")
"""Paths below `/` for which the elder app's worker has no offline page."""

PATIENCE_MS, SHORT_PATIENCE_MS = 12_000, 4_000
"""How long a worker waits for the network; shorter where the app works without it."""

BASES = {audience: f"web/{audience}_base.html" for audience in ("elder", "care", "desk")}


@open_page("everybody may choose the language, also before signing in")
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie and go back."""
    return set_language(request)


@open_page("the size of text is chosen by whoever looks")
@require_POST
def switch_text_size(request: HttpRequest) -> HttpResponse:
    """Keep the size of text for next time and go back."""
    return _keep_choice(request, TEXT_SIZE_COOKIE, TEXT_SIZES)


@open_page("light or night is chosen by whoever looks")
@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    """Keep light or night for next time and go back."""
    return _keep_choice(request, THEME_COOKIE, THEMES)


def _keep_choice(request: HttpRequest, cookie: str, choices: tuple[str, ...]) -> HttpResponse:
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    choice = request.POST.get("choice")
    if choice in choices:
        response.set_cookie(
            cookie,
            choice,
            max_age=YEAR_S,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@open_page("an app is installed before anybody signs in; it holds no data")
@require_GET
def manifest(_request: HttpRequest, audience: str) -> HttpResponse:
    """What the phone needs to install the elder or the care app."""
    name = gettext("Yian care") if audience == "care" else gettext("Yian")
    content = {
        "id": SCOPES[audience],
        "name": name,
        "short_name": name,
        "lang": translation.get_language(),
        "start_url": SCOPES[audience],
        "scope": SCOPES[audience],
        "display": "standalone",
        "background_color": "#fbf8f3",
        "theme_color": "#fbf8f3",
        "icons": [
            _icon("icon.svg", "any", "image/svg+xml"),
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            _icon("icon-512-maskable.png", "512x512", purpose="maskable"),
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(name: str, sizes: str, kind: str = "image/png", purpose: str = "any") -> dict[str, str]:
    return {"src": static(f"web/icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}


@open_page("the browser fetches the worker by itself; it holds no data")
@require_GET
@never_cache
def service_worker(_request: HttpRequest, audience: str) -> HttpResponse:
    """The worker of an app, with the list of what it keeps written before it."""
    shell = json.dumps(_shell(audience), indent=2, ensure_ascii=False)
    return HttpResponse(
        f"const SHELL = {shell};\n\n{_worker_source()}", content_type="text/javascript"
    )


@cache
def _worker_source() -> str:
    return Path(str(finders.find("web/sw.js"))).read_text(encoding="utf-8")


@cache
def _shell(audience: str) -> dict[str, Any]:
    languages = [code for code, _ in settings.LANGUAGES]
    digest = hashlib.sha256(shells.version_of(audience).encode())
    for language in languages:
        digest.update(_offline_page(audience, language).encode())
    prefix = f"yian-{audience}-"
    return {
        "cache": prefix + digest.hexdigest()[:12],
        "prefix": prefix,
        "scope": SCOPES[audience],
        "others": [path for path in NOT_THE_ELDERS if not SCOPES[audience].startswith(path)],
        "files": [static(name) for name in shells.files_of(audience)],
        "later": [static(name) for name in shells.later_of(audience)],
        "works": shells.page_of(audience) is not None,
        "patience_ms": PATIENCE_MS if shells.page_of(audience) is None else SHORT_PATIENCE_MS,
        "offline": {code: reverse(f"web:{audience}_offline", args=[code]) for code in languages},
    }


@open_page("it is kept on the phone for when there is no network; it holds no data")
@require_GET
def offline(_request: HttpRequest, audience: str, language: str) -> HttpResponse:
    """The page that an app shows when it reaches nobody."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponse(_offline_page(audience, language))
    response["Content-Language"] = language
    return response


@cache
def _offline_page(audience: str, language: str) -> str:
    """The same for everybody: it is made without a request."""
    own = shells.page_of(audience)
    with translation.override(language):
        if own is not None:
            return own()
        return render_to_string(
            "web/offline.html",
            {
                "base": BASES[audience],
                "text": gettext(
                    "This phone has no network. No call for help was sent. Please call directly."
                ),
                "home": SCOPES[audience],
                "emergency_phone": settings.ENV.emergency_phone,
            },
        )


@open_page("search engines ask without signing in")
@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@open_page("browsers ask for it on every page")
@require_GET
def favicon(_request: HttpRequest) -> HttpResponse:
    """The address that browsers guess."""
    return HttpResponseRedirect(static("web/icons/icon-32.png"))


@page("styles", "read")
def styles(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Every component in the look of one audience (`?as=elder`, `care` or `desk`)."""
    return render(request, "web/styles.html", samples.context(_audience(request), clock.now()))


def _audience(request: HttpRequest) -> str:
    asked = request.GET.get("as", "desk")
    return asked if asked in BASES else "desk"
