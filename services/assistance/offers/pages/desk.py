"""Offers on the desk: the list, one offer with its reasons, and what officers do with it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError
from notifications.models import Delivery
from services.assistance.models import BenefitOffer, Entitlement
from services.assistance.offers import actions, forms, queries
from services.assistance.offers.actions import Answerer
from services.assistance.offers.errors import NotReached
from services.assistance.offers.record import note_reading
from services.assistance.policy import sentences, snapshots
from services.assistance.policy.rules import benefits

OFFERS_A_PAGE = 50
HERE = "offers"
State = Entitlement.State
LIVE = Prefetch(
    "entitlements",
    queryset=Entitlement.objects.order_by("-proposed_at", "pk"),
    to_attr="rows",
)


@page("benefit-offers", "list", room="desk")
@require_GET
def offers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Offers of the area, the newest first; filters stand in the address."""
    language = get_language() or ""
    form = forms.OfferFilter(request.GET or None, language=language)
    rows = _filtered(queries.offers_visible_to(actor, "list"), form, actor)
    paginator = Paginator(rows.prefetch_related(LIVE).order_by("-offered_at", "pk"), OFFERS_A_PAGE)
    shown = paginator.get_page(request.GET.get("page"))
    names = dict(forms.benefit_choices(language))
    context = {
        "here": HERE,
        "form": form,
        "page_obj": shown,
        "rows": [(offer, names[offer.benefit], _entitlement(offer)) for offer in shown],
        "total": paginator.count,
        "now": clock.now(),
    }
    return render(request, "assistance/offers.html", context)


def _filtered(
    rows: QuerySet[BenefitOffer], form: forms.OfferFilter, actor: Actor
) -> QuerySet[BenefitOffer]:
    chosen = form.cleaned_data if form.is_valid() else {}
    entitled = queries.entitlements_visible_to(actor, "list")
    match chosen.get("what"):
        case None | "":
            pass
        case forms.FOLLOW:
            rows = rows.filter(queries.TO_FOLLOW)
        case forms.CHANGED:
            rows = rows.filter(entitlements__in=queries.no_longer_right(entitled))
        case forms.CHECK | forms.CONFIRM | "in_force" as what:
            states = {forms.CHECK: State.PROPOSED, forms.CONFIRM: State.CHECKED}
            rows = rows.filter(
                entitlements__in=entitled.filter(state=states.get(what, State.IN_FORCE))
            )
        case state:
            rows = rows.filter(state=state)
    return rows.filter(benefit=chosen["benefit"]) if chosen.get("benefit") else rows


def _entitlement(offer: Any) -> Entitlement | None:
    return next(iter(offer.rows), None)


@page("benefit-offers", "read", room="desk")
@require_GET
def offer(request: HttpRequest, actor: Actor, benefitoffer_id: UUID) -> HttpResponse:
    """One offer: why it was made, what was asked and answered, what is next."""
    return _show(request, actor, queries.offer_for(actor, benefitoffer_id))


FORMS: dict[str, type[django_forms.Form]] = {
    "answer": forms.AnswerForm,
    "ask": django_forms.Form,
    "follow-up": forms.WordsForm,
    "change": django_forms.Form,
    "check": forms.CheckForm,
    "confirm": django_forms.Form,
    "send-back": forms.WordsForm,
    "end": forms.EndForm,
}


def _show(
    request: HttpRequest,
    actor: Actor,
    found: BenefitOffer,
    *,
    problem: str = "",
    bound: dict[str, django_forms.Form] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now = clock.now()
    note_reading(found, by=actor.reference, now=now)
    language = get_language() or ""
    recalled = snapshots.recall(found.ruling.content)
    benefit = benefits()[found.benefit]
    sent = bound or {}
    empty = {name: form(auto_id=f"{name}-%s") for name, form in FORMS.items()}
    context = {
        "here": HERE,
        "offer": found,
        "benefit": benefit.name.said(language),
        "entitlements": found.entitlements.select_related("checked_by", "confirmed_by"),
        "deliveries": Delivery.objects.filter(cause=found.reference).order_by("created_at"),
        "staff_sentence": sentences.for_staff(recalled.judgement, benefit, recalled.rule, language),
        "lines": sentences.lines_of(recalled.judgement, recalled.rule, language),
        "problem": problem,
        "forms": {**empty, **sent},
        "form": next(iter(sent.values()), None),
        "changed": set(
            queries.no_longer_right(found.entitlements.all()).values_list("pk", flat=True)
        ),
        "may_act": actor.scope("benefit-offers", "follow-up") is not None,
        "user_id": actor.user_id,
        "now": now,
    }
    return render(request, "assistance/offer.html", context, status=status)


Do = Callable[[Any, Any, Actor, Any], object]


def _act(resource: str, name: str, do: Do) -> Callable[..., HttpResponse]:
    """A POST on the page of an offer: its form, one action, and back; problems stay on the page."""

    @page(resource, name, room="desk")
    @require_POST
    def view(request: HttpRequest, actor: Actor, /, **keys: UUID) -> HttpResponse:
        (key,) = keys.values()
        one = queries.offer_for if resource == "benefit-offers" else queries.entitlement_for
        thing = one(actor, key, name)
        about = thing if isinstance(thing, BenefitOffer) else thing.offer
        sent = FORMS[name](request.POST, auto_id=f"{name}-%s")
        if not sent.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _show(request, actor, about, bound={name: sent}, status=status)
        try:
            do(thing, sent.cleaned_data, actor, clock.now())
        except DomainError as error:
            about.refresh_from_db()
            status = HTTPStatus.CONFLICT
            return _show(
                request, actor, about, problem=str(error), bound={name: sent}, status=status
            )
        return redirect("desk_offer", about.pk)

    return view


def _ask(offer: BenefitOffer, actor: Actor, now: datetime) -> None:
    if not actions.ask_now(offer, by=actor.reference, now=now):
        raise NotReached


answer = _act(
    "benefit-offers",
    "answer",
    lambda offer, sent, actor, now: actions.answer_offer(
        offer,
        takes=sent["takes"] == "yes",
        by=Answerer(actor.reference, BenefitOffer.Via.STAFF, actor.user_id),
        now=now,
    ),
)
ask = _act(
    "benefit-offers",
    "ask",
    lambda offer, _sent, actor, now: _ask(offer, actor, now),
)
follow_up = _act(
    "benefit-offers",
    "follow-up",
    lambda offer, sent, actor, now: actions.follow_up(
        offer, text=sent["text"], by=actor.user_id, now=now
    ),
)
check = _act(
    "entitlements",
    "check",
    lambda row, sent, actor, now: actions.check_entitlement(
        row, account=sent["account"], by=actor.user_id, now=now
    ),
)
change = _act(
    "entitlements",
    "change",
    lambda row, _sent, actor, now: actions.propose_change(row, by=actor.user_id, now=now),
)
confirm = _act(
    "entitlements",
    "confirm",
    lambda row, _sent, actor, now: actions.confirm_entitlement(row, by=actor.user_id, now=now),
)
send_back = _act(
    "entitlements",
    "send-back",
    lambda row, sent, actor, now: actions.return_entitlement(
        row, text=sent["text"], by=actor.user_id, now=now
    ),
)
end = _act(
    "entitlements",
    "end",
    lambda row, sent, actor, now: actions.end_entitlement(
        row, reason=sent["reason"], on=sent["on"], by=actor.reference, now=now
    ),
)
