"""The operator's console: the board with the call that is read, and the list of all calls."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock, journal
from services.emergencies import queries
from services.emergencies.actions import record_reading
from services.emergencies.desk.bands import bands_for
from services.emergencies.desk.board import Row, board_for
from services.emergencies.desk.filters import CallFilter
from services.emergencies.desk.sheet import Sheet, sheet_for
from services.emergencies.models import EmergencyCall

PARTS = "X-Parts"
"""Header of a request that wants only the parts of the page that may have changed."""
CALLS_A_PAGE = 50


@page("desk", "read")
@require_GET
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The board with no call chosen."""
    return _desk(request, actor, {"now": clock.now()})


@page("calls", "read", room="desk")
@require_GET
def call(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """The board with one call chosen."""
    now = clock.now()
    return show_call(request, actor, queries.call_for(actor, call_id), now=now)


@page("calls", "list", room="desk")
@require_GET
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The queue alone, fetched anew when something happened."""
    now = clock.now()
    context = {"board": board_for(actor, today=_today(now)), "now": now}
    context["chosen"] = request.GET.get("chosen", "")
    return render(request, "emergencies/desk/queue.html", context)


@page("desk", "read")
@require_GET
def bands(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The bands alone; fetched every few seconds, as no event tells of what is missing."""
    return render(
        request, "emergencies/desk/bands.html", {"bands": bands_for(actor, now=clock.now())}
    )


@page("calls", "read", room="desk")
@require_GET
def call_parts(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """What changes on a call's sheet while it runs."""
    found, now = queries.call_for(actor, call_id), clock.now()
    return parts_of_call(request, _read(found, actor, now))


@page("calls", "read", room="desk")
@require_GET
def whereabouts(request: HttpRequest, actor: Actor, call_id: UUID) -> HttpResponse:
    """Where those are who were asked; fetched every few seconds, as positions are no events."""
    now = clock.now()
    found = queries.call_for(actor, call_id)
    context = _with_tiles({"sheet": sheet_for(found, actor, now=now, today=_today(now))})
    return render(request, "emergencies/desk/whereabouts.html", context)


@page("calls", "list", room="desk")
@require_GET
def calls(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All calls of the area, newest first; filters stand in the address."""
    now = clock.now()
    form = CallFilter(request.GET, area_path=actor.area_path)
    found = form.apply(queries.calls_visible_to(actor, "list")).order_by("-opened_at", "pk")
    paginator = Paginator(found, CALLS_A_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": shown,
        "rows": [Row(each, _today(now)) for each in shown],
        "total": paginator.count,
        "now": now,
    }
    return render(request, "emergencies/desk/calls.html", context)


def show_call(
    request: HttpRequest,
    actor: Actor,
    found: EmergencyCall,
    *,
    now: datetime,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The board with a call chosen, and what kept the last act from being done."""
    context = {"sheet": _read(found, actor, now), "problem": problem, "now": now}
    return _desk(request, actor, context, status=status)


def parts_of_call(
    request: HttpRequest, sheet: Sheet, *, problem: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The parts of a sheet that change."""
    context = _with_tiles({"sheet": sheet, "problem": problem, "now": sheet.now})
    return render(request, "emergencies/desk/call_parts.html", context, status=status)


def wants_parts(request: HttpRequest) -> bool:
    """Whether a script asks that morphs the parts into the page."""
    return PARTS in request.headers


def read_again(call_id: UUID, actor: Actor) -> Sheet:
    """The sheet as it stands after an act."""
    return _read(queries.call_for(actor, call_id), actor, clock.now())


def _read(found: EmergencyCall, actor: Actor, now: datetime) -> Sheet:
    sheet = sheet_for(found, actor, now=now, today=_today(now))
    if sheet.sensitive or sheet.reads_notes:
        record_reading(found, by=actor.reference, shown=sheet.reads, now=now)
    return sheet


def _desk(
    request: HttpRequest,
    actor: Actor,
    context: dict[str, Any],
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    # Read before the rest, so that no change falls between the page and its live stream.
    since = journal.last_seq()
    now: datetime = context["now"]
    sheet: Sheet | None = context.get("sheet")
    template = "parts" if wants_parts(request) else "board"
    response = render(
        request,
        f"emergencies/desk/{template}.html",
        {
            **_with_tiles(context),
            "since": since,
            "board": board_for(actor, today=_today(now)),
            "bands": bands_for(actor, now=now),
            "chosen": str(sheet.call.pk) if sheet else "",
            "may_take": actor.scope("calls", "take") is not None,
        },
        status=status,
    )
    patch_vary_headers(response, [PARTS])
    return response


def _with_tiles(context: dict[str, Any]) -> dict[str, Any]:
    return context | {"tiles_url": settings.ENV.map_tiles_url}


def _today(now: datetime) -> Any:
    return timezone.localtime(now).date()
