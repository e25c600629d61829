"""One's own account: who one is here, what is open, and showing once more that it is oneself."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backend.accounts import actions, known_browsers, passkeys, queries, sessions, totp
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.errors import BadCode, BadCredentials, TooManyAttempts
from backend.accounts.forms import CodeForm, NewPasswordForm
from backend.accounts.models import AccessToken, User
from backend.accounts.pages.signing_in import ASKED, ask_for_code
from backend.accounts.pages.ways import entered, source_of
from backend.core import clock
from backend.core.errors import Invalid, NotFound

form_door = require_http_methods(["GET", "HEAD", "POST"])


def base_of(actor: Actor) -> str:
    """The page around the account's: the elders' own, or that of staff."""
    is_citizen = actor.role in {"resident", "family"}
    return "web/elder_base.html" if is_citizen else "web/staff_base.html"


@page("me", "read")
@require_GET
@never_cache
def account(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who one is here, where one is signed in, and which programs act as one."""
    user = user_of(request)
    tokens = list(queries.tokens_of(actor))
    context = {
        "base": base_of(actor),
        "here": "account",
        "actor": actor,
        "is_staff": user.is_staff_role,
        "sessions": queries.sessions_of(actor),
        "this_session": request.session.session_key,
        "helpers": [each for each in tokens if each.kind == AccessToken.Kind.SOS],
        "programs": [each for each in tokens if each.kind != AccessToken.Kind.SOS],
        "passkeys": user.passkeys.order_by("created_at"),
        "passkeys_possible": passkeys.are_possible(),
        "identities": user.identities.all(),
        "identity": settings.ENV.oidc_issuer and (settings.ENV.oidc_name or "OpenID"),
        "may_link": actor.scope("identities", "create") is not None,
    }
    return render(request, "accounts/account.html", context)


@page("sessions", "end")
@require_POST
def end_session(request: HttpRequest, actor: Actor, session_id: UUID) -> HttpResponse:
    """End one: a telephone that was lost."""
    opened = queries.sessions_of(actor).filter(pk=session_id).first()
    if opened is None:
        raise NotFound
    actions.end_session(opened, by=actor.reference, now=clock.now())
    messages.success(request, _("Nobody is signed in there any more."))
    return redirect("account")


@page("sessions", "end")
@require_POST
def end_other_sessions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End all but this one, and all tokens of programs."""
    user, now = user_of(request), clock.now()
    actions.end_sessions_of(user, by=actor.reference, now=now, but=request.session.session_key)
    actions.revoke_api_tokens_of(user, by=actor.reference, now=now)
    messages.success(request, _("You are signed in here only."))
    return redirect("account")


@page("tokens", "delete")
@require_POST
def end_token(request: HttpRequest, actor: Actor, token_id: int) -> HttpResponse:
    """End one token at once."""
    token = queries.tokens_of(actor).filter(pk=token_id).first()
    if token is None:
        raise NotFound
    actions.revoke_token(token, by=actor.reference, now=clock.now())
    messages.success(request, _("This program cannot act as you any more."))
    return redirect("account")


@page("me", "read")
@form_door
@never_cache
@sensitive_post_parameters("code")
def step_up(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show once more that it is oneself: the app's code, a passkey, or digits by text."""
    user, now = user_of(request), clock.now()
    form = CodeForm(request.POST if "code" in request.POST else None)
    try:
        if "send" in request.POST and user.phone and not user.is_staff_role:
            ask_for_code(request, user.phone, now=now)
        elif form.is_valid():
            _check(request, user, form.cleaned_data["code"])
            sessions.mark_second_factor(request, now=now)
            return entered(request, user)
    except (BadCode, BadCredentials):
        form.add_error("code", _("This is not the code of now. Please enter the newest."))
    except TooManyAttempts as error:
        messages.error(request, str(error))
    context = {
        "base": base_of(actor),
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "has_app": totp.is_enrolled(user),
        "has_passkey": passkeys.are_possible() and user.passkeys.exists(),
        "may_text": bool(user.phone) and not user.is_staff_role,
        "was_sent": ASKED in request.session,
    }
    return render(request, "accounts/step_up.html", context)


def _check(request: HttpRequest, user: User, code: str) -> None:
    now = clock.now()
    if user.is_staff_role or totp.is_enrolled(user):
        browser = known_browsers.of(request)
        actions.check_second_factor(user, code=code, now=now, browser=browser)
        return
    asked = request.session.get(ASKED)
    if asked is None or actions.redeem_code(UUID(asked["id"]), code=code, now=now) != user:
        raise BadCode


@page("passwords", "change")
@form_door
@never_cache
@sensitive_post_parameters("password", "new_password")
def change_password(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Another password; all other sessions end."""
    user = user_of(request)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        now = clock.now()
        try:
            actions.check_password(
                username=user.username,
                password=form.cleaned_data["password"],
                source=source_of(request),
                browser=known_browsers.of(request),
                now=now,
            )
            actions.change_password(
                user,
                password=form.cleaned_data["new_password"],
                now=now,
                but=request.session.session_key,
            )
        except (BadCredentials, TooManyAttempts) as error:
            form.add_error("password", str(error))
        except Invalid as error:
            form.add_error("new_password", _texts(error))
        else:
            sessions.keep_after_password(request, user)
            messages.success(request, _("The new password counts from now on."))
            return entered(request, user)
    return render(request, "accounts/change_password.html", {"form": form, "base": base_of(actor)})


def _texts(error: Invalid) -> list[str]:
    as_before = _("This is the password you had before. Please choose another one.")
    given: list[str] = error.data["fields"]["password"]
    return [as_before if text == "as_before" else text for text in given]


def user_of(request: HttpRequest) -> User:
    """The account of a request that came through a declared door."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the door let nobody else in
    return user
