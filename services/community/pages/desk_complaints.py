"""Complaints on the desk: the list by what is due, one complaint, one told to the centre."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.costly import SEARCHES, costly, searched
from backend.accounts.doors import page
from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from services.community import actions, policies
from services.community.doers import Doer, doer_of
from services.community.forms import (
    AnswerForm,
    CheckForm,
    DeskComplaintForm,
    NoteForm,
    ReasonForm,
)
from services.community.models import Complaint
from services.community.ordering_for import complain_for
from services.community.pages.following import photo_of
from services.community.queries import (
    complaint_for,
    complaints_visible_to,
    own_area,
    resident_reached,
)
from services.community.record import note_reading
from services.emergencies.desk.search import found_residents

A_PAGE = 50
HERE = "complaints"
OPEN = "open"

State = Complaint.State
Act = Callable[[Complaint, Any, Doer, datetime], object]

EVENT_WORDS = {
    "received": _("received"),
    "suggested": _("suggested by a low rating"),
    "dismissed": _("not taken up"),
    "assigned": _("given to"),
    "answered": _("answer given"),
    "asked": _("asked by telephone if it is put right"),
    "reopened": _("not put right, opened again"),
    "closed": _("closed"),
    "note": _("remark"),
    "photo": _("photo added"),
    "overdue": _("overdue"),
}


class ComplaintFilter(django_forms.Form):
    """Which complaints of the list; those that wait unless the address says otherwise."""

    state = django_forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(OPEN, _("still open")), ("all", _("all")), *State.choices],
    )
    category = django_forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("all")), *Complaint.Category.choices]
    )
    owner = django_forms.ChoiceField(
        label=_("In charge"),
        required=False,
        choices=[("", _("all")), ("me", _("me")), ("nobody", _("nobody yet"))],
    )

    def apply(self, complaints: QuerySet[Complaint], actor: Actor) -> QuerySet[Complaint]:
        """The complaints that the filters leave, by what is due first."""
        self.is_valid()
        asked = self.cleaned_data
        state = asked.get("state") or OPEN
        if state == OPEN:
            complaints = complaints.filter(state__in=(*Complaint.LIVE, State.SUGGESTED))
        elif state != "all":
            complaints = complaints.filter(state=state)
        if asked.get("category"):
            complaints = complaints.filter(category=asked["category"])
        if asked.get("owner") == "me":
            complaints = complaints.filter(owner=actor.user_id)
        elif asked.get("owner") == "nobody":
            complaints = complaints.filter(owner=None)
        return complaints.order_by(F("ends_at").asc(nulls_last=True), "received_at", "pk")


@page("complaints", "board", room="desk")
@require_GET
def complaints(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Complaints of the area by what is due first; filters stand in the address."""
    form = ComplaintFilter({"state": OPEN, **request.GET.dict()})
    found = form.apply(complaints_visible_to(actor, "board"), actor)
    paginator = Paginator(found, A_PAGE)
    context = {
        "here": HERE,
        "form": form,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "total": paginator.count,
        "now": clock.now(),
    }
    return render(request, "community/desk_complaints.html", context)


@page("complaints", "board", room="desk")
@require_GET
def complaint(request: HttpRequest, actor: Actor, complaint_id: UUID) -> HttpResponse:
    """One complaint: the one next thing first, then what happened."""
    return _show(request, actor, complaint_for(actor, complaint_id, "board"))


