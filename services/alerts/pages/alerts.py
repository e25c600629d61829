"""Alerts on the desk: the list, and what is done with one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, Invalid, NotFound
from services.alerts import actions, queries
from services.alerts.models import Alert

ALERTS_A_PAGE = 50
NOTE_MAX = 300
CAREGIVERS_SHOWN = 40
OPEN = "open"

Act = Callable[[Alert, datetime], object]


class AlertFilter(forms.Form):
    """Which alerts of the list; open ones unless the address says otherwise."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(OPEN, _("still open")), ("all", _("all")), *Alert.State.choices],
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Alert.Kind.choices]
    )

    def apply(self, alerts: QuerySet[Alert]) -> QuerySet[Alert]:
        """The alerts that the filters leave, those waiting longest first."""
        self.is_valid()
        state = self.cleaned_data.get("state") or OPEN
        if state == OPEN:
            alerts = alerts.filter(state__in=Alert.OPEN)
        elif state != "all":
            alerts = alerts.filter(state=state)
        if self.cleaned_data.get("kind"):
            alerts = alerts.filter(kind=self.cleaned_data["kind"])
        return alerts.order_by("raised_at" if state == OPEN else "-raised_at", "pk")


@page("alerts", "list", room="desk")
@require_GET
def alerts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Alerts of the area; filters stand in the address."""
    form = AlertFilter({"state": OPEN, **request.GET.dict()})
    paginator = Paginator(form.apply(queries.alerts_visible_to(actor, "list")), ALERTS_A_PAGE)
    context = {
        "form": form,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "may_act": actor.scope("alerts", "resolve") is not None,
        "now": clock.now(),
    }
    return render(request, "alerts/desk.html", context)


@page("alerts", "acknowledge", room="desk")
@require_POST
def acknowledge(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    """Somebody has seen it."""
    by = actor.reference
    return _do(
        request,
        actor,
        alert_id,
        "acknowledge",
        lambda alert, now: actions.acknowledge_alert(alert, by=by, now=now),
    )


@page("alerts", "assign", room="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    """Who could see to it, the nearest first; chosen, it is theirs."""
    if request.method == "POST":
        return _do(request, actor, alert_id, "assign", partial(_assign, request, actor))
    alert, now = _alert(actor, alert_id, "assign"), clock.now()
    context = {
        "alert": alert,
        "candidates": queries.caregivers_for(alert, now=now, limit=CAREGIVERS_SHOWN),
        "back": _back(request),
        "now": now,
    }
    return render(request, "alerts/assign.html", context)


def _assign(request: HttpRequest, actor: Actor, alert: Alert, now: datetime) -> object:
    try:
        caregiver = queries.caregiver_for(alert, UUID(request.POST.get("caregiver", "")))
    except ValueError:
        caregiver = None
    if caregiver is None:
        raise Invalid(field="caregiver")
    return actions.assign_alert(alert, to=caregiver, by=actor.reference, now=now)


@page("alerts", "resolve", room="desk")
@require_POST
def resolve(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    """Its cause is dealt with."""
    by, note = actor.reference, _note(request)
    return _do(
        request,
        actor,
        alert_id,
        "resolve",
        lambda alert, now: actions.resolve_alert(alert, by=by, note=note, now=now),
    )


@page("alerts", "mark-false", room="desk")
@require_POST
def mark_false(request: HttpRequest, actor: Actor, alert_id: UUID) -> HttpResponse:
    """It meant nothing."""
    by, note = actor.reference, _note(request)
    return _do(
        request,
        actor,
        alert_id,
        "mark-false",
        lambda alert, now: actions.mark_false(alert, by=by, note=note, now=now),
    )


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:NOTE_MAX]


def _do(request: HttpRequest, actor: Actor, alert_id: UUID, access: str, act: Act) -> HttpResponse:
    alert = _alert(actor, alert_id, access)
    try:
        act(alert, clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect(_back(request))


def _alert(actor: Actor, alert_id: UUID, access: str) -> Alert:
    alert = queries.alerts_visible_to(actor, access).filter(pk=alert_id).first()
    if alert is None:
        raise NotFound
    return alert


def _back(request: HttpRequest) -> str:
    """The list as it was filtered, if the form or the address says so."""
    back = request.POST.get("next", "") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if ours else reverse("desk_alerts")
