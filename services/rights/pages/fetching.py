"""Fetching a prepared copy: by whoever asked, or at the counter, signed in just now."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import STAFF_ROLES
from backend.core import clock
from backend.core.errors import DomainError
from services.community.doers import doer_of
from services.rights import actions
from services.rights.asking_for import standing_of
from services.rights.errors import NotForThem
from services.rights.models import PreparedCopy, RightsRequest
from services.rights.queries import request_for

Form, Channel = PreparedCopy.Form, RightsRequest.Channel


@page("rights-requests", "fetch", fresh=True, back="my_rights_request")
@require_GET
@never_cache
def json_copy(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
    """The copy to read and to process."""
    return _fetch(request, actor, request_for(actor, rightsrequest_id, "fetch"), Form.JSON)


@page("rights-requests", "fetch", fresh=True, back="my_rights_request")
@require_GET
@never_cache
def fhir_copy(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
    """The copy for hospitals."""
    return _fetch(request, actor, request_for(actor, rightsrequest_id, "fetch"), Form.FHIR)


@page("rights-requests", "fetch-for", room="desk", fresh=True, back="desk_rights_request")
@require_GET
@never_cache
def copy_for(request: HttpRequest, actor: Actor, rightsrequest_id: UUID) -> HttpResponse:
    """The copy to hand over at the counter; what was asked in the app is fetched there."""
    shown = request_for(actor, rightsrequest_id, "fetch-for")
    return _fetch(request, actor, shown, Form.JSON)


def _fetch(request: HttpRequest, actor: Actor, shown: RightsRequest, form: str) -> HttpResponse:
    now = clock.now()
    back = "desk_rights_request" if actor.role in STAFF_ROLES else "my_rights_request"
    try:
        _require_theirs(actor, shown)
        file = actions.fetch(shown, form=form, by=doer_of(actor), now=now)
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect(back, shown.pk)
    answer = HttpResponse(file, content_type="application/json; charset=utf-8")
    name = f"{timezone.localdate(now).isoformat()}-{form}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _require_theirs(actor: Actor, shown: RightsRequest) -> None:
    """Only whoever asked, as long as they still may; staff where it was not asked in the app.

    Raises:
        NotForThem: somebody else's.
    """
    if actor.role in STAFF_ROLES:
        if shown.channel == Channel.APP:
            raise NotForThem
        return
    if standing_of(actor, shown.resident, now=clock.now())[0] != shown.asker:
        raise NotForThem
