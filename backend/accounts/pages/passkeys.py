"""Passkeys: signing in by one, and adding, naming and removing one's own.

The browser speaks JSON here (`passkeys.js`); refusals are problems, as at the API.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from backend.accounts import actions, devices, factors, known_browsers, passkeys, sessions
from backend.accounts.actors import Actor
from backend.accounts.doors import open_page, page
from backend.accounts.errors import BadPasskey, LastFactor
from backend.accounts.forms import NameForm
from backend.accounts.models import Passkey, User
from backend.accounts.pages.account import user_of
from backend.accounts.pages.signing_in import RECOVERY, recovery_of
from backend.accounts.pages.ways import next_page
from backend.accounts.second_factor import require_fresh_factor
from backend.core import clock, problems
from backend.core.errors import DomainError, NotAllowed, NotFound

View = Callable[[HttpRequest], HttpResponse]


def _speaks_json(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except DomainError as error:
            return problems.response(error)

    return answered


@open_page("whoever signs in by a passkey is not signed in yet")
@require_POST
@never_cache
@_speaks_json
def begin_sign_in(request: HttpRequest) -> HttpResponse:
    """A challenge for any passkey; for one of the account's own where somebody is signed in."""
    user = request.user if isinstance(request.user, User) else None
    return JsonResponse(passkeys.begin_showing(request, now=clock.now(), of=user))


@open_page("the passkey is what signs in")
@require_POST
@never_cache
@_speaks_json
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, or show once more that it is oneself."""
    now, before = clock.now(), request.user
    shown = passkeys.complete_showing(request, _posted(request), now=now)
    if isinstance(before, User) and before.pk != shown.passkey.user_id:
        raise BadPasskey
    user = actions.use_passkey(shown, now=now)
    if isinstance(before, User):
        sessions.mark_second_factor(request, now=now)
    else:
        sessions.begin(request, user, how="passkey", now=now, factor=True)
    return _on(request, user)


@open_page("who sets up their first second factor has none yet; the password was shown")
@require_POST
@never_cache
@_speaks_json
def begin_adding(request: HttpRequest) -> HttpResponse:
    """What a new passkey is made with."""
    return JsonResponse(passkeys.begin_making(request, _adds(request), now=clock.now()))


@open_page("who sets up their first second factor has none yet; the password was shown")
@require_POST
@never_cache
@_speaks_json
def add(request: HttpRequest) -> HttpResponse:
    """The new passkey; for who had no second factor, it is that from now on."""
    user, now = _adds(request), clock.now()
    made = passkeys.complete_making(request, _posted(request), now=now)
    name = devices.spoken(devices.device_of(request.headers.get("User-Agent", "")))
    actions.add_passkey(user, made=made, name=name or _("Passkey"), by=user.reference, now=now)
    request.session.pop(RECOVERY, None)
    sessions.mark_second_factor(request, now=now)
    messages.success(request, _("From now on you can sign in with this device."))
    return _on(request, user)


@page("passkeys", "change")
@require_POST
def rename(request: HttpRequest, actor: Actor, passkey_id: UUID) -> HttpResponse:
    """Call it something else."""
    form = NameForm(request.POST)
    passkey = _own(actor, passkey_id)
    if form.is_valid():
        actions.rename_passkey(
            passkey, name=form.cleaned_data["name"], by=actor.reference, now=clock.now()
        )
    return redirect("account")


@page("passkeys", "delete", fresh=True)
@require_POST
def remove(request: HttpRequest, actor: Actor, passkey_id: UUID) -> HttpResponse:
    """Let it open nothing any more."""
    try:
        actions.remove_passkey(_own(actor, passkey_id), by=actor.reference, now=clock.now())
    except LastFactor as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This passkey opens nothing any more."))
    return redirect("account")


def _adds(request: HttpRequest) -> User:
    """Who may add a passkey now: with a fresh factor, or setting up the first.

    Raises:
        NotAllowed: nobody is signed in, or the password alone is not enough.
        StepUpRequired: the second factor has to be shown again.
    """
    if not isinstance(request.user, User):
        raise NotAllowed
    user = user_of(request)
    if user.is_staff_role and factors.may_enrol(user, recovery=recovery_of(request)):
        return user
    require_fresh_factor(request, now=clock.now())
    return user


def _own(actor: Actor, passkey_id: UUID) -> Passkey:
    passkey = Passkey.objects.filter(user=actor.user_id, pk=passkey_id).first()
    if passkey is None:
        raise NotFound
    return passkey


def _posted(request: HttpRequest) -> dict[str, Any]:
    """What the browser answered.

    Raises:
        BadPasskey: it is no object of JSON.
    """
    try:
        answer = json.loads(request.body)
    except ValueError as error:
        raise BadPasskey from error
    if not isinstance(answer, dict):
        raise BadPasskey
    return answer


def _on(request: HttpRequest, user: User) -> HttpResponse:
    answer = JsonResponse({"location": next_page(request) or sessions.home_of(user)})
    return known_browsers.remember(answer, request, user)
