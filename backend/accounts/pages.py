"""The pages of signing in and out, and of one's own account."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts import actions, limits, sessions, totp
from backend.accounts.actors import Actor
from backend.accounts.doors import open_page, page
from backend.accounts.errors import BadCode, BadCredentials, BadLink, TooManyAttempts
from backend.accounts.forms import CodeForm, PasswordForm, PhoneForm
from backend.accounts.models import User
from backend.accounts.queries import tokens_of
from backend.core import clock, crypto
from backend.people import phones

STAFF_PAGES = ("/desk/", "/care/", "/account/", "/audit/")
ASKED = "sign_in_code"
"""Session: which code was asked for, and the number it went to."""
NEW_SECRET = "new_totp_secret"  # noqa: S105 - a key of the session
"""Session: the secret being enrolled, sealed."""

form_door = require_http_methods(["GET", "HEAD", "POST"])


@open_page("whoever wants to sign in is not signed in yet")
@form_door
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Residents and families: the phone number a code is sent to."""
    back = _next(request)
    if request.method != "POST" and back.startswith(STAFF_PAGES):
        return redirect(_with_next("sign-in-staff", back))
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            asked = actions.send_code(phone=phone, source=_source(request), now=clock.now())
        except TooManyAttempts as error:
            form.add_error(None, str(error))
        else:
            request.session[ASKED] = {"id": str(asked), "phone": phones.masked(phone)}
            return redirect(_with_next("sign-in-code", back))
    return render(request, "accounts/phone.html", {"form": form, "next": back})


@open_page("the code is what signs in")
@form_door
@never_cache
@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code from the text."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        now = clock.now()
        try:
            user = actions.redeem_code(UUID(asked["id"]), code=form.cleaned_data["code"], now=now)
        except BadCode as error:
            form.add_error("code", str(error))
        else:
            sessions.begin(request, user, how="code", now=now)
            return redirect(_next(request) or sessions.home_of(user))
    context = {"form": form, "phone": asked["phone"], "next": _next(request)}
    return render(request, "accounts/code.html", context)


@open_page("staff who want to sign in are not signed in yet")
@form_door
@never_cache
@sensitive_post_parameters("password")
def sign_in_staff(request: HttpRequest) -> HttpResponse:
    """Staff: name and password; then the second factor."""
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        now = clock.now()
        try:
            user = actions.check_password(**form.cleaned_data, source=_source(request), now=now)
        except (BadCredentials, TooManyAttempts) as error:
            form.add_error(None, str(error))
        else:
            sessions.begin(request, user, how="password", now=now)
            back = _next(request)
            if user.is_staff_role:
                return redirect(_with_next("second-factor", back))
            return redirect(back or sessions.home_of(user))
    return render(request, "accounts/password.html", {"form": form, "next": _next(request)})


@open_page("half signed in: it is this page that brings the second half")
@form_door
@never_cache
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Staff: the code of the authenticator app, which is set up here the first time."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff_role:
        return redirect(_with_next("sign-in-staff", _next(request)))
    enrolled = totp.is_enrolled(user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        now, code = clock.now(), form.cleaned_data["code"]
        try:
            if enrolled:
                actions.check_second_factor(user, code=code, now=now)
            else:
                secret = _new_secret(request)
                actions.confirm_second_factor(user, secret=secret, code=code, now=now)
        except BadCredentials:
            form.add_error("code", gettext("This is not the code of now. Please enter the newest."))
        except TooManyAttempts as error:
            form.add_error("code", str(error))
        else:
            request.session.pop(NEW_SECRET, None)
            sessions.mark_second_factor(request, now=now)
            return redirect(_next(request) or sessions.home_of(user))
    context = {"form": form, "next": _next(request)}
    if enrolled:
        return render(request, "accounts/second_factor.html", context)
    secret = _new_secret(request)
    uri = totp.address(user.username, secret)
    context |= {"secret": secret, "uri": uri, "picture": totp.picture(uri)}
    return render(request, "accounts/enrol_second_factor.html", context)


@open_page("the link is what signs in")
@form_door
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link, once.

    A link that came by text is opened by its preview first, so a button uses it up; the demo's
    are printed on a terminal, where opening them is enough.
    """
    if request.method != "POST" and not settings.ENV.yian_demo:
        return render(request, "accounts/link.html")
    now = clock.now()
    try:
        user = actions.redeem_link(token, now=now)
    except BadLink as error:
        return render(request, "accounts/bad_link.html", {"text": str(error)}, status=error.status)
    sessions.begin(request, user, how="link", now=now)
    if user.is_staff_role:
        sessions.mark_second_factor(request, now=now)
    return redirect(sessions.home_of(user))


@open_page("leaving is always allowed")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session at once, also on the server."""
    logout(request)
    return redirect("sign-in")


@page("me", "read")
@require_GET
@never_cache
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own account: who one is here, and which tokens act as one."""
    return render(request, "accounts/account.html", {"actor": actor, "tokens": tokens_of(actor)})


def _new_secret(request: HttpRequest) -> str:
    """The secret shown for enrolment; the same until it is confirmed."""
    sealed: str = request.session.get(NEW_SECRET, "")
    try:
        return crypto.decrypt(sealed, context=NEW_SECRET)
    except crypto.Unreadable:  # none yet, or its key was taken away
        secret = totp.new_secret()
        request.session[NEW_SECRET] = crypto.encrypt(secret, context=NEW_SECRET)
        return secret


def _next(request: HttpRequest) -> str:
    """The page to go on to, when it is one of ours; else ""."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if ours else ""


def _with_next(name: str, back: str) -> str:
    return reverse(name) + (f"?{urlencode({'next': back})}" if back else "")


def _source(request: HttpRequest) -> str:
    return limits.source_of(request.META.get("REMOTE_ADDR", ""))
