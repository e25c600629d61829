"""A letter as it is printed."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.core import clock
from backend.core.errors import NotFound
from backend.places.models import Area
from services.assistance.cases import grounds, queries
from services.assistance.cases.record import note_reading
from services.assistance.models import Letter


def _letters(actor: Actor) -> QuerySet[Letter]:
    cases = queries.cases_visible_to(actor, "read")
    return Letter.objects.filter(case__in=cases).select_related(
        "case__resident__household__address", "case__area", "opinion"
    )


@page("letters", "read")
@require_GET
def letter(request: HttpRequest, actor: Actor, letter_id: int) -> HttpResponse:
    """The letter, for its applicant and the offices of its area."""
    found = _letters(actor).filter(pk=letter_id).first()
    if found is None:
        raise NotFound
    note_reading(found.case, by=actor.reference, now=clock.now())
    office = Area.objects.get(path=found.case.area.path.partition(".")[0] + ".")
    path = reverse("letter_check", args=[found.code])
    context = {
        "letter": found,
        "case": found.case,
        "opinion": found.opinion,
        "grounds": grounds.named(found.opinion.grounds),
        "office": office,
        "check_url": f"{settings.ENV.public_url}{path}",
    }
    return render(request, "assistance/letter.html", context)
