"""The pages of signing in and out."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from backend.accounts import (
    actions,
    factors,
    known_browsers,
    passkeys,
    qr,
    sessions,
    totp,
)
from backend.accounts.actions.codes import CODE_LIVES
from backend.accounts.doors import open_page
from backend.accounts.errors import BadCode, BadCredentials, BadLink, TooManyAttempts
from backend.accounts.forms import (
    CodeForm,
    FirstPasswordForm,
    OnlyPasswordForm,
    PasswordForm,
    PhoneForm,
)
from backend.accounts.models import User
from backend.accounts.pages.ways import entered, next_page, source_of, with_next
from backend.core import clock, crypto
from backend.core.errors import Invalid
from backend.people import phones

STAFF_PAGES = ("/desk/", "/care/", "/account/", "/audit/")
ASKED = "sign_in_code"
"""Session: which code was asked for, when, and the number it went to."""
ON_ITS_WAY = CODE_LIVES
"""A code asked for so lately is still waited for."""
NEW_SECRET = "new_totp_secret"  # noqa: S105 - a key of the session
"""Session: the secret being enrolled, sealed."""
RECOVERY = "recovery"
"""Session: by which recovery's link somebody came to set up a new second factor."""

form_door = require_http_methods(["GET", "HEAD", "POST"])


@open_page("whoever wants to sign in is not signed in yet")
@form_door
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Residents and families: the phone number a code is sent to."""
    back = next_page(request)
    if request.method != "POST" and back.startswith(STAFF_PAGES):
        return redirect(with_next("sign-in-staff", back))
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        try:
            ask_for_code(request, form.cleaned_data["phone"], now=clock.now())
        except TooManyAttempts as error:
            form.add_error(None, str(error))
        else:
            return redirect(with_next("sign-in-code", back))
    context = {
        "form": form,
        "next": back,
        "passkeys": passkeys.are_possible(),
        "identity": settings.ENV.oidc_issuer and (settings.ENV.oidc_name or "OpenID"),
    }
    return render(request, "accounts/phone.html", context)


def ask_for_code(request: HttpRequest, phone: str, *, now: datetime) -> None:
    """Have a code sent, and remember what was asked for.

    Who asks again at once for the same number is not refused: what they wait for is on its way.

    Raises:
        TooManyAttempts: too many codes were asked for.
    """
    index, before = phones.index(phone), request.session.get(ASKED) or {}
    again = UUID(before["id"]) if before.get("index") == index else None
    try:
        asked = actions.send_code(
            phone=phone,
            source=source_of(request),
            browser=known_browsers.of(request),
            again=again,
            now=now,
        )
    except TooManyAttempts:
        if again is None or now - datetime.fromisoformat(before["at"]) > ON_ITS_WAY:
            raise
        return
    request.session[ASKED] = {
        "id": str(asked),
        "index": index,
        "phone": phones.masked(phone),
        "at": now.isoformat(),
    }


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
            sessions.begin(request, user, how="code", now=now, factor=True)
            return entered(request, user)
    context = {"form": form, "phone": asked["phone"], "next": next_page(request)}
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
            user = actions.check_password(
                **form.cleaned_data,
                source=source_of(request),
                browser=known_browsers.of(request),
                now=now,
            )
        except (BadCredentials, TooManyAttempts) as error:
            form.add_error(None, str(error))
        else:
            sessions.begin(request, user, how="password", now=now)
            back = next_page(request)
            if user.is_staff_role:
                return redirect(with_next("second-factor", back))
            return entered(request, user)
    context = {"form": form, "next": next_page(request), "passkeys": passkeys.are_possible()}
    return render(request, "accounts/password.html", context)


@open_page("half signed in: it is this page that brings the second half")
@form_door
@never_cache
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Staff: the code of the authenticator app, which is set up here the first time."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff_role:
        return redirect(with_next("sign-in-staff", next_page(request)))
    enrolled, recovery = factors.has_factor(user), recovery_of(request)
    if not enrolled and not factors.may_enrol(user, recovery=recovery):
        return render(request, "accounts/by_link_only.html", status=HTTPStatus.FORBIDDEN)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        now, code = clock.now(), form.cleaned_data["code"]
        try:
            if enrolled:
                browser = known_browsers.of(request)
                actions.check_second_factor(user, code=code, now=now, browser=browser)
            else:
                secret = _new_secret(request)
                actions.confirm_second_factor(
                    user, secret=secret, code=code, recovery=recovery, now=now
                )
        except BadCredentials:
            form.add_error("code", gettext("This is not the code of now. Please enter the newest."))
        except TooManyAttempts as error:
            form.add_error("code", str(error))
        else:
            for key in (NEW_SECRET, RECOVERY):
                request.session.pop(key, None)
            sessions.mark_second_factor(request, now=now)
            return entered(request, user)
    context = {
        "form": form,
        "next": next_page(request),
        "passkeys": passkeys.are_possible(),
        "has_app": totp.is_enrolled(user),
        "has_passkey": user.passkeys.exists(),
    }
    if enrolled:
        return render(request, "accounts/second_factor.html", context)
    secret = _new_secret(request)
    uri = totp.address(user.username, secret)
    context |= {"secret": secret, "uri": uri, "picture": qr.picture(uri)}
    return render(request, "accounts/enrol_second_factor.html", context)


@open_page("the link is what signs in")
@form_door
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link, once.

    A link that came by text is opened by its preview first, so a button uses it up; the demo's
    are printed on a terminal, where opening them is enough. Who has it has their telephone.
    """
    if request.method != "POST" and not settings.ENV.yian_demo:
        return render(request, "accounts/link.html")
    now = clock.now()
    try:
        user = actions.redeem_link(token, now=now)
    except BadLink as error:
        return render(request, "accounts/bad_link.html", {"text": str(error)}, status=error.status)
    sessions.begin(request, user, how="link", now=now, factor=True)
    return entered(request, user)


