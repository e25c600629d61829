"""Accounts of staff: roles, sessions, and new second factors for those who lost theirs."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts import actions, queries
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.forms import ReasonForm, RoleForm
from backend.accounts.models import Role, User
from backend.accounts.pages.account import user_of
from backend.core import clock
from backend.core.errors import DomainError, NotFound

ON_A_PAGE = 50


@page("accounts", "list")
@require_GET
@never_cache
def staff(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody of the staff in one's area, and who waits for a second person."""
    asked = request.GET.get("q", "").strip()
    found = queries.staff_in(actor).filter(name__icontains=asked)
    listed = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    waiting = queries.waiting_recoveries(listed, now=clock.now())
    context = {
        "here": "accounts",
        "page_obj": listed,
        "accounts": [(user, waiting.get(user.pk)) for user in listed],
        "asked": asked,
        "roles": RoleForm().fields["role"].choices,  # type: ignore[attr-defined]
        "may_change_role": actor.scope("accounts", "change-role") is not None,
        "may_end_sessions": actor.scope("accounts", "end-sessions") is not None,
        "own": actor.user_id,
    }
    return render(request, "accounts/staff.html", context)


@page("accounts", "change-role", fresh=True)
@require_POST
def change_role(request: HttpRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """Give another role."""
    user, form = _of(actor, user_id, "change-role"), RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        return _done(
            request,
            lambda: actions.change_role(user, role=role, by=user_of(request), now=clock.now()),
            _("The role is changed. This person has to sign in again."),
        )
    return redirect("staff")


@page("accounts", "end-sessions", fresh=True)
@require_POST
def end_sessions(request: HttpRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """End everything that is open of an account."""
    user = _of(actor, user_id, "end-sessions")
    actions.end_everything_of(user, by=actor.reference, now=clock.now())
    messages.success(request, _("Nothing of this account is open any more."))
    return redirect("staff")


@page("accounts", "recover", fresh=True)
@require_POST
def ask_recovery(request: HttpRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """Ask for a new second factor for somebody."""
    user, form = _of(actor, user_id, "recover"), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why."))
        return redirect("staff")
    return _done(
        request,
        lambda: actions.ask_recovery(
            user, reason=form.cleaned_data["reason"], by=user_of(request), now=clock.now()
        ),
        _("Somebody else has to confirm this within the hour."),
    )


@page("accounts", "recover", fresh=True)
@require_POST
@never_cache
def confirm_recovery(request: HttpRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """Agree as the second person, and get the link to hand over."""
    user = _of(actor, user_id, "recover")
    try:
        link = actions.confirm_recovery(user, by=user_of(request), now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("staff")
    return render(request, "accounts/recovery_link.html", {"link": link, "person": user})


def _of(actor: Actor, user_id: UUID, action: str) -> User:
    user = queries.staff_in(actor, action).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def _done(request: HttpRequest, act: Callable[[], object], told: str) -> HttpResponse:
    """Do it, or say why not; then the list again."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect("staff")
