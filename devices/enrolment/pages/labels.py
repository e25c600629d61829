"""Labels: a device that comes into stock gets the code by which a home takes it in."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backend.accounts import qr
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from devices.actions import issue_claim_code, register_device
from devices.adapters import ADAPTERS
from devices.enrolment.forms import LabelForm
from devices.enrolment.pages.steps import saved, step_door
from devices.models import Device


@page("device-labels", "create", room="desk")
@step_door
def labels(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a device; its label is shown this once, to be printed."""
    form = LabelForm(request.POST or None)
    _choose(form, "kind", list(Device.Kind.choices))
    _choose(form, "adapter", [("", "Yian"), *((name, name) for name in ADAPTERS if name)])
    context: dict[str, object] = {"here": "enrolments", "form": form}
    if request.method == "POST" and form.is_valid():
        made: dict[str, object] = {}
        if saved(form, lambda: made.update(_made(form, actor))):
            context |= made
    return render(request, "enrolment/labels.html", context, status=422 if form.errors else 200)


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
    field.choices = choices


def _made(form: LabelForm, actor: Actor) -> dict[str, object]:
    now, by = clock.now(), actor.reference
    device, token = register_device(**form.cleaned_data, by=by, now=now)
    code = issue_claim_code(device, by=by, now=now)
    return {"device": device, "token": token, "code": code, "picture": qr.picture(code)}
