"""Webhooks on pages of the system's administrator."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError
from backend.webhooks import actions
from backend.webhooks.forms import WebhookForm
from backend.webhooks.models import Webhook
from backend.webhooks.queries import area_of, webhook_for, webhooks_visible_to

NOTICES_SHOWN = 50


@page("webhooks", "list")
@require_GET
@never_cache
def webhooks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The systems that are told of events."""
    found = webhooks_visible_to(actor, "list")
    return render(
        request, "webhooks/list.html", {"here": "webhooks", "webhooks": found, "now": clock.now()}
    )


@page("webhooks", "create")
@never_cache
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One more; its secret is shown once."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        area = area_of(actor)
        try:
            made = actions.subscribe(area=area, wish=form.wish, by=actor.reference, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _show(request, made, secret=made.secret)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "webhooks/new.html", {"form": form}, status=status)


@page("webhooks", "read")
@require_GET
@never_cache
def one(request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """One system: what it is told, and what came of it."""
    return _show(request, webhook_for(actor, webhook_id, "read"))


def _show(
    request: HttpRequest,
    shown: Webhook,
    *,
    form: WebhookForm | None = None,
    secret: str = "",
) -> HttpResponse:
    context = {
        "webhook": shown,
        "form": form or WebhookForm.of(shown),
        "secret": secret,
        "notices": shown.notices.order_by("-seq")[:NOTICES_SHOWN],
        "dead": shown.notices.filter(state="dead").count(),
        "now": clock.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "webhooks/one.html", context, status=status)


@page("webhooks", "change")
@require_POST
def change(request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """Say anew what it is told, and whether."""
    shown = webhook_for(actor, webhook_id, "change")
    form = WebhookForm(request.POST)
    if form.is_valid():
        active = form.cleaned_data["active"]
        try:
            actions.change(
                shown, wish=form.wish, active=active, by=actor.reference, now=clock.now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("webhook", shown.pk)
    return _show(request, webhook_for(actor, webhook_id, "change"), form=form)


@page("webhooks", "rotate")
@require_POST
@never_cache
def rotate(request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """A new secret, shown once."""
    shown = webhook_for(actor, webhook_id, "rotate")
    changed = actions.rotate_secret(shown, by=actor.reference, now=clock.now())
    return _show(request, changed, secret=changed.secret)


@page("webhooks", "try-again")
@require_POST
def try_again(_request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """Tell what was given up once more."""
    shown = webhook_for(actor, webhook_id, "try-again")
    actions.try_again(shown, by=actor.reference, now=clock.now())
    return redirect("webhook", shown.pk)


@page("webhooks", "delete")
@require_POST
def remove(_request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """Tell it nothing any more."""
    shown = webhook_for(actor, webhook_id, "delete")
    actions.remove(shown, by=actor.reference, now=clock.now())
    return redirect("webhooks")
