"""Accounts of staff: roles, sessions, and new second factors for those who lost theirs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts import actions, queries
from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.errors import PhoneTaken, UsernameTaken
from backend.accounts.forms import ReasonForm, RoleForm, StaffForm
from backend.accounts.models import Role, User
from backend.accounts.pages.account import form_door, user_of
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.places.models import Area

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
        "may_create": actor.scope("accounts", "create") is not None,
        "may_change_role": actor.scope("accounts", "change-role") is not None,
        "may_end_sessions": actor.scope("accounts", "end-sessions") is not None,
        "own": actor.user_id,
    }
    return render(request, "accounts/staff.html", context)


@page("accounts", "create", fresh=True)
@form_door
@never_cache
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make an account, and get the link by which its person begins."""
    form = StaffForm(
        request.POST or None,
        areas=Area.objects.filter(path__startswith=actor.area_path).order_by("path"),
        caregivers=queries.caregivers_without_account(actor),
    )
    if form.is_valid():
        try:
            link, user = _made(form.cleaned_data, by=actor.reference)
        except UsernameTaken as error:
            form.add_error("username", str(error))
        except PhoneTaken as error:
            form.add_error("phone", str(error))
        else:
            return _shows_link(request, link, user)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"here": "accounts", "form": form}
    return render(request, "accounts/new_staff.html", context, status=status)


@transaction.atomic
def _made(said: dict[str, Any], *, by: str) -> tuple[str, User]:
    now = clock.now()
    given = {**said, "role": Role(said["role"])}
    user = actions.create_staff(**given, password=None, by=by, now=now)
    return actions.issue_start_link(user, by=by, now=now), user


@page("accounts", "create", fresh=True)
@require_POST
@never_cache
def start(request: HttpRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """Another link for somebody who has not begun yet."""
    user = _of(actor, user_id, "create")
    try:
        link = actions.issue_start_link(user, by=actor.reference, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("staff")
    return _shows_link(request, link, user)


def _shows_link(request: HttpRequest, link: str, user: User) -> HttpResponse:
    context = {"here": "accounts", "link": link, "person": user}
    return render(request, "accounts/start_link.html", context)


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
