"""Guardians' papers on the desk: a second look, a review in time, an end."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people import actions
from backend.people.models import Guardianship
from services.trust import queries
from services.trust.forms import PaperReviewForm


@page("guardianships", "list", room="desk")
@require_GET
@never_cache
def papers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Papers that wait for somebody, and contacts called guardians who have none."""
    now = clock.now()
    context = {
        "here": "guardians",
        "papers": queries.papers_that_wait(actor, now=now),
        "bare": queries.guardians_without_paper(actor),
        "form": PaperReviewForm(auto_id=False),
        "own": actor.reference,
        "now": now,
    }
    return render(request, "trust/guardians.html", context)


def _do(
    request: HttpRequest,
    actor: Actor,
    key: UUID,
    action: str,
    act: Callable[[Guardianship], object],
) -> HttpResponse:
    found = queries.papers_visible_to(actor, action).filter(pk=key).first()
    if found is None:
        raise NotFound
    try:
        act(found)
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("This is kept."))
    return redirect("guardian_papers")


@page("guardianships", "verify", room="desk")
@require_POST
def verify(request: HttpRequest, actor: Actor, guardianship_id: UUID) -> HttpResponse:
    """A second person has looked at the paper."""
    by, now = actor.reference, clock.now()
    return _do(
        request,
        actor,
        guardianship_id,
        "verify",
        lambda found: actions.verify_guardian(found, by=by, now=now),
    )


@page("guardianships", "review", room="desk")
@require_POST
def review(request: HttpRequest, actor: Actor, guardianship_id: UUID) -> HttpResponse:
    """It still holds, until the next review."""
    form = PaperReviewForm(request.POST)
    by, now = actor.reference, clock.now()
    if not form.is_valid():
        messages.warning(request, gettext("Please say when it is to be looked at again."))
        return _do(request, actor, guardianship_id, "review", lambda _found: None)
    day = form.cleaned_data["review_on"]
    return _do(
        request,
        actor,
        guardianship_id,
        "review",
        lambda found: actions.review_guardian(found, review_on=day, by=by, now=now),
    )


@page("guardianships", "end", room="desk")
@require_POST
def end(request: HttpRequest, actor: Actor, guardianship_id: UUID) -> HttpResponse:
    """They decide no more."""
    by, now = actor.reference, clock.now()
    return _do(
        request,
        actor,
        guardianship_id,
        "end",
        lambda found: actions.end_guardianship(found.contact, by=by, now=now),
    )
