"""The hotline's tables on the desk: tickets in, answers out."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.costly import TABLES_IN, TABLES_OUT, always, costly, posted
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError
from backend.places.models import Area
from backend.web.downloads import CSV, download
from services.community import hotline
from services.community.doers import doer_of
from services.community.forms import HotlineForm
from services.community.queries import complaints_visible_to, own_area

HERE = "complaints"
TABLE_MAX = 1024 * 1024


@page("complaints", "hotline", room="desk")
@costly(TABLES_IN, when=posted)
def hotline_tables(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The hotline's table in, tried before it is kept; the answers out."""
    own = own_area(actor)
    areas = Area.objects.filter(path__startswith=own.path).order_by("path")
    form = HotlineForm(request.POST or None, request.FILES or None, areas=areas)
    report, problem, status = None, "", HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                report = hotline.take_in(
                    hotline.port().read(form.cleaned_data["table"].read(TABLE_MAX + 1)),
                    area=form.cleaned_data["area"],
                    root=own,
                    is_dry_run="keep" not in request.POST,
                    by=doer_of(actor),
                    now=clock.now(),
                )
                status = HTTPStatus.OK
            except DomainError as error:
                problem = str(error)
    context = {"here": HERE, "form": form, "report": report, "problem": problem}
    return render(request, "community/desk_hotline.html", context, status=status)


@page("complaints", "hotline", room="desk", fresh=True)
@costly(TABLES_OUT, when=always)
@require_GET
def hotline_answers(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """The answers to the hotline's tickets, as the hotline reads them."""
    now = clock.now()
    complaints = complaints_visible_to(actor, "hotline")
    table = hotline.port().write(hotline.hand_over(complaints, by=actor.reference, now=now))
    name = f"12345-{timezone.localdate(now):%Y%m%d}.csv"
    return download(table, name=name, content_type=CSV)
