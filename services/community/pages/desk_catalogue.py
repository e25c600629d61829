"""The catalogue on the desk: services, and who brings them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, Invalid
from backend.places.models import Area
from services.community import actions
from services.community.doers import doer_of
from services.community.forms_catalogue import ProviderForm, ServiceForm
from services.community.models import Provider, Service
from services.community.queries import (
    own_area,
    provider_for,
    providers_visible_to,
    service_for,
    services_visible_to,
)

HERE = "orders"
LISTED_LEVELS = (Area.Level.DISTRICT, Area.Level.STREET, Area.Level.COMMUNITY)


@page("services", "list", room="desk")
@require_GET
def services(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What can be ordered here, by kind, and how many bring it."""
    brought = Count("service_offers", filter=Q(service_offers__provider__active=True))
    found = services_visible_to(actor, "list").annotate(providers=brought)
    context = {
        "here": HERE,
        "services": found.order_by("place", "name"),
        "providers": providers_visible_to(actor, "list").prefetch_related("serves"),
        "may_edit": actor.scope("services", "create") is not None,
    }
    return render(request, "community/desk_services.html", context)


@page("services", "create", room="desk")
@require_POST
def adopt(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add the usual services that are missing."""
    actions.adopt_catalogue(own_area(actor), by=doer_of(actor), now=clock.now())
    return redirect("desk_services")


@page("services", "create", room="desk")
def new_service(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One more service."""
    return _service(request, actor, None)


@page("services", "change", room="desk")
def service(request: HttpRequest, actor: Actor, service_id: UUID) -> HttpResponse:
    """One service, to be changed."""
    return _service(request, actor, service_for(actor, service_id, "change"))


def _service(request: HttpRequest, actor: Actor, shown: Service | None) -> HttpResponse:
    form = ServiceForm(request.POST or None, instance=shown)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid() and _saved_service(actor, shown, form):
            return redirect("desk_services")
    context = {"here": HERE, "form": form, "service": shown}
    return render(request, "community/desk_service.html", context, status=status)


def _saved_service(actor: Actor, shown: Service | None, form: ServiceForm) -> bool:
    area = shown.area if shown else own_area(actor)
    kept = Service.objects.get(pk=shown.pk) if shown else None
    try:
        actions.save_service(
            area=area, details=form.details, service=kept, by=doer_of(actor), now=clock.now()
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@page("providers", "create", room="desk")
def new_provider(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One more provider."""
    return _provider(request, actor, None)


@page("providers", "change", room="desk")
def provider(request: HttpRequest, actor: Actor, provider_id: UUID) -> HttpResponse:
    """One provider, to be changed."""
    return _provider(request, actor, provider_for(actor, provider_id, "change"))


def _provider(
    request: HttpRequest, actor: Actor, shown: Provider | None, *, link: str = ""
) -> HttpResponse:
    brought = services_visible_to(actor, "list").exclude(fulfilment=Service.Fulfilment.CALLBACK)
    services_here = list(brought.order_by("place", "name"))
    areas = Area.objects.filter(path__startswith=actor.area_path, level__in=LISTED_LEVELS)
    form = ProviderForm(
        request.POST if request.method == "POST" and not link else None,
        areas=areas.order_by("path"),
        services=services_here,
        provider=shown,
    )
    status = HTTPStatus.OK
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid() and _saved_provider(actor, shown, form):
            return redirect("desk_services")
    context = {"here": HERE, "form": form, "provider": shown, "link": link}
    return render(request, "community/desk_provider.html", context, status=status)


def _saved_provider(actor: Actor, shown: Provider | None, form: ProviderForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    try:
        actions.save_provider(
            area=shown.area if shown else own_area(actor),
            name=said["name"],
            phone=said["phone"],
            serves=list(said["serves"]),
            hours=form.openings,
            offerings=form.offerings,
            active=said["active"],
            provider=shown,
            by=doer_of(actor),
            now=clock.now(),
        )
    except Invalid as error:
        form.add_error(None, str(error))
        return False
    return True


@page("providers", "link", room="desk")
@require_POST
def provider_link(request: HttpRequest, actor: Actor, provider_id: UUID) -> HttpResponse:
    """A fresh link, shown once; the earlier ones end."""
    shown = provider_for(actor, provider_id, "link")
    token = actions.make_link(shown, by=doer_of(actor), now=clock.now())
    link = f"{settings.ENV.public_url}{reverse('provider_orders', args=[token])}"
    context = {"here": HERE, "provider": shown, "link": link}
    return render(request, "community/desk_provider_link.html", context)