def _show(
    request: HttpRequest,
    actor: Actor,
    shown: Complaint,
    *,
    bound: dict[str, Any] | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    note_reading(
        shown.reference,
        resident_id=shown.resident_id,
        fields=["words", "name", "phone", "answer"],
        by=actor.reference,
        now=now,
    )
    forms: dict[str, Any] = {
        "answer": AnswerForm(),
        "check": CheckForm(),
        "note": NoteForm(prefix="n"),
        "reason": ReasonForm(),
        **(bound or {}),
    }
    tried_enough = shown.asked_times >= policies.ASK_AT_MOST or shown.due_at is None
    context = {
        "here": HERE,
        "complaint": shown,
        "forms": forms,
        "history": [(EVENT_WORDS.get(e.event, e.event), e) for e in shown.events.all()],
        "is_mine": shown.owner_id == actor.user_id,
        "may_give_up": tried_enough and actor.scope("complaints", "give-up") is not None,
        "is_overdue": shown.ends_at is not None
        and shown.state == State.OPEN
        and shown.ends_at <= now,
        "problem": problem,
        "now": now,
    }
    return render(request, "community/desk_complaint.html", context, status=status)


def _act(
    name: str, act: Act, *, form: type[django_forms.Form] | None = None, bound: str = ""
) -> Callable[..., HttpResponse]:
    """A POST on a complaint's page: its form, one action, and back to the page."""

    @page("complaints", name, room="desk")
    @require_POST
    def view(request: HttpRequest, actor: Actor, complaint_id: UUID) -> HttpResponse:
        shown = complaint_for(actor, complaint_id, name)
        prefix = "n" if form is NoteForm else None
        sent = form(request.POST, prefix=prefix) if form else None
        if sent is not None and not sent.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _show(request, actor, shown, bound={bound: sent}, status=status)
        said = sent.cleaned_data if sent else {}
        try:
            act(shown, said, doer_of(actor), clock.now())
        except DomainError as error:
            again = complaint_for(actor, complaint_id, "board")
            status = HTTPStatus.CONFLICT
            return _show(request, actor, again, problem=str(error), status=status)
        return redirect("desk_complaint", complaint_id)

    return view


take_up = _act("take-up", lambda one, _said, by, now: actions.take_up(one, by=by, now=now))
dismiss = _act(
    "dismiss",
    lambda one, said, by, now: actions.dismiss(one, reason=said["reason"], by=by, now=now),
    form=ReasonForm,
    bound="reason",
)
answer = _act(
    "answer",
    lambda one, said, by, now: actions.answer(one, text=said["answer"], by=by, now=now),
    form=AnswerForm,
    bound="answer",
)
ask = _act("ask", lambda one, _said, by, now: actions.ask_if_right(one, by=by, now=now))
check = _act(
    "check",
    lambda one, said, by, now: actions.check(
        one, is_right=said["is_right"], note=said["note"], by=by, now=now
    ),
    form=CheckForm,
    bound="check",
)
note = _act(
    "note",
    lambda one, said, by, now: actions.add_note(one, text=said["note"], by=by, now=now),
    form=NoteForm,
    bound="note",
)
give_up = _act(
    "give-up",
    lambda one, said, by, now: actions.give_up(one, reason=said["reason"], by=by, now=now),
    form=ReasonForm,
    bound="reason",
)


@page("complaints", "take", room="desk")
@require_POST
def take(request: HttpRequest, actor: Actor, complaint_id: UUID) -> HttpResponse:
    """I look after it."""
    shown = complaint_for(actor, complaint_id, "take")
    try:
        me = User.objects.get(pk=actor.user_id)
        actions.assign(shown, to=me, by=doer_of(actor), now=clock.now())
    except DomainError as error:
        return _show(request, actor, shown, problem=str(error), status=HTTPStatus.CONFLICT)
    return redirect("desk_complaint", complaint_id)


@page("complaints", "board", room="desk")
@require_GET
def photo(
    _request: HttpRequest, actor: Actor, complaint_id: UUID, complaintphoto_id: UUID
) -> HttpResponse:
    """A photograph of a complaint of the area."""
    return photo_of(complaint_for(actor, complaint_id, "board"), complaintphoto_id, actor)


@page("complaints", "create", room="desk")
@costly(SEARCHES, when=searched)
def new_complaint(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What somebody tells the centre, about a resident (`?resident=`) or nobody known."""
    resident = _resident(request, actor)
    form = DeskComplaintForm(request.POST or None, request.FILES or None, initial=_known(resident))
    if request.method == "POST" and form.is_valid():
        now, said = clock.now(), form.cleaned_data
        picture = said.pop("photo")
        with transaction.atomic():
            made = complain_for(actor, resident, area=own_area(actor), **said, now=now)
            if picture is not None:
                actions.show_photo(made, picture=picture, by=doer_of(actor), now=now)
        return redirect("desk_complaint", made.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    asked = request.GET.get("q", "")
    context = {
        "here": HERE,
        "form": form,
        "resident": resident,
        "asked": asked,
        "found": found_residents(actor, asked) if resident is None else [],
    }
    return render(request, "community/desk_new_complaint.html", context, status=status)


def _known(resident: Resident | None) -> dict[str, str]:
    return {"name": resident.name if resident else ""}


def _resident(request: HttpRequest, actor: Actor) -> Resident | None:
    key = request.POST.get("resident") or request.GET.get("resident", "")
    if not key:
        return None
    try:
        return resident_reached(actor, UUID(key), "complaints", "create")
    except ValueError as error:
        raise NotFound from error
