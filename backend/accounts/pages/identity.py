"""Signing in by a national or city digital identity, and linking it with one's account."""

import logging
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts import actions, oidc, sessions
from backend.accounts.actors import Actor
from backend.accounts.doors import open_page, page
from backend.accounts.errors import BadIdentity
from backend.accounts.models import User
from backend.accounts.pages.account import user_of
from backend.accounts.pages.ways import entered, next_page, with_next
from backend.core import clock

logger = logging.getLogger(__name__)


@open_page("whoever wants to sign in is not signed in yet")
@require_GET
@never_cache
def identity(request: HttpRequest) -> HttpResponse:
    """To the issuer, to sign in."""
    return _to_issuer(request, purpose="sign-in", back=next_page(request))


@page("identities", "create", fresh=True)
@require_GET
@never_cache
def link(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """To the issuer, to link who comes back with the account that is signed in."""
    return _to_issuer(request, purpose="link", back=reverse("account"))


@page("identities", "delete")
@require_POST
def unlink(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sign in by it no more."""
    actions.unlink_identities(user_of(request), by=actor.reference, now=clock.now())
    messages.success(request, _("It does not sign you in any more."))
    return redirect("account")


@open_page("the issuer's answer is what signs in")
@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Back from the issuer."""
    now = clock.now()
    try:
        answer = oidc.complete(request, now=now)
        if answer.purpose == "link":
            return _linked(request, answer, now=now)
        user = actions.user_of_identity(answer.claims, now=now)
    except BadIdentity as error:
        return _refused(request, error)
    sessions.begin(request, user, how="identity", now=now, factor=not user.is_staff_role)
    if user.is_staff_role:
        return redirect(with_next("second-factor", answer.back))
    return entered(request, user, to=answer.back)


def _linked(request: HttpRequest, answer: oidc.Answer, *, now: datetime) -> HttpResponse:
    if not isinstance(request.user, User):
        raise BadIdentity
    actions.link_identity(request.user, answer.claims, now=now)
    messages.success(request, _("From now on you can sign in by it."))
    return redirect(answer.back)


def _to_issuer(request: HttpRequest, *, purpose: str, back: str) -> HttpResponse:
    try:
        return redirect(oidc.begin(request, purpose=purpose, back=back, now=clock.now()))
    except BadIdentity as error:
        return _refused(request, error)


def _refused(request: HttpRequest, error: BadIdentity) -> HttpResponse:
    if reason := error.data.get("reason"):
        logger.warning("identity.refused %s", reason)
    return render(request, "accounts/bad_identity.html", status=error.status)
