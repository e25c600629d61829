"""The caregiver's app: one page that the telephone fills from the day it keeps.

What it shows comes from `/api/v1/care/day/`, what is done goes to `/api/v1/visits/{id}/…/`, both by
the modules in `static/visits/care/`. Without network the telephone shows the same page, made
without a request and without anybody's data.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock, journal
from backend.web import panels
from services.emergencies.pages.care import context_of
from services.visits.models import CheckEvent, NotComing, VisitTask

TEMPLATE = "visits/care/home.html"
BY_HAND = (
    CheckEvent.Reason.NO_POSITION,
    CheckEvent.Reason.ELSEWHERE,
    CheckEvent.Reason.FORGOTTEN,
    CheckEvent.Reason.OTHER,
)
"""Reasons that a person chooses; the others are found by us."""


@page("care", "read")
@require_GET
@never_cache
@gzip_page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The calls and the day. Compressed, for it repeats nothing of the request (`web.statics`)."""
    context = _words() | {
        "actor": actor,
        "since": journal.last_seq(),
        "has_panels": bool(panels.addresses(panels.Place.CARE, actor)),
        **context_of(actor, now=clock.now()),
    }
    return render(request, TEMPLATE, context)


def without_network() -> str:
    """The same page as the telephone keeps it."""
    return render_to_string(TEMPLATE, _words() | {"emergency_phone": settings.ENV.emergency_phone})


def _words() -> dict[str, Any]:
    return {
        "by_hand": [(reason.value, reason.label) for reason in BY_HAND],
        "task_reasons": VisitTask.Reason.choices,
        "not_coming": NotComing.choices,
        "tiles_url": settings.ENV.map_tiles_url,
        "zone": settings.TIME_ZONE,
    }