@open_page("the link and the password are what lead to a new second factor")
@form_door
@never_cache
@sensitive_post_parameters("password")
def recover(request: HttpRequest, token: str) -> HttpResponse:
    """Staff who lost their second factor come here by the link that two people gave them."""
    now = clock.now()
    form = OnlyPasswordForm(request.POST or None)
    try:
        recovery = actions.recovery_of_link(token, now=now)
        if form.is_valid():
            user = actions.check_password(
                username=recovery.user.username,
                password=form.cleaned_data["password"],
                source=source_of(request),
                browser=known_browsers.of(request),
                now=now,
            )
            actions.open_recovery(recovery, now=now)
            sessions.begin(request, user, how="recovery", now=now)
            request.session[RECOVERY] = str(recovery.pk)
            return redirect("second-factor")
    except BadLink as error:
        return render(request, "accounts/bad_link.html", {"text": str(error)}, status=error.status)
    except (BadCredentials, TooManyAttempts) as error:
        form.add_error(None, str(error))
    return render(request, "accounts/recover.html", {"form": form})


@open_page("the link is what lets somebody new choose their password")
@form_door
@never_cache
@sensitive_post_parameters("password")
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody new of the staff chooses their password; then they sign in with it."""
    now = clock.now()
    form = FirstPasswordForm(request.POST or None)
    try:
        user = actions.user_of_start_link(token, now=now)
        if form.is_valid():
            actions.begin_account(token, password=form.cleaned_data["password"], now=now)
            messages.success(request, gettext("Now sign in with your name and your password."))
            return redirect("sign-in-staff")
    except BadLink as error:
        return render(request, "accounts/bad_link.html", {"text": str(error)}, status=error.status)
    except Invalid as error:
        form.add_error("password", error.data["fields"]["password"])
    return render(request, "accounts/start.html", {"form": form, "person": user})


def recovery_of(request: HttpRequest) -> UUID | None:
    """By which recovery's link this session began."""
    kept = request.session.get(RECOVERY)
    return UUID(kept) if kept else None


@open_page("leaving is always allowed")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session at once, also on the server."""
    logout(request)
    return redirect("sign-in")


def _new_secret(request: HttpRequest) -> str:
    """The secret shown for enrolment; the same until it is confirmed."""
    sealed: str = request.session.get(NEW_SECRET, "")
    try:
        return crypto.decrypt(sealed, context=NEW_SECRET)
    except crypto.Unreadable:  # none yet, or its key was taken away
        secret = totp.new_secret()
        request.session[NEW_SECRET] = crypto.encrypt(secret, context=NEW_SECRET)
        return secret
